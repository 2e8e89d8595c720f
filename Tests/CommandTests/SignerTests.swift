import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// `--signer-command`: another program keeps the key.
@Suite(
  .enabled(
    if: fileExists("/usr/bin/openssl") && fileExists("/usr/bin/python3"),
    "the example signer needs python3 and openssl"))
struct SignerTests {
  static func example() -> String {
    "/usr/bin/python3 " + repositoryRoot().pushing("Scripts/audit/example-signer").string
  }

  private static func append(
    _ place: Workplace, _ command: String, key: String = "signing.pem.vkey",
    environment: [String: String] = [:]
  ) throws -> CommandRun {
    try place.medai(
      [
        "audit", "append", "--type", "external.access", "--json", "-", "--audit-log", "log",
        "--signer-command", command, "--signer-public-key", key,
      ], input: Array((AppendTests.access + "\n" + AppendTests.access).utf8),
      environment: environment)
  }

  @Test func theExampleSignsALog() throws {
    try Workplace.with { place in
      _ = try place.signing()
      let command = Self.example() + " " + place.path("signing.pem").string
      #expect(try AppendTests.acknowledged(Self.append(place, command).ends(0)) == [1, 2])
      #expect(try AppendTests.acknowledged(Self.append(place, command).ends(0)) == [3, 4])
      try AppendTests.expectIntact(place, entries: 5)
      // The same log by the key itself, and by settings instead of flags.
      try RotateTests.append(place, key: "signing.pem").ends(0)
      try place.write("r.ndjson", Exam.results(3, of: 4))
      try place.write(
        "medai.yaml",
        "signer-command: \(command)\nsigner-public-key: signing.pem.vkey\naudit-log: log\n")
      try place.medai("exam", "validate", "r.ndjson", "--config", "medai.yaml").ends(0)
      // A flag is stronger than the file.
      try place.medai(
        "exam", "validate", "r.ndjson", "--config", "medai.yaml", "--signing-key", "none.pem"
      ).ends(66)
      try AppendTests.expectIntact(place, entries: 7)
      // The commands around the log take the same options.
      let signer = [
        "--audit-log", "log", "--signer-command", command, "--signer-public-key",
        "signing.pem.vkey",
      ]
      try place.medai(["audit", "timestamp", "--request", "q.tsq"] + signer).ends(0)
      try place.medai(["audit", "seal", "--output-note", "n.note"] + signer).ends(0)
      try place.medai(["audit", "witness", "export", "--output", "w.request"] + signer).ends(0)
      try place.medai(["audit", "replay", "0", "--record"] + signer).ends(2)
      try place.medai("key", "new", "vault", "--output", "vault.key").ends(0)
      let vault = ["--vault", "vault.db", "--vault-key", "vault.key"]
      try place.write("n.txt", "기침\n")
      try place.medai(["deid", "n.txt", "--output", "out"] + vault + signer).ends(0)
      try place.medai(
        ["audit", "redact", "9", "--reason", "error", "--basis", "b"] + vault + signer
      ).ends(0)
      try AppendTests.expectIntact(place, entries: 12)
      try place.medai("doctor", "--config", "medai.yaml").says()
    }
  }

  @Test func aSealedKeyIsOpenedByTheSignerAlone() throws {
    try Workplace.with { place in
      try place.write("pass", "correct horse\n")
      try place.setMode("pass", 0o600)
      try place.medai(
        "key", "new", "signing", "--output", "signing.pem", "--passphrase-file", "pass"
      ).ends(0)
      let key = place.path("signing.pem").string
      let command = Self.example() + " \(key) \(place.path("pass").string)"
      try Self.append(place, command).ends(0)
      try AppendTests.expectIntact(place, entries: 3)
    }
  }

