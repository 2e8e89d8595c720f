import MedaiCore
import Testing

/// `medai config show`, the language, `medai doctor`.
@Suite struct ConfigTests {
  @Test(
    "Flag, environment, file, default, in this order",
    arguments: [
      (true, true, true, "flag.pem", "flag"),
      (false, true, true, "env.pem", "MEDAI_SIGNING_KEY"),
      (false, false, true, "file.pem", "medai.yaml"),
      (false, false, false, nil, nil),
    ] as [(Bool, Bool, Bool, String?, String?)])
  func precedence(flag: Bool, variable: Bool, file: Bool, value: String?, origin: String?) throws {
    try Workplace.with { place in
      try place.write("medai.yaml", "signing-key: file.pem\njobs: 3\n")
      var words = ["config", "show", "--json"]
      if file { words += ["--config", "medai.yaml"] }
      if flag { words += ["--signing-key", "flag.pem"] }
      let shown = try place.medai(
        words, environment: variable ? ["MEDAI_SIGNING_KEY": "env.pem"] : [:]
      ).ends(0).json()
      #expect(shown["signing-key"]?["value"]?.string == value)
      #expect(shown["signing-key"]?["origin"]?.string == origin)
      #expect(shown["audit-log"]?["value"]?.string == "AuditLogs")
      #expect(shown["audit-log"]?["origin"]?.string == "default")
      #expect(shown["jobs"]?["origin"]?.string == (file ? "medai.yaml" : "default"))
    }
  }

  @Test func configurationFileFromTheEnvironment() throws {
    try Workplace.with { place in
      try place.write("m.yaml", "audit-log: elsewhere\n")
      let run = try place.medai(
        "config", "show", environment: ["MEDAI_CONFIG": "m.yaml", "MEDAI_JOBS": ""]
      ).ends(0)
      let line = run.text.split(separator: "\n").first { $0.contains("audit-log") }
      #expect(line?.contains("elsewhere") == true)
      #expect(line?.contains("m.yaml") == true)
      #expect(run.text.contains("default"))
    }
  }

  @Test(
    "A faulty configuration is refused with its line",
    arguments: [
      ("colour: red\n", "m.yaml:1", "colour"), ("jobs: 2\njobs: 3\n", "m.yaml:", "twice"),
      ("lang: &a ko\n", "m.yaml:1", "anchors"), ("jobs: [1]\n", "m.yaml:1", ""),
      ("jobs: 2\n  x: 1\n: :\n", "m.yaml", ""), ("", "m.yaml", "empty"),
    ])
  func faultyConfiguration(text: String, where line: String, what: String) throws {
    try Workplace.with { place in
      try place.write("m.yaml", text)
      let run = try place.medai("config", "show", "--config", "m.yaml").ends(78)
      run.says(line)
      #expect(what.isEmpty || run.said.contains(what), "\(run.said)")
    }
  }

  @Test func missingConfigurationAndBadValues() throws {
    try Workplace.with { place in
      try place.medai("config", "show", "--config", "none.yaml").ends(66).says("none.yaml")
      try place.medai("config", "show", environment: ["MEDAI_LANG": "fr"]).ends(78)
      try place.medai("config", "show", environment: ["MEDAI_LOG_FORMAT": "xml"]).ends(78)
      try place.write("n.txt", "x\n")
      try place.medai(
        "deid", "n.txt", "--output", "o", "--no-audit", environment: ["MEDAI_JOBS": "0"]
      ).ends(78).says("jobs")
      #expect(try place.files() == ["n.txt"])
    }
  }

