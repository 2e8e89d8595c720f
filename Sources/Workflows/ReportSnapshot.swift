internal import Compliance
internal import Cryptography
internal import MedaiCore

/// What a report's machine output says, whichever form it has: the findings of `check` or `report`
/// as JSON or SARIF, or OSCAL assessment results.
struct ReportSnapshot {
  /// Why a file cannot be compared.
  enum Fault: Error {
    /// None of the three forms.
    case unknownForm
    /// The form is right, but something in it is missing or of the wrong kind.
    case malformed
  }

  /// A guideline that was judged.
  struct Guideline {
    let id: String
    let edition: String?
    let sha256: String?
    /// Thresholds by id; `nil` where the form does not say.
    var parameters: [(id: String, value: String)]?
  }

  /// A requirement with its verdict.
  struct ControlState {
    let guideline: String
    let id: String
    let verdict: Verdict
    /// What the rule says, as far as the form tells: pairs of a name and a text.
    let rule: [(name: String, text: String)]
  }

  /// A finding that is not a pass.
  struct Open {
    let guideline: String
    let control: String
    let check: String
    let code: String
    let verdict: Verdict
    /// SHA-256 of the record's id: an id is the input's own word and is not repeated.
    let record: String?
    /// What tells it from others, its verdict left out.
    let key: [UInt8]
  }

  private(set) var guidelines: [Guideline] = []
  private(set) var controls: [ControlState] = []
  private(set) var open: [Open] = []
  private(set) var checks: [(id: String, version: Int)] = []

  /// Reads a report.
  ///
  /// - Throws: `Fault`.
  init(_ value: JSONValue) throws(Fault) {
    if let results = value["assessment-results"]?["results"]?.array {
      for result in results { try addOSCAL(result) }
    } else if let runs = value["runs"]?.array, value["version"]?.string == "2.1.0" {
      for run in runs { try addSARIF(run) }
    } else if let guidelines = value["guidelines"]?.array, let findings = value["findings"]?.array {
      for guideline in guidelines { try addGuideline(guideline) }
      for finding in findings { try addFinding(finding) }
      for check in value["checks"]?.array ?? [] {
        checks.append((try Self.text(check, "id"), try Self.integer(check, "version")))
      }
    } else {
      throw .unknownForm
    }
  }

  // MARK: - JSON of check

  private mutating func addGuideline(_ value: JSONValue) throws(Fault) {
    let id = try Self.text(value, "id")
    guidelines.append(try Self.guideline(value))
    for control in value["controls"]?.array ?? [] {
      let isInScope = control["in_scope"]?.bool ?? true
      let verdict = try Self.verdict(control)
      var rule: [(name: String, text: String)] = []
      for (name, key) in [
        ("title", "title_ko"), ("strength", "strength"), ("source", "source_class"),
        ("wording", "wording_sha256"),
      ] {
        if let text = control[key]?.string { rule.append((name, text)) }
      }
      controls.append(
        ControlState(
          guideline: id, id: try Self.text(control, "control"),
          verdict: isInScope ? verdict : .notAssessed, rule: rule))
    }
  }

  private static func guideline(_ value: JSONValue) throws(Fault) -> Guideline {
    var guideline = Guideline(
      id: try text(value, "id"), edition: value["edition"]?.string,
      sha256: value["sha256"]?.string)
    if let members = value["parameters"]?.object?.members {
      var parameters: [(id: String, value: String)] = []
      for member in members {
        guard let value = member.value.string else { throw .malformed }
        parameters.append((member.key, value))
      }
      guideline.parameters = parameters
    }
    return guideline
  }

  private mutating func addFinding(_ value: JSONValue) throws(Fault) {
    let record = value["record"]?.string.map { sha256(Array($0.utf8)).hex }
    add(
      guideline: try Self.text(value, "guideline"), control: try Self.text(value, "control"),
      check: try Self.text(value, "check"), code: try Self.text(value, "code"),
      verdict: try Self.verdict(value), record: record, reason: try Self.text(value, "reason"))
  }

  // MARK: - SARIF

  private mutating func addSARIF(_ run: JSONValue) throws(Fault) {
    for guideline in run["properties"]?["guidelines"]?.array ?? [] {
      guidelines.append(try Self.guideline(guideline))
    }
    for rule in run["tool"]?["driver"]?["rules"]?.array ?? [] {
      checks.append(
        (
          try Self.text(rule, "id"),
          try Self.integer(rule["properties"] ?? .null, "version")
        ))
    }
    guard let results = run["results"]?.array else { throw .malformed }
    for result in results {
      guard let finding = result["properties"] else { throw .malformed }
      try addFinding(finding)
    }
  }

