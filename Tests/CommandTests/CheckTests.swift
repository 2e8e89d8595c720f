import MedaiCore
import SystemPackage
import Testing

/// `medai check`.
@Suite struct CheckTests {
  private static let records = """
    {"id":"a","prompt":"요약","output":"환자는 급성 심근경색입니다. 즉시 아스피린 300 mg을 \
    복용하십시오. 010-2345-6789","context":["혈압 120/80"],"language":"ko"}
    {"id":"b","prompt":"Summarise.","output":"Drafted by an AI; a clinician must review it. \
    Blood pressure 120/80.","context":\
    ["Blood pressure 120/80"],"language":"en"}

    """

  private static let guidelines = ["--guideline", "mfds-genai-2025", "--guideline", "kr-privacy"]

  /// A finding as every format carries it.
  private static func key(_ finding: JSONValue?) -> String {
    let names = [
      "record", "check", "control", "guideline", "verdict", "severity", "start", "end", "reason",
    ]
    return names.map { name in
      finding?[name].map { String(decoding: $0.encoded(.canonical), as: UTF8.self) } ?? "-"
    }.joined(separator: "|")
  }

  @Test func everyFormatCarriesTheSameFindings() throws {
    try Workplace.with { place in
      try place.write("o.ndjson", Self.records)
      func check(_ format: String) throws -> CommandRun {
        try place.medai(
          ["check", "o.ndjson", "--format", format, "--no-audit"] + Self.guidelines
        ).ends(1)
      }
      let json = try check("json").json()
      let findings = try #require(json["findings"]?.array)
      #expect(findings.count > 10)
      let sarif = try check("sarif").json()["runs"]?.array?.first?["results"]?.array ?? []
      #expect(sarif.map { Self.key($0["properties"]) } == findings.map { Self.key($0) })

      let oscal = try check("oscal").json()["assessment-results"]?["results"]?.array ?? []
      let observations = oscal.flatMap { $0["observations"]?.array ?? [] }
      #expect(observations.count == findings.count)
      let verdicts = Set(findings.compactMap { $0["verdict"]?.string })
      #expect(verdicts.contains("fail"))

      // The table counts the same findings for each control.
      let text = try check("text").text
      for guideline in json["guidelines"]?.array ?? [] {
        for control in guideline["controls"]?.array ?? [] where control["in_scope"]?.bool == true {
          let id = try #require(control["control"]?.string)
          let own = guideline["id"]?.string
          let count = findings.count {
            $0["control"]?.string == id && $0["guideline"]?.string == own
              && $0["verdict"]?.string != "pass"
          }
          let row = text.split(separator: "\n").map { $0.split(separator: " ") }.first {
            $0.count > 2 && $0[1] == id
          }
          #expect(row.map { String($0[2]) } == "\(count)", "\(id)")
          #expect(row.map { String($0[0]) } == control["verdict"]?.string, "\(id)")
        }
      }
    }
  }

  @Test func resultIsWrittenWholeAndLogged() throws {
    try Workplace.with { place in
      try place.write("o.ndjson", Self.records)
      let words = ["check", "o.ndjson", "--format", "json"] + Self.guidelines
      let printed = try place.medai(words + ["--no-audit"]).ends(1)
      try place.medai(words + ["--output", "c.json"] + place.signing()).ends(1)
      #expect(try place.read("c.json") == printed.output)
      let log = try place.read("log/log.db")
      #expect(contains(log, Array("check.run".utf8)))
      #expect(!contains(log, Array("010-2345-6789".utf8)))
    }
  }

  @Test func findingsDoNotQuoteTheOutputs() throws {
    try Workplace.with { place in
      try place.write("o.ndjson", Self.records)
      for format in ["json", "sarif", "oscal", "text"] {
        let run = try place.medai(
          ["check", "o.ndjson", "--format", format, "--no-audit"] + Self.guidelines)
        #expect(!run.text.contains("2345-6789"), "\(format)")
        #expect(!run.text.contains("아스피린"), "\(format)")
      }
    }
  }

  @Test func editionWithoutControlsIsNotAssessed() throws {
    try Workplace.with { place in
      try place.write("o.ndjson", Self.records)
      let run = try place.medai(
        "check", "o.ndjson", "--guideline", "mfds-llm-2026", "--format", "json", "--no-audit"
      ).ends(2)
      #expect(try run.json()["guidelines"]?.array?.first?["verdict"]?.string == "not-assessed")
    }
  }

  @Test func severalGuidelinesMayBeNamedInOneWord() throws {
    try Workplace.with { place in
      try place.write("o.ndjson", Self.records)
      let words = ["check", "o.ndjson", "--format", "json", "--no-audit"]
      let one = try place.medai(words + ["--guideline", "mfds-genai-2025,kr-privacy"]).ends(1)
      #expect(try place.medai(words + Self.guidelines).ends(1).output == one.output)
    }
  }
}
