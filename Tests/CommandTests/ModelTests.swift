import Cryptography
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// `medai model`, `generate` and `exam run` on a tiny model and on files that are none.
@Suite struct ModelTests {
  private static let commands: [[String]] = [
    ["model", "info", "m.gguf"], ["model", "tokenize", "m.gguf", "--text", "a"],
    ["model", "logits", "m.gguf", "--text", "a", "--raw", "raw"],
    ["generate", "--model", "m.gguf", "--prompt", "a", "--no-audit"],
    ["generate", "--model", "m.gguf", "--inputs", "p.ndjson", "--output", "o", "--no-audit"],
    ["exam", "run", "i.ndjson", "--model", "m.gguf", "--output", "o", "--no-audit"],
  ]

  private static func prepare(_ place: Workplace) throws {
    let prompts = [1, 2].map { "{\"id\":\"\($0)\",\"prompt\":\"a\"}\n" }
    try place.write("p.ndjson", prompts.joined())
    try place.write("i.ndjson", Exam.items)
  }

  private static func tiny() throws -> [UInt8] {
    try readFile(repositoryRoot().appending("Tests/InferenceTests/Golden/tiny-F32.gguf"))
  }

  @Test(arguments: commands)
  func missingModelIsUnavailable(words: [String]) throws {
    try Workplace.with { place in
      try Self.prepare(place)
      try place.leavesNothing { try place.medai(words).ends(69).says("m.gguf", "make model") }
    }
  }

  /// Files that are no model.
  enum BrokenFile: String, CaseIterable, Sendable {
    case empty, text, magicOnly, version, counts, half, lastByteMissing, headerOnly

    func bytes() throws -> [UInt8] {
      let magic = Array("GGUF".utf8)
      let whole = try tiny()
      return switch self {
      case .empty: []
      case .text: Array("this is not a model at all\n".utf8)
      case .magicOnly: magic
      case .version: magic + [9, 0, 0, 0]
      case .counts: magic + [3, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 16)
      case .half: Array(whole.prefix(whole.count / 2))
      case .lastByteMissing: Array(whole.dropLast())
      case .headerOnly: Array(whole.prefix(200))
      }
    }
  }

  @Test("A file that is no model is malformed", arguments: commands, BrokenFile.allCases)
  func brokenModelIsMalformed(words: [String], file: BrokenFile) throws {
    try Workplace.with { place in
      try Self.prepare(place)
      try place.write("m.gguf", file.bytes())
      try place.leavesNothing {
        let run = try place.medai(words).ends(65)
        run.says("m.gguf")
        #expect(run.output.isEmpty)
      }
    }
  }

  @Test func modelThatIsAFolderOrUnnamed() throws {
    try Workplace.with { place in
      try Self.prepare(place)
      try createFolder(place.path("m.gguf"))
      for words in Self.commands {
        let status = try place.medai(words).status
        #expect([65, 74].contains(status), "\(words)")
      }
      try place.medai("exam", "run", "i.ndjson", "--output", "o", "--no-audit").ends(64)
        .says("--model")
      try place.medai("generate", "--prompt", "a", "--no-audit").ends(64).says("MEDAI_MODEL")
    }
  }

  @Test func logitsDoNotDependOnThreadsOrBatch() throws {
    try Workplace.with { place in
      try place.write("m.gguf", Self.tiny())
      let info = try place.medai("model", "info", "m.gguf", "--json").ends(0).json()
      #expect(try info["sha256"]?.string == sha256(of: place.path("m.gguf")).hex)
      var outputs: [[UInt8]] = []
      for extra in [
        ["--threads", "1"], ["--threads", "2"], ["--threads", "3", "--batch", "1"],
        ["--isa", "portable"],
      ] {
        outputs.append(
          try place.medai(["model", "logits", "m.gguf", "--ids", "1,2,3,4,5"] + extra).ends(0)
            .output)
      }
      #expect(outputs.allSatisfy { $0 == outputs[0] })
      let found = try parseJSON(outputs[0])
      #expect(found["tokens"]?.int == 5)
      try place.medai("model", "logits", "m.gguf", "--ids", "1,2,3,4,5", "--raw", "raw").ends(0)
      #expect(try found["sha256"]?.string == sha256(of: place.path("raw")).hex)
      try place.leavesNothing {
        try place.medai("model", "logits", "m.gguf", "--ids", "1,x").ends(64)
        try place.medai("model", "logits", "m.gguf", "--ids", "99999999").ends(64)
        try place.medai("model", "logits", "m.gguf", "--ids", "-1").ends(64)
        try place.medai("model", "logits", "m.gguf", "--ids", "").ends(64)
        try place.medai("model", "logits", "m.gguf", "--ids", "1", "--raw", "none/raw").ends(73)
      }
    }
  }

