import Cryptography
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@testable import Examination

private func line(_ changed: String...) -> String {
  var fields = [
    "\"id\": \"q1\"", "\"question\": \"What?\"", "\"options\": [\"a\", \"b\", \"c\"]",
    "\"answer\": \"B\"",
  ]
  for field in changed {
    let name = field.prefix { $0 != ":" }
    fields.removeAll { $0.hasPrefix(name + ":") }
    if !field.hasSuffix(": -") { fields.append(field) }
  }
  return "{" + fields.joined(separator: ", ") + "}"
}

private func exam(_ text: String, _ format: ExamFormat? = nil) throws(ExamFileError) -> Exam {
  try Exam(Array(text.utf8), format: format)
}

@Test func readsNDJSON() throws {
  let text =
    line() + "\r\n\n"
    + line(
      "\"id\": 7", "\"answer\": 3", "\"subject\": \"내과\"", "\"year\": 2024",
      "\"group\": \"g1\"", "\"exam\": \"kmle\"", "\"paragraph\": \"P\"", "\"other\": [1]")
  let exam = try exam(text)
  #expect(exam.items.map(\.id) == ["q1", "7"])
  #expect(exam.items[0].answer == .option(1) && exam.items[1].answer == .option(2))
  #expect(exam.items[1].subject == "내과" && exam.items[1].year == .integer(2024))
  #expect(exam.items[1].group == .text("g1") && exam.items[1].exam == "kmle")
  #expect(exam.items[1].paragraph == "P" && exam.items[0].paragraph == nil)
  #expect(exam.sha256 == sha256(Array(text.utf8)))
}

@Test func readsAnArray() throws {
  let items = try exam(" [" + line() + ",\n" + line("\"id\": \"q2\"") + "]").items
  #expect(items.map(\.id) == ["q1", "q2"])
}

@Test func readsATable() throws {
  let text = """
    id,question,option_a,option_b,option_c,answer,subject,year,extra
    q1,"Which, ""one""
    of these?",a,b,c,B,내과,2023,x
    \r
    2,What?,a,b,,1,,spring,
    """
  let items = try exam("\u{FEFF}" + text).items
  #expect(items[0].question == "Which, \"one\"\nof these?" && items[0].options == ["a", "b", "c"])
  #expect(items[0].answer == .option(1) && items[0].year == .integer(2023))
  #expect(items[1].id == "2" && items[1].options == ["a", "b"] && items[1].answer == .option(0))
  #expect(items[1].subject == nil && items[1].year == .text("spring"))
}

@Test func readsTheSameFromEveryFormat() throws {
  let lines = try exam(line() + "\n" + line("\"id\": \"q2\"", "\"answer\": 1")).items
  let array = try exam("[" + line() + "," + line("\"id\": \"q2\"", "\"answer\": 1") + "]").items
  let table = try exam(
    "answer,id,option_a,option_b,option_c,question\nB,q1,a,b,c,What?\n1,q2,a,b,c,What?\n"
  ).items
  #expect(lines == array && array == table)
}

@Test func withoutOptionsTheAnswerIsFree() throws {
  let items = try exam(line("\"options\": -", "\"answer\": \"폐렴\"")).items
  #expect(items[0].options.isEmpty && items[0].answer == .free("폐렴"))
}

@Test func tenOptionsReachJ() throws {
  let options = (0..<10).map { "\"o\($0)\"" }.joined(separator: ",")
  #expect(
    try exam(line("\"options\": [\(options)]", "\"answer\": \"J\"")).items[0].answer == .option(9))
}

