/// Whether a scalar is white space to Python's `str.strip`, which the published prompts use:
/// Unicode white space and the four ASCII separators.
func isStripped(_ scalar: Unicode.Scalar) -> Bool {
  scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
}

/// A text without white space at both ends.
func trimmedText(_ text: String) -> String {
  let scalars = text.unicodeScalars
  guard let first = scalars.firstIndex(where: { !isStripped($0) }),
    let last = scalars.lastIndex(where: { !isStripped($0) })
  else { return "" }
  return String(scalars[first...last])
}

/// Whether a text holds nothing but white space.
func isBlank(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(isStripped) }