  @Test func examRunsAreTheSameByteForByte() throws {
    try Workplace.with { place in
      try Self.prepare(place)
      try place.write("m.gguf", Self.tiny())
      let words = ["exam", "run", "i.ndjson", "--model", "m.gguf", "--preset", "plain"]
      try place.medai(words + ["--output", "a", "--threads", "1"] + place.signing()).ends(0)
      try place.medai(words + ["--output", "b", "--threads", "2", "--no-audit"]).ends(0)
      #expect(try place.read("a") == place.read("b"))
      let line = try parseJSON(Array(try place.read("a").prefix { $0 != 0x0A }))
      #expect(line["id"]?.string == "q1")
      #expect(line["option_logits"]?.array?.count == 3)
      #expect(try line["model_sha256"]?.string == sha256(of: place.path("m.gguf")).hex)
      let log = try place.read("log/log.db")
      #expect(contains(log, Array(try sha256(of: place.path("a")).hex.utf8)))
      try place.medai("exam", "validate", "a", "--no-audit").ends(0)
      try place.leavesNothing {
        try place.medai(words + ["--output", "none/o", "--no-audit"]).ends(73)
        try place.medai(words + ["--output", "a/o", "--no-audit"]).ends(73)
      }
    }
  }

  @Test func generatedAnswersOpenTheirCommitments() throws {
    try Workplace.with { place in
      try Self.prepare(place)
      try place.write("m.gguf", Self.tiny())
      let words = [
        "generate", "--model", "m.gguf", "--inputs", "p.ndjson", "--max-tokens", "4",
      ]
      try place.medai(words + ["--output", "o.ndjson"] + place.signing()).ends(0)
      #expect(try fileStatus(place.path("o.ndjson.openings")).mode == 0o600)
      let run = try place.medai("check", "o.ndjson", "--no-audit")
      #expect([0, 1, 2].contains(run.status), "\(run.said)")
      try place.medai(words + ["--output", "again.ndjson", "--no-audit"]).ends(0)
      #expect(try place.read("o.ndjson") == place.read("again.ndjson"))
      try place.leavesNothing {
        try place.medai(words + ["--output", "none/o", "--no-audit"]).ends(73)
      }
    }
  }

  @Test func generationReplacesIdentifiersBeforeTheModelSeesThem() throws {
    try Workplace.with { place in
      try place.write("m.gguf", Self.tiny())
      try place.write(
        "p.ndjson", "{\"id\":\"1\",\"prompt\":\"연락처 010-2345-6789\",\"context\":\"김철수님\"}\n")
      try place.medai(
        [
          "generate", "--model", "m.gguf", "--inputs", "p.ndjson", "--output", "o.ndjson",
          "--max-tokens", "2", "--deid", "kr-research",
        ] + place.signing()
      ).ends(0)
      #expect(Planted.found(in: try place.read("o.ndjson")) == [])
      #expect(Planted.found(in: try place.read("log/log.db")) == [])
    }
  }

  @Test func aSystemMessageIsNotLeftOutInSilence() throws {
    try Workplace.with { place in
      try place.write("m.gguf", Self.tiny())
      try place.write("p.ndjson", "{\"id\":\"1\",\"prompt\":\"a\"}\n")
      // The tiny model has no chat template.
      try place.medai(
        "generate", "--model", "m.gguf", "--inputs", "p.ndjson", "--output", "o.ndjson",
        "--system", "b", "--no-audit"
      ).ends(69).says("template")
      #expect(!place.has("o.ndjson"))
    }
  }
}
