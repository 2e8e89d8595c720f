import Compliance
import MedaiCore
import MedaiTestSupport
import Settings
import SystemPackage
import Testing

private func judge(_ check: String, _ submission: SubmissionFile) throws -> [Finding] {
  let evidence = Evidence(
    exam: try Given.exam(), deidentification: try Given.manifest(), submission: submission)
  return Given.check(check).run(evidence, try Given.tools())
}

private let submissionChecks = allChecks.filter { hasPrefix($0.id, "submission.") }.map(\.id)

private func hasPrefix(_ text: String, _ prefix: String) -> Bool {
  text.utf8.starts(with: prefix.utf8)
}

@Test(arguments: submissionChecks) func theSampleFillsEverySection(check: String) throws {
  #expect(try judge(check, Given.sample()).map(\.verdict) == [.pass])
}

@Test(arguments: submissionChecks.filter { $0 != "submission.label-version" })
func anEmptySubmissionFillsNone(check: String) throws {
  let text = """
    medai_submission: "1"
    product: {name: x, version: "1", maker: y}
    """
  let findings = try judge(check, SubmissionFile(yaml: Array(text.utf8), folder: "."))
  #expect(!findings.isEmpty && findings.allSatisfy { $0.verdict == .fail })
}

@Test(
  arguments: [
    ("  sha256: 3b7e0d", "  # sha256: 3b7e0d", "submission.base-model", ReasonCode.fieldMissing),
    ("files/sbom.cdx.json", "files/gone.json", "submission.security", .referenceMissing),
    ("files/sbom.cdx.json", "files/structure.svg", "submission.security", .referenceDiffers),
    ("    residual: 매우 낮음\n", "", "submission.risks", .fieldMissing),
    ("value: \"0.86\"", "value: \"0.87\"", "submission.performance-claim", .claimDiffers),
    ("value: \"0.86\"", "value: \"0.861\"", "submission.performance-claim", .claimDiffers),
    ("n: 300", "n: 301", "submission.performance-claim", .claimDiffers),
    (
      "files/exam-result.json\n        sha256: ", "files/exam-result.json\n        # sha256: ",
      "submission.performance-claim", .claimNotBound
    ),
    (
      "model_sha256: 3b7e", "model_sha256: 4b7e", "submission.performance-claim", .claimModelDiffers
    ),
    (
      "  version: \"1.2.0\"\n  support", "  version: \"1.1.0\"\n  support",
      "submission.label-version",
      .labelVersionDiffers
    ),
  ] as [(String, String, String, ReasonCode)])
func oneFaultIsFound(old: String, new: String, check: String, code: ReasonCode) throws {
  let findings = try judge(check, Given.sample(old, new))
  #expect(findings.map(\.reason.code).contains(code))
  #expect(findings.allSatisfy { $0.verdict != .pass })
}

@Test func claimIsComparedAtItsOwnDecimals() throws {
  let coarse = try Given.sample("value: \"0.86\"", "value: \"0.9\"")
  #expect(try judge("submission.performance-claim", coarse).map(\.verdict) == [.pass])
}

@Test(arguments: ["86", "999999999999", "0.8600000000000001", "1.00000000000000"])
func claimsBeyondTheScoreAreNoPass(value: String) throws {
  let submission = try Given.sample("value: \"0.86\"", "value: \"\(value)\"")
  let findings = try judge("submission.performance-claim", submission)
  #expect(value.utf8.count > 15 || findings.contains { $0.reason.code == .claimDiffers })
}

@Test(arguments: [
  "{}", #"{"n":300}"#, #"{"n":300,"score":"0.86"}"#, #"{"n":300,"score":1.2}"#, "[]",
])
func malformedExamIsInsufficient(text: String) throws {
  let evidence = Evidence(
    exam: try EvidenceDocument(Array(text.utf8)), submission: try Given.sample())
  let findings = Given.check("submission.performance-claim").run(evidence, try Given.tools())
  #expect(findings.map(\.verdict) == [.insufficientEvidence])
}

@Test(arguments: [
  ("files/sbom.cdx.json", "../escape.json"), ("files/sbom.cdx.json", "/etc/hostname"),
  ("files/sbom.cdx.json", "files/../../x"), ("files/sbom.cdx.json", "."),
])
func filesOutsideTheFolderAreRefused(old: String, new: String) {
  let error = #expect(throws: SubmissionError.self) { try Given.sample(old, new) }
  if case .outsideFolder(let line) = error {
    #expect(line > 100)
  } else {
    Issue.record("wrong error")
  }
}

@Test func linksInsideTheFolderAreRefused() throws {
  try withScratchFolder { folder in
    try writeDurably(Array("x".utf8), to: folder.appending("real"))
    let text = """
      medai_submission: "1"
      product: {name: x, version: "1", maker: y}
      security: {sbom: {path: link}}
      """
    #expect(throws: Never.self) { try SubmissionFile(yaml: Array(text.utf8), folder: folder) }
    try makeLink(folder.appending("link"), to: "real")
    #expect(throws: SubmissionError.outsideFolder(line: 3)) {
      try SubmissionFile(yaml: Array(text.utf8), folder: folder)
    }
  }
}

@Test(
  arguments: [
    (
      "medai_submission: \"1\"", "medai_submission: \"2\"", YAMLError.Reason.expected("one of 1"), 5
    ),
    ("  name: 하늘노트\n", "", .missingKey("name"), 9),
    ("  role: support", "  rôle: support", .unknownKey("rôle"), 23),
    ("role: support", "role: doctor", .expected("one of support, information"), 23),
  ] as [(String, String, YAMLError.Reason, Int)])
func malformedSubmissionNamesItsLine(old: String, new: String, reason: YAMLError.Reason, line: Int)
{
  let error = #expect(throws: SubmissionError.self) { try Given.sample(old, new) }
  #expect(error == .yaml(YAMLError(reason, line: line)))
}

@Test func schemaBesideTheFormatIsTheReadersOwn() throws {
  let path = Given.guidelines.pushing("schemas/submission.schema.json")
  let bytes = SubmissionFile.jsonSchema.encoded(.pretty) + [0x0A]
  if environmentVariable("MEDAI_RECORD") != nil {
    try writeDurably(bytes, to: path)
    Issue.record("recorded \(path)")
  }
  #expect(try readFile(path) == bytes)
}

@Test func retentionIsHeldAgainstTheCatalogue() throws {
  for (days, verdict) in [("730", Verdict.pass), ("729", .fail), ("0", .fail)] {
    let submission = try Given.sample(
      "access_log_retention_days: 730", "access_log_retention_days: \(days)")
    let assessment = assess(
      guidelines: [try Given.catalog("kr-privacy")],
      evidence: Evidence(submission: submission), tools: try Given.tools())
    let control = assessment.guidelines[0].controls.first { $0.control.id == "priv-48" }
    #expect(control?.verdict == verdict)
  }
}

@Test(arguments: [
  (#""records_withheld": 0"#, #""records_withheld": 2"#, Verdict.needsPerson),
  (#""key_id": "0123456789abcdef","#, "", .insufficientEvidence),
  (#""files": ["#, #""file": ["#, .insufficientEvidence),
])
func manifestFaults(old: String, new: String, verdict: Verdict) throws {
  let path = Given.samplePath.removingLastComponent().pushing("files/deid-manifest.json")
  let text = replacing(old, by: new, in: String(decoding: try readFile(path), as: UTF8.self))
  let evidence = Evidence(deidentification: try EvidenceDocument(Array(text.utf8)))
  let findings = Given.check("deid.manifest").run(evidence, try Given.tools())
  #expect(findings.map(\.verdict) == [verdict])
}
