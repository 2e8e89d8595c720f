import Deidentification
import MedaiCore
import MedaiText
import Testing

private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

@Suite struct DelimitedTests {
  private let csv =
    "등록번호,성명,연락처,note_text,value\r\n20481173,홍길동,010-1234-5678,\"홍길동은 \"\"좋음\"\"\n3/5 재방문\",1.10\r\n"

  @Test func onlyWhatNamesSomebodyChanges() throws {
    let result = redactFile(Array(csv.utf8), .csv, try deidentifier(policy("tag")))
    #expect(
      text(result.bytes)
        == "등록번호,성명,연락처,note_text,value\r\n[MRN],[NAME],[PHONE],\"[NAME]은 \"\"좋음\"\"\n[DATE] 재방문\",1.10\r\n"
    )
  }

  @Test(arguments: [1, 2, 3, 1000])
  func chunksDoNotMatter(chunk: Int) throws {
    let tool = try deidentifier(policy("surrogate"))
    let whole = redactFile(Array(csv.utf8), .csv, tool, chunk: 10_000).bytes
    #expect(redactFile(Array(csv.utf8), .csv, tool, chunk: chunk).bytes == whole)
  }

  @Test func cp949StaysCP949() throws {
    let bytes = try CP949.encode(Array(csv.utf8))
    let result = redactFile(bytes, .csv, try deidentifier(policy("surrogate")), encoding: .cp949)
    let back = text(try CP949.decode(result.bytes))
    #expect(back.hasPrefix("등록번호,성명,연락처,note_text,value\r\n"))
    for planted in ["홍길동", "20481173", "010-1234-5678"] { #expect(!back.contains(planted)) }
    #expect(back.contains("\"\"좋음\"\""))
  }

  @Test func nothingToChangeGivesTheSameBytes() throws {
    let inputs = [
      "\u{FEFF}id_x,memo\n1,\"a,b\"\n2,\"\"\n", "a,b\n\n\nc,d", "a\n", "x,y\r\n1,2\r\n",
      "\"a\",\"b\"\n",
    ]
    for input in inputs {
      let result = redactFile(Array(input.utf8), .csv, try deidentifier(policy("tag")))
      #expect(text(result.bytes) == input)
    }
  }

  @Test func aTableWithoutHeaderIsDataFromItsFirstRow() throws {
    let result = redactFile(
      Array("홍길동,20481173\nkim,33\n".utf8), .csv, try deidentifier(policy("tag")))
    #expect(text(result.bytes) == "[NAME],[MRN]\nkim,33\n")
    #expect(result.outcomes.map(\.ordinal) == [1, 2])
  }

  @Test func tabsSeparateToo() throws {
    let result = redactFile(
      Array("성명\t메모\n홍길동\ta,b\n".utf8), .tsv, try deidentifier(policy("tag")))
    #expect(text(result.bytes) == "성명\t메모\n[NAME]\ta,b\n")
  }

  @Test func idsOfTablesStayIntegersAndJoin() throws {
    let tool = try deidentifier(shippedPolicy("kr-research"))
    let person =
      "person_id,year_of_birth,month_of_birth,day_of_birth,birth_datetime\n"
      + "12,1960,3,15,1960-03-15 00:00:00\n"
    let note = "note_id,person_id,note_date,note_text\n7,12,2024-03-05,안정\n"
    let first = text(redactFile(Array(person.utf8), .csv, tool).bytes).split(separator: "\n")[1]
      .split(separator: ",").map(String.init)
    let second = text(redactFile(Array(note.utf8), .csv, tool).bytes).split(separator: "\n")[1]
      .split(separator: ",").map(String.init)
    #expect(first[0] == second[1] && Int(first[0]) != nil && first[0] != "12")
    #expect(Int(second[0]) != nil && second[0] != "7")
    let joined =
      "\(first[1])-\(first[2].count < 2 ? "0" : "")\(first[2])-\(first[3].count < 2 ? "0" : "")\(first[3])"
    #expect(first[4] == joined + " 00:00:00")
    let json = "{\"id\":\"a\",\"patient\":\"12\",\"text\":\"x\"}\n"
    #expect(text(redactFile(Array(json.utf8), .ndjson, tool).bytes).contains("\"\(first[0])\""))
  }

  @Test(arguments: [
    ("성명,메모\n홍길동,a\n홍길동\n김,b\n", 2, WithheldReason.columns),
    ("성명,메모\n\"홍길동\"x,a\n김,b\n", 1, .malformed),
    ("성명,메모\n홍길동,\"열린\n김,b\n", 1, .malformed),
  ])
  func brokenRowsAreWithheldAndTheRestGoesOn(csv: String, row: Int, reason: WithheldReason) throws {
    let result = redactFile(Array(csv.utf8), .csv, try deidentifier(policy("tag")))
    let withheld = result.outcomes.filter { $0.withheld != nil }
    #expect(withheld.count == 1 && withheld[0].withheld?.reason == reason)
    #expect(!text(result.bytes).contains("홍길동") && !text(result.bytes).contains("열린"))
    #expect(withheld[0].ordinal == row + 1)
  }

  @Test func rowsThatAreTooLongAreWithheld() throws {
    let csv = "성명,메모\n홍길동,\(String(repeating: "x", count: 300))\n김,b\n"
    let result = redactFile(
      Array(csv.utf8), .csv, try deidentifier(policy("tag")), maxRecordBytes: 100)
    #expect(text(result.bytes) == "성명,메모\n[NAME],b\n")
    #expect(result.outcomes.contains { $0.withheld?.reason == .tooLarge })
  }

  @Test func undecodableRowsAreWithheld() throws {
    let bytes = Array("성명,메모\n홍길동,".utf8) + [0xFF, 0x0A] + Array("김,b\n".utf8)
    let result = redactFile(bytes, .csv, try deidentifier(policy("tag")))
    #expect(text(result.bytes) == "성명,메모\n[NAME],b\n")
    #expect(result.outcomes[1].withheld?.reason == .undecodable)
    #expect(result.outcomes[1].withheld?.offset == 10)
  }
}

