/// The printable letters that stand for bytes in a byte-level vocabulary (GPT-2's table).
///
/// Bytes that are visible Latin-1 characters stand for themselves; the others take the code points
/// from U+0100 on, in order.
enum ByteAlphabet {
  /// The code point of each byte, all below U+0144.
  static let codePoints: [UInt32] = {
    var next: UInt32 = 256
    return (UInt32(0)..<256).map { byte in
      switch byte {
      case 33...126, 161...172, 174...255: return byte
      default:
        defer { next += 1 }
        return next
      }
    }
  }()

  private static let bytes: [UInt32: UInt8] = Dictionary(
    uniqueKeysWithValues: codePoints.enumerated().map { ($1, UInt8($0)) })

  /// The UTF-8 form of the letter of a byte.
  static func letter(of byte: UInt8) -> [UInt8] {
    let point = codePoints[Int(byte)]
    return point < 0x80
      ? [UInt8(point)] : [UInt8(0xC0 | point >> 6), UInt8(0x80 | point & 0x3F)]
  }

  /// The byte that a piece `<0x1F>` of SentencePiece stands for.
  static func byteOfPiece(_ token: [UInt8]) -> UInt8? {
    guard token.count == 6, token.starts(with: "<0x".utf8), token[5] == UInt8(ascii: ">") else {
      return nil
    }
    return UInt8(String(decoding: token[3..<5], as: UTF8.self), radix: 16)
  }

  /// The bytes that a token's letters stand for.
  ///
  /// - Returns: `nil` where a letter is none of the alphabet.
  static func bytes(of token: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    var index = 0
    while index < token.count {
      let (point, width) = scalarOrByte(in: token, at: index)
      guard let byte = bytes[point] else { return nil }
      result.append(byte)
      index += width
    }
    return result
  }
}

/// The scalar at a byte position and the number of its bytes.
///
/// A byte that begins no well-formed UTF-8 sequence gives U+FFFD with the width 1.
func scalarOrByte(in text: [UInt8], at index: Int) -> (point: UInt32, width: Int) {
  let first = text[index]
  if first < 0x80 { return (UInt32(first), 1) }
  let width = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
  guard first >= 0xC2, first <= 0xF4, index + width <= text.count else { return (0xFFFD, 1) }
  var point = UInt32(first) & (width == 2 ? 0x1F : width == 3 ? 0x0F : 0x07)
  for next in text[(index + 1)..<(index + width)] {
    guard next & 0xC0 == 0x80 else { return (0xFFFD, 1) }
    point = point << 6 | UInt32(next & 0x3F)
  }
  let tooShort = width == 3 ? point < 0x800 : width == 4 && point < 0x1_0000
  guard !tooShort, point <= 0x10_FFFF, point < 0xD800 || point > 0xDFFF else {
    return (0xFFFD, 1)
  }
  return (point, width)
}
