import Cryptography
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@testable import Examination

private func samples(_ name: String) throws -> Exam {
  try Exam(
    reading: repositoryRoot().appending("Samples").appending("exam").appending(name))
}

private let twoItems = """
  {"id": "1", "question": "Q1", "options": ["a", "bbb", "cc"], "answer": "B", "subject": "S"}
  {"id": "2", "question": "Q2", "options": ["dd", "e"], "answer": 2, "year": "x", "group": 4}
  """

private func result(_ logits: [Float], kind: ScoreResult.Kind = .logit) -> ScoreResult {
  ScoreResult(promptTokens: 9, kind: kind, optionLogits: logits)
}

private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

@Test func resultLinesHaveTheContractsForm() throws {
  let plan = try ExamPlan(
    Exam(Array(twoItems.utf8)), settings: ExamSettings(preset: .kormedmcqa))
  let model = CannedModel(
    scores: [result([0.1, 3, -1.5]), result([1e-7, -0.0], kind: .logprobSum)])
  let marks = try plan.run(model)
  let identity = ModelIdentity(name: "m", sha256: "ff", numerics: 3, parameters: nil)
  let digest = sha256([
    0xCD, 0xCC, 0xCC, 0x3D, 0x00, 0x00, 0x40, 0x40, 0x00, 0x00, 0xC0, 0xBF,
  ]).hex
  let prompt = sha256(Array("Q1\nA. a\nB. bbb\nC. cc\n정답：".utf8)).hex
  #expect(
    text(marks[0].line(by: identity)) == """
      {"id":"1","subject":"S","prediction":"B","answer":"B","correct":true,\
      "option_logits":[0.1,3,-1.5],"option_logits_sha256":"\(digest)",\
      "prompt_sha256":"\(prompt)","prompt_tokens":9,"model_sha256":"ff","numerics":3}
      """)
  let second = text(marks[1].line(by: model.identity))
  #expect(second.hasPrefix("{\"id\":\"2\",\"subject\":null,\"prediction\":\"A\",\"answer\":\"B\","))
  #expect(
    second.hasSuffix(
      "\"model_sha256\":null,\"numerics\":null,\"option_logits_kind\":\"logprob-sum\","
        + "\"year\":\"x\",\"group\":4}"))
  // −0 is written as 0, so the digest is that of 0.
  #expect(second.contains("[1e-7,0]"))
  #expect(
    second.contains(sha256([0x95, 0xBF, 0xD6, 0x33, 0, 0, 0, 0]).hex))
}

@Test func shortestDigitsReadBackAsTheSameFloat() throws {
  var generator = SplitMix64(seed: 5)
  let exam = try Exam(Array(twoItems.utf8))
  let plan = try ExamPlan(exam, settings: ExamSettings(preset: .plain))
  let extremes: [Float] = [
    .leastNonzeroMagnitude, .greatestFiniteMagnitude, -.leastNormalMagnitude, 16_777_216,
    1e21, 1e-6, 123_456.79,
  ]
  for round in 0..<500 {
    var logits: [Float] = []
    while logits.count < 3 {
      let value =
        round < extremes.count
        ? extremes[round] : Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
      if value.isFinite { logits.append(value) }
    }
    let marks = try plan.marks(scored: [result(logits), result([0, 1])])
    let line = try parseJSON(marks[0].line(by: FakeModel().identity))
    let read = try #require(line["option_logits"]?.array).map { value -> UInt32 in
      guard case .number(let number) = value else { return 0 }
      return (Float(number.token) ?? .nan).bitPattern
    }
    #expect(read == logits.map { ($0 + 0).bitPattern })
  }
}

@Test func aTieGoesToTheOptionShownFirstAndIsTold() throws {
  let plan = try ExamPlan(
    Exam(Array(twoItems.utf8)), settings: ExamSettings(preset: .plain))
  let marks = try plan.marks(scored: [result([1, 2, 2]), result([-0.0, 0.0])])
  #expect(marks[0].answered.prediction == "B" && marks[0].answered.isTied)
  #expect(marks[1].answered.prediction == "A" && marks[1].answered.isTied)
  #expect(text(marks[0].line(by: FakeModel().identity)).contains("\"tied\":true"))
  let clear = try plan.marks(scored: [result([1, 1, 2]), result([0, 1])])
  #expect(!clear[0].answered.isTied && clear[0].answered.prediction == "C")
}

