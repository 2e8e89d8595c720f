import Auditing
import Cryptography
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// `medai audit replay`: the same, different, and every cause of cannot.
@Suite struct ReplayTests {
  private static let zeros = String(repeating: "0", count: 64)

  /// Puts another value in place of a field's, wherever a line of a type has it.
  private static func replacing(
    _ field: String, in type: String, with value: String
  ) -> @Sendable (String) -> String {
    { leaf in
      guard leaf.contains("\"type\":\"\(type)\""),
        let name = leaf.firstRange(of: "\"\(field)\":\"")
      else { return leaf }
      let rest = leaf[name.upperBound...]
      guard let end = rest.firstIndex(of: "\"") else { return leaf }
      return leaf[..<name.upperBound] + value + rest[end...]
    }
  }

  // MARK: Same

  @Test func examsComeOutTheSameForAnyThreadsInstructionsAndBatch() throws {
    try Workplace.with { place in
      try place.recordExams()
      let before = try place.files()
      let log = try place.read("log/log.db")
      let first = try place.replay(ends: 0)
      #expect(first.lines == ["exam.run.end same", "exam.run.end same"])
      for extra in [
        ["--threads", "1"], ["--threads", "2"], ["--threads", "3"], ["--isa", "portable"],
        ["--isa", "auto", "--batch", "1"], ["--batch", "7", "--threads", "2"],
      ] {
        #expect(try place.replay(["--all"] + extra, ends: 0).bytes == first.bytes, "\(extra)")
      }
      // Where the processor has it; elsewhere it is refused like in every command.
      let wide = try place.medai(
        ["audit", "replay", "--all", "--isa", "avx2", "--json"] + Workplace.everything)
      #expect(wide.status == 0 ? wide.output == first.bytes : wide.status == 69)
      // A begin stands for its run, as an end does.
      #expect(try place.replay(["1"], ends: 0).entries == [2])
      #expect(try place.replay(["2"], ends: 0).entries == [2])
      #expect(try place.files() == before)
      #expect(try place.read("log/log.db") == log)
    }
  }

  @Test func answersComeOutTheSame() throws {
    try Workplace.with { place in
      try place.recordAnswers()
      let before = try place.files()
      let run = try place.replay(["--all", "--threads", "3", "--batch", "2"], ends: 0)
      let one = ["generate.answer same", "generate.answer same", "generate.run.end same"]
      #expect(run.lines == one + one)
      #expect(try place.replay(["3"], ends: 0).lines == ["generate.answer same"])
      #expect(try place.replay(["1"], ends: 0).lines == one)
      #expect(try place.files() == before)
    }
  }

  @Test func filesComeOutTheSame() throws {
    try Workplace.with { place in
      try place.recordFiles()
      let before = try place.files()
      for threads in ["1", "3"] {
        let run = try place.replay(
          ["--all", "--key", "p.key", "--threads", threads], ends: 0)
        // Notes, names, table, columns, image, link.
        #expect(run.lines == Array(repeating: "deid.file same", count: 6) + ["deid.run.end same"])
      }
      #expect(try place.files() == before)
      // Without the manifest: the code of the name in the entry tells the path.
      try place.run("/bin/rm", ["private/evidence/manifest.json"]).ends(0)
      #expect(try place.replay(["2", "--key", "p.key"], ends: 0).lines == ["deid.file same"])
    }
  }

  @Test func whatWasMovedAndRenamedIsFoundByWhatItHolds() throws {
    try Workplace.with { place in
      try place.recordExams()
      try place.recordAnswers()
      try createFolder(path: "kept/deeper", in: place)
      for (old, new) in [
        ("models/m.gguf", "kept/deeper/weights.bin"), ("in/items.ndjson", "kept/i.txt"),
        ("in/shots.csv", "kept/deeper/s"), ("outputs/o.ndjson", "kept/x.jsonl"),
        ("outputs/o.ndjson.openings", "kept/deeper/y.openings"),
        ("outputs/d.ndjson", "kept/d2.ndjson"),
        ("outputs/d.ndjson.openings", "kept/z.openings"),
      ] {
        try place.run("/bin/mv", [old, new]).ends(0)
      }
      let run = try place.replay(
        options: ["--models", "kept", "--inputs", "kept", "--audit-log", "log"], ends: 0)
      #expect(run.json["same"]?.int == 8)
    }
  }

