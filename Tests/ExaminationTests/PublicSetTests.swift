import MedaiCore
import Testing

@testable import Examination

private func imported(_ set: PublicSet, _ text: String) throws -> ([Item], [ExamFileError]) {
  let result = try set.items(from: Array(text.utf8), name: "set")
  let items = result.count == 0 ? [] : try Exam(result.ndjson).items
  #expect(items.count == result.count)
  return (items, result.refused)
}

@Test func kormedmcqaCarriesNoSubject() throws {
  let (items, refused) = try imported(
    .kormedmcqa,
    """
    subject,year,period,q_number,question,A,B,C,D,E,answer,cot
    doctor,2024,1,7,"Q, 1",a,b,c,d,e,5,
    doctor,2024,1,8,Q2,a,b,c,d,e,6,
    doctor,2024,1,7,Q3,a,b,c,d,e,1,
    doctor,2024,2,7,Q4,a,b,a,d,e,1,
    doctor,2024,2,8,Q5,a,b,c,d,,1,
    """)
  #expect(items.map(\.id) == ["kormedmcqa-doctor-2024-1-7"])
  #expect(items[0].subject == nil && items[0].exam == "kormedmcqa-doctor")
  #expect(items[0].answer == .option(4) && items[0].year == .integer(2024))
  #expect(
    refused == [
      ExamFileError(.answerOutOfRange(options: 5), record: 2, line: 3),
      ExamFileError(.duplicateID(firstRecord: 1), record: 3, line: 4),
      ExamFileError(.duplicateOptions(1, 3), record: 4, line: 5),
      ExamFileError(.blank(field: "E"), record: 5, line: 6),
    ])
}

@Test func kmmluTakesItsCategoryAsSubject() throws {
  let (items, _) = try imported(
    .kmmlu, "question,answer,A,B,C,D,Category,Human Accuracy\nQ,2,a,b,c,d,Law,0.5\n")
  #expect(items[0].id == "set-1" && items[0].subject == "Law" && items[0].answer == .option(1))
}

@Test func clickFindsItsAnswerAmongTheChoices() throws {
  let (items, refused) = try imported(
    .click,
    """
    [{"id": "CSAT_1", "paragraph": "P", "question": "Q", "choices": ["1", "2", "3", "4", "5"], "answer": "5"},
     {"id": "K_2", "paragraph": "", "question": "Q", "choices": ["1", "2", "3", "4"], "answer": "2"},
     {"id": "K_3", "paragraph": "", "question": "Q", "choices": ["1", "2"], "answer": "7"}]
    """)
  #expect(items.map(\.answer) == [.option(4), .option(1)])
  #expect(items.map(\.paragraph) == ["P", nil])
  #expect(refused == [ExamFileError(.unknownAnswer, record: 3)])
}

@Test func medqaCountsFromZero() throws {
  let (items, _) = try imported(
    .medqa,
    "{\"id\":\"m\",\"sent1\":\"Q\",\"sent2\":\"\",\"ending0\":\"a\",\"ending1\":\"b\","
      + "\"ending2\":\"c\",\"ending3\":\"d\",\"label\":3}")
  #expect(items[0].id == "m" && items[0].answer == .option(3))
}

/// The set's own files count from 1, copies of it from 0; a whole file tells which.
@Test(arguments: [([1, 4], [0, 3]), ([0, 3], [0, 3])])
func medmcqaIsCountedAsItsFileIs(cops: [Int], options: [Int]) throws {
  let lines = cops.enumerated().map { index, cop in
    "{\"id\":\"m\(index)\",\"question\":\"Q\",\"opa\":\"a\",\"opb\":\"b\",\"opc\":\"c\","
      + "\"opd\":\"d\",\"cop\":\(cop),\"subject_name\":\"Anatomy\"}"
  }
  let (items, refused) = try imported(.medmcqa, lines.joined(separator: "\n"))
  #expect(items.map(\.answer) == options.map(ItemAnswer.option) && refused.isEmpty)
  #expect(items[0].subject == "Anatomy")
}

@Test func medmcqaThatDoesNotTellIsRefused() {
  let text =
    "{\"id\":\"m\",\"question\":\"Q\",\"opa\":\"a\",\"opb\":\"b\",\"opc\":\"c\","
    + "\"opd\":\"d\",\"cop\":2}"
  #expect(throws: ExamFileError(.unknownAnswer)) {
    try PublicSet.medmcqa.items(from: Array(text.utf8), name: "x")
  }
}

@Test(arguments: PublicSet.allCases)
func refusesFilesThatAreNoSet(set: PublicSet) throws {
  for text in ["", "[]", "[1]", "{", "a,b\n1\n", "a,\"b\n"] {
    #expect(throws: ExamFileError.self) { try set.items(from: Array(text.utf8), name: "x") }
  }
  // A cop of 4 tells how MedMCQA counts; nothing else of an item is there.
  let other = try set.items(from: Array("{\"cop\": 4}".utf8), name: "x")
  #expect(other.count == 0 && other.refused.count == 1)
}
