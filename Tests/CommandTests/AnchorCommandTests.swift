import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

private let openssl: FilePath = "/usr/bin/openssl"
private let hasOpenSSL = fileExists(openssl)

/// `medai audit timestamp`, `seal`, `witness`, with the openssl command as authority and judge.
@Suite struct AnchorCommandTests {
  /// A place with a log, a signing key, and the golden certificates and keys.
  private static func with(_ body: (Workplace, [String]) throws -> Void) throws {
    try Workplace.with { place in
      let signing = try place.signing()
      try extend(place)
      let golden = repositoryRoot().pushing("Tests/AuditingTests/Golden/anchors")
      for name in try folderEntries(golden) where !name.hasSuffix(".sh") {
        try place.write(name, readFile(golden.appending(name)))
        if name.hasSuffix(".key") { try place.setMode(name, 0o600) }
      }
      try place.write(
        "ts.cnf",
        """
        [ts]
        default_tsa = stamper
        [stamper]
        serial = serial
        signer_digest = sha256
        default_policy = 1.2.3.4
        digests = sha256
        ess_cert_id_alg = sha256

        """)
      try body(place, signing)
    }
  }

  /// Appends an entry to the log.
  private static func extend(_ place: Workplace) throws {
    try place.write("r.ndjson", Exam.results(1, of: 5))
    try place.medai(["exam", "validate", "r.ndjson"] + place.signing()).ends(0)
  }

  private static let verify = [
    "audit", "verify", "--audit-log", "log", "--public-key", "signing.pem.vkey", "--json",
  ]

  private static func size(_ place: Workplace) throws -> Int {
    try #require(place.medai(verify).json()["entries"]?.int)
  }

