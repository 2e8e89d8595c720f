import Cryptography
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@testable import Examination

/// Lines of so many items, the first `correct` of them right.
private func lines(
  correct: Int, of count: Int, subject: (Int) -> String? = { _ in nil }, extra: String = ""
) -> [UInt8] {
  var text = ""
  for index in 0..<count {
    let answer = optionLetter(index % 5)
    let prediction = index < correct ? answer : optionLetter((index + 1) % 5)
    let subject = subject(index).map { ",\"subject\":\"\($0)\"" } ?? ",\"subject\":null"
    text +=
      "{\"id\":\"q\(index)\",\"prediction\":\"\(prediction)\",\"answer\":\"\(answer)\""
      + subject + extra + "}\n"
  }
  return Array(text.utf8)
}

private func results(
  correct: Int, of count: Int, subject: (Int) -> String? = { _ in nil }, extra: String = ""
) throws -> ExamResults {
  try ExamResults(lines(correct: correct, of: count, subject: subject, extra: extra))
}

private func kmle() throws -> ExamRule {
  try ExamRule(
    try readFile(
      repositoryRoot().appending("Guidelines").appending("exams").appending("kmle.yaml")))
}

@Test func judgementOfTheDoctorTestStands() throws {
  let judgement = try Judgement(
    try results(correct: 375, of: 435, extra: ",\"option_logits\":[0,0,0,0,0]"),
    JudgementQuestions(
      claim: DecimalShare("0.862"), human: DecimalShare("0.7966"), rule: try kmle(),
      other: try results(correct: 391, of: 435), claimedRatio: DecimalShare("0.95")))
  #expect(judgement.claim?.verdict == .supported)
  #expect(judgement.rule?.verdict == .notEvaluable)
  #expect(judgement.outcome == .insufficient)
  try expectGolden(judgement.json.encoded(.pretty) + [0x0A], "judgement.json")
  let again = try parseJSON(judgement.json.encoded())
  #expect(
    again.object?.members.map(\.key) == [
      "n", "correct", "invalid", "score", "wilson", "clopper_pearson", "baselines", "claim",
      "human", "rule", "compare", "subjects", "letters", "option_orders", "notes",
      "results_sha256",
    ])
}

@Test(arguments: [
  ("0.862", ClaimVerdict.supported), ("0.86", .supported), ("0.8620", .supported),
  ("0.8621", .supported), ("0.5", .supported), ("0", .supported), ("0.8622", .notShown),
  ("0.863", .notShown), ("0.87", .notShown), ("0.893", .notShown), ("0.894", .refuted),
  ("0.9", .refuted), ("1", .refuted), ("1.0", .refuted),
])
func claimsAgainst375Of435(claim: String, verdict: ClaimVerdict) throws {
  let judgement = try Judgement(
    try results(correct: 375, of: 435), JudgementQuestions(claim: DecimalShare(claim)))
  #expect(judgement.claim?.verdict == verdict)
  let outcomes: [ClaimVerdict: ExamOutcome] = [
    .supported: .positive, .refuted: .negative, .notShown: .insufficient,
  ]
  #expect(judgement.outcome == outcomes[verdict])
  #expect(judgement.notes.contains(.claimNotExcluded) == (verdict == .notShown))
}

@Test func roundingIsTold() throws {
  func notes(_ claim: String) throws -> [JudgementNote] {
    try Judgement(
      try results(correct: 375, of: 435), JudgementQuestions(claim: DecimalShare(claim))
    ).notes
  }
  #expect(try notes("0.8621").contains(.supportedByRounding))
  #expect(!(try notes("0.862").contains(.supportedByRounding)))
}