@Test(arguments: [
  (line("\"id\": -"), ExamFileError.Reason.missing(field: "id")),
  (line("\"id\": \" \""), .blank(field: "id")),
  (line("\"id\": null"), .missing(field: "id")),
  (line("\"id\": true"), .wrongKind(field: "id")),
  (line("\"id\": 1.5"), .wrongKind(field: "id")),
  (line("\"question\": -"), .missing(field: "question")),
  (line("\"question\": \"\\u3000\""), .blank(field: "question")),
  (line("\"question\": 3"), .wrongKind(field: "question")),
  (line("\"options\": -"), .optionsMissing),
  (line("\"options\": -", "\"answer\": 2"), .optionsMissing),
  (line("\"options\": null"), .wrongKind(field: "options")),
  (line("\"options\": \"abc\""), .wrongKind(field: "options")),
  (line("\"options\": {\"A\": \"a\"}"), .wrongKind(field: "options")),
  (line("\"options\": [1, 2]"), .wrongKind(field: "options")),
  (line("\"options\": []"), .optionCount(0)),
  (line("\"options\": [\"a\"]"), .optionCount(1)),
  (
    line("\"options\": [\((0..<11).map { "\"o\($0)\"" }.joined(separator: ","))]"),
    .optionCount(11)
  ),
  (line("\"options\": [\"a\", \"\", \"c\"]"), .blankOption(2)),
  (line("\"options\": [\"a\", \"b\", \"a\"]"), .duplicateOptions(1, 3)),
  (line("\"options\": [\"a\", \"b\", \" b \"]"), .duplicateOptions(2, 3)),
  (line("\"answer\": -"), .missing(field: "answer")),
  (line("\"answer\": null"), .missing(field: "answer")),
  (line("\"answer\": \"\""), .blank(field: "answer")),
  (line("\"answer\": [\"B\"]"), .wrongKind(field: "answer")),
  (line("\"answer\": \"b\""), .unknownAnswer),
  (line("\"answer\": \"AB\""), .unknownAnswer),
  (line("\"answer\": \"②\""), .unknownAnswer),
  (line("\"answer\": \"02\""), .unknownAnswer),
  (line("\"answer\": 1.5"), .unknownAnswer),
  (line("\"answer\": \"K\""), .unknownAnswer),
  (line("\"answer\": \"D\""), .answerOutOfRange(options: 3)),
  (line("\"answer\": 0"), .answerOutOfRange(options: 3)),
  (line("\"answer\": -1"), .answerOutOfRange(options: 3)),
  (line("\"answer\": \"4\""), .answerOutOfRange(options: 3)),
  (line("\"subject\": 4"), .wrongKind(field: "subject")),
  (line("\"year\": 2024.5"), .wrongKind(field: "year")),
  (line("\"group\": [1]"), .wrongKind(field: "group")),
  ("[]", .notAnObject),
  ("\"text\"", .notAnObject),
  ("{\"id\": \"x\"", .json(.unexpectedEnd, offset: 10)),
  ("{\"id\": 1, \"id\": 2}", .json(.duplicateName, offset: 10)),
])
func refusesABrokenLine(text: String, reason: ExamFileError.Reason) {
  let good = line("\"id\": \"first\"")
  let found = #expect(throws: ExamFileError.self) { try exam(good + "\n\n" + text, .ndjson) }
  #expect(found?.record == 2 && found?.line == 3)
  if case .json(let kind, _) = reason, case .json(let foundKind, _)? = found?.reason {
    #expect(kind == foundKind)
  } else {
    #expect(found?.reason == reason)
  }
}

@Test func refusesRepeatedIds() {
  #expect(throws: ExamFileError(.duplicateID(firstRecord: 1), record: 3, line: 4)) {
    try exam(line() + "\n" + line("\"id\": \"q2\"") + "\n\n" + line())
  }
  // A number and a text of the same digits are one id.
  #expect(throws: ExamFileError(.duplicateID(firstRecord: 1), record: 2)) {
    try exam("[" + line("\"id\": 7") + "," + line("\"id\": \"7\"") + "]")
  }
  // Canonically equal names are two ids: they are different bytes in every other tool.
  #expect(throws: Never.self) {
    try exam(line("\"id\": \"\u{AC00}\"") + "\n" + line("\"id\": \"\u{1100}\u{1161}\""))
  }
}

@Test(arguments: ["", "\n\n \r\n", "[]", " [ ] ", "id,question,answer\n", "{}"])
func refusesAFileWithoutItems(text: String) {
  #expect(throws: ExamFileError.self) { try exam(text) }
}

