import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@testable import Deidentification

@Suite struct EvaluationTests {
  private func note(_ marked: String) throws -> GoldNote {
    try withScratchFolder { folder in
      let path = folder.appending("n.txt")
      try writeDurably(Array("=== id: N1 | type: x\n\(marked)\n".utf8), to: path)
      return try #require(try GoldNote.read(path).first)
    }
  }

  private func span(_ start: Int, _ end: Int, _ type: IdentifierType) -> IdentifierSpan {
    IdentifierSpan(start: start, end: end, type: type, detector: "t", permille: 1000)
  }

  @Test func marksComeOutAndSpansAreBytesOfTheText() throws {
    let note = try note("\n환자 ⟦NAME:홍길동⟧ ⟦PHONE:010⟧\n\n")
    #expect(String(decoding: note.text, as: UTF8.self) == "환자 홍길동 010")
    #expect(note.spans.map { [$0.start, $0.end] } == [[7, 16], [17, 20]])
    #expect(note.id == "N1")
  }

  /// Counted by hand: exact, overlap, touching, covered and leaked each go their own way.
  @Test func everyFigureIsCountedByItsOwnRule() throws {
    let note = try note("⟦NAME:abcd⟧ ⟦PHONE:12-34⟧ ⟦DATE:3/5⟧ xyz ⟦NAME:efgh⟧")
    var tally = EvaluationTally()
    tally.add(
      note,
      [
        span(0, 4, .name),  // exact
        span(5, 7, .phone),  // overlaps: covers 12
        span(11, 14, .age),  // touches a DATE under another type
        span(15, 18, .org),  // touches nothing
      ])
    #expect(
      tally.counts(of: .name)
        == EvaluationCounts(
          gold: 2, found: 1, exact: 1, overlapping: 1, overlapped: 1, touching: 1, covered: 1,
          leaked: 4, characters: 8))
    #expect(
      tally.counts(of: .phone)
        == EvaluationCounts(
          gold: 1, found: 1, exact: 0, overlapping: 1, overlapped: 1, touching: 1, covered: 0,
          leaked: 2, characters: 4))
    // Covered whatever the type; DATE is no direct identifier.
    #expect(tally.counts(of: .date).covered == 1 && tally.counts(of: .date).overlapped == 0)
    #expect(tally.counts(of: .org).touching == 0 && tally.counts(of: .age).touching == 1)
    #expect(tally.direct.leaked == 6 && tally.direct.characters == 12)
    #expect(tally.all.gold == 4 && tally.all.found == 4 && tally.all.touching == 3)
  }

  @Test func hangulAndFullWidthCharactersCountAndMarksDoNot() throws {
    let note = try note("⟦NAME:홍○동⟧ ⟦PHONE:０1０-２☎⟧")
    var tally = EvaluationTally()
    tally.add(note, [])
    #expect(tally.counts(of: .name).characters == 2)
    #expect(tally.counts(of: .phone).leaked == 4)
  }

  @Test func goldIsReadFromNDJSONInScalars() throws {
    try withScratchFolder { folder in
      let path = folder.appending("g.ndjson")
      let line = #"{"id":"a","text":"𝒜 홍길동","spans":[{"start":2,"end":5,"type":"NAME"}]}"#
      try writeDurably(Array((line + "\n").utf8), to: path)
      let notes = try GoldNote.read(path)
      #expect(notes[0].spans.map { [$0.start, $0.end] } == [[5, 14]])
      let spans = folder.appending("s.ndjson")
      let found = #"{"record":"a","field":"/text","start":2,"end":5,"type":"NAME"}"#
      let other = #"{"record":"b","field":"/text","start":2,"end":5,"type":"NAME"}"#
      let field = #"{"record":"a","field":"/name","start":0,"end":3,"type":"NAME"}"#
      try writeDurably(
        Array([found, found, other, field].joined(separator: "\n").utf8), to: spans)
      let read = try FoundSpans(spans, of: notes, field: "/text")
      #expect(read.spans(of: notes[0]).count == 1)
      #expect(read.unknownRecords == 1 && read.otherFields == 1)
    }
  }

  @Test(arguments: [
    ("g.txt", "=== id: a\n⟦NAME:x", 2), ("g.txt", "=== id: a\nx⟧", 2),
    ("g.txt", "=== id: a\n⟦NAME:⟧", 2), ("g.txt", "=== id: a\n⟦WARD:x⟧", 2),
    ("g.txt", "=== id: a\n⟦NAME:a⟦NAME:b⟧⟧", 2), ("g.txt", "=== id: \nx", 1),
    ("g.txt", "=== id: a\nx\n=== id: a\ny", 3), ("g.ndjson", "{\"id\":\"a\"}", 1),
    (
      "g.ndjson",
      "{\"id\":\"a\",\"text\":\"x\",\"spans\":[{\"start\":0,\"end\":2,\"type\":\"ID\"}]}", 1
    ),
    ("g.ndjson", "{\"id\":\"a\",\"text\":\"x\",\"spans\":[]}\n{", 2),
    (
      "g.ndjson",
      "{\"id\":\"a\",\"text\":\"x\",\"spans\":[{\"start\":0,\"end\":1,\"type\":\"X\"}]}", 1
    ),
  ])
  func brokenGoldIsRefusedWithItsLine(name: String, text: String, line: Int) throws {
    try withScratchFolder { folder in
      let path = folder.appending(name)
      try writeDurably(Array(text.utf8), to: path)
      do throws(GoldError) {
        _ = try GoldNote.read(path)
        Issue.record("accepted")
      } catch {
        switch error {
        case .malformed(_, let at), .duplicate(_, let at), .outside(_, let at),
          .unknownType(_, let at):
          #expect(at == line, "\(error)")
        case .undecodable, .empty, .file: Issue.record("\(error)")
        }
      }
    }
  }

  @Test(arguments: [
    "{", "[]", #"{"record":"a","start":0,"end":1}"#,
    #"{"record":"a","start":0,"end":9,"type":"ID"}"#,
    #"{"record":"a","start":1,"end":1,"type":"ID"}"#,
    #"{"record":"a","start":-1,"end":1,"type":"ID"}"#,
    #"{"record":"a","start":0,"end":1,"type":"name"}"#,
  ])
  func brokenSpanLinesAreRefused(line: String) throws {
    try withScratchFolder { folder in
      let path = folder.appending("s.ndjson")
      try writeDurably(Array(line.utf8), to: path)
      let note = GoldNote(id: "a", text: Array("xyz".utf8), spans: [])
      #expect(throws: GoldError.self) {
        _ = try FoundSpans(path, of: [note], field: "/text")
      }
    }
  }

  @Test func everyCodeOfEvidenceHasWords() {
    for code in Evidence.codes {
      let words = EvidenceWords.words(for: code)
      #expect(words?.ko.isEmpty == false && words?.en.isEmpty == false, "\(code)")
    }
  }
}