@Suite struct JSONRecordTests {
  private let line =
    "{ \"id\" : \"H001\", \"patient\": 12, \"text\": \"홍길동은 \\uD83D\\uDE00 1.10\", \"n\": 1.10, \"성명\":\"김영희\", \"list\": [\"010-1234-5678\", null, true] }\n"

  @Test func onlyStringsThatChangeAreWrittenAnew() throws {
    let result = redactFile(
      Array(line.utf8), .ndjson, try deidentifier(policy("tag")),
      fields: FieldNames())
    let shown = text(result.bytes)
    #expect(shown.hasPrefix("{ \"id\" : \""))
    #expect(
      shown.contains(
        "\"text\": \"[NAME]은 😀 1.10\", \"n\": 1.10, \"성명\":\"[NAME]\", \"list\": [\"[PHONE]\", null, true] }\n"
      ))
    #expect(!shown.contains("H001"))
    #expect(result.outcomes[0].spans.map(\.field) == ["/text", "/성명", "/list/0"])
  }

  @Test func escapedTextStaysASCII() throws {
    let json = "{\"text\":\"\\ud64d\\uae38\\ub3d9 \\u2603\"}\n"
    let result = redactFile(Array(json.utf8), .ndjson, try deidentifier(policy("surrogate")))
    #expect(result.bytes.allSatisfy { $0 < 0x80 })
    #expect(!text(result.bytes).contains("ud64d") && text(result.bytes).contains("\\u2603"))
  }

  @Test func untouchedBytesAreIdentical() throws {
    let json = "[ {\"a\" : 1.10e+5 , \"b\":\"\\u0041\\/\"},\n\n {} ,[1, 2]\t]\r\n"
    #expect(
      text(redactFile(Array(json.utf8), .json, try deidentifier(policy("tag"))).bytes) == json)
    let whole = "{\n  \"a\": [ \"x\" ]\n}\n"
    #expect(
      text(redactFile(Array(whole.utf8), .json, try deidentifier(policy("tag"))).bytes) == whole)
  }

  @Test func whatStructuredFieldsTellIsFoundInTheText() throws {
    let json = "{\"patient\":\"P-7781\",\"성명\":\"김영희\",\"text\":\"김영희 (P-7781) 안정\"}\n"
    let shown = text(redactFile(Array(json.utf8), .ndjson, try deidentifier(policy("tag"))).bytes)
    #expect(shown.contains("\"text\":\"[NAME] ([MRN]) 안정\""))
  }

  @Test func keysAndLongNumbersAreScannedToo() throws {
    let json = "{\"홍길동\":{\"mrn\":20481173,\"x\":20481173,\"y\":120}}\n"
    let shown = text(
      redactFile(Array(json.utf8), .ndjson, try deidentifier(policy("surrogate"))).bytes)
    #expect(!shown.contains("홍길동") && !shown.contains("20481173") && shown.contains("\"y\":120"))
    #expect((try? parseJSON(Array(shown.utf8))) != nil)
  }

  @Test func policyFieldsPassUntouched() throws {
    let yaml = Array(
      ("policy: t\ntitle: t\nrecord_id: keep\npatient: keep\nuntouched_fields: [memo]\nrules:\n"
        + IdentifierType.allCases.map { "  \($0.rawValue): {action: tag, follows: x}\n" }.joined())
        .utf8)
    let json = "{\"id\":\"H001\",\"patient\":\"P1\",\"memo\":\"홍길동\",\"text\":\"홍길동\"}\n"
    let shown = text(
      redactFile(Array(json.utf8), .ndjson, try deidentifier(Policy(yaml: yaml))).bytes)
    #expect(shown == "{\"id\":\"H001\",\"patient\":\"P1\",\"memo\":\"홍길동\",\"text\":\"[NAME]\"}\n")
  }

  @Test(arguments: [
    "{\"a\":\"홍길동\"", "{\"a\":\"홍길동\",}", "{\"a\":\"홍길동\",\"a\":1}", "{\"a\":\"\\ud800 홍길동\"}",
    "홍길동", "{\"a\":01,\"b\":\"홍길동\"}", "{\"a\":\"홍길동\"} x", "[\"홍길동\"]]", "{'a':'홍길동'}",
    "{\"a\":\"홍길동\t\"}", "{\"a\":\"\\x홍길동\"}", "{\"a\":.5,\"b\":\"홍길동\"}",
  ])
  func brokenLinesAreWithheldAndTheRestGoesOn(line: String) throws {
    let input = "{\"a\":1}\n\(line)\n{\"b\":\"홍길동\"}\n"
    let result = redactFile(Array(input.utf8), .ndjson, try deidentifier(policy("tag")))
    #expect(text(result.bytes) == "{\"a\":1}\n{\"b\":\"[NAME]\"}\n")
    #expect(result.outcomes.filter { $0.withheld?.reason == .malformed }.count == 1)
  }

  @Test func deepNestingIsWithheldNotFollowed() throws {
    let deep = String(repeating: "[", count: 100_000) + "\n"
    let result = redactFile(Array(deep.utf8), .ndjson, try deidentifier(policy("tag")), chunk: 4096)
    #expect(result.outcomes[0].withheld?.reason == .malformed)
  }

  @Test func linesThatAreTooLongAreWithheld() throws {
    let long = "{\"a\":\"\(String(repeating: "x", count: 500))홍길동\"}"
    let input = "\(long)\n{\"b\":1}\n\(long)"
    for chunk in [1, 64, 4096] {
      let result = redactFile(
        Array(input.utf8), .ndjson, try deidentifier(policy("tag")), chunk: chunk,
        maxRecordBytes: 100)
      #expect(text(result.bytes) == "{\"b\":1}\n")
      #expect(result.outcomes.map { $0.withheld?.reason } == [.tooLarge, nil, .tooLarge])
      #expect(result.outcomes.map(\.line) == [1, 2, 3])
    }
  }

  @Test func elementsOfAnArrayAreRecords() throws {
    let json = "[{\"a\":\"홍길동\",}, {\"a\":\"홍길동\"}, {\"a\":\"\\ud800\"}, 5]\n"
    let result = redactFile(Array(json.utf8), .json, try deidentifier(policy("tag")))
    #expect(text(result.bytes) == "[ {\"a\":\"[NAME]\"}, 5]\n")
    #expect(result.outcomes.filter { $0.withheld != nil }.count == 2)
  }

  @Test(arguments: ["[1,]", "[,1]", "[1", "[\"a", "[1] x", "[1,,2]", "[}"])
  func aBrokenArrayBreaksItsFile(json: String) throws {
    let result = redactFile(Array(json.utf8), .json, try deidentifier(policy("tag")))
    #expect(
      result.outcomes.contains { $0.breaksFile } || result.outcomes.contains { $0.withheld != nil })
  }

  @Test func truncationAtEveryLengthLeaksNothing() throws {
    let tool = try deidentifier(policy("tag"))
    let json = "[{\"성명\":\"홍길동\",\"text\":\"홍길동 010-1234-5678\"},{\"text\":\"홍길동\"}]"
    let csv = "성명,메모\r\n홍길동,\"홍길동, \"\"010-1234-5678\"\"\"\r\n"
    for (input, format) in [(json, RecordFormat.json), (line, .ndjson), (csv, .csv)] {
      let bytes = Array(input.utf8)
      for length in 0..<bytes.count {
        let shown = text(redactFile(Array(bytes[..<length]), format, tool, chunk: 64).bytes)
        #expect(!shown.contains("홍길동") && !shown.contains("010-1234-5678"))
      }
    }
  }
}

