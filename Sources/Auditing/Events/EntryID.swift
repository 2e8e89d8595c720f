internal import MedaiCore

/// The text of a UUID version 7 (RFC 9562 section 5.7).
///
/// - Parameters:
///   - time: Its first 48 bits are milliseconds of this moment.
///   - random: Ten bytes, of which 74 bits are used.
/// - Returns: 36 lower-case characters.
func uuidV7(_ time: Timestamp, random: [UInt8]) -> String {
  precondition(random.count == 10, "ten random bytes")
  let milliseconds = UInt64(max(0, time.microseconds / 1000))
  var bytes = (0..<6).map { UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * $0)) } + random
  bytes[6] = bytes[6] & 0x0F | 0x70
  bytes[8] = bytes[8] & 0x3F | 0x80
  let digits = hexString(bytes).utf8
  var text: [UInt8] = []
  for (index, digit) in digits.enumerated() {
    if [8, 12, 16, 20].contains(index) { text.append(UInt8(ascii: "-")) }
    text.append(digit)
  }
  return String(decoding: text, as: UTF8.self)
}

/// Whether a text is a lower-case UUID version 7.
func isUUIDv7(_ text: String) -> Bool {
  let bytes = Array(text.utf8)
  guard bytes.count == 36, bytes[14] == UInt8(ascii: "7") else { return false }
  for (index, byte) in bytes.enumerated() {
    let isDash = [8, 13, 18, 23].contains(index)
    let isDigit = (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    guard isDash ? byte == UInt8(ascii: "-") : isDigit else { return false }
  }
  return Array("89ab".utf8).contains(bytes[19])
}