@Test func claimsAtTheEnds() throws {
  func verdict(_ claim: String, _ correct: Int, _ count: Int) throws -> ClaimVerdict? {
    try Judgement(
      try results(correct: correct, of: count), JudgementQuestions(claim: DecimalShare(claim))
    ).claim?.verdict
  }
  #expect(try verdict("1", 7, 7) == .supported)
  #expect(try verdict("1.000", 1, 1) == .supported)
  #expect(try verdict("0", 0, 7) == .supported)
  #expect(try verdict("0.3", 0, 7) == .notShown)
  #expect(try verdict("0.5", 0, 7) == .refuted)
  #expect(try verdict("0.001", 0, 1) == .notShown)
  #expect(try verdict("0.3333", 1, 3) == .supported)
  // Exactly half a unit is rounded up, in integers: 1/8 is 0.125.
  #expect(try verdict("0.13", 1, 8) == .supported)
  #expect(try verdict("0.14", 1, 8) == .notShown)
}

@Test(arguments: [
  "", ".", "0.", ".5", "00.5", "-0.1", "+0.1", "1.1", "86.2", "0.86%", "0,86", "1e-1", "NaN",
  "0.1234567890", "２", "0.8 ", "2",
])
func refusesWhatIsNoShare(text: String) {
  #expect(DecimalShare(text) == nil)
}

@Test func sharesKeepTheirDigits() {
  for text in ["0", "1", "0.0", "0.862", "0.8620", "0.000000001", "1.0"] {
    #expect(DecimalShare(text)?.text == text)
  }
  #expect(DecimalShare("1.05", limit: 9)?.value == 1.05)
}

@Test func theRuleNeedsTotalAndEverySubject() throws {
  let rule = try kmle()
  #expect(rule.id == "kmle" && rule.totalPercent == 60 && rule.subjectPercent == 40)
  func verdict(_ correct: [Int], of counts: [Int]) throws -> Judgement {
    var text: [UInt8] = []
    for (subject, (correct, count)) in zip(correct, counts).enumerated() {
      for index in 0..<count {
        let prediction = index < correct ? "A" : "B"
        let line =
          "{\"id\":\"\(subject)-\(index)\",\"prediction\":\"\(prediction)\",\"answer\":\"A\","
          + "\"subject\":\"s\(subject)\"}\n"
        text += Array(line.utf8)
      }
    }
    return try Judgement(try ExamResults(text), JudgementQuestions(rule: rule))
  }
  #expect(try verdict([6, 6], of: [10, 10]).rule?.verdict == .pass)
  #expect(try verdict([4, 8], of: [10, 10]).rule?.verdict == .pass)
  #expect(try verdict([4, 7], of: [10, 10]).rule?.verdict == .fail)
  #expect(try verdict([3, 10], of: [10, 10]).rule?.verdict == .fail)
  #expect(try verdict([2, 2], of: [5, 2]).rule?.verdict == .fail)
  #expect(try verdict([3], of: [5]).rule?.verdict == .pass)
  #expect(try verdict([3, 10], of: [10, 10]).outcome == .negative)
  #expect(try verdict([6, 6], of: [10, 10]).outcome == .positive)
  #expect(try verdict([6, 6], of: [10, 10]).notes.contains(.writtenPartOnly))
  let json = try verdict([3, 10], of: [10, 10]).json["rule"]
  #expect(json?["subjects"]?.array?.map { $0["reached"]?.bool } == [false, true])
  #expect(json?["total_reached"]?.bool == true && json?["part"]?.string == "written")
}

@Test func withoutSubjectsTheRuleCannotBeJudged() throws {
  for correct in [0, 50, 100] {
    let none = try Judgement(
      try results(correct: correct, of: 100), JudgementQuestions(rule: try kmle()))
    #expect(none.rule?.verdict == .notEvaluable && none.outcome == .insufficient)
    #expect(none.notes.contains(.subjectsMissing) && none.notes.contains(.writtenPartOnly))
    #expect(none.notes.contains(.totalBelowRule) == (correct < 60))
  }
  // One item without a subject is enough: it belongs to a subject that is not known.
  let partly = try Judgement(
    try results(correct: 100, of: 100) { $0 == 50 ? nil : "s" },
    JudgementQuestions(rule: try kmle()))
  #expect(partly.rule?.verdict == .notEvaluable)
}

