internal import Cryptography
public import MedaiCore

extension Assessment {
  /// OSCAL 1.2.1 assessment results.
  ///
  /// OSCAL knows only satisfied and not-satisfied; the real verdict stands in `reason` and in a
  /// prop of our namespace, and nothing but `pass` is called satisfied.
  ///
  /// - Parameter time: The time of the checkpoint the evidence was read at, never the clock.
  /// - Returns: The document, valid by OSCAL's JSON schema.
  public func oscalAssessmentResults(time: Timestamp) -> JSONValue {
    let moment = time.text
    let results = guidelines.map { guideline -> JSONValue in
      let controls = guideline.controls.filter { $0.isInScope || !$0.findings.isEmpty }
      let observations = controls.flatMap { control in
        control.findings.enumerated().map { index, finding in
          finding.observation(index, methods: control.control.methods, collected: moment)
        }
      }
      let findings = controls.map(\.oscalFinding)
      let ids = controls.map { JSONValue.object(["control-id": .string($0.control.id)]) }
      let selection: JSONObject =
        ids.isEmpty
        ? ["include-all": .object(JSONObject())] : ["include-controls": .array(ids)]
      var result: JSONObject = [
        "uuid": .string(
          contentUUID(["result", guideline.catalog.id, guideline.catalog.sha256.hex])),
        "title": .string(guideline.catalog.title),
        "description": .string(guideline.catalog.noticeEnglish),
        "start": .string(moment), "end": .string(moment),
        "props": .array(
          [
            prop("guideline", guideline.catalog.id), prop("edition", guideline.catalog.edition),
            prop("catalog-sha256", guideline.catalog.sha256.hex),
          ] + guideline.catalog.parameters.map { prop("parameter", "\($0.id)=\($0.value)") }),
        "reviewed-controls": .object(["control-selections": .array([.object(selection)])]),
      ]
      if !observations.isEmpty { result["observations"] = .array(observations) }
      if !findings.isEmpty { result["findings"] = .array(findings) }
      return .object(result)
    }
    return .object([
      "assessment-results": .object([
        "uuid": .string(contentUUID(["assessment-results", moment] + identity)),
        "metadata": metadata("Assessment of candidate controls by medai", moment),
        "import-ap": .object(["href": .string("#no-assessment-plan")]),
        "results": .array(results),
      ])
    ])
  }

  /// OSCAL 1.2.1 plan of action and milestones: one item for each control that is failed, partial
  /// or without sufficient evidence.
  public func oscalPlanOfAction(time: Timestamp) -> JSONValue {
    let moment = time.text
    var items: [JSONValue] = []
    for guideline in guidelines {
      for result in guideline.controls
      where [.fail, .partial, .insufficientEvidence].contains(result.verdict) {
        let reasons = result.reasons.map(\.english).joined(separator: " ")
        items.append(
          .object([
            "uuid": .string(
              contentUUID(["poam", guideline.catalog.id, result.control.id, reasons])),
            "title": .string(result.control.title),
            "description": .string(reasons),
            "props": .array([
              prop("control-id", result.control.id), prop("verdict", result.verdict.rawValue),
              prop("strength", result.control.strength.rawValue),
            ]),
          ]))
      }
    }
    if items.isEmpty {
      items.append(
        .object([
          "uuid": .string(contentUUID(["poam", "none"])), "title": .string("없음"),
          "description": .string("No control in scope calls for action by this assessment."),
        ]))
    }
    return .object([
      "plan-of-action-and-milestones": .object([
        "uuid": .string(contentUUID(["poam", moment] + identity)),
        "metadata": metadata("Open points of candidate controls by medai", moment),
        "system-id": .object(["id": .string("medai-assessed-product")]),
        "poam-items": .array(items),
      ])
    ])
  }

  /// What makes this assessment this one.
  private var identity: [String] {
    [sha256(json.encoded(.canonical)).hex]
  }

  private func metadata(_ title: String, _ moment: String) -> JSONValue {
    let notices = guidelines.map(\.catalog.noticeEnglish).joined(separator: " ")
    return .object([
      "title": .string(title), "last-modified": .string(moment), "version": .string("1"),
      "oscal-version": .string("1.2.1"), "remarks": .string(notices.isEmpty ? title : notices),
    ])
  }
}

extension ControlFinding {
  private func uuid(_ index: Int) -> String {
    contentUUID([
      "observation", guideline, control, check, String(index), finding.record ?? "",
      finding.reason.code.rawValue,
    ])
  }

  fileprivate func observation(
    _ index: Int, methods: [Method], collected: String
  ) -> JSONValue {
    var props = [
      prop("check-id", check), prop("verdict", verdict.rawValue),
      prop("severity", severity.rawValue), prop("reason-code", finding.reason.code.rawValue),
    ]
    if let record = finding.record {
      // An id is the input's own word; OSCAL wants a token of visible characters, so it is hashed.
      props.append(prop("record-sha256", sha256(Array(record.utf8)).hex))
    }
    var object: JSONObject = [
      "uuid": .string(uuid(index)), "description": .string(finding.reason.english),
      "props": .array(props), "methods": .array([.string("TEST")]),
      "collected": .string(collected),
    ]
    if !finding.entries.isEmpty {
      object["relevant-evidence"] = .array(
        finding.entries.map { entry in
          .object([
            "href": .string("proofs/\(entry).tlog-proof"),
            "description": .string("Audit log entry \(entry)"),
            "props": .array([prop("log-entry", String(entry))]),
          ])
        })
    }
    return .object(object)
  }

  fileprivate func relation(_ index: Int) -> JSONValue {
    .object(["observation-uuid": .string(uuid(index))])
  }
}

extension ControlAssessment {
  fileprivate var oscalFinding: JSONValue {
    let text = reasons.map(\.english).joined(separator: " ")
    var object: JSONObject = [
      "uuid": .string(contentUUID(["finding", control.id, verdict.rawValue, text])),
      "title": .string(control.title), "description": .string(text),
      "props": .array([
        prop("verdict", verdict.rawValue), prop("strength", control.strength.rawValue),
        prop("source-class", control.source.rawValue),
        prop("wording-sha256", control.wordingSHA256.hex),
      ]),
      "target": .object([
        "type": .string("objective-id"), "target-id": .string("\(control.id)_smt"),
        "status": .object([
          "state": .string(verdict == .pass ? "satisfied" : "not-satisfied"),
          "reason": .string(verdict.rawValue), "remarks": .string(text),
        ]),
      ]),
    ]
    if !findings.isEmpty {
      object["related-observations"] = .array(
        findings.enumerated().map { index, finding in finding.relation(index) })
    }
    return .object(object)
  }
}

private func prop(_ name: String, _ value: String) -> JSONValue {
  .object(["name": .string(name), "ns": .string(medaiNamespace), "value": .string(value)])
}

/// A UUID laid out as version 5 from what a thing says, so that a second run names it alike.
///
/// RFC 9562 version 5 hashes with SHA-1; this one takes the first 128 bits of SHA-256, since OSCAL
/// admits only the version digits 4 and 5.
func contentUUID(_ parts: [String]) -> String {
  let content = JSONValue.array(parts.map { .string($0) }).encoded(.canonical)
  var bytes = Array(sha256(Array("urn:medai:uuid:".utf8) + content).bytes.prefix(16))
  bytes[6] = bytes[6] & 0x0F | 0x50
  bytes[8] = bytes[8] & 0x3F | 0x80
  let hex = Array(hexDigits(of: bytes))
  let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
  return groups.map { String(decoding: hex[$0], as: UTF8.self) }.joined(separator: "-")
}
