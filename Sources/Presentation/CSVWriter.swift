/// Writes comma-separated values as RFC 4180 has them.
public struct CSVWriter: Sendable {
  /// What has been written so far, in UTF-8.
  public private(set) var bytes: [UInt8]
  private let formulaSafe: Bool

  /// An empty file.
  ///
  /// - Parameters:
  ///   - byteOrderMark: Start with the mark that spreadsheets need to read Korean.
  ///   - formulaSafe: Put an apostrophe before a cell that a spreadsheet would run (`=`, `+`, `-`,
  ///     `@`, tab, return, and the full-width forms; plain numbers stay), and show control
  ///     characters as pictures.
  public init(byteOrderMark: Bool = false, formulaSafe: Bool = true) {
    bytes = byteOrderMark ? [0xEF, 0xBB, 0xBF] : []
    self.formulaSafe = formulaSafe
  }

  /// Adds a record, ended by CRLF.
  public mutating func append(_ fields: [String]) {
    for (index, field) in fields.enumerated() {
      if index > 0 { bytes.append(0x2C) }
      append(field)
    }
    bytes += [0x0D, 0x0A]
  }
}

extension CSVWriter {
  private mutating func append(_ field: String) {
    var text = field
    if formulaSafe {
      text = startsFormula(field) && !isPlainNumber(field) ? "'" + field : field
      text = withControlsShown(text)
    }
    if text.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0D || $0 == 0x0A })
      || text.utf8.first == 0x20 || text.utf8.last == 0x20
    {
      bytes.append(0x22)
      for byte in text.utf8 {
        if byte == 0x22 { bytes.append(0x22) }
        bytes.append(byte)
      }
      bytes.append(0x22)
    } else {
      bytes += text.utf8
    }
  }
}

/// Whether a spreadsheet may run the cell, blanks before it set aside.
private func startsFormula(_ field: String) -> Bool {
  let first = field.unicodeScalars.first { $0.value != 0x20 && $0.value != 0xA0 }
  switch first?.value {
  case 0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D, 0x0A, 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20, 0x7C, 0x25:
    return true
  default: return false
  }
}

/// Whether the cell is a decimal number and nothing else, such as `-0.25`.
private func isPlainNumber(_ field: String) -> Bool {
  var digits = field.utf8[...]
  if digits.first == 0x2D || digits.first == 0x2B { digits = digits.dropFirst() }
  let parts = digits.split(separator: 0x2E, omittingEmptySubsequences: false)
  return (1...2).contains(parts.count)
    && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } }
}

/// The text with its control characters as pictures, line ends and tabs left as they are.
private func withControlsShown(_ text: String) -> String {
  if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) { return text }
  var shown = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    let steers = scalar.value < 0x20 || scalar.value == 0x7F
    let isLayout = scalar.value == 0x09 || scalar.value == 0x0A || scalar.value == 0x0D
    if steers, !isLayout, let picture = picture(of: scalar) {
      shown.append(contentsOf: picture)
    } else {
      shown.append(scalar)
    }
  }
  return String(shown)
}
