internal import MedaiText

/// Cuts text into the pieces that byte pairs are merged within.
enum PreTokenizer: String {
  /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
  case gpt2 = "gpt-2"
  /// Every `\p{N}` alone first, then the pattern of `gpt2` within what lies between.
  case smollm

  private enum Kind { case letter, number, space, other }

  /// The byte ranges of the pieces, which cover the text.
  func pieces(of text: [UInt8]) -> [Range<Int>] {
    var kinds: [Kind] = []
    var starts: [Int] = []
    var index = 0
    while index < text.count {
      let (point, width) = scalarOrByte(in: text, at: index)
      kinds.append(Self.kind(of: point))
      starts.append(index)
      index += width
    }
    starts.append(text.count)
    var result: [Range<Int>] = []
    var first = 0
    while first < kinds.count {
      if self == .smollm, kinds[first] == .number {
        result.append(starts[first]..<starts[first + 1])
        first += 1
        continue
      }
      var last = first
      while last < kinds.count, self == .gpt2 || kinds[last] != .number { last += 1 }
      while first < last {
        let end = Self.match(text, kinds, starts, from: first, to: last)
        result.append(starts[first]..<starts[end])
        first = end
      }
    }
    return result
  }

  /// Where the piece that begins at `first` ends, within the scalars before `last`.
  private static func match(
    _ text: [UInt8], _ kinds: [Kind], _ starts: [Int], from first: Int, to last: Int
  ) -> Int {
    let byte = text[starts[first]]
    if byte == UInt8(ascii: "'"), let end = contraction(text, starts, first, last) { return end }
    let body = byte == 0x20 && first + 1 < last ? first + 1 : first
    if kinds[body] != .space {
      var end = body + 1
      while end < last, kinds[end] == kinds[body] { end += 1 }
      return end
    }
    var end = first
    while end < last, kinds[end] == .space { end += 1 }
    // A run of spaces leaves its last one to what follows, unless it has only one.
    return end < last && end > first + 1 ? end - 1 : end
  }

  private static func contraction(
    _ text: [UInt8], _ starts: [Int], _ first: Int, _ last: Int
  ) -> Int? {
    func byte(_ index: Int) -> UInt8 { index < last ? text[starts[index]] : 0 }
    switch byte(first + 1) {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
      return first + 2
    case UInt8(ascii: "r"), UInt8(ascii: "v"):
      return byte(first + 2) == UInt8(ascii: "e") ? first + 3 : nil
    case UInt8(ascii: "l"):
      return byte(first + 2) == UInt8(ascii: "l") ? first + 3 : nil
    default: return nil
    }
  }

  private static func kind(of point: UInt32) -> Kind {
    switch point {
    case 0x41...0x5A, 0x61...0x7A, 0xAC00...0xD7A3: return .letter
    case 0x30...0x39: return .number
    // White_Space of the Unicode Character Database, which does not change.
    case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F,
      0x3000:
      return .space
    case 0..<0x80: return .other
    default: break
    }
    guard let scalar = Unicode.Scalar(point) else { return .other }
    return isLetter(scalar) ? .letter : isNumber(scalar) ? .number : .other
  }
}
