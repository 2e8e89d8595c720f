import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// `medai audit diff`.
@Suite struct DiffTests {
  private static let first = """
    {"id":"a","prompt":"요약","output":"환자는 급성 심근경색입니다. 즉시 아스피린 300 mg을 \
    복용하십시오.","context":["혈압 120/80"],"language":"ko"}
    {"id":"홍길동","prompt":"요약","output":"혈압은 120/80 입니다.","context":["혈압 120/80"],\
    "language":"ko"}

    """

  private static func check(
    _ place: Workplace, _ name: String, _ records: String, _ format: String = "json"
  ) throws {
    try place.write("o.ndjson", records)
    let run = try place.medai(
      "check", "o.ndjson", "--format", format, "--no-audit", "--guideline", "mfds-genai-2025")
    try #require([0, 1, 2].contains(run.status))
    try place.write(name, run.output)
  }

  private static func diff(_ place: Workplace, _ old: String, _ new: String) throws -> CommandRun {
    try place.medai("audit", "diff", old, new, "--json")
  }

  /// How many changes of each kind there are.
  private static func counts(_ run: CommandRun) throws -> [String: Int] {
    let members = try run.json()["counts"]?.object?.members ?? []
    return Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value.int ?? -1) })
  }

  @Test func theSameReportInAnyFormIsUnchanged() throws {
    try Workplace.with { place in
      for format in ["json", "sarif", "oscal"] {
        try Self.check(place, "\(format).out", Self.first, format)
      }
      try createFolder(place.path("folder"))
      try place.write("folder/assessment-results.json", try place.read("oscal.out"))
      for old in ["json.out", "sarif.out", "oscal.out", "folder"] {
        for new in ["json.out", "sarif.out", "oscal.out", "folder"] {
          let run = try Self.diff(place, old, new).ends(0)
          #expect(try Set(Self.counts(run).keys) == ["unchanged"], "\(old) \(new) \(run.text)")
        }
      }
      let text = try place.medai("audit", "diff", "json.out", "folder", "--lang", "ko").ends(0).text
      #expect(text.contains("나빠진 것 없음"))
    }
  }

  @Test func findingsThatComeAndGo() throws {
    try Workplace.with { place in
      let calm = Self.first.replacing(
        "환자는 급성 심근경색입니다. 즉시 아스피린 300 mg을 복용하십시오.", with: "혈압은 120/80 입니다.")
      #expect(calm != Self.first)
      try Self.check(place, "bad.json", Self.first)
      try Self.check(place, "good.json", calm)
      let better = try Self.diff(place, "bad.json", "good.json")
      #expect(try Self.counts(better)["fixed"] ?? 0 > 0)
      #expect(try Self.counts(better)["unchanged"] ?? 0 > 0)
      #expect(try better.json()["worse"]?.bool == (better.status == 1))
      let worse = try Self.diff(place, "good.json", "bad.json").ends(1)
      #expect(try Self.counts(worse)["new"] ?? 0 > 0)
      for language in ["ko", "en"] {
        let text = try place.medai(
          "audit", "diff", "good.json", "bad.json", "--lang", language
        ).ends(1).text
        #expect(text.contains(language == "ko" ? "나빠진 것" : "got worse"))
        #expect(!text.contains("홍길동"))
      }
      #expect(!worse.text.contains("홍길동"))
    }
  }

  @Test func rulesThatChange() throws {
    try Workplace.with { place in
      try Self.check(place, "old.json", Self.first)
      let old = String(decoding: try place.read("old.json"), as: UTF8.self)
      let value = try place.json("old.json")
      let guideline = try #require(value["guidelines"]?.array?.first)
      let parameters = try #require(guideline["parameters"]?.object?.members)
      func change(_ from: String, _ to: String) throws -> CommandRun {
        let new = old.replacing(from, with: to)
        try #require(new != old)
        try place.write("new.json", new)
        return try Self.diff(place, "old.json", "new.json")
      }
      if let parameter = parameters.first, let number = parameter.value.string {
        let run = try change(
          "\"\(parameter.key)\": \"\(number)\"", "\"\(parameter.key)\": \"987\""
        ).ends(0)
        #expect(try Self.counts(run)["changed-threshold"] == 1)
        #expect(run.text.contains("987"))
      }
      let control = try #require(
        guideline["controls"]?.array?.first { $0["in_scope"]?.bool == true })
      let wording = try #require(control["wording_sha256"]?.string)
      let text = try change(wording, String(repeating: "0", count: 64)).ends(0)
      #expect(try Self.counts(text)["changed-rule-text"] ?? 0 >= 1)
      let sha256 = try #require(guideline["sha256"]?.string)
      let swapped = try change(sha256, String(repeating: "1", count: 64)).ends(1)
      #expect(try Self.counts(swapped)["swapped-catalog"] == 1)
      let edition = try #require(guideline["edition"]?.string)
      let other = try change(
        "\"edition\": \"\(edition)\"", "\"edition\": \"2027.01+medai.1\""
      ).ends(0)
      #expect(try Self.counts(other)["changed-edition"] == 1)
      let id = try #require(control["control"]?.string)
      let removed = try change("\"control\": \"\(id)\"", "\"control\": \"other-1\"").ends(1)
      #expect(try Self.counts(removed)["control-removed"] == 1)
    }
  }

  @Test(arguments: [
    "", "{}", "[]", "null", "{\"version\": \"2.1.0\"}", "{\"runs\": [{}], \"version\": \"2.1.0\"}",
    "{\"guidelines\": [{}], \"findings\": []}", "{\"guidelines\": [], \"findings\": [{}]}",
    "{\"assessment-results\": {\"results\": [{}]}}", "{\"guidelines\": [], \"findings\": [3]}",
    "{\"guidelines\": [], \"findings\": [], \"checks\": [{\"id\": 3}]}", "\u{FEFF}{}",
  ])
  func whatIsNoReport(text: String) throws {
    try Workplace.with { place in
      try place.write("bad.json", text)
      try Self.check(place, "good.json", Self.first)
      try Self.diff(place, "bad.json", "good.json").ends(65).says("bad.json")
      try Self.diff(place, "good.json", "bad.json").ends(65).says("bad.json")
      try Self.diff(place, "good.json", "none.json").ends(66)
      try createFolder(place.path("empty"))
      try Self.diff(place, "good.json", "empty").ends(66)
    }
  }
}
