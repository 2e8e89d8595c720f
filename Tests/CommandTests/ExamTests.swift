import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// `medai exam validate`: figures, verdicts, refusals.
@Suite struct ExamTests {
  @Test func figuresOfAPublishedScore() throws {
    try Workplace.with { place in
      try place.write("r.ndjson", Exam.results(375, of: 435))
      let run = try place.medai(
        "exam", "validate", "r.ndjson", "--claim", "0.862", "--human", "0.7966", "--json",
        "--no-audit"
      ).ends(0)
      let found = try run.json()
      func figure(_ value: JSONValue?) -> String? {
        value?.double.map { fixedPoint($0, decimals: 4) }
      }
      #expect(found["n"]?.int == 435)
      #expect(found["correct"]?.int == 375)
      #expect(found["invalid"]?.int == 0)
      #expect(figure(found["score"]) == "0.8621")
      #expect(found["wilson"]?.array?.map(figure) == ["0.8265", "0.8913"])
      #expect(found["clopper_pearson"]?.array?.map(figure) == ["0.8260", "0.8931"])
      #expect(found["claim"]?["verdict"]?.string == "supported")
      let p = try #require(found["human"]?["p_value"]?.double)
      #expect(fixedPoint(p, decimals: 6) == "0.000256")
    }
  }

  @Test(
    "A claim is supported, not shown or refuted",
    arguments: [
      ("0.862", "supported", 0), ("0.86", "supported", 0), ("0.8621", "supported", 0),
      ("0.8622", "not-shown", 2), ("0.89", "not-shown", 2), ("0.95", "refuted", 1),
      ("0.8932", "refuted", 1), ("1", "refuted", 1), ("0", "supported", 0),
    ] as [(String, String, Int32)])
  func claims(claim: String, verdict: String, status: Int32) throws {
    try Workplace.with { place in
      try place.write("r.ndjson", Exam.results(375, of: 435))
      let run = try place.medai(
        "exam", "validate", "r.ndjson", "--claim", claim, "--json", "--no-audit"
      ).ends(status)
      #expect(try run.json()["claim"]?["verdict"]?.string == verdict)
    }
  }

  @Test(
    "The pass rule passes, fails, or cannot be judged",
    arguments: [
      // Right of 30, by subject of 10 each: 총론, 각론, 법규.
      ([10, 10, 4], "pass", 0), ([10, 10, 3], "fail", 1), ([6, 6, 5], "fail", 1),
      ([6, 6, 6], "pass", 0),
    ] as [([Int], String, Int32)])
  func rule(right: [Int], verdict: String, status: Int32) throws {
    try Workplace.with { place in
      let subjects = ["의학총론", "의학각론", "보건의약관계법규"]
      var lines = ""
      for (subject, correct) in zip(subjects, right) {
        for number in 0..<10 {
          lines += """
            {"id":"\(subject)\(number)","subject":"\(subject)","prediction":\
            "\(number < correct ? "C" : "A")","answer":"C"}

            """
        }
      }
      try place.write("r.ndjson", lines)
      let run = try place.medai(
        "exam", "validate", "r.ndjson", "--rule", "kmle", "--json", "--no-audit"
      ).ends(status)
      #expect(try run.json()["rule"]?["verdict"]?.string == verdict)
    }
  }

  @Test func ruleOnItemsWithoutSubjectCannotBeJudged() throws {
    try Workplace.with { place in
      try place.write("r.ndjson", Exam.results(375, of: 435))
      let run = try place.medai(
        "exam", "validate", "r.ndjson", "--rule", "kmle", "--json", "--no-audit"
      ).ends(2)
      #expect(try run.json()["rule"]?["verdict"]?.string == "not-evaluable")
      // A negative verdict outweighs missing evidence.
      try place.medai(
        "exam", "validate", "r.ndjson", "--rule", "kmle", "--claim", "0.95", "--no-audit"
      ).ends(1)
    }
  }

  @Test func comparisonIsPaired() throws {
    try Workplace.with { place in
      try place.write("a.ndjson", Exam.results(375, of: 435))
      try place.write("b.ndjson", Exam.results(300, of: 435))
      let run = try place.medai(
        "exam", "validate", "a.ndjson", "--compare", "b.ndjson", "--claim-ratio", "0.96", "--json",
        "--no-audit")
      let compared = try run.json()["compare"]
      #expect(compared?["mcnemar_p"]?.double.map { $0 < 1e-20 } == true)
      #expect(compared?["ratio"]?.double.map { fixedPoint($0, decimals: 2) } == "1.25")
      try place.write("c.ndjson", Exam.results(300, of: 434))
      try place.medai("exam", "validate", "a.ndjson", "--compare", "c.ndjson", "--no-audit")
        .ends(65)
    }
  }

