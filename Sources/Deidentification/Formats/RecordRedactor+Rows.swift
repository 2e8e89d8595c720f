internal import MedaiText

extension RecordRedactor {
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
    let row = record.ordinal - headerOrdinal
    name(&outcome, id: facts.id)
    var scope = scope(for: facts, record)
    let birth = movedBirth(values, scope: scope)
    let told = readsRowsAsText ? findings(inRow: values, known: scope.known) : []
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
          value, role: role, field: "/\(row)/\(shown)", also: told.isEmpty ? [] : told[index],
          scope: &scope)
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
    outcome.links = scope.links ?? []
  }

  private func role(ofColumn index: Int) -> FieldRole {
    if index < columns.count, columns[index].role != .text { return columns[index].role }
    return index < contentRoles.count ? contentRoles[index] : .text
  }

  /// What a row tells when it is read as a text: its cells with the separator between them.
  ///
  /// - Returns: The findings in each cell; one that goes over a separator is cut there.
  func findings(inRow values: [[UInt8]], known: KnownValues) -> [[IdentifierSpan]] {
    var starts: [Int] = []
    var text: [UInt8] = []
    for value in values {
      if !starts.isEmpty { text.append(separator) }
      starts.append(text.count)
      text += value
    }
    var result = [[IdentifierSpan]](repeating: [], count: values.count)
    var cell = 0
    for span in deidentifier.found(in: text, known: known) {
      while cell + 1 < starts.count, starts[cell + 1] <= span.start { cell += 1 }
      var place = cell
      while place < starts.count, starts[place] < span.end {
        var part = span
        part.start = max(0, span.start - starts[place])
        part.end = min(values[place].count, span.end - starts[place])
        if part.start < part.end { result[place].append(part) }
        place += 1
      }
    }
    return result
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
    let date =
      trimmed(values[year]) + [0x2D] + trimmed(values[month]) + [0x2D]
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
