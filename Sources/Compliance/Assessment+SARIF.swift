internal import Cryptography
public import MedaiCore

extension Assessment {
  /// The finding set as SARIF 2.1.0: the same findings in the same order as `json`.
  ///
  /// - Parameters:
  ///   - artifact: The name under which the outputs file is spoken of; relative, chosen by the
  ///     caller.
  ///   - version: The program's version.
  /// - Returns: The log with one run.
  public func sarif(artifact: String, version: String) -> JSONValue {
    let findings = self.findings
    var rules: [JSONValue] = []
    for run in checks {
      guard let check = allChecks.first(where: { sameBytes($0.id, run.id) }) else { continue }
      rules.append(
        .object([
          "id": .string(check.id),
          "shortDescription": .object(["text": .string(check.titleEnglish)]),
          "fullDescription": .object(["text": .string(check.title)]),
          "properties": .object(["version": .integer(check.version)]),
        ]))
    }
    let driver: JSONObject = [
      "name": .string("medai"), "version": .string(version), "rules": .array(rules),
    ]
    var repeats: [[UInt8]: Int] = [:]
    let results = findings.map { finding in
      let print = finding.fingerprint
      let occurrence = repeats[Array(print.utf8), default: 0]
      repeats[Array(print.utf8)] = occurrence + 1
      return finding.sarif(artifact: artifact, fingerprint: "\(print):\(occurrence)")
    }
    let notices = guidelines.map { JSONValue.string($0.catalog.noticeEnglish) }
    return .object([
      "$schema": .string("https://json.schemastore.org/sarif-2.1.0.json"),
      "version": .string("2.1.0"),
      "runs": .array([
        .object([
          "tool": .object(["driver": .object(driver)]), "results": .array(results),
          "columnKind": .string("unicodeCodePoints"),
          "properties": .object([
            "conclusion": .string(conclusion.rawValue), "notices": .array(notices),
            "guidelines": .array(
              guidelines.map { guideline in
                .object([
                  "id": .string(guideline.catalog.id),
                  "edition": .string(guideline.catalog.edition),
                  "sha256": .string(guideline.catalog.sha256.hex),
                  "parameters": guideline.catalog.parametersJSON,
                ])
              }),
          ]),
        ])
      ]),
    ])
  }
}

extension ControlFinding {
  /// What names the same finding in another run: everything but its position and severity.
  fileprivate var fingerprint: String {
    let parts = [
      guideline, control, check, finding.record ?? "", finding.reason.code.rawValue,
      finding.reason.details.joined(separator: ","),
    ]
    return sha256(JSONValue.array(parts.map { .string($0) }).encoded(.canonical)).hex
  }

  fileprivate func sarif(artifact: String, fingerprint: String) -> JSONValue {
    let (kind, level): (String, String) =
      switch verdict {
      case .pass: ("pass", "none")
      case .fail: ("fail", severity == .error ? "error" : "warning")
      case .partial: ("fail", severity == .warning || severity == .error ? "warning" : "note")
      case .insufficientEvidence: ("open", "none")
      case .needsPerson: ("review", "none")
      case .notApplicable: ("notApplicable", "none")
      case .notAssessed: ("informational", "none")
      }
    var location: JSONObject = [
      "physicalLocation": .object(["artifactLocation": .object(["uri": .string(artifact)])])
    ]
    if let record = finding.record {
      location["logicalLocations"] = .array([
        .object(["name": .string(record), "kind": .string("object")])
      ])
    }
    if let start = finding.start, let end = finding.end {
      location["properties"] = .object(["start": .integer(start), "end": .integer(end)])
    }
    return .object([
      "ruleId": .string(check), "kind": .string(kind), "level": .string(level),
      "message": .object(["text": .string(finding.reason.english)]),
      "locations": .array([.object(location)]),
      "partialFingerprints": .object(["medaiFinding/v1": .string(fingerprint)]),
      "properties": .object(json),
    ])
  }
}
