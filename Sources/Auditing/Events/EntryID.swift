internal import MedaiCore

/// The text of a UUID version 7 (RFC 9562 section 5.7).
///
/// - Parameters:
///   - time: Its first 48 bits are milliseconds of this moment.
///   - random: Ten bytes, of which 74 bits are used.
/// - Returns: 36 lower-case characters.
func uuidV7(_ time: Timestamp, random: [UInt8]) -> String {
  var text: [UInt8] = []
  appendUUIDv7(time, random: random, to: &text)
  return String(decoding: text, as: UTF8.self)
}

/// Appends the text of a UUID version 7.
func appendUUIDv7(_ time: Timestamp, random: [UInt8], to text: inout [UInt8]) {
  precondition(random.count == 10, "ten random bytes")
  let milliseconds = UInt64(max(0, time.microseconds / 1000))
  var form = InlineArray<36, UInt8>(repeating: UInt8(ascii: "-"))
  var place = 0
  for index in 0..<16 {
    var byte =
      index < 6 ? UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * index)) : random[index - 6]
    switch index {
    case 6: byte = byte & 0x0F | 0x70
    case 8: byte = byte & 0x3F | 0x80
    default: break
    }
    if index == 4 || index == 6 || index == 8 || index == 10 { place += 1 }
    form[place] = lowerHexDigit(byte >> 4)
    form[place + 1] = lowerHexDigit(byte & 15)
    place += 2
  }
  unsafe form.span.withUnsafeBufferPointer { unsafe text.append(contentsOf: $0) }
}

private func lowerHexDigit(_ value: UInt8) -> UInt8 {
  value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}
