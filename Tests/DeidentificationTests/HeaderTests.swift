import Deidentification
import MedaiCore
import MedaiTestSupport
import MedaiText
import Testing

private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

private func show(_ csv: String, _ format: RecordFormat = .csv, chunk: Int = 7) throws -> String {
  text(redactFile(Array(csv.utf8), format, try deidentifier(policy("tag")), chunk: chunk).bytes)
}

/// Where the header of a table is, and what becomes of a table that has none.
@Suite struct HeaderTests {
  @Test(arguments: [1, 7, 1000])
  func aDeclaredSeparatorIsNoHeader(chunk: Int) throws {
    #expect(
      try show("sep=,\r\n등록번호,이름,비고\r\n00123456,남궁민,외래\r\n", chunk: chunk)
        == "sep=,\r\n등록번호,이름,비고\r\n[MRN],[NAME],외래\r\n")
    #expect(
      try show("\u{FEFF}SEP=;\n등록번호;이름\n00123456;\"남궁;민\"\n", chunk: chunk)
        == "\u{FEFF}SEP=;\n등록번호;이름\n[MRN];\"[NAME]\"\n")
  }

  @Test(arguments: [
    ("환자 목록,,\npatient_id,성명,note\n", 1), ("홍길동 환자,,\n\n작성일,2024-03-05,\n,,\n등록번호,성명,note\n", 3),
    ("외래 명단\n서해대학교병원\n등록번호,성명,note\n", 2), ("\u{FEFF}\"환자\n목록\"\npatient_id,성명,note\n", 1),
    ("성명,나이,2024-03-05 외래\n", 0),
  ])
  func aTitleStandsAboveTheHeader(head: String, titles: Int) throws {
    let tool = try deidentifier(policy("tag"))
    for chunk in [1, 1000] {
      let result = redactFile(
        Array((head + "00123456,남궁민,안정\n00123457,홍길동,안정\n").utf8), .csv, tool, chunk: chunk)
      let shown = text(result.bytes)
      for planted in ["남궁민", "홍길동", "00123456", "2024-03-05", "서해대학교병원"] {
        #expect(!shown.contains(planted) || titles == 0 && planted == "남궁민", "\(planted)")
      }
      #expect(result.outcomes.count { !$0.isStructure } == titles + 2)
      #expect(result.outcomes.allSatisfy { $0.withheld == nil })
      #expect(shown.hasSuffix("안정\n"))
    }
  }

  @Test func spansCountRowsFromTheHeader() throws {
    let result = redactFile(
      Array("홍길동 환자,\n등록번호,성명\n00123456,남궁민\n".utf8), .csv, try deidentifier(policy("tag")))
    #expect(result.outcomes.flatMap { $0.spans.map(\.field) } == ["/-1/0", "/1/등록번호", "/1/성명"])
  }

  @Test func aTableWithoutKnownColumnsIsReadAsTextToo() throws {
    var detector = PlantedDetector()
    detector.planted.append(("등록,77", .mrn))
    let tool = try deidentifier(policy("tag"), detector: detector)
    // The finding goes over two cells, so that neither tells it alone.
    let shown = text(redactFile(Array("가,나,다\n등록,77,안정\n".utf8), .csv, tool).bytes)
    #expect(shown == "가,나,다\n[MRN],[MRN],안정\n")
  }

  @Test func aColumnOfOneKindIsTakenAsAWhole() throws {
    let rows = "1,홍길동,a\n2,서준,b\n3,홍길동,c\n4,남궁민,d\n"
    #expect(try show(rows) == "1,[NAME],a\n2,[NAME],b\n3,[NAME],c\n4,[NAME],d\n")
  }

  @Test func longNumbersWithoutAHeaderAreIdentifiers() throws {
    #expect(
      try show("00123456,가,120\n00123457,나,98\n") == "[MRN],가,120\n[MRN],나,98\n")
    // Below a header that names something else they may be counts of cells.
    #expect(try show("plt,기타\n250000,가\n188000,나\n") == "plt,기타\n250000,가\n188000,나\n")
  }

  @Test func aTableThatIsAllTitleStillComesOut() throws {
    let shown = try show("환자 목록,,\n홍길동,메모,\n")
    #expect(shown == "환자 목록,,\n[NAME],메모,\n")
    #expect(try show("") == "")
    #expect(try show("sep=,") == "sep=,")
  }

  @Test(arguments: [
    ("\"등록번호\"x,성명\n00123456,남궁민\n", WithheldReason.malformed),
    ("등록번호,성명,\(String(repeating: "x", count: 400))\n00123456,남궁민,a\n", .tooLarge),
    ("환자 목록,,\n\"등록번호\"x,성명,a\n00123456,남궁민,a\n", .malformed),
    ("\"등록번호,성명\n00123456,남궁민\n", .malformed),
  ])
  func aFaultyHeaderBreaksItsFile(csv: String, reason: WithheldReason) throws {
    for chunk in [3, 4096] {
      let result = redactFile(
        Array(csv.utf8), .csv, try deidentifier(policy("tag")), chunk: chunk, maxRecordBytes: 200)
      #expect(result.outcomes.contains { $0.breaksFile && $0.withheld?.reason == reason })
      #expect(!text(result.bytes).contains("남궁민") && !text(result.bytes).contains("00123456"))
    }
  }

  @Test func anUndecodableHeaderBreaksItsFile() throws {
    let bytes = [0xFF] + Array("등록번호,성명\n00123456,남궁민\n".utf8)
    let result = redactFile(bytes, .csv, try deidentifier(policy("tag")))
    #expect(result.outcomes.contains { $0.breaksFile && $0.withheld?.reason == .undecodable })
    #expect(result.bytes.isEmpty)
  }
}

