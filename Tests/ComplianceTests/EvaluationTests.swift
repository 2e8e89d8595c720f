import Compliance
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

private func labelled() throws -> [LabelledRecord] {
  var reader = try LineReader(repositoryRoot().pushing("Samples/submission/labelled.ndjson"))
  var records: [LabelledRecord] = []
  while let line = try reader.next() {
    records.append(try LabelledRecord(line, line: reader.line))
  }
  return records
}

/// The sample holds two faults on purpose that no phrase catches: recall is below one, and says so.
@Test func scoresOfTheLabelledSample() throws {
  let records = try labelled()
  let scores = evaluate(records, tools: try Given.tools())
  #expect(records.count == 25 && scores.count == 9)
  for score in scores {
    let sum =
      score.truePositives + score.falsePositives + score.falseNegatives + score.trueNegatives
    #expect(sum == records.count)
    #expect(score.falsePositives == 0, "\(score)")
    let isBlind = ["output.definitive-diagnosis", "output.red-flag"].contains(score.check)
    #expect(score.falseNegatives == (isBlind ? 1 : 0), "\(score)")
  }
}

@Test(
  arguments: [
    (#"{"id":"a","prompt":"p","output":"o"}"#, EvidenceError.missing(line: 3, field: "labels")),
    (#"{"id":"a","prompt":"p","output":"o","labels":[]}"#, .missing(line: 3, field: "labels")),
    (
      #"{"id":"a","prompt":"p","output":"o","labels":{"output.ai-notice":1}}"#,
      .badType(line: 3, field: "labels")
    ),
    (
      #"{"id":"a","prompt":"p","output":"o","labels":{"output.ai":true}}"#,
      .badType(line: 3, field: "labels")
    ),
  ] as [(String, EvidenceError)])
func malformedLabelsAreRefused(line: String, expected: EvidenceError) {
  #expect(throws: expected) { try LabelledRecord(Array(line.utf8), line: 3) }
}
