internal import MedaiText

/// De-identifies the records of one file; shared by its workers.
package struct RecordRedactor: Sendable {
  let deidentifier: Deidentifier
  let settings: RecordSettings
  /// Names and roles of the columns, where the file has columns with a header.
  var columns: [Column] = []
  /// What columns without a known name hold by their content; empty where the header is known.
  var contentRoles: [FieldRole] = []
  /// What separates the cells of a row.
  var separator: UInt8
  /// Number of the row that is the header; 0 without one.
  var headerOrdinal = 0
  /// Whether rows are searched as texts besides cell by cell.
  var readsRowsAsText = false
  /// How far the search for the header is.
  var search = HeaderSearch()

  struct Column: Sendable {
    var name: [UInt8]
    var role: FieldRole
    /// The name as it is released.
    var released: [UInt8]
  }

  /// A redactor for one file.
  package init(_ deidentifier: Deidentifier, settings: RecordSettings) {
    self.deidentifier = deidentifier
    self.settings = settings
    separator = UInt8(ascii: settings.format == .tsv ? "\t" : ",")
  }

  /// De-identifies one record.
  ///
  /// - Parameter record: A record of this file; the file's first must have gone to `prepare`.
  /// - Returns: What may be released, or why it may not.
  package func redact(_ record: RawRecord) -> RecordOutcome {
    if record.isStructure {
      return RecordOutcome(
        released: RedactedText(redacted: record.bytes, encoding: settings.encoding),
        before: record.before, after: record.after, reference: "", token: "", ordinal: 0,
        line: record.line)
    }
    var outcome = RecordOutcome(
      released: nil, before: record.before, after: record.after,
      reference: "#\(record.ordinal)", token: "", ordinal: record.ordinal, line: record.line,
      breaksFile: record.breaksFile)
    if let fault = record.fault {
      outcome.withheld = (fault, 0)
      name(&outcome, id: [])
      return outcome
    }
    do throws(RecordFault) {
      switch settings.format {
      case .text: try redactText(record, &outcome)
      case .csv, .tsv: try redactRow(record, &outcome)
      case .ndjson, .json: try redactJSON(record, &outcome)
      }
    } catch {
      outcome.released = nil
      outcome.spans = []
      outcome.links = []
      outcome.withheld = (error.reason, error.offset)
      if outcome.token.isEmpty { name(&outcome, id: []) }
    }
    return outcome
  }

  /// Why a record is withheld.
  struct RecordFault: Error {
    let reason: WithheldReason
    let offset: Int
  }

  // MARK: What formats share

  /// What a record's fields tell together.
  struct Facts {
    var id: [UInt8] = []
    var patient: [UInt8] = []
    var registration: [UInt8] = []
    /// The latest year of the record's dates.
    var year: Int?
    var known = KnownCollector()

    mutating func note(_ value: [UInt8], role: FieldRole) {
      switch role {
      case .record where id.isEmpty: id = trimmed(value)
      case .patient where patient.isEmpty: patient = trimmed(value)
      case .identifier(.mrn) where registration.isEmpty: registration = trimmed(value)
      case .identifier(.date):
        if let own = DateForm(trimmed(value))?.year { year = max(year ?? own, own) }
      default: break
      }
      known.add(value, role: role)
    }
  }

  func scope(for facts: Facts, _ record: RawRecord) -> Deidentifier.Scope {
    let patient = facts.patient.isEmpty ? facts.registration : facts.patient
    var known = facts.known.known
    if !patient.isEmpty { known.values += settings.patients.known(of: patient).values }
    let own =
      facts.id.isEmpty
      ? settings.document + Array("#\(record.ordinal)".utf8) : facts.id
    let document = settings.format == .text ? settings.document : own
    var scope = deidentifier.scope(
      for: Deidentifier.Subject(patient: nfc(patient), document: document, known: known),
      encoding: settings.encoding, withText: settings.withText)
    scope.latestYear = facts.year
    if settings.wantsLinks { scope.links = [] }
    return scope
  }

  /// Gives a record the words by which others speak of it.
  func name(_ outcome: inout RecordOutcome, id: [UInt8]) {
    let reference = id.isEmpty ? "#\(outcome.ordinal)" : String(decoding: id, as: UTF8.self)
    outcome.reference = reference
    let value = id.isEmpty ? settings.document + Array(reference.utf8) : id
    outcome.token = deidentifier.replacer.key.token("deid.record.v1", value)
  }

  /// The token of an id: an integer for an integer, so that columns and joins keep their type.
  func token(for value: [UInt8], role: FieldRole) -> [UInt8] {
    let purpose =
      switch role {
      case .patient: "deid.patient.v1"
      case .record: "deid.record.v1"
      default: "deid.reference.v1"
      }
    let value = nfc(trimmed(value))
    let isInteger =
      value.allSatisfy { $0 &- 0x30 < 10 } && value.count <= 18
      && (value.first != 0x30 || value.count == 1)
    let key = deidentifier.replacer.key
    return isInteger
      ? Array(String(key.integerToken(purpose, value)).utf8) : Array(key.token(purpose, value).utf8)
  }

  func isKept(_ role: FieldRole) -> Bool {
    let policy = deidentifier.policy
    return role == .patient ? policy.keepsPatient : policy.keepsRecordID
  }

  /// De-identifies a field's name, but for an ending that is known.
  func redact(
    name: [UInt8], unknown: Int, field: String, scope: inout Deidentifier.Scope
  ) -> [UInt8] {
    deidentifier.redact(Array(name.prefix(unknown)), field: field, scope: &scope)
      + name.dropFirst(unknown)
  }

  /// De-identifies the value of one field.
  ///
  /// - Parameters:
  ///   - value: The value, well-formed UTF-8.
  ///   - role: What the field holds.
  ///   - field: Where it lies in its record, for the spans.
  ///   - also: Findings in the value that its surroundings told.
  ///   - scope: What the record's texts share.
  /// - Returns: The same bytes where nothing is to change.
  func redact(
    _ value: [UInt8], role: FieldRole, field: String, also: [IdentifierSpan] = [],
    scope: inout Deidentifier.Scope
  ) -> [UInt8] {
    switch role {
    case .record, .patient, .reference:
      if trimmed(value).isEmpty || isKept(role) { return value }
      let token = token(for: value, role: role)
      let kind = role == .patient ? "patient" : role == .record ? "record" : "reference"
      scope.links?.append(TokenLink(kind: kind, token: token, original: trimmed(value)))
      return token
    case .birthYear, .birthMonth, .birthDay:
      return birthPart(value, role: role, field: field, scope: &scope)
    case .text: return deidentifier.redact(value, field: field, also: also, scope: &scope)
    case .identifier(.age):
      let digits = trimmed(value)
      let age =
        digits.allSatisfy { $0 &- 0x30 < 10 } && digits.count <= 3
        ? digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } : nil
      if case .generalise(.ageBand) = deidentifier.policy.rule(for: .age).action, age != nil {
        break
      }
      guard let age else {
        return deidentifier.redact(value, field: field, also: also, scope: &scope)
      }
      // Only ages of 90 and more identify (docs/deid-types.md).
      if age < 90 { return value }
    default: break
    }
    guard case .identifier(let type) = role else { return value }
    return deidentifier.redact(
      value, field: field, whole: (type, "field"), scope: &scope)
  }

  /// The first birth year that stays where no record says how late it is: who was born in it is
  /// 89 at most in 2026. A record's later date moves it on; an earlier date does not move it back,
  /// since the person has aged since.
  private static let firstBirthYear = 1937

  /// A birth year, month or day that stands alone in its field.
  private func birthPart(
    _ value: [UInt8], role: FieldRole, field: String, scope: inout Deidentifier.Scope
  ) -> [UInt8] {
    let digits = trimmed(value)
    let isNumber = digits.allSatisfy { $0 &- 0x30 < 10 } && digits.count <= 4
    switch deidentifier.policy.rule(for: .date).action {
    case .keep:
      return isNumber ? value : deidentifier.redact(value, field: field, scope: &scope)
    case .dateShift where role == .birthYear:
      let moved = deidentifier.replacer.replacement(
        for: digits, type: .date, context: scope.context)
      return moved.flatMap { $0.allSatisfy { $0 &- 0x30 < 10 } ? $0 : nil } ?? []
    case .generalise where role == .birthYear:
      if digits.isEmpty { return value }
      guard isNumber, digits.count == 4 else { return deidentifier.replacer.tag(.date) }
      let year = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
      return year < max(Self.firstBirthYear, (scope.latestYear ?? 0) - 89) ? [] : value
    default: return []
    }
  }

  func redactText(
    _ record: RawRecord, _ outcome: inout RecordOutcome
  ) throws(RecordFault) {
    var scope = scope(for: Facts(), record)
    name(&outcome, id: [])
    outcome.reference = String(decoding: settings.document, as: UTF8.self)
    let hasMark = settings.encoding == .utf8 && record.bytes.starts(with: [0xEF, 0xBB, 0xBF])
    if hasMark { outcome.before += record.bytes.prefix(3) }
    let text = try decoded(hasMark ? Array(record.bytes.dropFirst(3)) : record.bytes, at: 0)
    let redacted = deidentifier.redact(text, field: "/text", scope: &scope)
    let bytes = redacted == text && !hasMark ? record.bytes : try encoded(redacted)
    outcome.released = RedactedText(redacted: bytes, encoding: settings.encoding)
    outcome.spans = scope.spans
    outcome.links = scope.links ?? []
  }

  func decoded(_ bytes: [UInt8], at offset: Int) throws(RecordFault) -> [UInt8] {
    do throws(SourceTextError) { return try decodedText(bytes, settings.encoding) } catch {
      throw RecordFault(reason: .undecodable, offset: offset + error.offset)
    }
  }

  /// Text in the file's encoding; a text that was decoded from it and got fitting replacements
  /// always has one.
  func encoded(_ text: [UInt8]) throws(RecordFault) -> [UInt8] {
    guard settings.encoding == .cp949 else { return text }
    do throws(CP949Error) { return try CP949.encode(text) } catch {
      throw RecordFault(reason: .undecodable, offset: 0)
    }
  }
}

/// Without blanks and control characters at both ends.
func trimmed(_ value: [UInt8]) -> [UInt8] {
  guard let first = value.firstIndex(where: { $0 > 0x20 }),
    let last = value.lastIndex(where: { $0 > 0x20 })
  else { return [] }
  return Array(value[first...last])
}