  private func createFolder(path: String, in place: Workplace) throws {
    try MedaiCore.createFolder(place.path(path))
  }

  // MARK: Different

  /// What a forger wrote, and what comes of computing it.
  struct Forgery: Sendable {
    let field: String
    let type: String
    let entry: Int
    let line: String
    var value = zeros
  }

  private static let forgeries = [
    Forgery(
      field: "logits_chain", type: "exam.run.end", entry: 2,
      line: "exam.run.end different logits_chain"),
    Forgery(
      field: "results_sha256", type: "exam.run.end", entry: 2,
      line: "exam.run.end different results_sha256"),
    Forgery(
      field: "prompts_sha256", type: "exam.run.end", entry: 1,
      line: "exam.run.end different prompts_sha256"),
    Forgery(
      field: "score", type: "exam.run.end", entry: 2, line: "exam.run.end different score",
      value: "1.000000000"),
    Forgery(
      field: "logits", type: "generate.answer", entry: 7, line: "generate.answer different logits"),
    Forgery(
      field: "output", type: "generate.answer", entry: 6, line: "generate.answer different output"),
    Forgery(
      field: "stop", type: "generate.answer", entry: 6, line: "generate.answer different stop",
      value: "end-token"),
    Forgery(
      field: "outputs_sha256", type: "generate.run.end", entry: 12,
      line: "generate.run.end different outputs_sha256"),
    Forgery(
      field: "output_sha256", type: "deid.file", entry: 14,
      line: "deid.file different output_sha256"),
  ]

  @Test func aSignedClaimThatIsNotSoIsDifferentAndItsFieldIsNamed() throws {
    try Workplace.with { place in
      try place.recordExams()
      try place.recordAnswers()
      try place.recordFiles()
      for (number, forgery) in Self.forgeries.enumerated() {
        let name = "forged\(number)"
        try place.rewriteLog(
          as: name, Self.replacing(forgery.field, in: forgery.type, with: forgery.value))
        let options = Workplace.everything.map { $0 == "log" ? name : $0 }
        // The forged log is signed and verifies; only computing shows it.
        let run = try place.replay(
          ["\(forgery.entry)", "--key", "p.key", "--public-key", "signing.pem.vkey"],
          options: options, ends: 3)
        #expect(run.lines.contains(forgery.line), "\(run.lines)")
        #expect(run.json["log"]?["verdict"]?.string == "intact")
      }
    }
  }

  @Test func forgedCountsAreDifferentInTheRunToo() throws {
    try Workplace.with { place in
      try place.recordFiles()
      try place.rewriteLog(as: "forged") { leaf in
        leaf.replacing("\"withheld\":1", with: "\"withheld\":0")
      }
      let options = Workplace.everything.map { $0 == "log" ? "forged" : $0 }
      let lines = try place.replay(["--all", "--key", "p.key"], options: options, ends: 3).lines
      #expect(lines.contains("deid.file different withheld"))
      #expect(lines.contains("deid.run.end different withheld"))
    }
  }

  @Test func tamperedLogIsNotReplayed() throws {
    try Workplace.with { place in
      try place.recordExams()
      var log = try place.read("log/log.db")
      let results = try sha256(of: place.path("outputs/a")).hex
      let start = try #require(firstPlace(of: results, in: log))
      log[start] = log[start] == 0x30 ? 0x31 : 0x30
      try place.write("log/log.db", log)
      let run = try place.medai(["audit", "replay", "--all"] + Workplace.everything).ends(3)
      #expect(run.output.isEmpty)
    }
  }

  private func firstPlace(of text: String, in bytes: [UInt8]) -> Int? {
    CommandTests.place(of: Array(text.utf8), in: bytes)
  }

  @Test func untrustedLogIsNotReplayed() throws {
    try Workplace.with { place in
      try place.recordExams()
      try place.medai("key", "new", "signing", "--output", "other.pem", "--no-passphrase").ends(0)
      let words = ["audit", "replay", "--all", "--public-key", "other.pem.vkey"]
      #expect(try place.medai(words + Workplace.everything).ends(4).output.isEmpty)
    }
  }

  // MARK: Cannot

