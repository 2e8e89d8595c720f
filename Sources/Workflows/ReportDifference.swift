internal import Compliance
internal import MedaiCore

/// What changed from one report to a later one.
struct ReportDifference {
  /// A kind of change.
  enum Kind: String {
    case new, fixed, unchanged
    /// The same finding with another verdict.
    case changed
    /// A finding that went because its control is not judged any more.
    case gone
    case control
    case controlAdded = "control-added"
    case controlRemoved = "control-removed"
    case changedThreshold = "changed-threshold"
    case changedRuleText = "changed-rule-text"
    case changedCheck = "changed-check"
    case changedEdition = "changed-edition"
    /// The catalogue differs although it bears the same edition.
    case swappedCatalog = "swapped-catalog"
    case guidelineAdded = "guideline-added"
    case guidelineRemoved = "guideline-removed"
  }

  /// One change. Identifiers, verdicts, numbers and digests only.
  struct Item {
    let kind: Kind
    var guideline: String?
    var control: String?
    var check: String?
    var code: String?
    var record: String?
    var name: String?
    var old: String?
    var new: String?
    var isWorse = false
  }

  private(set) var items: [Item] = []

  /// Whether anything got worse: a new finding, a worse verdict, a requirement that is not judged
  /// any more, or a catalogue that was replaced under the same edition.
  var isWorse: Bool { items.contains(where: \.isWorse) }

  init(from old: ReportSnapshot, to new: ReportSnapshot) {
    compareGuidelines(old, new)
    compareControls(old, new)
    compareFindings(old, new)
    for check in new.checks {
      guard let before = old.checks.first(where: { sameBytes($0.id, check.id) }),
        before.version != check.version
      else { continue }
      items.append(
        Item(
          kind: .changedCheck, check: check.id, old: String(before.version),
          new: String(check.version)))
    }
  }

  private mutating func compareGuidelines(_ old: ReportSnapshot, _ new: ReportSnapshot) {
    for before in old.guidelines {
      guard let after = new.guidelines.first(where: { sameBytes($0.id, before.id) }) else {
        items.append(Item(kind: .guidelineRemoved, guideline: before.id, isWorse: true))
        continue
      }
      if let one = before.edition, let other = after.edition, !sameBytes(one, other) {
        items.append(
          Item(kind: .changedEdition, guideline: before.id, old: one, new: other))
      } else if let one = before.sha256, let other = after.sha256, !sameBytes(one, other) {
        items.append(
          Item(
            kind: .swappedCatalog, guideline: before.id, old: one, new: other, isWorse: true))
      }
      guard let one = before.parameters, let other = after.parameters else { continue }
      for parameter in one {
        let value = other.first { sameBytes($0.id, parameter.id) }?.value
        if value.map({ sameBytes($0, parameter.value) }) ?? false { continue }
        items.append(
          Item(
            kind: .changedThreshold, guideline: before.id, name: parameter.id,
            old: parameter.value, new: value))
      }
      for parameter in other where !one.contains(where: { sameBytes($0.id, parameter.id) }) {
        items.append(
          Item(
            kind: .changedThreshold, guideline: before.id, name: parameter.id,
            new: parameter.value))
      }
    }
    for after in new.guidelines
    where !old.guidelines.contains(where: { sameBytes($0.id, after.id) }) {
      items.append(Item(kind: .guidelineAdded, guideline: after.id))
    }
  }

  private mutating func compareControls(_ old: ReportSnapshot, _ new: ReportSnapshot) {
    let after = Dictionary(new.controls.map { (Self.key($0), $0) }) { first, _ in first }
    let before = Set(old.controls.map(Self.key))
    for control in old.controls {
      guard let now = after[Self.key(control)] else {
        // SARIF tells of no controls, OSCAL of none that were not looked at.
        if new.controls.isEmpty || control.verdict == .notAssessed { continue }
        items.append(
          Item(
            kind: .controlRemoved, guideline: control.guideline, control: control.id,
            old: control.verdict.rawValue, isWorse: true))
        continue
      }
      if now.verdict != control.verdict {
        items.append(
          Item(
            kind: .control, guideline: control.guideline, control: control.id,
            old: control.verdict.rawValue, new: now.verdict.rawValue,
            isWorse: Self.isWorse(now.verdict, than: control.verdict)))
      }
      for part in control.rule {
        guard let text = now.rule.first(where: { sameBytes($0.name, part.name) })?.text,
          !sameBytes(text, part.text)
        else { continue }
        items.append(
          Item(
            kind: .changedRuleText, guideline: control.guideline, control: control.id,
            name: part.name, old: part.text, new: text))
      }
    }
    for control in new.controls where !before.contains(Self.key(control)) {
      if old.controls.isEmpty || control.verdict == .notAssessed { continue }
      items.append(
        Item(
          kind: .controlAdded, guideline: control.guideline, control: control.id,
          new: control.verdict.rawValue))
    }
  }

  private mutating func compareFindings(_ old: ReportSnapshot, _ new: ReportSnapshot) {
    var left: [[UInt8]: [ReportSnapshot.Open]] = [:]
    for finding in old.open.reversed() { left[finding.key, default: []].append(finding) }
    for finding in new.open {
      guard let before = left[finding.key]?.popLast() else {
        items.append(Self.item(.new, finding, new: finding.verdict, isWorse: true))
        continue
      }
      let isSame = before.verdict == finding.verdict
      items.append(
        Self.item(
          isSame ? .unchanged : .changed, finding, old: before.verdict, new: finding.verdict,
          isWorse: !isSame && Self.isWorse(finding.verdict, than: before.verdict)))
    }
    let judged = Set(
      new.controls.filter { $0.verdict != .notAssessed }.map(Self.key))
    // What was not met again, in the old report's order.
    for finding in old.open {
      guard let rest = left[finding.key], !rest.isEmpty else { continue }
      _ = left[finding.key]?.popLast()
      let isJudged =
        new.controls.isEmpty || judged.contains(Self.key(finding.guideline, finding.control))
      items.append(
        Self.item(isJudged ? .fixed : .gone, finding, old: finding.verdict, isWorse: !isJudged))
    }
  }

  private static func item(
    _ kind: Kind, _ finding: ReportSnapshot.Open, old: Verdict? = nil, new: Verdict? = nil,
    isWorse: Bool
  ) -> Item {
    Item(
      kind: kind, guideline: finding.guideline, control: finding.control, check: finding.check,
      code: finding.code, record: finding.record, old: old?.rawValue, new: new?.rawValue,
      isWorse: isWorse)
  }

  private static func key(_ control: ReportSnapshot.ControlState) -> [UInt8] {
    key(control.guideline, control.id)
  }

  private static func key(_ guideline: String, _ control: String) -> [UInt8] {
    Array(guideline.utf8) + [0] + Array(control.utf8)
  }

  /// Not to be judged any more is worse than any verdict.
  private static func isWorse(_ new: Verdict, than old: Verdict) -> Bool {
    if new == .notAssessed { return true }
    return old != .notAssessed && new.rank > old.rank || old == .notAssessed && new == .fail
  }
}
