internal import MedaiCore

extension Assessment {
  /// One row a control for Korean spreadsheets: UTF-8 with byte order mark, CRLF, every field
  /// quoted, and no field that a spreadsheet would run as a formula.
  public var csv: [UInt8] {
    var bytes: [UInt8] = [0xEF, 0xBB, 0xBF]
    func row(_ fields: [String]) {
      bytes += fields.map(csvField).joined(separator: ",").utf8
      bytes += [0x0D, 0x0A]
    }
    row([
      "guideline", "control", "제목", "title", "strength", "source_class", "verdict", "사유", "reason",
      "entries", "citations", "유의", "notice",
    ])
    for guideline in guidelines {
      let catalog = guideline.catalog
      for result in guideline.controls {
        row([
          catalog.id, result.control.id, result.control.title, result.control.titleEnglish,
          result.control.strength.rawValue, result.control.source.rawValue,
          result.verdict.rawValue, result.reasons.map(\.korean).joined(separator: " "),
          result.reasons.map(\.english).joined(separator: " "),
          result.entries.map(String.init).joined(separator: " "),
          result.control.citations.joined(separator: "; "), catalog.notice, catalog.noticeEnglish,
        ])
      }
      if let reason = guideline.reason {
        row([
          catalog.id, "", catalog.title, catalog.titleEnglish, "", "",
          Verdict.notAssessed.rawValue, reason.korean, reason.english, "", "", catalog.notice,
          catalog.noticeEnglish,
        ])
      }
    }
    return bytes
  }
}

/// A quoted field; a leading sign that starts a formula gets an apostrophe before it.
func csvField(_ text: String) -> String {
  var bytes: [UInt8] = [UInt8(ascii: "\"")]
  if let first = text.utf8.first, "=+-@\t\r".utf8.contains(first) {
    bytes.append(UInt8(ascii: "'"))
  }
  for byte in text.utf8 {
    if byte == UInt8(ascii: "\"") { bytes.append(byte) }
    bytes.append(byte)
  }
  bytes.append(UInt8(ascii: "\""))
  return String(decoding: bytes, as: UTF8.self)
}
