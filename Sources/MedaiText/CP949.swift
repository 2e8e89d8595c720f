/// A byte or scalar that CP949 does not have.
package enum CP949Error: Error, Equatable, Sendable {
  /// No character at this byte offset of the input.
  case undecodable(offset: Int)
  /// The scalar that starts at this UTF-8 byte offset has no code.
  case unencodable(offset: Int)
}

/// CP949, which is what Korean files called EUC-KR, KS C 5601 or MS949 hold.
///
/// The user-defined rows (C9, FE) and the single bytes 80 and FF are refused: what they mean
/// depends on a machine that is not here.
package enum CP949 {
  /// Decodes.
  ///
  /// - Returns: Well-formed UTF-8.
  /// - Throws: `CP949Error.undecodable` with the offset of the first fault.
  package static func decode(_ bytes: [UInt8]) throws(CP949Error) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count * 3 / 2)
    var offset = 0
    while offset < bytes.count {
      let lead = bytes[offset]
      if lead < 0x80 {
        result.append(lead)
        offset += 1
        continue
      }
      guard offset + 1 < bytes.count,
        let value = CP949Tables.shared.scalarValue(lead, bytes[offset + 1])
      else { throw .undecodable(offset: offset) }
      append(value, to: &result)
      offset += 2
    }
    return result
  }

  /// Encodes.
  ///
  /// - Parameter bytes: Well-formed UTF-8.
  /// - Returns: The same text in CP949.
  /// - Throws: `CP949Error.unencodable` with the offset of the first scalar that has no code.
  package static func encode(_ bytes: [UInt8]) throws(CP949Error) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var offset = 0
    while offset < bytes.count {
      let (value, length) = scalar(in: bytes, at: offset)
      if value.value < 0x80 {
        result.append(UInt8(value.value))
      } else {
        guard let code = CP949Tables.shared.code(of: value) else {
          throw .unencodable(offset: offset)
        }
        result.append(UInt8(code >> 8))
        result.append(UInt8(code & 0xFF))
      }
      offset += length
    }
    return result
  }

  /// Whether a scalar has a code.
  package static func canEncode(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x80 || CP949Tables.shared.code(of: scalar) != nil
  }

  /// Whether two bytes are a character.
  static func isCharacter(_ lead: UInt8, _ trail: UInt8) -> Bool {
    CP949Tables.shared.scalarValue(lead, trail) != nil
  }

  private static func append(_ value: UInt16, to bytes: inout [UInt8]) {
    if value < 0x800 {
      bytes.append(UInt8(0xC0 | value >> 6))
    } else {
      bytes.append(UInt8(0xE0 | value >> 12))
      bytes.append(UInt8(0x80 | (value >> 6 & 0x3F)))
    }
    bytes.append(UInt8(0x80 | (value & 0x3F)))
  }
}

/// Checks CP949 over bytes that arrive in pieces.
package struct CP949Validator: Sendable {
  /// Offset of the first byte that is no character.
  package private(set) var firstFault: Int?
  private var position = 0
  private var lead: UInt8?

  /// A validator at offset 0.
  package init() {}

  /// Takes the next bytes.
  package mutating func append(_ bytes: some Sequence<UInt8>) {
    guard firstFault == nil else { return }
    for byte in bytes {
      if let first = lead {
        guard CP949.isCharacter(first, byte) else {
          firstFault = position - 1
          return
        }
        lead = nil
      } else if byte >= 0x80 {
        lead = byte
      }
      position += 1
    }
  }

  /// Offset of the first fault once no byte follows.
  package var faultAtEnd: Int? { firstFault ?? (lead == nil ? nil : position - 1) }
}

/// Both directions of CP949, unpacked once from the plane of KS X 1001.
private final class CP949Tables: Sendable {
  static let shared = CP949Tables()

  /// By `(lead - 0x81) * 190 + (trail - 0x41)`.
  private let decoding: [UInt16]
  private let encoding: [UInt16]

  private init() {
    let plane = Self.unpack(ksx1001Plane)
    var decoding = [UInt16](repeating: 0, count: 126 * 190)
    var encoding = [UInt16](repeating: 0, count: 1 << 16)
    func enter(_ value: UInt16, _ lead: Int, _ trail: Int) {
      decoding[(lead - 0x81) * 190 + trail - 0x41] = value
      encoding[Int(value)] = UInt16(lead << 8 | trail)
    }
    for row in 0..<94 {
      for cell in 0..<94 where plane[row * 94 + cell] != 0 {
        enter(plane[row * 94 + cell], 0xA1 + row, 0xA1 + cell)
      }
    }
    // The syllables that KS X 1001 lacks lie in Unicode order over the codes below its plane.
    let trails = Array(0x41...0x5A) + Array(0x61...0x7A) + Array(0x81...0xFE)
    var next: UInt16 = 0xAC00
    rows: for lead in 0x81...0xC6 {
      for trail in trails where lead < 0xA1 || trail < 0xA1 {
        if lead == 0xC6 && trail > 0x52 { break rows }
        while encoding[Int(next)] != 0 { next += 1 }
        enter(next, lead, trail)
      }
    }
    self.decoding = decoding
    self.encoding = encoding
  }

  func scalarValue(_ lead: UInt8, _ trail: UInt8) -> UInt16? {
    guard lead >= 0x81, lead <= 0xFE, trail >= 0x41, trail <= 0xFE else { return nil }
    let value = decoding[(Int(lead) - 0x81) * 190 + Int(trail) - 0x41]
    return value == 0 ? nil : value
  }

  func code(of scalar: Unicode.Scalar) -> UInt16? {
    guard scalar.value < 0x10000 else { return nil }
    let code = encoding[Int(scalar.value)]
    return code == 0 ? nil : code
  }

  /// UTF-16 big endian in base64.
  private static func unpack(_ text: String) -> [UInt16] {
    var units: [UInt16] = []
    var bits: UInt32 = 0
    var count = 0
    var high: UInt16?
    for byte in text.utf8 {
      let value: UInt8
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - UInt8(ascii: "A")
      case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - UInt8(ascii: "a") + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0") + 52
      case UInt8(ascii: "+"): value = 62
      case UInt8(ascii: "/"): value = 63
      default: continue
      }
      bits = bits << 6 | UInt32(value)
      count += 6
      guard count >= 8 else { continue }
      count -= 8
      let octet = UInt16(truncatingIfNeeded: bits >> UInt32(count)) & 0xFF
      if let first = high {
        units.append(first << 8 | octet)
        high = nil
      } else {
        high = octet
      }
    }
    return units
  }
}