  // MARK: - OSCAL

  private mutating func addOSCAL(_ result: JSONValue) throws(Fault) {
    let props = try Self.props(result)
    guard let id = props.first(where: { sameBytes($0.name, "guideline") })?.value else {
      throw .malformed
    }
    var guideline = Guideline(
      id: id, edition: Self.value("edition", props), sha256: Self.value("catalog-sha256", props))
    let parameters = props.filter { sameBytes($0.name, "parameter") }.compactMap { prop in
      let parts = prop.value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return parts.count == 2 ? (id: String(parts[0]), value: String(parts[1])) : nil
    }
    if !parameters.isEmpty { guideline.parameters = parameters }
    guidelines.append(guideline)
    var observations: [[UInt8]: JSONValue] = [:]
    for observation in result["observations"]?.array ?? [] {
      observations[Array(try Self.text(observation, "uuid").utf8)] = observation
    }
    for finding in result["findings"]?.array ?? [] {
      try addOSCALFinding(finding, guideline: id, observations)
    }
  }

  private mutating func addOSCALFinding(
    _ finding: JSONValue, guideline: String, _ observations: [[UInt8]: JSONValue]
  ) throws(Fault) {
    let props = try Self.props(finding)
    let target = try Self.text(finding["target"] ?? .null, "target-id")
    guard target.utf8.count > 4, target.utf8.suffix(4).elementsEqual("_smt".utf8),
      let verdict = Self.value("verdict", props).flatMap(Verdict.init(rawValue:))
    else { throw .malformed }
    let control = String(decoding: target.utf8.dropLast(4), as: UTF8.self)
    var rule: [(name: String, text: String)] = [("title", try Self.text(finding, "title"))]
    for (name, key) in [
      ("strength", "strength"), ("source", "source-class"), ("wording", "wording-sha256"),
    ] {
      if let text = Self.value(key, props) { rule.append((name, text)) }
    }
    controls.append(
      ControlState(guideline: guideline, id: control, verdict: verdict, rule: rule))
    for related in finding["related-observations"]?.array ?? [] {
      let uuid = try Self.text(related, "observation-uuid")
      guard let observation = observations[Array(uuid.utf8)] else { throw .malformed }
      let props = try Self.props(observation)
      guard let check = Self.value("check-id", props), let code = Self.value("reason-code", props),
        let verdict = Self.value("verdict", props).flatMap(Verdict.init(rawValue:))
      else { throw .malformed }
      add(
        guideline: guideline, control: control, check: check, code: code, verdict: verdict,
        record: Self.value("record-sha256", props),
        reason: try Self.text(observation, "description"))
    }
  }

  // MARK: - Parts

  private mutating func add(
    guideline: String, control: String, check: String, code: String, verdict: Verdict,
    record: String?, reason: String
  ) {
    if [.pass, .notApplicable, .notAssessed].contains(verdict) { return }
    let parts = [guideline, control, check, code, record ?? "", reason]
    open.append(
      Open(
        guideline: guideline, control: control, check: check, code: code, verdict: verdict,
        record: record, key: JSONValue.array(parts.map { .string($0) }).encoded(.canonical)))
  }

  private static func text(_ value: JSONValue, _ key: String) throws(Fault) -> String {
    guard let text = value[key]?.string else { throw .malformed }
    return text
  }

  private static func integer(_ value: JSONValue, _ key: String) throws(Fault) -> Int {
    guard let number = value[key]?.int else { throw .malformed }
    return number
  }

  private static func verdict(_ value: JSONValue) throws(Fault) -> Verdict {
    guard let verdict = Verdict(rawValue: try text(value, "verdict")) else { throw .malformed }
    return verdict
  }

  private static func props(
    _ value: JSONValue
  ) throws(Fault) -> [(name: String, value: String)] {
    var props: [(name: String, value: String)] = []
    for prop in value["props"]?.array ?? [] {
      props.append((try text(prop, "name"), try text(prop, "value")))
    }
    return props
  }

  private static func value(_ name: String, _ props: [(name: String, value: String)]) -> String? {
    props.first { sameBytes($0.name, name) }?.value
  }
}
