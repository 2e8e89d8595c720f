/// Lower-case hexadecimal digits of bytes, two each.
@inlinable
public func hexDigits(of bytes: some Sequence<UInt8>) -> [UInt8] {
  var digits: [UInt8] = []
  digits.reserveCapacity(2 * bytes.underestimatedCount)
  for byte in bytes {
    digits.append(hexDigit(byte >> 4))
    digits.append(hexDigit(byte & 15))
  }
  return digits
}

/// Lower-case hexadecimal text of bytes.
public func hexString(_ bytes: some Sequence<UInt8>) -> String {
  String(decoding: hexDigits(of: bytes), as: UTF8.self)
}

/// The bytes of a hexadecimal text in either case.
///
/// - Returns: `nil` where the length is odd or a character is no digit.
public func bytes(fromHex text: some StringProtocol) -> [UInt8]? {
  let digits = Array(text.utf8)
  guard digits.count.isMultiple(of: 2) else { return nil }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(digits.count / 2)
  for index in stride(from: 0, to: digits.count, by: 2) {
    guard let high = hexDigitValue(digits[index]), let low = hexDigitValue(digits[index + 1])
    else { return nil }
    bytes.append(high << 4 | low)
  }
  return bytes
}

/// The value of one ASCII hexadecimal digit.
public func hexDigitValue(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}

@usableFromInline
func hexDigit(_ value: UInt8) -> UInt8 {
  value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}
