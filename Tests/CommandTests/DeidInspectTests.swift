import MedaiCore
import SystemPackage
import Testing

/// `medai deid explain`, `evaluate` and `verify`, and a site's own rules.
@Suite struct DeidInspectTests {
  @Test func explainShowsEachCandidateToWhoeverGaveTheText() throws {
    try Workplace.with { place in
      let text = "환자 홍길동님 연락처 010-1234-5678"
      let run = try place.medai("deid", "explain", "--json", input: Array(text.utf8)).ends(0)
      let list = try #require(try run.json()["candidates"]?.array)
      let name = try #require(list.first { $0["verdict"]?.string == "kept" })
      #expect(name["type"]?.string == "NAME" && name["text"]?.string == "홍길동")
      #expect(name["start"]?.int == 3 && name["end"]?.int == 6)
      #expect(name["for"]?.array?.first?["ko"]?.string?.isEmpty == false)
      #expect(run.messages.isEmpty)
      try place.write("n.txt", text)
      let korean = try place.medai("deid", "explain", "--text-file", "n.txt", "--lang", "ko").ends(
        0)
      #expect(korean.text.contains("식별자") && korean.text.contains("찬성"))
      let nothing = try place.medai("deid", "explain", input: Array("BP 120/80".utf8)).ends(0)
      #expect(!nothing.text.isEmpty)
      #expect(try place.files() == ["n.txt"])
    }
  }

  @Test func explainRefusesWhatIsNoText() throws {
    try Workplace.with { place in
      try place.medai("deid", "explain", input: [0x61, 0xFF]).ends(65).says("byte 1")
      try place.medai("deid", "explain", "--text-file", "none").ends(66)
      try place.medai("deid", "explain", "--encoding", "latin-1").ends(64)
    }
  }

  private static let gold =
    "=== id: A1 | lang: ko\n환자 ⟦NAME:홍길동⟧님 ⟦PHONE:010-1234-5678⟧ ⟦DATE:2024-03-05⟧\n"

  private static let spans = """
    {"record":"A1","field":"/text","start":3,"end":6,"type":"NAME"}
    {"record":"A1","field":"/text","start":8,"end":16,"type":"PHONE"}
    {"record":"A1","field":"/text","start":6,"end":7,"type":"ORG"}

    """

  @Test func evaluateCountsByTheContract() throws {
    try Workplace.with { place in
      try place.write("gold/a.txt", Self.gold)
      try place.write("s.ndjson", Self.spans)
      let run = try place.medai(
        "deid", "evaluate", "--gold", "gold", "--spans", "s.ndjson", "--json"
      ).ends(0)
      let json = try run.json()
      // 3 + 11 letters and digits of direct identifiers; 010-1234 covers seven of the phone's.
      #expect(json["characters"]?.int == 14 && json["leaked_characters_count"]?.int == 4)
      #expect(json["leaked_characters"]?.double == 0.285714)
      let overall = try #require(json["overall"])
      #expect(overall["exact"]?["precision"]?.double == 0.333333)
      #expect(overall["exact"]?["recall"]?.double == 0.333333)
      #expect(overall["exact"]?["f1"]?.double == 0.333333)
      #expect(overall["overlap"]?["recall"]?.double == 0.666667)
      #expect(overall["touching_precision"]?.double == 0.666667)
      #expect(overall["fully_covered_recall"]?.double == 0.333333)
      // Wilson's interval for 1 of 3, as tables give it.
      let interval = overall["exact"]?["recall_interval"]?.array?.compactMap(\.double)
      #expect(interval == [0.061492, 0.79234])
      #expect(json["types"]?.array?.count == 4)
      #expect(json["direct"]?["gold"]?.int == 2)
      let table = try place.medai("deid", "evaluate", "--gold", "gold", "--spans", "s.ndjson").ends(
        0)
      #expect(table.text.contains("NAME") && table.text.contains("touching"))
    }
  }

  @Test func evaluateTakesWhatDeidWrote() throws {
    try Workplace.with { place in
      try place.write(
        "in.ndjson", "{\"id\":\"A1\",\"text\":\"환자 홍길동님 010-1234-5678 2024-03-05\"}\n")
      try place.write("gold.txt", Self.gold)
      try place.medai(
        "deid", "in.ndjson", "--output", "out", "--spans", "s.ndjson", "--no-audit"
      ).ends(0)
      let run = try place.medai(
        "deid", "evaluate", "--gold", "gold.txt", "--spans", "s.ndjson", "--json"
      ).ends(0)
      #expect(try run.json()["leaked_characters"]?.double == 0)
      #expect(try run.json()["overall"]?["exact"]?["f1"]?.double == 1)
    }
  }

