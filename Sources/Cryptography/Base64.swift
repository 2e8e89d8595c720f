/// Writes bytes in the base64 alphabet of RFC 4648 section 4, with padding.
public func base64Text(_ bytes: some Collection<UInt8>) -> String {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var text: [UInt8] = []
  text.reserveCapacity((bytes.count + 2) / 3 * 4)
  var group: UInt32 = 0
  var held = 0
  func put(_ characters: Int) {
    for index in 0..<4 {
      let digit = Int(group >> UInt32(18 - 6 * index)) & 63
      text.append(index < characters ? alphabet[digit] : UInt8(ascii: "="))
    }
  }
  for byte in bytes {
    group = group << 8 | UInt32(byte)
    held += 1
    if held == 3 {
      put(4)
      group = 0
      held = 0
    }
  }
  if held > 0 {
    group <<= UInt32(8 * (3 - held))
    put(held + 1)
  }
  return String(decoding: text, as: UTF8.self)
}

/// Reads base64 strictly: padding in full, no white space, no bits left over, so that one value has
/// one text.
///
/// - Returns: `nil` where the text is anything but what `base64Text` writes.
public func bytes(fromBase64 text: some Collection<UInt8>) -> [UInt8]? {
  guard text.count.isMultiple(of: 4) else { return nil }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(text.count / 4 * 3)
  var group: UInt32 = 0
  var digits = 0
  var padding = 0
  for character in text {
    if character == UInt8(ascii: "=") {
      padding += 1
      group <<= 6
    } else {
      guard padding == 0, let digit = base64Digit(character) else { return nil }
      group = group << 6 | digit
    }
    digits += 1
    guard digits == 4 else { continue }
    guard padding <= 2 else { return nil }
    let three = [UInt8(group >> 16 & 255), UInt8(group >> 8 & 255), UInt8(group & 255)]
    guard three[(3 - padding)...].allSatisfy({ $0 == 0 }) else { return nil }
    bytes += three[..<(3 - padding)]
    group = 0
    digits = 0
  }
  // Padding may stand only in the last group, and nothing follows it.
  guard padding <= 2, bytes.count == text.count / 4 * 3 - padding else { return nil }
  return bytes
}

private func base64Digit(_ character: UInt8) -> UInt32? {
  switch character {
  case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
  case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
  case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
  case UInt8(ascii: "+"): 62
  case UInt8(ascii: "/"): 63
  default: nil
  }
}
