/// Checks well-formed UTF-8 (Unicode 3.9, table 3-7) over bytes that arrive in pieces.
package struct UTF8Validator: Sendable {
  /// Offset of the first byte of the first ill-formed sequence.
  package private(set) var firstFault: Int?
  /// Whether a byte above 0x7F was seen.
  package private(set) var sawNonASCII = false
  private var position = 0
  private var sequenceStart = 0
  private var needed = 0
  private var low: UInt8 = 0x80
  private var high: UInt8 = 0xBF

  /// A validator at offset 0.
  package init() {}

  /// Takes the next bytes.
  package mutating func append(_ bytes: some Sequence<UInt8>) {
    guard firstFault == nil else { return }
    for byte in bytes {
      if needed == 0 {
        if byte >= 0x80 {
          sawNonASCII = true
          sequenceStart = position
          guard let form = utf8Form(lead: byte) else {
            firstFault = position
            return
          }
          needed = form.length - 1
          low = form.low
          high = form.high
        }
      } else {
        guard byte >= low, byte <= high else {
          firstFault = sequenceStart
          return
        }
        low = 0x80
        high = 0xBF
        needed -= 1
      }
      position += 1
    }
  }

  /// Offset of the first fault once no byte follows: a cut-off sequence is a fault too.
  package var faultAtEnd: Int? { firstFault ?? (needed > 0 ? sequenceStart : nil) }
}

/// Offset of the first ill-formed sequence; `nil` for well-formed UTF-8.
package func firstInvalidUTF8(in bytes: some Sequence<UInt8>) -> Int? {
  var validator = UTF8Validator()
  validator.append(bytes)
  return validator.faultAtEnd
}

/// Length of the sequence that a lead byte opens, and the range of its second byte.
private func utf8Form(lead: UInt8) -> (length: Int, low: UInt8, high: UInt8)? {
  switch lead {
  case 0xC2...0xDF: (2, 0x80, 0xBF)
  case 0xE0: (3, 0xA0, 0xBF)
  case 0xED: (3, 0x80, 0x9F)
  case 0xE1...0xEF: (3, 0x80, 0xBF)
  case 0xF0: (4, 0x90, 0xBF)
  case 0xF1...0xF3: (4, 0x80, 0xBF)
  case 0xF4: (4, 0x80, 0x8F)
  default: nil
  }
}

/// The scalar at a byte offset of well-formed UTF-8, and its length in bytes.
///
/// - Precondition: `offset` is the start of a scalar.
package func scalar(in bytes: [UInt8], at offset: Int) -> (scalar: Unicode.Scalar, length: Int) {
  let lead = bytes[offset]
  if lead < 0x80 { return (Unicode.Scalar(lead), 1) }
  let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
  var value = UInt32(lead) & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
  for index in 1..<length { value = value << 6 | UInt32(bytes[offset + index] & 0x3F) }
  return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
}

/// The scalars of well-formed UTF-8.
package func scalars(of bytes: some Sequence<UInt8>) -> [Unicode.Scalar] {
  let bytes = Array(bytes)
  var result: [Unicode.Scalar] = []
  result.reserveCapacity(bytes.count)
  var offset = 0
  while offset < bytes.count {
    let (value, length) = scalar(in: bytes, at: offset)
    result.append(value)
    offset += length
  }
  return result
}

/// The UTF-8 bytes of scalars.
package func utf8Bytes(of scalars: some Sequence<Unicode.Scalar>) -> [UInt8] {
  var bytes: [UInt8] = []
  for scalar in scalars {
    let value = scalar.value
    func tail(_ shift: UInt32) -> UInt8 { UInt8(0x80 | (value >> shift & 0x3F)) }
    switch value {
    case 0..<0x80: bytes.append(UInt8(value))
    case 0x80..<0x800:
      bytes.append(UInt8(0xC0 | value >> 6))
      bytes.append(tail(0))
    case 0x800..<0x10000:
      bytes.append(UInt8(0xE0 | value >> 12))
      bytes.append(tail(6))
      bytes.append(tail(0))
    default:
      bytes.append(UInt8(0xF0 | value >> 18))
      bytes.append(tail(12))
      bytes.append(tail(6))
      bytes.append(tail(0))
    }
  }
  return bytes
}