  /// One way in which something is missing, and the cause it gives.
  struct Lack: Sendable {
    let cause: String
    let entry: Int
    var key: [String] = ["--key", "p.key"]
    var remove: [String] = []
    var leaf: @Sendable (String) -> String = { $0 }
  }

  private static let lacks: [Lack] = [
    Lack(cause: "input-missing", entry: 2, remove: ["in/items.ndjson"]),
    Lack(cause: "input-missing", entry: 2, remove: ["in/shots.csv"]),
    Lack(cause: "model-missing", entry: 2, remove: ["models/m.gguf"]),
    Lack(cause: "other-numerics", entry: 2) {
      $0.replacing("\"numerics\":0", with: "\"numerics\":9")
    },
    Lack(
      cause: "other-rules", entry: 2,
      leaf: replacing("template_sha256", in: "exam.run.begin", with: zeros)),
    Lack(
      cause: "settings-unknown", entry: 2,
      leaf: replacing("settings_sha256", in: "exam.run.begin", with: zeros)),
    Lack(
      cause: "run-failed", entry: 2,
      leaf: replacing("outcome", in: "exam.run.end", with: "failed")),
    Lack(
      cause: "endpoint", entry: 2, leaf: replacing("engine", in: "exam.run.begin", with: "endpoint")
    ),
    Lack(cause: "opening-missing", entry: 6, remove: ["outputs/o.ndjson.openings"]),
    Lack(cause: "input-missing", entry: 6, remove: ["outputs/o.ndjson"]),
    Lack(cause: "model-missing", entry: 6, remove: ["models/m.gguf"]),
    Lack(
      cause: "settings-unknown", entry: 6,
      leaf: replacing("temperature", in: "generate.run.begin", with: "0.700001")),
    Lack(
      cause: "settings-unknown", entry: 6,
      leaf: replacing("template_sha256", in: "generate.run.begin", with: zeros)),
    Lack(
      cause: "endpoint", entry: 6,
      leaf: replacing("engine", in: "generate.run.begin", with: "endpoint")),
    Lack(
      cause: "run-failed", entry: 6, leaf: replacing("stop", in: "generate.answer", with: "error")),
    Lack(cause: "opening-missing", entry: 14, remove: ["private/evidence/openings.ndjson"]),
    Lack(cause: "input-missing", entry: 14, remove: ["in"]),
    Lack(cause: "input-missing", entry: 14, remove: ["private/patients.csv"]),
    Lack(cause: "key-missing", entry: 14, key: []),
    Lack(cause: "key-missing", entry: 14, key: ["--key", "other.key"]),
    Lack(
      cause: "key-missing", entry: 14,
      leaf: replacing("key_lifetime", in: "deid.run.begin", with: "run")),
    Lack(
      cause: "policy-missing", entry: 14,
      leaf: replacing("policy_sha256", in: "deid.run.begin", with: zeros)),
    Lack(
      cause: "other-rules", entry: 14,
      leaf: replacing("detectors", in: "deid.run.begin", with: zeros)),
    Lack(
      cause: "settings-unknown", entry: 14,
      leaf: replacing("settings_sha256", in: "deid.run.begin", with: zeros)),
    Lack(cause: "not-replayable", entry: 0),
  ]

  @Test func whatIsMissingIsNamed() throws {
    try Workplace.with { place in
      try place.recordExams()
      try place.recordAnswers()
      try place.recordFiles()
      try place.medai("key", "new", "pseudonym", "--output", "other.key").ends(0)
      for (number, lack) in Self.lacks.enumerated() {
        for name in lack.remove { try place.run("/bin/mv", [name, "aside"]).ends(0) }
        try place.makeFolders()
        try place.rewriteLog(as: "spoiled\(number)", lack.leaf)
        let options = Workplace.everything.map { $0 == "log" ? "spoiled\(number)" : $0 }
        let words = ["\(lack.entry)"] + lack.key
        let run = try place.replay(words, options: options, ends: 2)
        let result = try #require(run.json["results"]?.array?.last)
        #expect(result["cause"]?.string == lack.cause, "\(number): \(run.lines)")
        #expect(run.json["cannot"]?.int == 1)
        #expect(run.json["causes"]?[lack.cause]?.int == 1)
        // Said in words too, and never a word of what the records hold.
        let language = number.isMultiple(of: 2) ? "ko" : "en"
        let told = try place.medai(
          ["audit", "replay", "--lang", language] + words + options
        ).ends(2)
        #expect(told.text.contains("cannot \(lack.cause): "))
        #expect(Planted.found(in: told.output + told.messages) == [])
        for name in lack.remove {
          if name == "in" { try place.run("/bin/rmdir", [name]).ends(0) }
          try place.run("/bin/mv", ["aside", name]).ends(0)
        }
      }
      let causes = Set(Self.lacks.map(\.cause)).union(["erased"])
      #expect(causes.count == 12)
    }
  }