@Test(arguments: [
  "format: other\n", "", "- a\n",
  "format: medai-exam-rule-1\nid: x\n",
])
func refusesABrokenRule(text: String) {
  #expect(throws: (any Error).self) { try ExamRule(Array(text.utf8)) }
}

@Test func refusesARuleWithBadNumbers() throws {
  let good = String(
    decoding: try readFile(
      repositoryRoot().appending("Guidelines").appending("exams").appending("kmle.yaml")),
    as: UTF8.self)
  for (old, new) in [
    ("total_minimum_percent: 60", "total_minimum_percent: 0.6"),
    ("total_minimum_percent: 60", "total_minimum_percent: 101"),
    ("subject_minimum_percent: 40", "subject_minimum_percent: -1"),
    ("subject_minimum_percent: 40", "subject_minimum_percent: 040"),
    ("subject_minimum_percent: 40", "subjects_minimum_percent: 40"),
    ("part: written", "part: [written]"),
  ] {
    let parts = good.split(separator: old, omittingEmptySubsequences: false)
    #expect(parts.count == 2)
    #expect(throws: (any Error).self) {
      try ExamRule(Array(parts.joined(separator: new).utf8))
    }
  }
}

@Test func thePersonsMeanIsTestedOneSided() throws {
  let judgement = try Judgement(
    try results(correct: 375, of: 435), JudgementQuestions(human: DecimalShare("0.7966")))
  #expect(
    judgement.json["human"]?.encoded()
      == Array(
        "{\"value\":0.7966,\"p_value\":0.000255799,\"alternative\":\"greater\"}".utf8))
  #expect(judgement.outcome == .positive)
  #expect(judgement.notes.contains(.humanMeanIsSample) && judgement.notes.contains(.textOnly))
}

@Test func comparisonMatchesItemsById() throws {
  let this = try results(correct: 30, of: 50)
  let reversed = lines(correct: 20, of: 50).split(separator: 0x0A).reversed()
  let shuffled = Array(reversed.joined(separator: [0x0A]))
  let other = try ExamResults(shuffled)
  let judgement = try Judgement(this, JudgementQuestions(other: other))
  #expect(judgement.comparison?.onlyThis == 10 && judgement.comparison?.onlyOther == 0)
  #expect(judgement.comparison?.ratio == 1.5)
  #expect(
    judgement.json["compare"]?.object?.members.map(\.key).prefix(2) == ["score", "correct"])
}

@Test func ratioClaims() throws {
  func verdict(_ claim: String, _ this: Int, _ other: Int) throws -> ClaimVerdict? {
    try Judgement(
      try results(correct: this, of: 100),
      JudgementQuestions(
        other: try results(correct: other, of: 100), claimedRatio: DecimalShare(claim, limit: 9))
    ).ratioClaim?.verdict
  }
  #expect(try verdict("0.96", 48, 50) == .supported)
  #expect(try verdict("0.97", 48, 50) == .notShown)
  #expect(try verdict("1.2", 48, 50) == .refuted)
  #expect(try verdict("0.1", 10, 0) == .notShown)
  #expect(throws: JudgementError.ratioNeedsComparison) {
    try Judgement(
      try results(correct: 1, of: 2), JudgementQuestions(claimedRatio: DecimalShare("0.9")))
  }
}

