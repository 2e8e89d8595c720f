/// What a unit of a page is.
enum UnitKind {
  case other, digit, upper, lower, hangul, space, newline, han
}

/// Text as the rules read it: one 16-bit unit a character, normalised, with the way back.
///
/// Decoding once costs about a nanosecond a byte and gives every rule one form to read: decomposed
/// Hangul is composed, full-width forms are ASCII, dashes and quotes are one dash and one quote,
/// invisible characters are gone. `bytes(_:_:)` leads back to the original bytes, so no
/// span ever cuts a scalar.
struct Page {
  /// One character: eight bytes, so that building a page is one append a character.
  private struct Cell {
    /// Normalised scalar; U+FFFD stands for everything above the basic plane.
    var unit: UInt16
    var kind: UnitKind
    /// Bytes of the original text, at most 255.
    var length: UInt8
    /// First byte in the original text.
    var start: Int32
  }

  private var cells: [Cell] = []

  /// How many units there are.
  var count: Int { cells.count }

  /// The bytes of the original text that a stretch of units stands for.
  func bytes(_ start: Int, _ end: Int) -> Range<Int> {
    let last = cells[end - 1]
    return Int(cells[start].start)..<Int(last.start) + Int(last.length)
  }

  /// Reads well-formed UTF-8 of less than 2 GiB.
  init(_ text: [UInt8]) {
    precondition(text.count < Int(Int32.max), "a record of 2 GiB or more")
    // Korean takes three bytes a character.
    cells.reserveCapacity(text.count / 2 + 16)
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte < 0x80 {
        append(UInt16(byte), from: index, to: index + 1)
        index += 1
      } else {
        let (scalar, length) = decode(text, at: index)
        appendNormalised(scalar, from: index, to: index + length)
        index += length
      }
    }
  }

  /// The unit at an index, 0 outside the page.
  @inline(__always)
  func unit(_ index: Int) -> UInt16 {
    index >= 0 && index < cells.count ? cells[index].unit : 0
  }

  /// The unit at an index with ASCII capitals made small, 0 outside the page.
  @inline(__always)
  func folded(_ index: Int) -> UInt16 {
    let value = unit(index)
    return value &- 0x41 < 26 ? value + 0x20 : value
  }

  /// The kind at an index, `other` outside the page.
  @inline(__always)
  func kind(_ index: Int) -> UnitKind {
    guard index >= 0 && index < cells.count else { return .other }
    return cells[index].kind
  }

  @inline(__always) func isDigit(_ index: Int) -> Bool { unit(index) &- 0x30 < 10 }
  @inline(__always) func isLatin(_ index: Int) -> Bool {
    let kind = kind(index)
    return kind == .upper || kind == .lower
  }
  @inline(__always) func isHangul(_ index: Int) -> Bool { kind(index) == .hangul }
  @inline(__always) func isSpace(_ index: Int) -> Bool { kind(index) == .space }
  @inline(__always) func isBlank(_ index: Int) -> Bool {
    let kind = kind(index)
    return kind == .space || kind == .newline
  }

  /// Whether there are three words or more: a cell or a file name of fewer says nothing about them.
  var hasContext: Bool {
    var gaps = 0
    var wasBlank = true
    for index in 0..<count {
      let blank = isBlank(index)
      if blank != wasBlank, !blank {
        gaps += 1
        if gaps == 3 { return true }
      }
      wasBlank = blank
    }
    return false
  }

  /// Whether the unit at an index is this ASCII character.
  @inline(__always)
  func has(_ character: Unicode.Scalar, at index: Int) -> Bool {
    unit(index) == UInt16(truncatingIfNeeded: character.value)
  }

  /// The index after the run of digits at `start`.
  func digitsEnd(_ start: Int) -> Int {
    var end = start
    while isDigit(end) { end += 1 }
    return end
  }

  /// The value of at most nine digits.
  func value(_ range: Range<Int>) -> Int {
    var value = 0
    for index in range.prefix(9) { value = value * 10 + Int(unit(index) &- 0x30) }
    return value
  }

  /// The index of the first unit at or after `start` that is no space.
  func skipSpaces(_ start: Int, limit: Int = 40) -> Int {
    var index = start
    while isSpace(index) && index - start < limit { index += 1 }
    return index
  }

  /// The index of the last unit at or before `start` that is no space; -1 where there is none.
  func skipSpacesBack(_ start: Int, limit: Int = 40) -> Int {
    var index = start
    while isSpace(index) && start - index < limit { index -= 1 }
    return index
  }

  @inline(__always)
  private mutating func append(_ unit: UInt16, from start: Int, to end: Int) {
    cells.append(
      Cell(
        unit: unit, kind: Self.kind(of: unit), length: UInt8(truncatingIfNeeded: end - start),
        start: Int32(truncatingIfNeeded: start)))
  }

  /// Gives the last unit the bytes up to `end`; what does not fit becomes a unit of its own.
  private mutating func extendLast(from start: Int, to end: Int) {
    guard let last = cells.last else { return }
    let length = end - Int(last.start)
    if length <= 255 {
      cells[cells.count - 1].length = UInt8(truncatingIfNeeded: length)
    } else {
      append(0xFFFD, from: start, to: end)
    }
  }

  private mutating func appendNormalised(_ scalar: UInt32, from start: Int, to end: Int) {
    switch scalar {
    case 0xAC00...0xD7A3:
      append(UInt16(scalar), from: start, to: end)
    case 0x1161...0x1175:
      // A vowel joins the leading consonant before it.
      if let last = cells.last?.unit, last &- 0x1100 < 19 {
        cells[cells.count - 1].unit =
          0xAC00 + ((last - 0x1100) * 21 + UInt16(scalar - 0x1161)) * 28
        cells[cells.count - 1].kind = .hangul
        extendLast(from: start, to: end)
      } else {
        append(UInt16(scalar), from: start, to: end)
      }
    case 0x11A8...0x11C2:
      if let last = cells.last?.unit, last >= 0xAC00, last <= 0xD7A3, (last - 0xAC00) % 28 == 0 {
        cells[cells.count - 1].unit = last + UInt16(scalar - 0x11A7)
        extendLast(from: start, to: end)
      } else {
        append(UInt16(scalar), from: start, to: end)
      }
    case 0x00AD, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0x2066...0x2069, 0xFEFF:
      break
    case 0x0300...0x036F:
      extendLast(from: start, to: end)
    case 0xFF01...0xFF5E:
      append(UInt16(scalar - 0xFEE0), from: start, to: end)
    case 0x00A0, 0x2000...0x200A, 0x202F, 0x205F, 0x3000:
      append(0x20, from: start, to: end)
    case 0x2028, 0x2029, 0x0085:
      append(0x0A, from: start, to: end)
    case 0x2010...0x2015, 0x2212, 0xFE58, 0xFE63, 0x3161, 0x02D7:
      append(0x2D, from: start, to: end)
    case 0x2018, 0x2019, 0x02BC, 0x2032, 0x00B4:
      append(0x27, from: start, to: end)
    case 0x201C, 0x201D:
      append(0x22, from: start, to: end)
    case 0x301C, 0x223C:
      append(0x7E, from: start, to: end)
    default:
      append(scalar > 0xFFFF ? 0xFFFD : UInt16(scalar), from: start, to: end)
    }
  }

  @inline(__always)
  private static func kind(of unit: UInt16) -> UnitKind {
    if unit < 0x80 {
      if unit &- 0x30 < 10 { return .digit }
      if unit &- 0x61 < 26 { return .lower }
      if unit &- 0x41 < 26 { return .upper }
      if unit == 0x20 || unit == 0x09 { return .space }
      return unit == 0x0A || unit == 0x0D ? .newline : .other
    }
    if unit >= 0xAC00 && unit <= 0xD7A3 { return .hangul }
    if unit >= 0x4E00 && unit <= 0x9FFF || unit >= 0xF900 && unit <= 0xFAFF { return .han }
    if unit >= 0xC0 && unit <= 0xDE && unit != 0xD7 { return .upper }
    if unit >= 0xDF && unit <= 0x24F && unit != 0xF7 { return .lower }
    return .other
  }
}

/// The scalar that starts at an index of well-formed UTF-8 and its length; bytes that are not
/// well-formed count as one scalar U+FFFD each, so that hostile input cannot run past the end.
private func decode(_ text: [UInt8], at index: Int) -> (UInt32, Int) {
  let first = UInt32(text[index])
  let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
  guard length > 1, index + length <= text.count else { return (0xFFFD, 1) }
  var scalar = first & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
  for offset in 1..<length {
    let byte = text[index + offset]
    guard byte & 0xC0 == 0x80 else { return (0xFFFD, 1) }
    scalar = scalar << 6 | UInt32(byte & 0x3F)
  }
  return (scalar, length)
}
