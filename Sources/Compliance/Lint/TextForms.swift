/// Whether a text is an OSCAL token of the kind we use: a letter, then letters, digits, `.`, `-`,
/// `_`, all ASCII.
func isToken(_ text: String) -> Bool {
  guard let first = text.utf8.first, first | 0x20 &- 0x61 < 26 else { return false }
  return text.utf8.allSatisfy {
    $0 | 0x20 &- 0x61 < 26 || $0 &- 0x30 < 10 || [0x2D, 0x2E, 0x5F].contains($0)
  }
}

/// Whether a text is a UUID of version 4 or 5 in hexadecimal.
func isUUID(_ text: String) -> Bool {
  let bytes = Array(text.utf8)
  guard bytes.count == 36 else { return false }
  for (index, byte) in bytes.enumerated() {
    if [8, 13, 18, 23].contains(index) {
      if byte != 0x2D { return false }
    } else if !(byte &- 0x30 < 10 || byte | 0x20 &- 0x61 < 6) {
      return false
    }
  }
  return (bytes[14] == 0x34 || bytes[14] == 0x35) && "89abAB".utf8.contains(bytes[19])
}

/// Whether a text is a moment in UTC to the second, such as `2026-11-24T00:00:00Z`.
func isMoment(_ text: String) -> Bool {
  let pattern = Array("dddd-dd-ddTdd:dd:ddZ".utf8)
  let bytes = Array(text.utf8)
  return bytes.count == pattern.count
    && zip(bytes, pattern).allSatisfy { byte, form in
      form == UInt8(ascii: "d") ? byte &- 0x30 < 10 : byte == form
    }
}

/// Whether a scalar is a Hangul syllable.
func isHangul(_ scalar: Unicode.Scalar) -> Bool { (0xAC00...0xD7A3).contains(scalar.value) }

/// Whether the bytes of one text stand in another.
func contains(_ text: String, _ part: String) -> Bool {
  firstRange(of: part, in: Array(text.utf8)[...]) != nil
}

/// The first place of a text in bytes.
func firstRange(of part: String, in bytes: ArraySlice<UInt8>) -> Range<Int>? {
  let needle = Array(part.utf8)
  guard bytes.count >= needle.count else { return nil }
  for start in bytes.startIndex...(bytes.endIndex - needle.count)
  where bytes[start..<start + needle.count].elementsEqual(needle) {
    return start..<start + needle.count
  }
  return nil
}
