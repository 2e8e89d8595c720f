import Compliance
import Cryptography
import MedaiCore
import Testing

private func judge(_ check: String, _ trail: Trail, outputs: [OutputRecord]? = nil) throws
  -> [Finding]
{
  Given.check(check).run(Evidence(outputs: outputs, trail: trail), try Given.tools())
}

private func begin(_ model: String, _ run: String = "1") -> JSONObject {
  Given.event("generate.run.begin", [("model_sha256", model), ("seq", run)])
}

@Test(arguments: [
  ("intact", Verdict.pass), ("self-consistent", .insufficientEvidence), ("incomplete", .partial),
  ("tampered", .fail), ("rolled-back-or-forked", .fail), ("untrusted-key", .fail), ("", .fail),
  ("INTACT", .fail),
])
func verifierWordDecides(word: String, verdict: Verdict) throws {
  let trail = Given.trail([Given.event("log.open")], word: word)
  #expect(try judge("trail.integrity", trail).map(\.verdict) == [verdict])
}

@Test func intactWithProblemsOrWithoutEntriesIsNoPass() throws {
  let broken = Given.trail([Given.event("log.open")], problems: [0])
  #expect(try judge("trail.integrity", broken).map(\.verdict) == [.fail])
  #expect(try judge("trail.integrity", Given.trail([])).map(\.verdict) == [.insufficientEvidence])
}

@Test func everyOutputNeedsItsEntry() throws {
  let logged = try Given.record("첫 답", id: "A")
  let missing = try Given.record("둘째 답", id: "B")
  let entries = [Given.event("log.open"), Given.event("generate.answer")]
  let trail = Given.trail(entries, openedOutputs: [0: 1])
  let closed = try judge("trail.outputs-logged", Given.trail(entries), outputs: [logged])
  #expect(closed.map(\.verdict) == [.insufficientEvidence])
  let both = try judge("trail.outputs-logged", trail, outputs: [logged, missing])
  #expect(both.map(\.record) == ["B"] && both.map(\.verdict) == [.fail])
  let one = try judge("trail.outputs-logged", trail, outputs: [logged])
  #expect(one.map(\.verdict) == [.pass] && one.first?.entries == [1])
}

@Test func deidentificationHasToEndBeforeGeneration() throws {
  let begin = begin(Given.model)
  let end = Given.event("deid.run.end", [("pair", "0")])
  let started = Given.event("deid.run.begin", [("seq", "0")])
  let clean = Given.event("generate.run.begin", [("prompt_treatment", "deidentified")])
  let check = "trail.deid-before-generation"
  #expect(try judge(check, Given.trail([clean])).map(\.verdict) == [.pass])
  #expect(try judge(check, Given.trail([started, end, begin])).map(\.verdict) == [.needsPerson])
  #expect(try judge(check, Given.trail([started, begin, end])).map(\.entries) == [[1]])
  #expect(try judge(check, Given.trail([end])).map(\.verdict) == [.insufficientEvidence])
}

@Test func changedModelWantsAnExam() throws {
  let old = begin(Given.model)
  let new = begin(Given.otherModel, "2")
  let exam = Given.event("exam.validate", [("model_sha256", Given.otherModel)])
  let foreign = Given.event("exam.validate", [("model_sha256", Given.model)])
  let check = "trail.model-change-validated"
  #expect(try judge(check, Given.trail([old, old])).map(\.verdict) == [.pass])
  #expect(try judge(check, Given.trail([old, new])).map(\.verdict) == [.fail])
  #expect(try judge(check, Given.trail([old, new, exam])).map(\.verdict) == [.fail])
  var refuted = exam
  refuted["values"] = .object([
    "model_sha256": .string(Given.otherModel), "exit_status": .integer(1),
  ])
  #expect(try judge(check, Given.trail([old, refuted, new])).map(\.verdict) == [.fail])
  #expect(try judge(check, Given.trail([old, exam, new])).map(\.verdict) == [.pass])
  #expect(try judge(check, Given.trail([exam, old, new])).map(\.verdict) == [.fail])
  #expect(try judge(check, Given.trail([old, new, foreign])).map(\.verdict) == [.fail])
  let nameless = Given.event("generate.run.begin")
  #expect(try judge(check, Given.trail([nameless])).map(\.verdict) == [.insufficientEvidence])
}

@Test func aBeginWithoutEndIsFound() throws {
  let start = Given.event("exam.run.begin", [("seq", "7")])
  let end = Given.event("exam.run.end", [("pair", "7")])
  let otherEnd = Given.event("exam.run.end", [("pair", "8")])
  let check = "trail.begin-end"
  #expect(try judge(check, Given.trail([start, end])).map(\.verdict) == [.pass])
  #expect(try judge(check, Given.trail([start, otherEnd])).map(\.entries) == [[0]])
  #expect(try judge(check, Given.trail([end, start])).map(\.verdict) == [.fail])
  let unnamed = Given.trail([Given.event("exam.run.begin")])
  #expect(try judge(check, unnamed).map(\.verdict) == [.insufficientEvidence])
}

@Test func accessEntriesShowFiveFacts() throws {
  let fields = ["account_token", "accessed_at", "place", "subject_token", "task"]
  let full = Given.event("external.access", fields.map { ($0, "x") })
  let bare = Given.event("external.access", [("task", "x")])
  #expect(try judge("trail.access-fields", Given.trail([full])).map(\.verdict) == [.pass])
  #expect(try judge("trail.access-fields", Given.trail([full, bare])).count == 4)
  let none = try judge("trail.access-fields", Given.trail([]))
  #expect(none.map(\.verdict) == [.insufficientEvidence])
  #expect(
    try judge("trail.access-check", Given.trail([Given.event("access-check")])).map(\.verdict)
      == [.pass])
}