@Suite struct TextRecordTests {
  @Test func marksAndLineEndsStay() throws {
    let input = "\u{FEFF}환자 홍길동\r\n안정\r\n"
    let result = redactFile(Array(input.utf8), .text, try deidentifier(policy("tag")))
    #expect(text(result.bytes) == "\u{FEFF}환자 [NAME]\r\n안정\r\n")
    #expect(result.outcomes[0].spans[0].start == 3)
  }

  @Test func emptyAndTooLargeTexts() throws {
    let tool = try deidentifier(policy("tag"))
    #expect(redactFile([], .text, tool).bytes.isEmpty)
    let large = redactFile(Array("홍길동 홍길동".utf8), .text, tool, maxRecordBytes: 10)
    #expect(large.bytes.isEmpty && large.outcomes[0].withheld?.reason == .tooLarge)
  }
}

@Suite struct PatientTableTests {
  @Test func aTableTellsWhatToLookFor() throws {
    let table = try PatientTable(
      csv: Array("등록번호,성명,연락처,생년월일\n20481173,김영희,010-9999-8888,1960-01-02\n".utf8))
    #expect(table.count == 1)
    #expect(table.all.values.map(\.type) == [.mrn, .name, .phone])
  }

  @Test func manyValuesOfOnePatientTakeNoQuadraticTime() throws {
    var csv = "등록번호,연락처\n"
    for number in 10_000..<20_000 {
      csv += "20481173,010-1234-\(number)\n 20481173,010-1234-\(number)\n"
    }
    var table = PatientTable()
    let time = try ContinuousClock().measure { table = try PatientTable(csv: Array(csv.utf8)) }
    #expect(table.count == 1 && table.all.values.count == 10_001)
    // Comparing each value with all before it takes minutes in a debug build.
    #expect(time < .seconds(15))
  }

  @Test func brokenTablesAreRefused() {
    #expect(throws: PatientTableError.noPatientColumn) {
      _ = try PatientTable(csv: Array("a,b\n".utf8))
    }
    #expect(throws: PatientTableError.noPatientColumn) { _ = try PatientTable(csv: []) }
    #expect(throws: PatientTableError.malformed(line: 2)) {
      _ = try PatientTable(csv: Array("등록번호,성명\n1\n".utf8))
    }
    #expect(throws: PatientTableError.undecodable(line: 0)) { _ = try PatientTable(csv: [0xFF]) }
  }
}