@Test func predictionsInOtherOrdersNameTheFilesLetters() throws {
  let exam = try samples("items.ndjson")
  let settings = ExamSettings(preset: .kormedmcqa, permutations: 8)
  let plan = try ExamPlan(exam, settings: settings)
  let requests = plan.scoreRequests()
  #expect(requests.count == 48 * 9)
  #expect(requests[1].id == "S-IM-001#BCDEA" && requests[0].id == "S-IM-001")
  let marks = try plan.run(ContentModel())
  for mark in marks {
    let lengths = mark.item.options.map(\.utf8.count)
    // Only where one option is longest does the model have one opinion.
    guard lengths.count(where: { $0 == lengths.max() }) == 1 else { continue }
    let longest = try #require(lengths.firstIndex(of: lengths.max() ?? 0))
    #expect(mark.answered.prediction == optionLetter(longest))
    for other in mark.permutations {
      #expect(other.prediction == mark.answered.prediction)
      #expect(other.optionLogits == mark.answered.optionLogits)
    }
  }
  let line = try parseJSON(marks[0].line(by: FakeModel().identity))
  let others = try #require(line["permutations"]?.array)
  #expect(others.count == 8 && others[0]["order"]?.string == "BCDEA")
}

@Test func partsAndWholeGiveTheSameMarks() throws {
  let exam = try samples("items.ndjson")
  let plan = try ExamPlan(
    exam,
    settings: ExamSettings(
      preset: .kormedmcqa, shots: try ExamPlan.shots(3, from: try samples("dev.ndjson")),
      permutations: 2, wantsLogprobs: true))
  let whole = try plan.run(FakeModel())
  var parts: [Mark] = []
  for range in [0..<1, 1..<20, 20..<48] { parts += try plan.run(FakeModel(), items: range) }
  #expect(whole == parts)
  #expect(whole[0].answered.optionLogprobs?.count == 5)
}

@Test func progressIsTold() throws {
  let plan = try ExamPlan(
    try samples("items.ndjson"), settings: ExamSettings(preset: .plain))
  var last = (0, 0)
  _ = try plan.run(FakeModel()) { last = ($0, $1) }
  #expect(last == (48, 48))
}

@Test func promptLinesSayWhatIsAsked() throws {
  let shots = try ExamPlan.shots(2, from: try samples("dev.ndjson"))
  let plan = try ExamPlan(
    try samples("items.ndjson"),
    settings: ExamSettings(preset: .kormedmcqa, shots: shots, permutations: 1))
  let lines = plan.promptLines(modelAddsStart: true).split(separator: 0x0A)
  let requests = plan.scoreRequests()
  #expect(lines.count == requests.count)
  for (line, request) in zip(lines, requests) {
    let value = try parseJSON(Array(line))
    #expect(value.object?.members.map(\.key) == ["id", "prompt", "bos", "continuations"])
    #expect(value["id"]?.string == request.id && value["bos"]?.bool == true)
    #expect(sameBytes(try #require(value["prompt"]?.string), request.prompt))
    #expect(value["continuations"]?.array?.compactMap(\.string) == [" A", " B", " C", " D", " E"])
  }
  let marks = try plan.run(FakeModel())
  #expect(marks[0].promptSHA256 == sha256(Array(requests[0].prompt.utf8)))
  var open = plan.settings
  open.bos = false
  let closed = try ExamPlan(plan.exam, settings: open)
  #expect(text(closed.promptLines(modelAddsStart: true)).contains("\"bos\":false"))
}

@Test func generatedAnswersAreExtracted() throws {
  let plan = try ExamPlan(
    Exam(
      Array((twoItems + "\n{\"id\": \"3\", \"question\": \"Q3\", \"answer\": \"급성 폐렴\"}").utf8)),
    settings: ExamSettings(preset: .kormedmcqa, method: .generate), cascade: try koreanCascade())
  let requests = plan.generateRequests()
  #expect(requests[0].stop.contains("\n\n") && requests[0].maxTokens == 1024)
  let texts = ["정답은 B 입니다", "잘 모르겠다", "\n 급성  폐렴 \n설명"].map {
    GenerateResult(promptTokens: 3, text: $0, tokens: 4)
  }
  let marks = try plan.run(CannedModel(texts: texts))
  #expect(marks.map(\.answered.prediction) == ["B", nil, "급성  폐렴"])
  #expect(marks.map(\.isCorrect) == [true, false, true])
  let line = text(marks[1].line(by: FakeModel().identity))
  #expect(line.contains("\"prediction\":null,\"answer\":\"B\",\"correct\":false"))
  #expect(line.contains("\"option_logits\":null,\"option_logits_sha256\":null"))
  #expect(line.contains("\"output_tokens\":4"))
}

