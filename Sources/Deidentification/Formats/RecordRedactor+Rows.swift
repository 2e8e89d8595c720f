internal import MedaiText

extension RecordRedactor {
  private var separator: UInt8 { UInt8(ascii: settings.format == .tsv ? "\t" : ",") }

  /// Decides whether a first row is a header, and what its columns hold.
  mutating func header(_ record: RawRecord) -> RecordOutcome? {
    let cells = DelimitedRow.cells(of: record.bytes, separator: separator)
    var names: [[UInt8]] = []
    for cell in cells {
      guard let name = try? decoded(cell.value, at: 0) else { return nil }
      names.append(trimmed(name))
    }
    let roles = names.map { settings.fields.role(of: $0, isTop: true) }
    var scope = scope(for: Facts(), record)
    let isKnown = roles.contains { $0 != .text }
    // Without a known column: words, all different, none with a digit run or an identifier.
    let looksLikeNames = Set(names).count == names.count && names.allSatisfy { name in
      !name.isEmpty && name.count <= 60 && name.count(where: { $0 &- 0x30 < 10 }) <= 2
        && !name.contains(0x0A)
    }
    var released: [UInt8] = []
    var copied = 0
    for (index, cell) in cells.enumerated() {
      var shown = names[index]
      let isSettled = roles[index] != .text || deidentifier.policy.passes(field: shown)
      if !isSettled {
        shown = deidentifier.redact(shown, field: "/0/\(index)", scope: &scope)
      }
      columns.append(Column(name: names[index], role: roles[index], released: shown))
      guard shown != names[index], let written = try? encoded(shown) else { continue }
      released += record.bytes[copied..<cell.range.lowerBound]
      released += DelimitedRow.written(written, separator: separator, quoted: cell.isQuoted)
      copied = cell.range.upperBound
    }
    released += record.bytes[copied...]
    guard isKnown || looksLikeNames && scope.spans.isEmpty else {
      columns = []
      return nil
    }
    return RecordOutcome(
      released: RedactedText(redacted: released, encoding: settings.encoding),
      before: record.before, after: record.after, spans: scope.spans, reference: "header",
      token: "", ordinal: 0, line: record.line)
  }

  func redactRow(_ record: RawRecord, _ outcome: inout RecordOutcome) throws(RecordFault) {
    let cells = DelimitedRow.cells(of: record.bytes, separator: separator)
    if !columns.isEmpty, cells.count != columns.count {
      throw RecordFault(reason: .columns, offset: 0)
    }
    var facts = Facts()
    var values: [[UInt8]] = []
    for (index, cell) in cells.enumerated() {
      let value = try decoded(cell.value, at: cell.range.lowerBound)
      values.append(value)
      facts.note(value, role: role(ofColumn: index))
    }
    let row = columns.isEmpty ? record.ordinal : record.ordinal - 1
    name(&outcome, id: facts.id)
    var scope = scope(for: facts, record)
    let birth = movedBirth(values, scope: scope)
    var released: [UInt8] = []
    var copied = 0
    for (index, cell) in cells.enumerated() {
      let value = values[index]
      let name = index < columns.count ? columns[index].name : []
      if deidentifier.policy.passes(field: name) { continue }
      let role = role(ofColumn: index)
      let shown = index < columns.count ? Self.pointer(columns[index].released) : "\(index)"
      let redacted: [UInt8]
      if let part = birth[index] {
        redacted = part
      } else {
        redacted = redact(
          value, role: role, name: name, field: "/\(row)/\(shown)", scope: &scope)
      }
      if redacted == value { continue }
      released += record.bytes[copied..<cell.range.lowerBound]
      released += DelimitedRow.written(
        try encoded(redacted), separator: separator, quoted: cell.isQuoted)
      copied = cell.range.upperBound
    }
    released += record.bytes[copied...]
    outcome.released = RedactedText(redacted: released, encoding: settings.encoding)
    outcome.spans = scope.spans
  }

  private func role(ofColumn index: Int) -> FieldRole {
    index < columns.count ? columns[index].role : .text
  }

  /// A column's name as a token of a JSON Pointer.
  static func pointer(_ name: [UInt8]) -> String {
    var result: [UInt8] = []
    for byte in name {
      switch byte {
      case UInt8(ascii: "~"): result += "~0".utf8
      case UInt8(ascii: "/"): result += "~1".utf8
      default: result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// OMOP's three birth columns moved as one date, so that they agree with `birth_datetime`.
  private func movedBirth(
    _ values: [[UInt8]], scope: Deidentifier.Scope
  ) -> [Int: [UInt8]] {
    guard case .dateShift = deidentifier.policy.rule(for: .date).action else { return [:] }
    func place(_ role: FieldRole) -> Int? { columns.firstIndex { $0.role == role } }
    guard let year = place(.birthYear), let month = place(.birthMonth), let day = place(.birthDay)
    else { return [:] }
    let date = trimmed(values[year]) + [0x2D] + trimmed(values[month]) + [0x2D]
      + trimmed(values[day])
    guard
      let moved = deidentifier.replacer.replacement(
        for: date, type: .date, context: scope.context)
    else { return [:] }
    let parts = moved.split(separator: 0x2D).map(Array.init)
    guard parts.count == 3, parts.allSatisfy({ $0.allSatisfy { $0 &- 0x30 < 10 } }) else {
      return [:]
    }
    return [year: parts[0], month: Self.plainNumber(parts[1]), day: Self.plainNumber(parts[2])]
  }

  private static func plainNumber(_ digits: [UInt8]) -> [UInt8] {
    let plain = Array(digits.drop { $0 == 0x30 })
    return plain.isEmpty ? [0x30] : plain
  }
}
