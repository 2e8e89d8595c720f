import MedaiCore
import Testing

@testable import Compliance

/// A check that says what it is told.
private struct Saying: Check {
  let id: String
  let version = 1
  let title = "시험"
  let titleEnglish = "Trial"
  let reads: [EvidenceKind]
  let findings: [Finding]

  func run(_ evidence: Evidence, _ tools: CheckTools) -> [Finding] { findings }
}

private func verdict(
  _ strength: Strength, _ source: SourceClass, _ said: Verdict, _ code: ReasonCode = .clean,
  isConditional: Bool = false
) -> Verdict {
  let control = Control(
    id: "c", title: "", titleEnglish: "", statement: "", statementEnglish: "", strength: strength,
    isConditional: isConditional, source: source, actors: [], methods: [.test], checks: ["say"],
    citations: [], group: "g", line: 1)
  return conclusion(of: control, [Finding(said, Reason(code))]).verdict
}

private func conclusion(
  of control: Control, _ findings: [Finding], reads: [EvidenceKind] = [],
  scope: [EvidenceKind]? = nil, evidence: Evidence = Evidence()
) -> ControlAssessment {
  guard let tools = try? Given.tools(nil) else {
    preconditionFailure("the wording rules are part of the repository")
  }
  var assessor = Assessor(
    evidence: evidence, tools: tools, scope: scope,
    checks: [Saying(id: "say", reads: reads, findings: findings)])
  return assessor.assess(control, of: "trial")
}

private func control(
  _ strength: Strength, methods: [Compliance.Method], checks: [String]
) -> Control {
  Control(
    id: "c", title: "", titleEnglish: "", statement: "", statementEnglish: "", strength: strength,
    isConditional: false, source: .sourceSeen, actors: [], methods: methods, checks: checks,
    citations: [], group: "g", line: 1)
}

@Test(
  arguments: [
    (Strength.law, SourceClass.sourceSeen, Verdict.fail, Verdict.fail),
    (.law, .secondarySource, .fail, .fail),
    (.law, .inferred, .fail, .partial),
    (.guideline, .sourceSeen, .fail, .fail),
    (.guideline, .secondarySource, .fail, .partial),
    (.guideline, .inferred, .fail, .partial),
    (.example, .sourceSeen, .fail, .partial),
    (.advice, .secondarySource, .fail, .partial),
    (.optional, .sourceSeen, .fail, .partial),
    (.law, .sourceSeen, .pass, .pass),
    (.law, .inferred, .pass, .partial),
    (.advice, .inferred, .pass, .partial),
    (.advice, .secondarySource, .pass, .pass),
    (.law, .sourceSeen, .insufficientEvidence, .insufficientEvidence),
    (.advice, .inferred, .insufficientEvidence, .insufficientEvidence),
    (.law, .sourceSeen, .partial, .partial),
    (.law, .sourceSeen, .notApplicable, .notApplicable),
  ] as [(Strength, SourceClass, Verdict, Verdict)])
func strengthDecides(strength: Strength, source: SourceClass, said: Verdict, expected: Verdict) {
  #expect(verdict(strength, source, said) == expected)
}

@Test func anUnusedOptionIsNotApplicable() {
  #expect(verdict(.optional, .sourceSeen, .fail, .sectionMissing) == .notApplicable)
  #expect(verdict(.law, .sourceSeen, .fail, .sectionMissing) == .fail)
}

@Test func aConditionalDutyGoesToAPerson() {
  #expect(verdict(.law, .sourceSeen, .fail, isConditional: true) == .needsPerson)
}

@Test func adviceNeverSpeaksLoudly() {
  for strength in [Strength.advice, .example, .optional] {
    let result = conclusion(
      of: control(strength, methods: [.test], checks: ["say"]), [Finding(.fail, Reason(.clean))])
    #expect(result.findings.map(\.severity) == [.advice])
  }
}

@Test func peopleAndMissingChecksAreNamed() {
  let pass = [Finding(.pass, Reason(.clean, "1"))]
  #expect(
    conclusion(of: control(.law, methods: [.examine], checks: []), pass).verdict == .needsPerson)
  #expect(
    conclusion(of: control(.law, methods: [.interview], checks: []), pass).verdict == .needsPerson)
  #expect(conclusion(of: control(.law, methods: [.test], checks: []), pass).verdict == .notAssessed)
  let mixed = conclusion(of: control(.law, methods: [.test, .examine], checks: ["say"]), pass)
  #expect(mixed.verdict == .needsPerson && mixed.reasons.first?.code == .testPartPassed)
  let failed = conclusion(
    of: control(.law, methods: [.test, .examine], checks: ["say"]), [Finding(.fail, Reason(.clean))]
  )
  #expect(failed.verdict == .fail)
}

@Test func missingEvidenceIsInsufficientInsideTheScopeOnly() {
  let served = control(.law, methods: [.test], checks: ["say"])
  let missing = conclusion(of: served, [Finding(.pass, Reason(.clean))], reads: [.trail])
  #expect(missing.verdict == .insufficientEvidence)
  #expect(missing.reasons == [Reason(.evidenceMissing, "trail")])
  let outside = conclusion(
    of: served, [Finding(.pass, Reason(.clean))], reads: [.trail], scope: [.outputs])
  #expect(outside.verdict == .notAssessed && !outside.isInScope)
}

@Test func everyReasonHasTwoSentences() {
  for code in ReasonCode.allCases {
    let reason = Reason(code, "x", "y")
    #expect(reason.korean.unicodeScalars.contains { (0xAC00...0xD7A3).contains($0.value) })
    #expect(!reason.english.unicodeScalars.contains { (0xAC00...0xD7A3).contains($0.value) })
    #expect(!reason.korean.contains("{") && !reason.english.contains("{"))
  }
}