@Test func refusesUnpairedFiles() throws {
  let this = try results(correct: 3, of: 5)
  #expect(throws: JudgementError.notPaired(missing: 1, extra: 0, firstRecord: 5)) {
    try Judgement(this, JudgementQuestions(other: try results(correct: 3, of: 4)))
  }
  #expect(throws: JudgementError.notPaired(missing: 0, extra: 2, firstRecord: 0)) {
    try Judgement(this, JudgementQuestions(other: try results(correct: 3, of: 7)))
  }
  let text = String(decoding: lines(correct: 3, of: 5), as: UTF8.self)
  let changed = text.split(separator: "\"answer\":\"C\"").joined(separator: "\"answer\":\"D\"")
  #expect(throws: JudgementError.answersDiffer(record: 3)) {
    try Judgement(this, JudgementQuestions(other: try ExamResults(Array(changed.utf8))))
  }
}

@Test func onlyThreeFieldsAreNeeded() throws {
  let text = """
    {"id":1,"prediction":2,"answer":"B","correct":false,"x":{"y":[]}}

    {"id":"b","prediction":null,"answer":1}\r
    {"id":"c","prediction":"","answer":"C"}
    {"id":"d","prediction":"d","answer":"D"}
    {"id":"e","prediction":"폐렴 ","answer":"폐렴"}
    {"id":"f","prediction":"E","answer":"A","option_logits":[1,2]}
    """
  let results = try ExamResults(Array(text.utf8))
  #expect(results.results.map(\.isCorrect) == [true, false, false, false, true, false])
  #expect(results.results.map(\.prediction) == ["B", nil, nil, nil, "폐렴 ", nil])
  let judgement = try Judgement(results)
  #expect(judgement.invalid == 4 && judgement.score.correct == 2)
  #expect(judgement.random == nil)
  #expect(judgement.notes.contains(.invalidIsWrong) && judgement.notes.contains(.fewItems))
}

@Test(arguments: [
  ("{\"prediction\":\"A\",\"answer\":\"A\"}", ExamFileError.Reason.missing(field: "id")),
  ("{\"id\":\"\",\"prediction\":\"A\",\"answer\":\"A\"}", .blank(field: "id")),
  ("{\"id\":[],\"prediction\":\"A\",\"answer\":\"A\"}", .wrongKind(field: "id")),
  ("{\"id\":\"x\",\"answer\":\"A\"}", .missing(field: "prediction")),
  ("{\"id\":\"x\",\"prediction\":\"A\"}", .missing(field: "answer")),
  ("{\"id\":\"x\",\"prediction\":\"A\",\"answer\":null}", .blank(field: "answer")),
  ("{\"id\":\"x\",\"prediction\":\"A\",\"answer\":true}", .wrongKind(field: "answer")),
  ("{\"id\":\"x\",\"prediction\":[],\"answer\":\"A\"}", .wrongKind(field: "prediction")),
  ("{\"id\":\"x\",\"prediction\":0,\"answer\":\"A\"}", .unknownAnswer),
  ("{\"id\":\"x\",\"prediction\":\"A\",\"answer\":11}", .unknownAnswer),
  ("{\"id\":\"q0\",\"prediction\":\"A\",\"answer\":\"A\"}", .duplicateID(firstRecord: 1)),
  (
    "{\"id\":\"x\",\"prediction\":\"A\",\"answer\":\"A\",\"subject\":3}",
    .wrongKind(field: "subject")
  ),
  ("[1]", .notAnObject),
  ("{\"id\"", .json(.unexpectedEnd, offset: 5)),
])
func namesABrokenResultLine(text: String, reason: ExamFileError.Reason) {
  let bytes = lines(correct: 1, of: 1) + [0x0A] + Array(text.utf8)
  #expect(throws: ExamFileError(reason, record: 2, line: 3)) { try ExamResults(bytes) }
}

@Test func refusesEmptyResults() {
  #expect(throws: ExamFileError(.empty)) { try ExamResults([]) }
  #expect(throws: ExamFileError(.empty)) { try ExamResults([0x0A, 0x20, 0x0A]) }
}