  @Test func aFlippedWeightIsAnotherModel() throws {
    try Workplace.with { place in
      try place.recordExams()
      var model = try place.read("models/m.gguf")
      model[model.count - 5] ^= 1
      try place.write("models/m.gguf", model)
      #expect(try place.replay(["2"], ends: 2).lines == ["exam.run.end cannot model-missing"])
    }
  }

  @Test func erasedContentStaysErased() throws {
    try Workplace.with { place in
      try place.recordAnswers()
      // Everything is still at hand, but the log says that it must not be.
      try place.rewriteLog(
        as: "erased",
        appending: [
          .redact(
            entries: [2], reason: .subject, basis: try #require(Identifier("pipa-36")))
        ])
      let options = Workplace.everything.map { $0 == "log" ? "erased" : $0 }
      let run = try place.replay(["1"], options: options, ends: 2)
      #expect(
        run.lines == [
          "generate.answer cannot erased", "generate.answer same",
          "generate.run.end cannot erased",
        ])
    }
  }

  @Test func aCrashedRunClaimsNothingAsAWhole() throws {
    try Workplace.with { place in
      try place.recordAnswers()
      try place.rewriteLog(as: "crashed") { leaf in
        leaf.contains("\"type\":\"generate.run.end\"") ? nil : leaf
      }
      let options = Workplace.everything.map { $0 == "log" ? "crashed" : $0 }
      let run = try place.replay(options: options, ends: 2)
      // What it did release before it stopped can be computed.
      #expect(
        run.lines == [
          "generate.answer same", "generate.answer same", "generate.run.begin cannot run-failed",
        ])
    }
  }

  @Test func openingsThatOthersCanReadAreRefused() throws {
    try Workplace.with { place in
      try place.recordAnswers()
      try place.setMode("outputs/o.ndjson.openings", 0o644)
      let run = try place.medai(["audit", "replay", "--all"] + Workplace.everything).ends(77)
      #expect(run.output.isEmpty)
    }
  }

  // MARK: The vault

  @Test func theVaultGivesWhatNoFileDoes() throws {
    try Workplace.with { place in
      try place.medai("key", "new", "vault", "--output", "vault.key").ends(0)
      let vault = ["--vault", "vault.db", "--vault-key", "vault.key"]
      try place.recordAnswers(vault)
      try place.recordFiles(vault)
      try place.run("/bin/rm", ["-r", "outputs", "in"]).ends(0)
      let options = [
        "--models", "models", "--inputs", "private", "--audit-log", "log", "--key", "p.key",
      ]
      #expect(
        try place.replay(["2"], options: options, ends: 2).lines
          == ["generate.answer cannot opening-missing"])
      #expect(
        try place.replay(["13"], options: options, ends: 2).lines
          == ["deid.file cannot input-missing"])
      let before = try place.files().filter { !$0.hasPrefix("vault.db-") }
      let answers = try place.replay(["1"], options: options + vault, ends: 0)
      #expect(
        answers.lines == [
          "generate.answer same", "generate.answer same", "generate.run.end same",
        ])
      // Of the de-identified run the digest of the whole output file is logged, and that needs more
      // than was committed to.
      #expect(
        try place.replay(["5"], options: options + vault, ends: 2).lines == [
          "generate.answer same", "generate.answer same", "generate.run.end cannot input-missing",
        ])
      #expect(
        try place.replay(["13"], options: options + vault, ends: 0).lines == ["deid.file same"])
      #expect(try place.files().filter { !$0.hasPrefix("vault.db-") } == before)

      try place.medai(
        ["audit", "redact", "2", "--reason", "subject-request", "--basis", "pipa-36"] + vault
          + place.signing()
      ).ends(0)
      #expect(
        try place.replay(["2"], options: options + vault, ends: 2).lines
          == ["generate.answer cannot erased"])
      try place.medai(["audit", "replay", "2", "--vault", "vault.db"] + options).ends(78)
      try place.medai("key", "new", "vault", "--output", "other.key").ends(0)
      let others = ["--vault", "vault.db", "--vault-key", "other.key"]
      #expect(try place.medai(["audit", "replay", "2"] + others + options).output.isEmpty)
    }
  }

  // MARK: Samples, record, usage

  @Test func aSampleFollowsItsWrittenRule() throws {
    try Workplace.with { place in
      try place.recordExams()
      try place.recordAnswers()
      // Ends of exams and answers; the rule of docs/replay.md, written again.
      let population = [2, 4, 6, 7, 10, 11]
      for seed in ["0", "7", "18446744073709551615"] {
        let expected = population.map { entry in
          (sha256(Array("medai-replay-sample/1:\(seed):\(entry)".utf8)).hex, entry)
        }.sorted { $0.0 < $1.0 }.prefix(3).map(\.1).sorted()
        let run = try place.replay(["--sample", "3", "--seed", seed], ends: 0)
        #expect(run.entries == expected)
        #expect(run.json["selection"]?["seed"]?.string == seed)
      }
      #expect(try place.replay(["--sample", "99", "--seed", "1"], ends: 0).entries == population)
      // A seed that nobody gave is drawn and told, so that the draw can be repeated.
      let drawn = try place.replay(["--sample", "2"], ends: 0)
      let seed = try #require(drawn.json["selection"]?["seed"]?.string)
      #expect(try place.replay(["--sample", "2", "--seed", seed], ends: 0).bytes == drawn.bytes)
    }
  }

  @Test func aReplayIsAnEntryWhereThatIsAskedFor() throws {
    try Workplace.with { place in
      try place.recordExams()
      let run = try place.replay(
        ["--all", "--record"] + ["--signing-key", "signing.pem"], ends: 0)
      var reader = try LogReader.open(folder: place.path("log"))
      let entry = try reader.entry(reader.checkpoint.size - 1)
      #expect(entry.type.text == "replay.run")
      #expect(entry.count("same") == 2)
      #expect(entry.count("cannot") == 0)
      #expect(entry.text("choice") == "all")
      #expect(entry.digest("results_sha256")?.hex == run.json["results_sha256"]?.string)
      #expect(entry.digest("root")?.hex == run.json["log"]?["root"]?.string)
      try place.medai(
        "audit", "verify", "--audit-log", "log", "--public-key", "signing.pem.vkey"
      ).ends(0)
      // And it says what it did: the entry itself is nothing to compute.
      #expect(try place.replay(["5"], ends: 2).lines == ["replay.run cannot not-replayable"])
      try place.medai(["audit", "replay", "--all", "--record"] + Workplace.everything).ends(78)
    }
  }

  @Test(
    "Wrong usage of replay ends with 64",
    arguments: [
      [], ["1", "--all"], ["--sample", "0"], ["--seed", "1"], ["--all", "--seed", "1"], ["-1"],
      ["--all", "--batch", "0"], ["--all", "--isa", "sse9"],
      ["--all", "--threads", "0"],
    ])
  func wrongUsage(words: [String]) throws {
    try Workplace.with { place in
      try place.recordExams()
      try place.medai(["audit", "replay", "--audit-log", "log"] + words).ends(64)
    }
  }

  @Test func placesThatAreMissing() throws {
    try Workplace.with { place in
      try place.recordExams()
      let words = ["audit", "replay", "--audit-log", "log"]
      try place.medai(words + ["99"]).ends(66)
      try place.medai(words + ["--all", "--inputs", "none"]).ends(66)
      try place.medai(words + ["--all", "--models", "none"]).ends(66)
      try place.medai("audit", "replay", "--all", "--audit-log", "none").ends(66)
      // Without any place to look in, everything is missing, and nothing is wrong.
      #expect(
        try place.replay(["2"], options: ["--audit-log", "log"], ends: 2).lines
          == ["exam.run.end cannot input-missing"])
    }
  }
}