  @Test("A time stamp goes out and comes back", .enabled(if: hasOpenSSL, "needs openssl"))
  func timestamp() throws {
    try Self.with { place, signing in
      let size = try Self.size(place)
      let stamp = ["audit", "timestamp"]
      let asked = try place.medai(stamp + ["--request", "q.tsq"] + signing).ends(0).json()
      #expect(asked["size"]?.int == size)
      // The same head gives the same request.
      try place.medai(stamp + ["--request", "q2.tsq"] + signing).ends(0)
      #expect(try place.read("q.tsq") == place.read("q2.tsq"))
      let shown = try place.run(openssl, ["ts", "-query", "-in", "q.tsq", "-text"]).ends(0).text
      #expect(
        shown.contains("Hash Algorithm: sha256") && shown.contains("Certificate required: yes"))
      func reply(_ query: String, _ output: String) throws {
        try place.run(
          openssl,
          [
            "ts", "-reply", "-config", "ts.cnf", "-section", "stamper", "-queryfile", query,
            "-signer", "tsa.pem", "-inkey", "tsa.key", "-out", output,
          ]
        ).ends(0)
      }
      try reply("q.tsq", "a.tsr")
      let answer = stamp + ["--tsa-ca", "root.pem"] + signing + ["--response"]
      let before = try place.files()
      try place.medai(stamp + ["--tsa-ca", "other.pem"] + signing + ["--response", "a.tsr"]).ends(4)
      try place.medai(answer + ["good.tsr"]).ends(3).says("answers no request")
      try place.medai(answer + ["refused.tsr"]).ends(3).says("did not grant")
      try place.medai(answer + ["q.tsq"]).ends(65).says("q.tsq")
      try place.medai(answer + ["none.tsr"]).ends(66)
      try place.medai(stamp + ["--tsa-ca", "a.tsr"] + signing + ["--response", "a.tsr"]).ends(65)
      #expect(try place.files() == before)
      #expect(try Self.size(place) == size)

      let done = try place.medai(answer + ["a.tsr"]).ends(0).says("1.2.3.4").json()
      #expect(done["entry"]?.int == size && done["kind"]?.string == "rfc3161")
      try place.medai(answer + ["a.tsr"]).ends(0).says("recorded before")
      #expect(try Self.size(place) == size + 1)
      try place.run(
        openssl,
        [
          "ts", "-verify", "-data", "log/anchors/\(size).note", "-in", "log/anchors/\(size).tsr",
          "-CAfile", "root.pem",
        ]
      ).ends(0)

      let trusted = Self.verify + ["--tsa-ca", "root.pem", "--require-anchored"]
      let found = try place.medai(trusted).ends(0).json()
      #expect(found["verdict"]?.string == "intact")
      #expect(found["anchored_through"]?.int == size)
      #expect(found["stamped"]?["size"]?.int == size)
      for language in ["ko", "en"] {
        let text = try place.medai(
          trusted.filter { $0 != "--json" } + ["--lang", language]
        ).ends(0).text
        #expect(text.contains("+ \(size).tsr") && text.contains("\(size)"))
      }
      try place.medai(Self.verify + ["--require-anchored"]).ends(5)
      let untrusted = try place.medai(Self.verify + ["--tsa-ca", "other.pem"]).ends(0).json()
      #expect(untrusted["anchored_through"]?.int == 0)
      #expect(untrusted["anchors"]?.array?.first?["state"]?.string == "untrusted")
      try Self.extend(place)
      try place.medai(trusted).ends(5)
      // A changed note spoils all evidence about it.
      var note = try place.read("log/anchors/\(size).note")
      note[note.count - 10] ^= 1
      try place.write("log/anchors/\(size).note", note)
      let spoiled = try place.medai(trusted).ends(3).json()
      #expect(spoiled["verdict"]?.string == "tampered")
    }
  }

  @Test("A restored older log is caught by evidence", .enabled(if: hasOpenSSL, "needs openssl"))
  func rollback() throws {
    try Self.with { place, signing in
      try place.run("/bin/cp", ["-r", "log", "old"]).ends(0)
      try Self.extend(place)
      try place.medai(
        ["audit", "seal", "--certificate", "seal.pem", "--key", "seal.key"] + signing
      ).ends(0).says("not checked")
      let words = [
        "audit", "verify", "--audit-log", "old", "--public-key", "signing.pem.vkey", "--json",
        "--seal-ca", "root.pem",
      ]
      #expect(try place.medai(words).ends(0).json()["verdict"]?.string == "intact")
      let found = try place.medai(words + ["--anchors", "log/anchors"]).ends(3).json()
      #expect(found["verdict"]?.string == "rolled-back-or-forked")
      try place.medai(words + ["--anchors", "none"]).ends(66)
    }
  }

  @Test("Seals are made and checked", .enabled(if: hasOpenSSL, "needs openssl"))
  func seals() throws {
    try Self.with { place, signing in
      let seal = ["audit", "seal"] + signing
      func made(_ name: String, _ rest: [String] = []) -> [String] {
        seal + ["--certificate", name + ".pem", "--key", name + ".key"] + rest
      }
      try place.medai(made("seal-ed")).ends(4).says("Ed25519")
      try place.medai(made("seal-cipher")).ends(4).says("another use")
      try place.medai(seal + ["--certificate", "seal.pem", "--key", "seal-ec.key"]).ends(4)
      try place.medai(made("seal", ["--seal-ca", "other.pem"])).ends(4)
      try place.setMode("seal.key", 0o644)
      try place.medai(made("seal")).ends(77)
      try place.setMode("seal.key", 0o600)

      for (name, chain) in [("seal", []), ("seal-ec", ["--chain", "middle.pem"])] {
        let size = try Self.size(place)
        let done = try place.medai(made(name, chain + ["--seal-ca", "root.pem"])).ends(0).json()
        #expect(done["size"]?.int == size && done["kind"]?.string == "cms")
        let cms = [
          "cms", "-verify", "-binary", "-inform", "DER", "-in", "log/anchors/\(size).p7s",
          "-content", "log/anchors/\(size).note", "-CAfile", "root.pem", "-purpose", "any",
        ]
        try place.run(openssl, cms + ["-cades"]).ends(0)
        let shown = try place.run(
          openssl, ["cms", "-cmsout", "-print", "-inform", "DER", "-in", cms[6]]
        ).ends(0).text
        #expect(shown.contains("signingCertificateV2") && shown.contains("eContent: <ABSENT>"))
      }
      let found = try place.medai(
        Self.verify + ["--seal-ca", "root.pem", "--require-anchored"]
      ).ends(0).json()
      #expect(found["anchors"]?.array?.map { $0["state"]?.string } == ["valid", "valid"])
      #expect(found["anchors"]?.array?.first?["time_basis"]?.string == "claimed")
    }
  }

  @Test("Seals of other software are taken", .enabled(if: hasOpenSSL, "needs openssl"))
  func foreignSeals() throws {
    try Self.with { place, signing in
      let seal = ["audit", "seal"] + signing
      let take = seal + ["--seal-ca", "root.pem", "--cms-in"]
      try place.medai(take + ["good.p7s"]).ends(66)
      try place.medai(seal + ["--output-note", "n"]).ends(0)
      func sign(_ output: String, _ rest: [String]) throws {
        try place.run(
          openssl,
          [
            "cms", "-sign", "-binary", "-in", "n", "-signer", "seal.pem", "-inkey", "seal.key",
            "-out", output,
          ] + rest
        ).ends(0)
      }
      try sign("sha1.p7s", ["-outform", "DER", "-md", "sha1"])
      try sign("attached.p7s", ["-outform", "DER", "-md", "sha256", "-nodetach"])
      try sign("s.pem", ["-outform", "PEM", "-md", "sha512"])
      try place.leavesNothing {
        try place.medai(take + ["good.p7s"]).ends(3)
        try place.medai(take + ["sha1.p7s"]).ends(4).says("SHA-256")
        try place.medai(take + ["attached.p7s"]).ends(3).says("detached")
        try place.medai(take + ["n"]).ends(65)
        try place.medai(seal + ["--seal-ca", "other.pem", "--cms-in", "s.pem"]).ends(4)
      }
      let size = try Self.size(place)
      // Without the CAdES attribute it is taken, and that is said.
      try place.medai(take + ["s.pem"]).ends(0).says("CAdES", "claimed time")
      #expect(
        try place.medai(Self.verify + ["--seal-ca", "root.pem"]).json()["anchored_through"]?.int
          == size)
    }
  }

  @Test func witness() throws {
    try Self.with { place, signing in
      try place.medai(
        "key", "new", "signing", "--output", "w.pem", "--no-passphrase", "--name",
        "witness.example/1"
      ).ends(0)
      let export = ["audit", "witness", "export"] + signing + ["--output"]
      func cosign(_ request: String, _ output: String) throws -> CommandRun {
        try place.medai(
          "audit", "witness", "cosign", request, "--state", "memory", "--signing-key", "w.pem",
          "--public-key", "signing.pem.vkey", "--output", output)
      }
      try place.run("/bin/cp", ["-r", "log", "fork"]).ends(0)
      try place.medai(export + ["q1"]).ends(0)
      let vkey = try cosign("q1", "c1").ends(0).text
      try place.write("w.vkey", vkey)
      let record = ["audit", "witness", "record"] + signing + ["--public-key", "w.vkey"]
      let first = try Self.size(place)
      #expect(try place.medai(record + ["c1"]).ends(0).json()["size"]?.int == first)
      try place.medai(record + ["c1"]).ends(0).says("recorded before")
      // A log's verifier line is no witness's, and the other way round.
      try place.medai(
        ["audit", "witness", "record", "c1", "--public-key", "signing.pem.vkey"] + signing
      ).ends(4)
      try place.medai("audit", "verify", "--audit-log", "log", "--public-key", "w.vkey").ends(4)

      // A file's name cannot add lines to the outcome.
      try place.write("log/anchors/\(first).x\u{1B}[2J\nanchored.cosig", place.read("c1"))
      let told = try place.medai(
        "audit", "verify", "--audit-log", "log", "--public-key", "signing.pem.vkey"
      ).ends(0).text
      #expect(!told.contains("\u{1B}") && !told.contains("\nanchored.cosig"))
      try removeFile(place.path("log/anchors/\(first).x\u{1B}[2J\nanchored.cosig"))

      try Self.extend(place)
      try place.medai(export + ["q2", "--public-key", "w.vkey"]).ends(0)
      #expect(String(decoding: try place.read("q2"), as: UTF8.self).hasPrefix("old \(first)\n"))
      try place.medai(export + ["q0"]).ends(0)
      try cosign("q0", "c0").ends(3).says("--old \(first)")
      #expect(!place.has("c0"))
      try cosign("q2", "c2").ends(0)
      try place.medai(record + ["c2"]).ends(0)
      try cosign("q1", "c0").ends(3).says("rolled back")

      // A fork of equal length or more, signed by the same key.
      for _ in 0..<8 {
        try place.medai(
          "exam", "validate", "r.ndjson", "--signing-key", "signing.pem", "--audit-log", "fork"
        ).ends(0)
      }
      let size = try Self.size(place) - 1
      try place.medai(
        "audit", "witness", "export", "--audit-log", "fork", "--signing-key", "signing.pem",
        "--output", "q3", "--old", "\(size)"
      ).ends(0)
      try cosign("q3", "c3").ends(3).says("does not lead")
      #expect(!place.has("c3"))
      #expect(try place.files(below: "memory").contains { $0.contains("conflict") })

      try place.write(
        "policy",
        """
        log \(String(decoding: try place.read("signing.pem.vkey"), as: UTF8.self))
        witness one \(vkey)
        quorum one

        """)
      let verify = ["audit", "verify", "--policy", "policy", "--json", "--audit-log"]
      let found = try place.medai(verify + ["log", "--require-anchored"]).ends(0).json()
      #expect(found["verdict"]?.string == "intact")
      #expect(found["anchored_through"]?.int == size)
      let forked = try place.medai(verify + ["fork", "--anchors", "log/anchors"]).ends(3).json()
      #expect(forked["verdict"]?.string == "rolled-back-or-forked")
      try place.write("policy", "quorum nobody\n")
      try place.medai(verify + ["log"]).ends(78)
    }
  }

  @Test func nothingIsMadeWithoutALogOrAKey() throws {
    try Workplace.with { place in
      let signing = try place.signing()
      try place.leavesNothing {
        for words in [
          ["audit", "timestamp", "--request", "q"], ["audit", "seal", "--output-note", "n"],
          ["audit", "witness", "export", "--output", "q"],
        ] {
          try place.medai(words + signing).ends(66).says("no audit log")
        }
      }
      try Self.extend(place)
      try place.medai("audit", "timestamp", "--request", "q", "--audit-log", "log").ends(78)
      #expect(!place.has("q"))
    }
  }
}
