internal import Cryptography
internal import MedaiText

/// What stands in a release that should not: where and of what type, never the text.
package struct ResidualFinding: Sendable, Equatable {
  /// Why it is a finding.
  package enum Kind: String, Sendable {
    /// It looks like an identifier that the policy would not have left.
    case identifier
    /// A value of the patient table.
    case knownValue = "known-value"
    /// A name of the patient table where the policy invents names: it may be one of those.
    case knownName = "known-name"
  }

  package let kind: Kind
  package let type: IdentifierType
  /// Number of the record in its file, from 1; 0 for a header.
  package let record: Int
  /// Where in the record; a pointer that would itself name somebody is cut.
  package let field: String
  /// First scalar in the field's text.
  package let start: Int
  /// One past its last scalar.
  package let end: Int
}

/// What a scan of one record gave.
package struct ResidualOutcome: Sendable {
  package var findings: [ResidualFinding] = []
  /// Values that may be invented or real, by type in the order of `IdentifierType.allCases`.
  package var undecided = [Int](repeating: 0, count: IdentifierType.allCases.count)
  /// Whether the record could not be read.
  package var isUnreadable = false
  /// Whether it is structure or a header.
  package var isStructure = false
}

/// Searches released records for identifiers that stayed and for known values.
package struct ResidualScan: Sendable {
  private let judge: ReleasedValue
  private let detectors: Detectors
  private let known: KnownValueIndex
  private let namesAreInvented: Bool
  private let inventsPlaces: Bool
  /// Finds everything and names its place: a de-identifier whose every action is a tag.
  package let finder: Deidentifier

  /// A scan.
  ///
  /// - Parameters:
  ///   - detectors: The rules that find identifiers.
  ///   - policy: The policy that the release was made with; `nil` where it is not known.
  ///   - known: Values that may stand nowhere.
  /// - Throws: What a key for the scan alone may throw.
  package init(detectors: Detectors, policy: Policy?, known: KnownValueIndex) throws {
    judge = ReleasedValue(policy: policy)
    // Among tags and surrogates the tagger, which learned from untouched notes, suspects too much.
    let detectors = detectors.rulesAlone
    self.detectors = detectors
    self.known = known
    func invents(_ type: IdentifierType) -> Bool {
      policy.map { $0.rule(for: type).action == .surrogate } ?? true
    }
    let inventsPlaces = invents(.hospital) && invents(.org)
    self.inventsPlaces = inventsPlaces
    namesAreInvented = invents(.name)
    var yaml = "policy: scan\ntitle: scan\nrecord_id: keep\npatient: keep\nrules:\n"
    for type in IdentifierType.allCases {
      yaml += "  \(type.rawValue): {action: tag, follows: scan}\n"
    }
    finder = Deidentifier(
      policy: try Policy(yaml: Array(yaml.utf8)), key: try PseudonymKey.random(),
      detectorsDigest: detectors.digest
    ) { text, _ in
      let marks = OwnMarks(in: text, inventsPlaces: inventsPlaces)
      return detectors.spans(in: text).filter { !marks.holds($0.start..<$0.end) }
        + known.matches(in: text)
    }
  }

  /// Scans one record.
  ///
  /// - Parameters:
  ///   - record: A record of the file that the redactor is prepared for.
  ///   - redactor: Made with `finder` and spans with text.
  /// - Returns: What stands there that should not.
  package func scan(_ record: RawRecord, _ redactor: RecordRedactor) -> ResidualOutcome {
    var outcome = scan(redactor.redact(record))
    if !outcome.isUnreadable, !outcome.isStructure, !known.isEmpty {
      for (field, value) in redactor.keptValues(of: record) {
        outcome.findings += known.matches(in: value).map {
          finding($0.type, record.ordinal - redactor.headerOrdinal, field, 0, value.count)
        }
      }
    }
    return outcome
  }

  /// Judges what was found in a header or record.
  package func scan(_ found: RecordOutcome) -> ResidualOutcome {
    var outcome = ResidualOutcome()
    outcome.isStructure = found.isStructure
    outcome.isUnreadable = found.withheld != nil
    for span in found.spans {
      let text = nfc(span.text ?? [])
      let field = shown(span.field)
      if let value = known.matches(in: text).first {
        outcome.findings.append(finding(value.type, found.ordinal, field, span.start, span.end))
        continue
      }
      let rest = OwnMarks(in: text, inventsPlaces: false).rest(of: 0..<text.count, in: text)
      switch judge.verdict(rest, span.type) {
      case .ours: break
      case .undecided: outcome.undecided[span.type.index] += 1
      case .residual:
        outcome.findings.append(
          ResidualFinding(
            kind: .identifier, type: span.type, record: found.ordinal, field: field,
            start: span.start, end: span.end))
      }
    }
    return outcome
  }

  private func finding(
    _ type: IdentifierType, _ record: Int, _ field: String, _ start: Int, _ end: Int
  ) -> ResidualFinding {
    ResidualFinding(
      kind: type == .name && namesAreInvented ? .knownName : .knownValue, type: type,
      record: record, field: field, start: start, end: end)
  }

  /// A pointer as it may be shown: not where a name of a field holds an identifier.
  private func shown(_ field: String) -> String {
    let bytes = Array(field.utf8)
    let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true)
    let tells = parts.contains { part in
      let part = Array(part)
      return !known.matches(in: part).isEmpty
        || detectors.spans(in: part).contains { part.count > 5 && $0.end > $0.start }
    }
    return tells ? "/…" : field
  }

  /// Whether a file's name holds something that must not be shown, or a known value.
  package func judgeName(_ name: [UInt8]) -> ResidualOutcome {
    guard let source = try? SourceText(name) else { return ResidualOutcome() }
    let redaction = finder.redact(
      source, subject: Deidentifier.Subject(), field: "name", withText: true)
    var found = RecordOutcome(
      released: nil, before: [], after: [], reference: "", token: "", ordinal: 0, line: 0)
    found.spans = redaction.spans
    return scan(found)
  }
}

extension RecordRedactor {
  /// The values of fields that hold ids and birth dates in parts, which no rule is run over.
  func keptValues(of record: RawRecord) -> [(field: String, value: [UInt8])] {
    func isKept(_ role: FieldRole) -> Bool {
      switch role {
      case .record, .patient, .reference: true
      case .birthYear, .birthMonth, .birthDay, .identifier, .text: false
      }
    }
    switch settings.format {
    case .text: return []
    case .json, .ndjson:
      let leaves = (try? JSONScan(record.bytes, encoding: settings.encoding).leaves) ?? []
      return leaves.filter { leaf in
        leaf.kind != .key
          && isKept(settings.fields.reading(of: leaf.name, isTop: leaf.depth == 1).role)
      }.map { (String(decoding: $0.pointer, as: UTF8.self), $0.value) }
    case .csv, .tsv:
      let cells = DelimitedRow.cells(of: record.bytes, separator: separator)
      return zip(columns, cells).enumerated().compactMap { index, pair in
        guard isKept(pair.0.role), let value = try? decoded(pair.1.value, at: 0) else { return nil }
        return ("/\(record.ordinal - headerOrdinal)/\(index)", value)
      }
    }
  }
}
