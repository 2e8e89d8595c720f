internal import Cryptography
public import MedaiCore

extension Assessment {
  /// The finding set as `medai check --format json` and reports write it.
  ///
  /// No clock time, no text of a prompt or output; the same assessment gives the same bytes.
  public var json: JSONValue {
    var object = JSONObject()
    object["guidelines"] = .array(guidelines.map(\.json))
    object["conclusion"] = .string(conclusion.rawValue)
    object["findings"] = .array(findings.map { .object($0.json) })
    object["checks"] = .array(
      checks.map { .object(["id": .string($0.id), "version": .integer($0.version)]) })
    object["records"] = records.map { .integer($0) }
    object["trail"] = trail.map {
      .object([
        "verdict": .string($0.word), "size": .integer($0.size), "root": .string($0.root.hex),
      ])
    }
    object["documents"] = .array(
      documents.map {
        .object(["name": .string($0.name), "sha256": .string($0.sha256.hex)])
      })
    object["wording_sha256"] = .string(wordingSHA256.hex)
    return .object(object)
  }
}

extension GuidelineAssessment {
  fileprivate var json: JSONValue {
    var object: JSONObject = [
      "id": .string(catalog.id), "title": .string(catalog.titleEnglish),
      "title_ko": .string(catalog.title), "edition": .string(catalog.edition),
      "sha256": .string(catalog.sha256.hex), "stub": .bool(catalog.isStub),
      "notice": .string(catalog.noticeEnglish), "notice_ko": .string(catalog.notice),
    ]
    if let reason {
      object["verdict"] = .string(Verdict.notAssessed.rawValue)
      object["reason"] = .string(reason.english)
      object["reason_ko"] = .string(reason.korean)
    }
    var counts = JSONObject()
    for (verdict, count) in self.counts { counts[verdict.rawValue] = .integer(count) }
    object["counts"] = .object(counts)
    object["parameters"] = catalog.parametersJSON
    object["controls"] = .array(controls.map { .object($0.json) })
    return .object(object)
  }
}

extension Catalog {
  /// The thresholds by id, in order.
  var parametersJSON: JSONValue {
    var object = JSONObject()
    for parameter in parameters { object[parameter.id] = .string(parameter.value) }
    return .object(object)
  }
}

extension Control {
  /// SHA-256 of the wording in both languages, so that a later report can tell whether it changed.
  var wordingSHA256: Digest {
    sha256(
      JSONValue.array([.string(statement), .string(statementEnglish)]).encoded(.canonical))
  }
}

extension ControlAssessment {
  fileprivate var json: JSONObject {
    [
      "control": .string(control.id), "title": .string(control.titleEnglish),
      "wording_sha256": .string(control.wordingSHA256.hex),
      "title_ko": .string(control.title), "strength": .string(control.strength.rawValue),
      "source_class": .string(control.source.rawValue),
      "citations": .array(control.citations.map { .string($0) }),
      "methods": .array(control.methods.map { .string($0.rawValue) }),
      "checks": .array(control.checks.map { .string($0) }),
      "verdict": .string(verdict.rawValue), "in_scope": .bool(isInScope),
      "reasons": .array(reasons.map { .object($0.json) }),
      "entries": .array(entries.map { .integer($0) }),
    ]
  }
}

extension Reason {
  fileprivate var json: JSONObject {
    [
      "code": .string(code.rawValue), "details": .array(details.map { .string($0) }),
      "reason": .string(english), "reason_ko": .string(korean),
    ]
  }
}

extension ControlFinding {
  /// One finding as the command contract has it.
  public var json: JSONObject {
    [
      "record": finding.record.map { .string($0) } ?? .null, "check": .string(check),
      "control": .string(control), "guideline": .string(guideline),
      "verdict": .string(verdict.rawValue), "severity": .string(severity.rawValue),
      "start": finding.start.map { .integer($0) } ?? .null,
      "end": finding.end.map { .integer($0) } ?? .null,
      "code": .string(finding.reason.code.rawValue), "reason": .string(finding.reason.english),
      "reason_ko": .string(finding.reason.korean),
      "entries": .array(finding.entries.map { .integer($0) }),
    ]
  }
}