  @Test(arguments: [
    ("=== id: A1\n⟦NAME:x", "", 65), ("=== id: A1\nx", "{", 65),
    ("=== id: A1\nx", "{\"record\":\"A1\",\"start\":0,\"end\":5,\"type\":\"ID\"}", 65),
    ("=== id: A1\nx", "{\"record\":\"A1\",\"start\":0,\"end\":1,\"type\":\"홍길동\"}", 65),
    ("", "", 65),
  ])
  func evaluateRefusesBrokenInput(gold: String, spans: String, status: Int32) throws {
    try Workplace.with { place in
      try place.write("g.txt", gold)
      try place.write("s.ndjson", spans)
      let run = try place.medai("deid", "evaluate", "--gold", "g.txt", "--spans", "s.ndjson")
      run.ends(status)
      #expect(run.output.isEmpty && !run.said.contains("홍길동"))
      if !gold.isEmpty { #expect(run.said.contains(":")) }
    }
  }

  @Test func verifyNamesPlacesAndNeverText() throws {
    try Workplace.with { place in
      try Planted.write(in: place)
      let untouched = try place.medai(
        "deid", "verify", "in", "--patients", "patients.csv", "--json"
      ).ends(1)
      let findings = try #require(try untouched.json()["findings"]?.array)
      #expect(findings.count > 10)
      #expect(findings.contains { $0["kind"]?.string == "known-value" })
      #expect(findings.contains { $0["type"]?.string == "RRN" })
      #expect(Planted.found(in: untouched.output) == [])
      #expect(Planted.found(in: untouched.messages) == [])
      let words = try place.medai("deid", "verify", "in", "--patients", "patients.csv").ends(1)
      #expect(Planted.found(in: words.output) == [])

      try place.medai(
        "deid", "in", "--output", "out", "--patients", "patients.csv", "--no-audit"
      ).ends(1)
      let released = try place.medai(
        "deid", "verify", "out", "--patients", "patients.csv", "--json")
      let json = try released.json()
      #expect(json["policy"]?.string == "kr-research")
      #expect(json["findings"]?.array?.isEmpty == true, "\(released.text)")
      released.ends(0)

      // One value put back is found, wherever it is.
      try place.write("out/more.json", "{\"a\": {\"전화\": [\"010-2345-6789\"]}}")
      let leaked = try place.medai("deid", "verify", "out", "--json").ends(1)
      let only = try #require(try leaked.json()["findings"]?.array?.first)
      #expect(only["file"]?.string == "more.json" && only["field"]?.string == "/a/전화/0")
      #expect(only["type"]?.string == "PHONE" && only["kind"]?.string == "identifier")
      try place.medai("deid", "verify", "nowhere").ends(66)
    }
  }

  @Test func aSitesWordsAndPatternsCount() throws {
    try Workplace.with { place in
      try place.write("n.txt", "검체 QX-77 한빛관 이송\n")
      try place.write(
        "site.yaml",
        "words: {HOSPITAL: [한빛관]}\npatterns:\n  - {type: ID, pattern: 'QX-[0-9]+'}\n")
      try place.medai(
        "deid", "n.txt", "--output", "out", "--site", "site.yaml", "--policy", "safe-harbor",
        "--no-audit"
      ).ends(0)
      #expect(
        String(decoding: try place.read("out/n.txt"), as: UTF8.self) == "검체 [ID] [HOSPITAL] 이송\n")
      for pattern in ["(a)\\1", "a(?=b)", "a(?!b)", "(?<=a)b"] {
        try place.write("bad.yaml", "patterns:\n  - type: ID\n    pattern: '\(pattern)'\n")
        try place.leavesNothing {
          try place.medai(
            "deid", "n.txt", "--output", "o2", "--site", "bad.yaml", "--no-audit"
          ).ends(65).says("bad.yaml:3", "pattern")
        }
      }
    }
  }

  @Test(arguments: [
    ("RRN: {action: encrypt, min_length: 5, follows: x}", "a million", 5),
    ("AGE: {action: encrypt, follows: x}", "too few values", 17),
    ("WARD: {action: tag, follows: x}", "unknown key", 5),
  ])
  func policyFaultsNameTheirLine(rule: String, words: String, line: Int) throws {
    try Workplace.with { place in
      let types = [
        "NAME", "RRN", "PASSPORT", "DRIVER", "INSURANCE", "MRN", "ID", "PHONE", "EMAIL", "ADDRESS",
        "HOSPITAL", "ORG", "DATE", "AGE", "ACCOUNT", "CARD", "PLATE", "URL", "IP", "DEVICE",
        "LICENSE", "SNS",
      ]
      var yaml = "policy: t\ntitle: t\nrules:\n"
      for (index, type) in types.enumerated() {
        yaml += index + 4 == line ? "  \(rule)\n" : "  \(type): {action: tag, follows: x}\n"
      }
      try place.write("p.yaml", yaml)
      try place.write("n.txt", "x\n")
      try place.leavesNothing {
        try place.medai("deid", "n.txt", "--output", "o", "--policy", "p.yaml", "--no-audit")
          .ends(65).says("p.yaml:\(line)", words)
      }
    }
  }
}