/// Names of fields are text unless all of a name is known.
@Suite struct FieldNameTests {
  @Test(arguments: ["퇴원일자", "_date", "_datetime", " 일시", "날짜"])
  func whatStandsBeforeAKnownEndingIsSearched(ending: String) throws {
    let name = "홍길동 850315-1234567 \(ending)"
    let tool = try deidentifier(policy("tag"))
    let json = text(
      redactFile(Array("{\"id\":\"1\",\"\(name)\":\"2020-01-01\"}\n".utf8), .ndjson, tool).bytes)
    #expect(json.contains("\"[NAME] [RRN] \(ending)\":\"[DATE]\""))
    let csv = text(redactFile(Array("id,\(name)\n1,2020-01-01\n".utf8), .csv, tool).bytes)
    #expect(csv.hasPrefix("id,[NAME] [RRN] \(ending)\n") && csv.hasSuffix(",[DATE]\n"))
  }

  @Test func knownNamesStay() throws {
    let names = ["note_date", "visit_start_datetime", "성명", "입원일자", "등록 번호"]
    let tool = Deidentifier(
      policy: try policy("tag"), key: try PseudonymKey(bytes: testKey), detectors: detectors)
    let header = names.joined(separator: ",") + "\n"
    #expect(text(redactFile(Array(header.utf8), .csv, tool).bytes) == header)
    let json = "{" + names.map { "\"\($0)\":null" }.joined(separator: ",") + "}\n"
    #expect(text(redactFile(Array(json.utf8), .ndjson, tool).bytes) == json)
  }
}

/// Fields that hold nothing but a part of a birth date.
@Suite struct BirthPartTests {
  private func year(_ value: String, _ action: String, more: String = "") throws -> String {
    let csv = "person_id,year_of_birth,visit_date,memo\n1,\(value),\(more),x\n"
    let tool = try deidentifier(policy("tag", [.date: action]))
    let row = text(redactFile(Array(csv.utf8), .csv, tool).bytes).split(separator: "\n")[1]
    return String(row.split(separator: ",", omittingEmptySubsequences: false)[1])
  }

  @Test(arguments: [
    ("1937", "1937"), ("1960", "1960"), (" 1960 ", " 1960 "), ("1936", ""), ("1899", ""), ("", ""),
    ("60", "[DATE]"), ("홍길동 1960", "[DATE]"), ("1920년", "[DATE]"), ("19600315", "[DATE]"),
    ("850315-1234567", "[DATE]"),
  ])
  func aYearStaysOnlyWhereItIsOne(value: String, shown: String) throws {
    for unit in ["generalise, to: year", "generalise, to: month"] {
      #expect(try year(value, unit) == shown)
    }
  }

  @Test func aLaterRecordMovesTheLimit() throws {
    #expect(try year("1940", "generalise, to: year", more: "2029-12-31") == "1940")
    #expect(try year("1940", "generalise, to: year", more: "2030-01-01") == "")
    #expect(try year("1936", "generalise, to: year", more: "1990-01-01") == "")
  }

  @Test func keptDatesKeepNoNames() throws {
    #expect(try year("1920", "keep") == "1920")
    #expect(try year("홍길동", "keep") == "[NAME]")
  }

  @Test func aNumberInJSONIsTopCodedToo() throws {
    let json = "{\"birth_year\":1920,\"x\":{\"birth_year\":1960}}\n"
    let tool = try deidentifier(policy("tag", [.date: "generalise, to: year"]))
    #expect(
      text(redactFile(Array(json.utf8), .ndjson, tool).bytes)
        == "{\"birth_year\":null,\"x\":{\"birth_year\":1960}}\n")
  }
}
