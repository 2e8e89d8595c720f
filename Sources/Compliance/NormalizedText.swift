/// A text made comparable: letters folded, Hangul composed, invisible characters dropped, with the
/// place of every kept scalar in the original.
///
/// Outputs may try to slip past a phrase with full-width letters, zero-width spaces or decomposed
/// syllables; none of those changes what a reader sees.
struct NormalizedText {
  /// Folded scalars.
  private(set) var scalars: [UInt32] = []
  /// For each folded scalar, the index of the first original scalar it came from.
  private(set) var origins: [Int] = []
  /// For each folded scalar, one past the last original scalar it came from.
  private(set) var ends: [Int] = []

  /// Folds a text.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - keepsSpaces: Korean is compared without spaces, since spacing varies; English with single
  ///     ones.
  init(_ text: String, keepsSpaces: Bool) {
    for (index, scalar) in text.unicodeScalars.enumerated() {
      guard let folded = Self.fold(scalar.value) else { continue }
      if folded == 0x20 {
        if keepsSpaces, scalars.last != 0x20 { append(folded, index) }
        continue
      }
      if compose(folded, index) { continue }
      append(folded, index)
    }
  }

  private mutating func append(_ scalar: UInt32, _ index: Int) {
    scalars.append(scalar)
    origins.append(index)
    ends.append(index + 1)
  }

  /// Joins a vowel or final to the syllable before it (Unicode 3.12, Hangul syllable composition).
  private mutating func compose(_ scalar: UInt32, _ index: Int) -> Bool {
    guard let last = scalars.last else { return false }
    let place = scalars.count - 1
    if (0x1100..<0x1113).contains(last), (0x1161..<0x1176).contains(scalar) {
      scalars[place] = 0xAC00 + ((last - 0x1100) * 21 + (scalar - 0x1161)) * 28
    } else if (0xAC00..<0xD7A4).contains(last), (last - 0xAC00).isMultiple(of: 28),
      (0x11A8..<0x11C3).contains(scalar)
    {
      scalars[place] = last + (scalar - 0x11A7)
    } else {
      return false
    }
    ends[place] = index + 1
    return true
  }

  /// The folded scalar; `nil` for an invisible one; a space for any blank; LF for a line's end.
  private static func fold(_ scalar: UInt32) -> UInt32? {
    switch scalar {
    case 0x41...0x5A: scalar + 32
    case 0x09, 0x20, 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: 0x20
    case 0x0A...0x0D, 0x85, 0x2028, 0x2029: 0x0A
    case 0xAD, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFE00...0xFE0F, 0xFEFF: nil
    case 0xFF21...0xFF3A: scalar - 0xFF21 + 0x61
    case 0xFF01...0xFF5E: scalar - 0xFEE0
    case 0x2018, 0x2019: 0x27
    case 0x3002: 0x2E
    default: scalar
    }
  }

  /// Whether a sentence ends with the scalar at an index; a point inside a number does not.
  func isSentenceEnd(_ index: Int) -> Bool {
    switch scalars[index] {
    case 0x0A, 0x21, 0x3F: return true
    case 0x2E:
      let isAfterDigit = index > 0 && scalars[index - 1] &- 0x30 < 10
      return !(isAfterDigit && index + 1 < scalars.count && scalars[index + 1] &- 0x30 < 10)
    default: return false
    }
  }

  /// The sentence around a place, end exclusive.
  func sentence(around range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    while start > 0, !isSentenceEnd(start - 1) { start -= 1 }
    var end = range.upperBound
    while end < scalars.count, !isSentenceEnd(end) { end += 1 }
    return start..<end
  }
}