  @Test func emptyLinesAndMarksOfWindowsDoNotMatter() throws {
    try Workplace.with { place in
      let plain = Exam.results(3, of: 4)
      try place.write("a.ndjson", "\n" + plain.replacing("\n", with: "\r\n") + "\n  \n")
      let run = try place.medai("exam", "validate", "a.ndjson", "--json", "--no-audit").ends(0)
      #expect(try run.json()["n"]?.int == 4)
    }
  }

  @Test func reportIsWrittenAndLogged() throws {
    try Workplace.with { place in
      let signing = try place.signing()
      try place.write("r.ndjson", Exam.results(3, of: 4))
      let words = ["exam", "validate", "r.ndjson", "--report", "r.html"]
      try place.medai(words + signing).ends(0)
      let page = String(decoding: try place.read("r.html"), as: UTF8.self)
      #expect(page.contains("75.0"))
      try place.medai(words + ["--no-audit", "--lang", "ko"]).ends(0)
      #expect(String(decoding: try place.read("r.html"), as: UTF8.self).contains("lang=\"ko\""))
    }
  }

  @Test(
    "No option may name the file that is read as the one to write",
    arguments: [
      ["exam", "validate", "r.ndjson", "--report", "r.ndjson"],
      ["exam", "validate", "r.ndjson", "--report", "./r.ndjson"],
      ["exam", "validate", "r.ndjson", "--compare", "s.ndjson", "--report", "s.ndjson"],
      ["exam", "run", "i.ndjson", "--model", "m.gguf", "--output", "i.ndjson"],
      ["exam", "run", "i.ndjson", "--model", "m.gguf", "--output", "m.gguf"],
      [
        "exam", "run", "i.ndjson", "--model", "m.gguf", "--output", "o", "--prompts", "i.ndjson",
        "--preset", "plain",
      ],
      [
        "exam", "run", "i.ndjson", "--model", "m.gguf", "--output", "o", "--prompts", "o",
        "--preset", "plain",
      ],
      ["check", "o.ndjson", "--output", "o.ndjson"],
      ["check", "o.ndjson", "--submission", "s.yaml", "--output", "s.yaml"],
      ["generate", "--model", "m.gguf", "--inputs", "p.ndjson", "--output", "p.ndjson"],
      ["generate", "--model", "m.gguf", "--inputs", "p.ndjson", "--output", "m.gguf"],
      ["generate", "--model", "m.gguf", "--prompt-file", "p.ndjson", "--output", "p.ndjson"],
      ["model", "logits", "m.gguf", "--ids", "1", "--raw", "m.gguf"],
      ["audit", "report", "--submission", "s.yaml", "--output", "s.yaml"],
      ["audit", "report", "--submission", "s.yaml", "--output", "x.html", "--csv", "s.yaml"],
      [
        "audit", "report", "--submission", "s.yaml", "--output", "x.html", "--sarif", "x.html",
      ],
    ])
  func inputIsNeverOverwritten(words: [String]) throws {
    try Workplace.with { place in
      let signing = try place.signing()
      try place.write("r.ndjson", Exam.results(3, of: 4))
      try place.write("s.ndjson", Exam.results(2, of: 4))
      try place.write("i.ndjson", Exam.items)
      try place.write("o.ndjson", Exam.output)
      try place.write("p.ndjson", "{\"id\":\"1\",\"prompt\":\"a\"}\n")
      try place.write("s.yaml", read: "Samples/submission/medai.submission.yaml")
      try place.write("m.gguf", read: "Tests/InferenceTests/Golden/tiny-F32.gguf")
      try place.medai(["exam", "validate", "r.ndjson"] + signing).ends(0)
      let names = try place.files()
      let before = try names.map { try place.read($0) }
      let isLogging = words[0] != "model"
      try place.medai(words + (isLogging ? ["--no-audit", "--audit-log", "log"] : [])).ends(64)
      #expect(try place.files() == names)
      #expect(try names.map { try place.read($0) } == before)
    }
  }
}
