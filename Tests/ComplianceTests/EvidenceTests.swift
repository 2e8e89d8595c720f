import Compliance
import Cryptography
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

private let good = #"{"id":"a","prompt":"p","output":"o"}"#

private func read(_ text: String, maxLineBytes: Int = 1 << 20) throws -> [OutputRecord] {
  try withScratchFolder { folder in
    try writeDurably(Array(text.utf8), to: folder.appending("o.ndjson"))
    return try OutputRecord.read(folder.appending("o.ndjson"), maxLineBytes: maxLineBytes)
  }
}

@Test func minimalRecordsAreRead() throws {
  let other = replacing(#""id":"a""#, by: #""id":"b""#, in: good)
  let records = try read("\(good)\n\(other)")
  #expect(records.map(\.id) == ["a", "b"])
  #expect(records.map(\.line) == [1, 2])
  #expect(records[0].context.isEmpty && records[0].model == nil && records[0].reviewedBy == nil)
  #expect(
    records[0].outputSHA256.hex
      == "65c74c15a686187bb6bbf9958f494fc6b80068034a659a9ad44991b08c58f2d2")
}

@Test(
  arguments: [
    ("[]", EvidenceError.notAnObject(line: 2)),
    (#"{"id":"b","prompt":"p"}"#, .missing(line: 2, field: "output")),
    (#"{"id":null,"prompt":"p","output":"o"}"#, .missing(line: 2, field: "id")),
    (#"{"id":1,"prompt":"p","output":"o"}"#, .badType(line: 2, field: "id")),
    (#"{"id":"b","prompt":"p","output":"o","context":"x"}"#, .badType(line: 2, field: "context")),
    (#"{"id":"b","prompt":"p","output":"o","context":[1]}"#, .badType(line: 2, field: "context")),
    (#"{"id":"b","prompt":"p","output":"o","model":"x"}"#, .badType(line: 2, field: "model")),
    (#"{"id":"b","prompt":"p","output":"o","model":{"name":1}}"#, .badType(line: 2, field: "name")),
    (
      #"{"id":"b","prompt":"p","output":"o","reviewed_by":true}"#,
      .badType(line: 2, field: "reviewed_by")
    ),
    (#"{"id":"a","prompt":"p","output":"o"}"#, .duplicateID(line: 2, first: 1)),
    ("", .emptyLine(line: 2)),
    ("{", .json(line: 2, JSONError.unexpectedEnd)),
    (#"{"id":"b","id":"c","prompt":"p","output":"o"}"#, .json(line: 2, JSONError.duplicate)),
    (#"{"id":"b","prompt":"p","output":"\ud800"}"#, .json(line: 2, JSONError.surrogate)),
  ] as [(String, EvidenceError)])
func malformedLinesAreNamed(line: String, expected: EvidenceError) {
  let error = #expect(throws: EvidenceError.self) { try read("\(good)\n\(line)\n") }
  switch (error, expected) {
  case (.json(let line, let found), .json(let wanted, let reason)):
    #expect(line == wanted && found.reason == reason.reason)
  default: #expect(error == expected)
  }
}

@Test func linesAreBounded() {
  #expect(throws: EvidenceError.lineTooLong(line: 1)) { try read(good + good, maxLineBytes: 20) }
}

@Test func everyTruncationOfARecordIsRefused() throws {
  let bytes = Array(good.utf8)
  for count in 0..<bytes.count {
    #expect(throws: EvidenceError.self) { try OutputRecord(Array(bytes.prefix(count)), line: 1) }
  }
}

extension JSONError {
  fileprivate static let unexpectedEnd = fault("{")
  fileprivate static let duplicate = fault(#"{"a":1,"a":2}"#)
  fileprivate static let surrogate = fault(#""\ud800""#)

  private static func fault(_ text: String) -> JSONError {
    do throws(JSONError) {
      _ = try parseJSON(Array(text.utf8))
    } catch { return error }
    preconditionFailure("the text was to be malformed")
  }
}
