/// Shows a text on one line with nothing in it that steers a terminal or hides from a reader.
///
/// Control characters become their pictures (U+2400 and on), and characters that are invisible or
/// turn the direction of writing become their number, such as `⟨U+202E⟩`. The result is safe to
/// print and to put into a page after escaping.
public func visible(_ text: String) -> String {
  if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return text }
  var shown = ""
  shown.reserveCapacity(text.utf8.count)
  for scalar in text.unicodeScalars {
    if let picture = picture(of: scalar) {
      shown.unicodeScalars.append(contentsOf: picture)
    } else {
      shown.unicodeScalars.append(scalar)
    }
  }
  return shown
}

/// What stands for a character that must not act; `nil` for one that shows itself.
func picture(of scalar: Unicode.Scalar) -> String.UnicodeScalarView? {
  switch scalar.value {
  case 0x00...0x1F: return pictureView(0x2400 + scalar.value)
  case 0x7F: return pictureView(0x2421)
  case 0x20...0x7E, 0xAC00...0xD7A3: return nil
  default: return needsNumber(scalar) ? "⟨U+\(hexNumber(scalar.value))⟩".unicodeScalars : nil
  }
}

private func pictureView(_ value: UInt32) -> String.UnicodeScalarView? {
  Unicode.Scalar(value).map { String($0).unicodeScalars }
}

/// Whether a character is invisible, steers the layout or is no character at all.
private func needsNumber(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800, 0x034F, 0x17B4, 0x17B5: return true
  case 0xFE00...0xFE0F, 0xE0100...0xE01EF: return true
  default: break
  }
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
    .unassigned:
    return true
  default: return false
  }
}

/// A code point in hexadecimal, at least four digits.
private func hexNumber(_ value: UInt32) -> String {
  let digits = String(value, radix: 16, uppercase: true)
  return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
}