@Test(arguments: [
  ("id,answer\n1,A\n", ExamFileError(.csvHeader(column: "question"), line: 1)),
  (
    "id,question,option_a,option_c,answer\n1,q,a,c,A\n",
    ExamFileError(.csvHeader(column: "option_b"), line: 1)
  ),
  (
    "id,question,answer,id\n1,q,a,2\n",
    ExamFileError(.csvHeader(column: "id"), line: 1)
  ),
  (
    "id,question,option_a,option_b,answer\n1,q,a,b\n",
    ExamFileError(.csvFields(expected: 5, found: 4), record: 1, line: 2)
  ),
  (
    "id,question,option_a,option_b,answer\n1,q,a,b,A\n2,\"q\n\",a,b,c,A\n",
    ExamFileError(.csvFields(expected: 5, found: 6), record: 2, line: 3)
  ),
  (
    "id,question,option_a,option_b,answer\n1,\"q,a,b,A\n",
    ExamFileError(.csvQuote, record: 1, line: 2)
  ),
  (
    "id,question,option_a,option_b,answer\n1,\"q\"x,a,b,A\n",
    ExamFileError(.csvQuote, record: 1, line: 2)
  ),
  (
    "id,question,option_a,option_b,answer\n1,q\"x,a,b,A\n",
    ExamFileError(.csvQuote, record: 1, line: 2)
  ),
  (
    "id,question,option_a,option_b,option_c,answer\n1,q,a,,c,A\n",
    ExamFileError(.blankOption(2), record: 1, line: 2)
  ),
  (
    "id,question,option_a,option_b,answer\n1,q,a,,A\n",
    ExamFileError(.optionCount(1), record: 1, line: 2)
  ),
  (
    "id,question,option_a,option_b,answer\n1,q,,,A\n",
    ExamFileError(.optionsMissing, record: 1, line: 2)
  ),
  (
    "id,question,option_a,option_b,answer\n1,q,a,b,\n",
    ExamFileError(.blank(field: "answer"), record: 1, line: 2)
  ),
  (
    "id,question,option_a,option_b,answer\n1,q,a,b,A\n1,q,a,b,A\n",
    ExamFileError(.duplicateID(firstRecord: 1), record: 2, line: 3)
  ),
])
func refusesABrokenTable(text: String, error: ExamFileError) {
  #expect(throws: error) { try exam(text) }
}

@Test func refusesWhatIsNotUTF8() {
  #expect(throws: ExamFileError(.notUTF8)) {
    try Exam(Array("id,question,answer\n1,".utf8) + [0xFF, 0x0A], format: .csv)
  }
  #expect(throws: ExamFileError.self) {
    try Exam(Array("{\"id\": \"".utf8) + [0xC3, 0x28] + Array("\"}".utf8))
  }
}

/// No cut of a good file reads as anything but whole records or an error.
@Test func everyCutIsRefusedOrShorter() throws {
  let whole = Array((line() + "\n" + line("\"id\": \"q2\"") + "\n").utf8)
  let array = Array(("[" + line() + "," + line("\"id\": \"q2\"") + "]").utf8)
  var read = 0
  for end in whole.indices {
    if let exam = try? Exam(Array(whole[..<end])) {
      read += 1
      #expect(exam.items.allSatisfy { $0.options.count == 3 })
    }
  }
  // The first line with and without its break, blank so far after it, and the second unbroken.
  #expect(read == 3)
  for end in array.indices {
    #expect(throws: ExamFileError.self) { try Exam(Array(array[..<end])) }
  }
}

@Test func aMissingFileIsNamed() throws {
  let path = goldenFolder(beside: #filePath).appending("no-such-file.ndjson")
  let error = #expect(throws: ExamFileError.self) { try Exam(reading: path) }
  guard case .file(let reason)? = error?.reason else {
    Issue.record("no file error")
    return
  }
  #expect(reason.isMissing)
}

@Test func theSampleItemsAreWellFormed() throws {
  let folder = repositoryRoot().appending("Samples").appending("exam")
  let exam = try Exam(reading: folder.appending("items.ndjson"))
  let shots = try Exam(reading: folder.appending("dev.ndjson"))
  #expect(exam.items.count == 48 && shots.items.count == 5)
  var subjects: [String: Int] = [:]
  for item in exam.items + shots.items {
    #expect(item.options.count == 5 && item.exam == "kmle-sample" && item.year == .integer(2026))
  }
  for item in exam.items { subjects[item.subject ?? "", default: 0] += 1 }
  #expect(subjects.count == 8 && subjects.values.allSatisfy { $0 == 6 })
  #expect(throws: Never.self) {
    try ExamPlan(exam, settings: ExamSettings(preset: .kormedmcqa, shots: shots.items))
  }
  // The rationale names the same letter for every item.
  let rationale = String(
    decoding: try readFile(folder.appending("rationale.md")), as: UTF8.self)
  for item in exam.items + shots.items {
    #expect(rationale.contains("- \(item.id) · \(item.answer.text) ("), "\(item.id)")
  }
}
