internal import MedaiText

extension RecordRedactor {
  func redactJSON(_ record: RawRecord, _ outcome: inout RecordOutcome) throws(RecordFault) {
    let leaves: [JSONLeaf]
    do throws(JSONScanError) {
      leaves = try JSONScan(record.bytes, encoding: settings.encoding).leaves
    } catch {
      switch error {
      case .malformed(let offset): throw RecordFault(reason: .malformed, offset: offset)
      case .undecodable(let offset): throw RecordFault(reason: .undecodable, offset: offset)
      }
    }
    var facts = Facts()
    let readings = leaves.map { leaf -> FieldNames.Reading in
      let reading = settings.fields.reading(of: leaf.name, isTop: leaf.depth == 1)
      if leaf.kind != .key { facts.note(leaf.value, role: reading.role) }
      return reading
    }
    name(&outcome, id: facts.id)
    var scope = scope(for: facts, record)
    let isASCII = record.bytes.allSatisfy { $0 < 0x80 }
    var released: [UInt8] = []
    released.reserveCapacity(record.bytes.count + 64)
    var copied = 0
    for (leaf, reading) in zip(leaves, readings) {
      let role = reading.role
      if deidentifier.policy.passes(field: leaf.name) { continue }
      let field = String(decoding: leaf.pointer, as: UTF8.self)
      let raw = record.bytes[leaf.range]
      let written: [UInt8]
      switch leaf.kind {
      case .key:
        let redacted = redact(
          name: leaf.value, unknown: reading.unknown, field: field, scope: &scope)
        if redacted == leaf.value { continue }
        written = try string(redacted, raw, isASCII)
      case .string:
        let redacted = redact(leaf.value, role: role, field: field, scope: &scope)
        if redacted == leaf.value { continue }
        written = try string(redacted, raw, isASCII)
      case .number:
        guard let number = redactedNumber(leaf, role: role, field: field, scope: &scope) else {
          continue
        }
        written = number
      }
      released += record.bytes[copied..<leaf.range.lowerBound]
      released += written
      copied = leaf.range.upperBound
    }
    released += record.bytes[copied...]
    outcome.released = RedactedText(redacted: released, encoding: settings.encoding)
    outcome.spans = scope.spans
    outcome.links = scope.links ?? []
  }

  /// A string as it stands in the file; one that came with `\u` escapes alone stays ASCII.
  private func string(
    _ text: [UInt8], _ raw: ArraySlice<UInt8>, _ isASCII: Bool
  ) throws(RecordFault) -> [UInt8] {
    let escapes =
      isASCII
      && zip(raw, raw.dropFirst()).contains {
        $0 == UInt8(ascii: "\\") && $1 == UInt8(ascii: "u")
      }
    return try encoded(jsonString(text, ascii: escapes))
  }

  /// A number that is an identifier: a registration number that was written without quotes.
  ///
  /// - Returns: A number where the replacement is one, else a string, `null` for nothing; `nil`
  ///   where the number stays.
  private func redactedNumber(
    _ leaf: JSONLeaf, role: FieldRole, field: String, scope: inout Deidentifier.Scope
  ) -> [UInt8]? {
    // A short number in a field of no known meaning is a measurement.
    let isLong = leaf.value.count >= 6 && leaf.value.allSatisfy { $0 &- 0x30 < 10 }
    if role == .text && !isLong { return nil }
    let redacted = redact(leaf.value, role: role, field: field, scope: &scope)
    if redacted == leaf.value { return nil }
    if redacted.isEmpty { return Array("null".utf8) }
    let isNumber =
      redacted.allSatisfy { $0 &- 0x30 < 10 }
      && (redacted[0] != 0x30 || redacted.count == 1)
    return isNumber ? redacted : jsonString(redacted, ascii: true)
  }
}