@Test func freeAnswersAreComparedByContent() {
  #expect(isSameFreeAnswer(" Acute  MI\n", "acute mi"))
  #expect(isSameFreeAnswer("\u{AC00}", "\u{1100}\u{1161}"))
  #expect(!isSameFreeAnswer("acute mi", "acutemi"))
  #expect(!isSameFreeAnswer("폐렴", "폐렴 의심"))
}

@Test func refusesWhatCannotBeAsked() throws {
  let free = try Exam(
    Array((twoItems + "\n{\"id\": \"3\", \"question\": \"Q3\", \"answer\": \"yes\"}").utf8))
  let exam = try Exam(Array(twoItems.utf8))
  #expect(throws: ExamRunError.freeAnswerNeedsGeneration(record: 3)) {
    try ExamPlan(free, settings: ExamSettings(preset: .plain))
  }
  #expect(throws: ExamRunError.freeAnswerHasNoOrders(record: 3)) {
    try ExamPlan(
      free, settings: ExamSettings(preset: .plain, method: .generate, permutations: 1),
      cascade: try koreanCascade())
  }
  #expect(throws: ExamRunError.cascadeMissing) {
    try ExamPlan(exam, settings: ExamSettings(preset: .plain, method: .generate))
  }
  #expect(throws: ExamRunError.tooFewShots(wanted: 3, available: 2)) {
    try ExamPlan.shots(3, from: exam)
  }
  #expect(throws: ExamRunError.shotIsAsked(shot: 1, record: 2)) {
    try ExamPlan(exam, settings: ExamSettings(preset: .plain, shots: [exam.items[1]]))
  }
  let renamed = Item(id: "9", question: "Q1", options: ["x", "y"], answer: .option(0))
  #expect(throws: ExamRunError.shotIsAsked(shot: 1, record: 1)) {
    try ExamPlan(exam, settings: ExamSettings(preset: .plain, shots: [renamed]))
  }
}

@Test func refusesAModelThatAnswersSomethingElse() throws {
  let plan = try ExamPlan(
    Exam(Array(twoItems.utf8)), settings: ExamSettings(preset: .plain))
  #expect(throws: ExamRunError.resultCount(expected: 2, found: 1)) {
    try plan.run(CannedModel(scores: [result([1, 2, 3])]))
  }
  #expect(throws: ExamRunError.resultCount(expected: 2, found: 3)) {
    try plan.run(CannedModel(scores: [result([1, 2, 3]), result([1, 2]), result([1, 2])]))
  }
  #expect(throws: ExamRunError.optionCount(record: 2, expected: 2, found: 3)) {
    try plan.run(CannedModel(scores: [result([1, 2, 3]), result([1, 2, 3])]))
  }
  for bad in [Float.nan, .infinity, -.infinity] {
    #expect(throws: ExamRunError.notFinite(record: 1)) {
      try plan.run(CannedModel(scores: [result([1, bad, 3]), result([1, 2])]))
    }
  }
  let unlikely = ScoreResult(
    promptTokens: 1, kind: .logit, optionLogits: [1, 2, 3], optionLogprobs: [-1, -2, -.infinity])
  #expect(throws: ExamRunError.notFinite(record: 1)) {
    try plan.run(CannedModel(scores: [unlikely, result([1, 2])]))
  }
}

/// What the fake model's answers to the sample items become, byte for byte.
@Test func resultsFileStands() throws {
  let plan = try ExamPlan(
    try samples("items.ndjson"),
    settings: ExamSettings(
      preset: .kormedmcqa, shots: try ExamPlan.shots(2, from: try samples("dev.ndjson")),
      permutations: 1, wantsLogprobs: true))
  let model = FakeModel()
  var bytes: [UInt8] = []
  for mark in try plan.run(model) { bytes += mark.line(by: model.identity) + [0x0A] }
  try expectGolden(bytes, "results.ndjson")
  let results = try ExamResults(bytes)
  #expect(results.results.count == 48)
  #expect(results.results.allSatisfy { $0.optionCount == 5 && $0.furtherPredictions.count == 1 })
}
