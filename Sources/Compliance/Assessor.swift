internal import MedaiCore

/// Runs every needed check once and weighs its findings for each control.
struct Assessor {
  let evidence: Evidence
  let tools: CheckTools
  let scope: [EvidenceKind]?
  let checks: [any Check]
  private var results: [Int: [Finding]] = [:]

  init(evidence: Evidence, tools: CheckTools, scope: [EvidenceKind]?, checks: [any Check]) {
    self.evidence = evidence
    self.tools = tools
    self.scope = scope
    self.checks = checks
  }

  /// The checks that ran, in the binary's order.
  var runs: [CheckRun] {
    results.keys.sorted().map { CheckRun(id: checks[$0].id, version: checks[$0].version) }
  }

  mutating func assess(_ catalog: Catalog) -> GuidelineAssessment {
    var controls: [ControlAssessment] = []
    for control in catalog.controls { controls.append(assess(control, of: catalog.id)) }
    return GuidelineAssessment(catalog: catalog, controls: controls)
  }

  mutating func assess(_ control: Control, of guideline: String) -> ControlAssessment {
    let needsPerson = control.methods.contains { $0 != .test }
    let serving = checks.indices.filter { index in
      control.checks.contains { sameBytes($0, checks[index].id) }
    }
    guard control.methods.contains(.test), !serving.isEmpty else {
      let open = control.methods.contains(.test)
      return ControlAssessment(
        control: control, verdict: open && !needsPerson ? .notAssessed : .needsPerson,
        reasons: (open ? [Reason(.noAutomaticCheck)] : [])
          + (needsPerson ? [Reason(.personNeeded)] : []),
        findings: [], entries: [], isInScope: scope == nil)
    }
    let inScope = serving.filter { index in
      scope.map { kinds in checks[index].reads.allSatisfy { kinds.contains($0) } } ?? true
    }
    if inScope.isEmpty {
      return ControlAssessment(
        control: control, verdict: .notAssessed, reasons: [Reason(.outsideScope)], findings: [],
        entries: [], isInScope: false)
    }
    var findings: [ControlFinding] = []
    for index in inScope {
      for finding in run(index) {
        let weighed = weigh(finding, for: control)
        findings.append(
          ControlFinding(
            guideline: guideline, control: control.id, check: checks[index].id,
            verdict: weighed.verdict, severity: weighed.severity, finding: finding))
      }
    }
    let unseen = control.checks.count - inScope.count
    return conclude(control, findings, needsPerson: needsPerson, unseen: unseen)
  }

  private mutating func run(_ index: Int) -> [Finding] {
    if let known = results[index] { return known }
    let check = checks[index]
    let missing = check.reads.filter { !evidence.has($0) }
    let findings =
      missing.isEmpty
      ? check.run(evidence, tools)
      : [
        Finding(
          .insufficientEvidence,
          Reason(.evidenceMissing, missing.map(\.rawValue).joined(separator: ", ")))
      ]
    results[index] = findings
    return findings
  }

  private func conclude(
    _ control: Control, _ findings: [ControlFinding], needsPerson: Bool, unseen: Int
  ) -> ControlAssessment {
    var verdict = findings.map(\.verdict).max { $0.rank < $1.rank } ?? .notAssessed
    var reasons: [Reason] = []
    if findings.contains(where: { $0.finding.verdict == .fail && $0.verdict == .partial }) {
      reasons.append(Reason(control.strength == .guideline ? .guidelineUnseen : .adviceOnly))
    }
    if findings.contains(where: { $0.finding.verdict == .fail && $0.verdict == .needsPerson }) {
      reasons.append(Reason(.conditionUnknown))
    }
    if verdict == .pass || verdict == .partial, control.source == .inferred {
      if verdict == .pass { verdict = .partial }
      reasons.append(Reason(.inferredSource))
    }
    for finding in findings where finding.verdict.rank == verdict.rank {
      if !reasons.contains(finding.finding.reason) { reasons.append(finding.finding.reason) }
    }
    if verdict == .pass, unseen > 0 {
      // Half of what a control asks for is no pass, however clean that half is.
      verdict = .insufficientEvidence
      reasons.insert(Reason(.outsideScope), at: 0)
    }
    if verdict == .pass, needsPerson {
      verdict = .needsPerson
      reasons.insert(Reason(.testPartPassed), at: 0)
    }
    if reasons.isEmpty, let first = findings.first { reasons = [first.finding.reason] }
    let entries = Set(findings.flatMap(\.finding.entries)).sorted()
    return ControlAssessment(
      control: control, verdict: verdict, reasons: reasons, findings: findings, entries: entries,
      isInScope: true)
  }
}

/// What a finding means for a control of a strength and source.
///
/// Law may fail; a guideline fails only where its text was seen; an example, an option or advice
/// never does; an inferred requirement is never failed either. A conditional duty goes to a person,
/// who has to say whether it applies.
func weigh(_ finding: Finding, for control: Control) -> (verdict: Verdict, severity: Severity) {
  let isAdvice = [.example, .advice, .optional].contains(control.strength)
  var severity = finding.severity
  if isAdvice, severity == .error || severity == .warning { severity = .advice }
  if control.strength == .optional, finding.reason.code == .sectionMissing {
    return (.notApplicable, .info)
  }
  guard finding.verdict == .fail else { return (finding.verdict, severity) }
  let mayFail =
    switch control.strength {
    case .law: control.source != .inferred
    case .guideline: control.source == .sourceSeen
    case .example, .optional, .advice: false
    }
  if mayFail, control.isConditional { return (.needsPerson, .warning) }
  if mayFail { return (.fail, severity) }
  return (.partial, severity == .error ? .warning : severity)
}