  @Test func aLogMovesToASignerAndBack() throws {
    try Workplace.with { place in
      try RotateTests.makeLog(place)
      try place.medai("key", "new", "signing", "--output", "token.pem", "--no-passphrase").ends(0)
      let command = Self.example() + " " + place.path("token.pem").string
      let log = ["--audit-log", "log", "--reason", "scheduled"]
      try place.medai(
        ["key", "rotate", "--signing-key", "signing.pem", "--new", "token.pem.vkey"]
          + ["--new-signer-command", command] + log
      ).ends(0)
      try RotateTests.append(place, key: "signing.pem").ends(4)
      try Self.append(place, command, key: "token.pem.vkey").ends(0)
      try place.medai(
        ["key", "rotate", "--signer-command", command, "--signer-public-key", "token.pem.vkey"]
          + ["--new", "third.pem", "--no-new-passphrase"] + log
      ).ends(0)
      try Self.append(place, command, key: "token.pem.vkey").ends(4)
      try RotateTests.append(place, key: "third.pem").ends(0)
      try AppendTests.expectIntact(place, entries: 7)
    }
  }

  /// What a program that is no good does, as a shell script, and how the job ends.
  @Test(
    arguments: [
      ("exit 0", 69, "ended"), ("cat", 69, "protocol"), ("echo", 69, "protocol"),
      ("read a; echo '{\"error\":\"token-locked\"}'", 69, "token-locked"),
      ("read a; echo '{\"error\":\"no such thing\"}'", 69, "protocol"),
      ("read a; echo '{\"signature\":\"AAAA\"}'", 69, "protocol"),
      ("read a; printf '{\"signature\":'", 69, "ended"),
      ("read a; head -c 9999 /dev/zero", 69, "protocol"),
      ("read a; echo '{\"error\":\"a\"}'; echo '{\"error\":\"a\"}'; sleep 1", 69, ""),
      ("read a; echo '{\"error\":\"a\",\"signature\":\"b\"}'", 69, "protocol"),
      ("read a; printf '{\"signature\":\"'; printf A%.0s $(seq 86); echo '==\"}'", 4, "public key"),
    ] as [(String, Int32, String)])
  func aProgramThatDoesNotSignStopsTheJob(script: String, status: Int32, words: String) throws {
    try Workplace.with { place in
      try RotateTests.makeLog(place)
      try place.write("signer", "#!/bin/sh\n\(script)\n")
      try place.setMode("signer", 0o755)
      let database = try place.read("log/log.db")
      let run = try Self.append(place, place.path("signer").string).ends(status).says(words)
      #expect(run.output.isEmpty)
      #expect(try place.read("log/log.db") == database)
      try AppendTests.expectIntact(place, entries: 2)
    }
  }

  @Test func settingsThatCannotWork() throws {
    try Workplace.with { place in
      _ = try place.signing()
      try place.leavesNothing {
        try Self.append(place, "signer").ends(78).says("absolute")
        try Self.append(place, " ").ends(78)
        try Self.append(place, "/none/signer").ends(69)
        try Self.append(place, "/bin/cat", key: "none.vkey").ends(66)
        let words = ["audit", "append", "--type", "review", "--json", "-", "--audit-log", "log"]
        try place.medai(words + ["--signer-command", "/bin/cat"]).ends(78)
          .says("--signer-public-key")
        try place.medai(
          words + ["--signer-command", "/bin/cat", "--signing-key", "signing.pem"]
        ).ends(64)
      }
    }
  }

  @Test func theSignerGetsNoSecretOfTheEnvironment() throws {
    try Workplace.with { place in
      _ = try place.signing()
      try place.write("signer", "#!/bin/sh\nenv > \"$0.env\"\n")
      try place.setMode("signer", 0o755)
      try Self.append(
        place, place.path("signer").string,
        environment: ["MEDAI_SIGNING_PASSPHRASE": "horse", "OTHER": "x", "HOME": "/nowhere"]
      ).ends(69)
      let text = String(decoding: try place.read("signer.env"), as: UTF8.self)
      #expect(text.contains("HOME=/nowhere") && !text.contains("horse") && !text.contains("OTHER"))
    }
  }
}