@Test func baselinesAndLetters() throws {
  let text = """
    {"id":"1","prediction":"A","answer":"A","option_logits":[1,2]}
    {"id":"2","prediction":"A","answer":"B","option_logits":[1,2,3,4]}
    {"id":"3","prediction":"D","answer":"A","option_logits":[1,2,3,4]}
    {"id":"4","prediction":null,"answer":"A","option_logits":[1,2,3,4]}
    """
  let judgement = try Judgement(try ExamResults(Array(text.utf8)))
  #expect(judgement.random == 0.3125 && judgement.majority == 0.75)
  #expect(judgement.letters.map(\.name) == ["A", "B", "D"])
  #expect(judgement.letters.map(\.answers) == [3, 1, 0])
  #expect(judgement.letters.map(\.predictions) == [2, 0, 1])
  #expect(!judgement.notes.contains(.optionsInferred))
  let inferred = try Judgement(try results(correct: 2, of: 10))
  #expect(inferred.random == 0.2 && inferred.notes.contains(.optionsInferred))
}

@Test func groupsWidenTheComparison() throws {
  var text = ""
  for index in 0..<40 {
    let prediction = index / 10 % 2 == 0 ? "A" : "B"
    text +=
      "{\"id\":\"\(index)\",\"prediction\":\"\(prediction)\",\"answer\":\"A\","
      + "\"group\":\(index / 10),\"exam\":\"x-sample\"}\n"
  }
  let grouped = try ExamResults(Array(text.utf8))
  let parts = text.split(separator: "\"prediction\":\"A\"")
  let other = try ExamResults(Array(parts.joined(separator: "\"prediction\":\"C\"").utf8))
  let judgement = try Judgement(grouped, JudgementQuestions(other: other))
  #expect(judgement.comparison?.unit == .group)
  #expect(judgement.notes.contains(.groupsNotIndependent))
  #expect(judgement.notes.contains(.sampleItems))
  #expect(judgement.comparison.map { $0.differenceInterval.lower } == 0)
  #expect(judgement.comparison.map { $0.differenceInterval.upper } == 1)
}

@Test func orderChecksAreCounted() throws {
  let text = """
    {"id":"1","prediction":"A","answer":"A","permutations":[{"prediction":"A"},{"prediction":"A"}]}
    {"id":"2","prediction":"A","answer":"A","permutations":[{"prediction":"B"},{"prediction":"A"}]}
    {"id":"3","prediction":null,"answer":"A","permutations":[{"prediction":null}]}
    {"id":"4","prediction":"A","answer":"A"}
    """
  let judgement = try Judgement(try ExamResults(Array(text.utf8)))
  #expect(judgement.orders == Judgement.OrderCheck(items: 3, consistent: 1))
}

@Test func everyNoteSpeaksBothLanguages() {
  for note in JudgementNote.allCases {
    #expect(note.english.utf8.allSatisfy { $0 < 0x80 } && note.english.hasSuffix("."))
    #expect(note.korean.unicodeScalars.contains { (0xAC00...0xD7A3).contains($0.value) })
    #expect(note.korean.hasSuffix("."))
  }
}

/// The same lines in another order give the same judgement, resampled intervals included; only
/// subjects follow the file.
@Test func theOrderOfLinesChangesNoNumber() throws {
  let bytes = lines(correct: 20, of: 60) { _ in "s" }
  let reversed = Array(bytes.split(separator: 0x0A).reversed().joined(separator: [0x0A]))
  let questions = JudgementQuestions(
    claim: DecimalShare("0.3"), rule: try kmle(), other: try results(correct: 30, of: 60))
  func members(_ bytes: [UInt8]) throws -> [[UInt8]] {
    let json = try Judgement(try ExamResults(bytes), questions).json
    return try #require(json.object).members.filter { $0.key != "results_sha256" }
      .map { $0.value.encoded() }
  }
  #expect(try members(bytes) == members(bytes))
  #expect(try members(bytes) == members(reversed))
  #expect(try ExamResults(bytes).sha256 == sha256(bytes))
}