  @Test(
    "The language comes from the flag, then the environment, then the locale",
    arguments: [
      ([:], [], false), (["LC_ALL": "ko_KR.UTF-8"], [], true),
      (["LC_ALL": "", "LANG": "ko_KR.UTF-8"], [], true),
      (["LC_ALL": "en_US.UTF-8", "LANG": "ko_KR.UTF-8"], [], false),
      (["LC_ALL": "ko_KR.UTF-8"], ["--lang", "en"], false), ([:], ["--lang", "ko"], true),
      (["LC_ALL": "ko_KR.UTF-8", "MEDAI_LANG": "en"], [], false),
      (["MEDAI_LANG": "ko"], ["--lang", "en"], false),
    ] as [([String: String], [String], Bool)])
  func language(environment: [String: String], flags: [String], isKorean: Bool) throws {
    try Workplace.with { place in
      let run = try place.medai(["audit", "verify"] + flags, environment: environment).ends(66)
      #expect(run.said.contains("감사 기록이 없습니다") == isKorean, "\(run.said)")
      #expect(run.said.contains("there is no audit log") != isKorean, "\(run.said)")
      let list = try place.medai(["guideline", "list"] + flags, environment: environment).ends(0)
      #expect(list.text.contains("생성형 인공지능") == isKorean, "\(list.text)")
    }
  }

  @Test(
    "A failure to read the settings is told in the language that was asked for",
    arguments: [
      ([:], ["--lang", "ko"], true), (["MEDAI_LANG": "ko"], [], true),
      (["LC_ALL": "ko_KR.UTF-8"], [], true), (["LC_ALL": "ko_KR.UTF-8"], ["--lang", "en"], false),
      (["MEDAI_LANG": "fr"], [], false), (["LC_ALL": "ko_KR.UTF-8"], ["--lang", "fr"], true),
    ] as [([String: String], [String], Bool)])
  func languageOfFailures(environment: [String: String], flags: [String], isKorean: Bool) throws {
    try Workplace.with { place in
      let run = try place.medai(
        ["config", "show", "--config", "none.yaml"] + flags, environment: environment
      ).ends(66)
      #expect(run.said.contains("없습니다") == isKorean, "\(run.said)")
    }
  }

  @Test func resultsForMachinesDoNotDependOnTheLanguage() throws {
    try Workplace.with { place in
      try place.write("r.ndjson", Exam.results(3, of: 4))
      let words = ["exam", "validate", "r.ndjson", "--claim", "0.75", "--json", "--no-audit"]
      let english = try place.medai(words + ["--lang", "en"]).ends(0)
      #expect(try place.medai(words + ["--lang", "ko"]).ends(0).output == english.output)
      let shown = try place.medai("config", "show", "--json", "--lang", "ko").ends(0).json()
      #expect(shown["audit-log"]?["origin"]?.string == "default")
    }
  }

  @Test func doctorFindsAHealthySetUp() throws {
    try Workplace.with { place in
      let signing = try place.signing()
      try place.write("r.ndjson", Exam.results(3, of: 4))
      try place.medai(["exam", "validate", "r.ndjson"] + signing).ends(0)
      let found = try place.medai(["doctor", "--json"] + signing).ends(0).json()
      let checks = try #require(found["checks"]?.array)
      #expect(checks.allSatisfy { $0["ok"]?.bool == true })
      let names = checks.compactMap { $0["name"]?.string }
      #expect(
        names == [
          "program", "processor", "guidelines", "detectors", "policy", "report templates",
          "signing key", "audit log",
        ])
      #expect(try place.medai("doctor", "--lang", "ko").ends(0).text.contains("항목"))
    }
  }

  @Test func doctorNamesWhatIsWrong() throws {
    try Workplace.with { place in
      let signing = try place.signing()
      try place.setMode("signing.pem", 0o644)
      try place.write("m.gguf", "not a model")
      let found = try place.medai(
        ["doctor", "--json"] + signing,
        environment: ["MEDAI_MODEL": "m.gguf", "MEDAI_POLICY": "none"]
      ).ends(1).json()
      let bad = (found["checks"]?.array ?? []).filter { $0["ok"]?.bool == false }
      #expect(bad.compactMap { $0["name"]?.string } == ["policy", "signing key", "model"])
    }
  }
}
