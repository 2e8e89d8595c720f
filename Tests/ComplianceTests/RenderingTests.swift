import Cryptography
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@testable import Compliance

private let moment = Timestamp(microseconds: 1_795_000_000_000_000)

/// An assessment with every kind of evidence and some faults.
private func assessment(scope: [EvidenceKind]? = nil) throws -> Assessment {
  let outputs = [
    try Given.record(Given.cleanKorean, id: "R1"),
    try Given.record("폐암입니다. 아스피린 777 mg을 복용하세요. 번호 900101-1234567", id: "=R2+") {
      $0["reviewed_by"] = nil
    },
  ]
  let trail = Given.trail(
    [
      Given.event("deid.run.begin", [("seq", "0")]), Given.event("deid.run.end", [("pair", "0")]),
      Given.event("generate.run.begin", [("seq", "2"), ("model_sha256", Given.model)]),
      Given.event("generate.answer"),
      Given.event("generate.run.end", [("pair", "2")]),
    ], openedOutputs: [0: 3])
  return assess(
    guidelines: try Given.catalogs(),
    evidence: Evidence(
      outputs: outputs, trail: trail, exam: try Given.exam(),
      deidentification: try Given.manifest(), submission: try Given.sample()),
    tools: try Given.tools(), scope: scope)
}

@Test func equalEvidenceGivesEqualBytes() throws {
  let first = try assessment()
  let second = try assessment()
  #expect(first.json.encoded(.canonical) == second.json.encoded(.canonical))
  #expect(
    first.sarif(artifact: "o", version: "1").encoded()
      == second.sarif(artifact: "o", version: "1").encoded())
  #expect(first.csv == second.csv)
  #expect(
    first.oscalAssessmentResults(time: moment).encoded()
      == second.oscalAssessmentResults(time: moment).encoded())
}

@Test func jsonAndSARIFCarryTheSameSet() throws {
  let assessment = try assessment()
  let findings = try #require(assessment.json["findings"]?.array)
  let sarif = assessment.sarif(artifact: "outputs.ndjson", version: "1.0.0")
  let results = try #require(sarif["runs"]?.array?.first?["results"]?.array)
  #expect(!findings.isEmpty && findings.count == results.count)
  for (finding, result) in zip(findings, results) {
    #expect(result["properties"]?.encoded() == finding.encoded())
    #expect(result["ruleId"]?.string == finding["check"]?.string)
  }
  let prints = results.compactMap { $0["partialFingerprints"]?["medaiFinding/v1"]?.string }
  #expect(Set(prints).count == results.count)
}

@Test func contractFieldsArePresent() throws {
  let finding = try #require(try assessment().findings.first?.json)
  for key in [
    "record", "check", "control", "verdict", "severity", "start", "end", "reason", "reason_ko",
  ] { #expect(finding[key] != nil) }
}

@Test func noRenderingCarriesTextOfAnOutput() throws {
  let assessment = try assessment()
  let renderings = [
    assessment.json.encoded(), assessment.sarif(artifact: "o", version: "1").encoded(),
    assessment.csv, assessment.oscalAssessmentResults(time: moment).encoded(),
    assessment.oscalPlanOfAction(time: moment).encoded(),
  ]
  for bytes in renderings {
    let text = String(decoding: bytes, as: UTF8.self)
    for secret in ["폐암", "아스피린", "777 mg", "900101-"] { #expect(!text.contains(secret)) }
  }
}

@Test func csvIsMarkedAndInert() throws {
  let csv = try assessment().csv
  #expect(csv.starts(with: [0xEF, 0xBB, 0xBF]))
  for line in csv.split(separator: 0x0A) where line.count > 3 {
    #expect(line.last == 0x0D)
  }
  for text in ["=1+1", "+1", "-1", "@x", "\tx"] {
    #expect(csvField(text).utf8.starts(with: "\"'".utf8))
  }
  #expect(csvField("a\"b") == "\"a\"\"b\"")
}

@Test func countsAddUpAndNothingSaysCompliant() throws {
  let assessment = try assessment()
  for guideline in assessment.guidelines {
    #expect(guideline.counts.map(\.count).reduce(0, +) == guideline.controls.count)
  }
  #expect(assessment.conclusion == .fail)
  let stub = try #require(assessment.guidelines.last)
  #expect(stub.catalog.isStub && stub.reason?.code == .editionWithoutControls)
}

@Test func theStubAloneIsNotAssessed() throws {
  let stub = assess(
    guidelines: [try Given.catalog("mfds-llm-2026")], evidence: Evidence(outputs: []),
    tools: try Given.tools())
  #expect(stub.conclusion == .notAssessed)
  #expect(stub.findings.isEmpty)
}

@Test func scopeOfOutputsLeavesTheRestUnassessed() throws {
  let assessment = try assessment(scope: [.outputs])
  #expect(
    assessment.checks.allSatisfy { $0.id.hasPrefix("output.") })
  #expect(assessment.findings.allSatisfy { !$0.check.hasPrefix("submission.") })
}

@Test func entriesAreGivenAsEvidence() throws {
  let results = try assessment().oscalAssessmentResults(time: moment)
  let text = String(decoding: results.encoded(), as: UTF8.self)
  #expect(text.contains("proofs/2.tlog-proof"))
}

@Test func evidenceOfNothingPassesNothing() throws {
  let assessment = assess(
    guidelines: try Given.catalogs(), evidence: Evidence(), tools: try Given.tools())
  for guideline in assessment.guidelines {
    #expect(guideline.controls.allSatisfy { $0.verdict != .pass && $0.verdict != .fail })
  }
}

/// The golden files are what `Scripts/guidelines/validate.py` holds against OSCAL's schemas.
@Test(arguments: ["assessment-results.json", "poam.json"])
func oscalRenderingsStayAsValidated(name: String) throws {
  let assessment = assess(
    guidelines: [try Given.catalog("kr-ai-basic-act"), try Given.catalog("mfds-llm-2026")],
    evidence: Evidence(
      outputs: [try Given.record("글")], trail: Given.trail([Given.event("log.open")])),
    tools: try Given.tools())
  let value =
    name == "poam.json"
    ? assessment.oscalPlanOfAction(time: moment) : assessment.oscalAssessmentResults(time: moment)
  let path = goldenFolder().appending(name)
  let bytes = value.encoded(.pretty) + [0x0A]
  if environmentVariable("MEDAI_RECORD") != nil {
    try writeDurably(bytes, to: path)
    Issue.record("recorded \(name)")
  }
  #expect(try readFile(path) == bytes)
}
