import MedaiCore
import SystemPackage
import Testing

/// `medai key`: making keys, keeping them, refusing those that others may read.
@Suite struct KeyTests {
  @Test func signingKeyWithPassphraseGoesRoundTrip() throws {
    try Workplace.with { place in
      try place.write("pass", "correct horse 배터리\nsecond line\n")
      try place.setMode("pass", 0o600)
      let made = try place.medai(
        "key", "new", "signing", "--output", "keys/s.pem", "--name", "hospital.example/audit",
        "--passphrase-file", "pass"
      ).ends(0)
      #expect(made.text.hasPrefix("hospital.example/audit+"))
      #expect(try place.read("keys/s.pem.vkey") == made.output)
      #expect(try fileStatus(place.path("keys/s.pem")).mode == 0o600)
      #expect(try fileStatus(place.path("keys")).mode == 0o700)
      #expect(try contains(place.read("keys/s.pem"), Array("ENCRYPTED PRIVATE KEY".utf8)))

      let shown = try place.medai("key", "public", "keys/s.pem", "--passphrase-file", "pass")
      #expect(shown.ends(0).output == made.output)
      try place.medai("key", "public", "keys/s.pem").ends(4).says("passphrase")
      try place.write("wrong", "correct horse\n")
      try place.setMode("wrong", 0o600)
      try place.medai("key", "public", "keys/s.pem", "--passphrase-file", "wrong").ends(4)

      // The same key signs a log, with the passphrase from a flag or from the environment.
      try place.write("r.ndjson", Exam.results(3, of: 4))
      let validate = ["exam", "validate", "r.ndjson", "--signing-key", "keys/s.pem"]
      try place.medai(validate + ["--signing-passphrase-file", "pass"]).ends(0)
      try place.medai(validate, environment: ["MEDAI_SIGNING_PASSPHRASE_FILE": "pass"]).ends(0)
      try place.medai(validate + ["--signing-passphrase-file", "wrong"]).ends(4)
      let verified = try place.medai(
        "audit", "verify", "--public-key", "keys/s.pem.vkey", "--json"
      ).ends(0).json()
      #expect(verified["verdict"]?.string == "intact")
    }
  }

  @Test func plainKeyHasTheDefaultOrigin() throws {
    try Workplace.with { place in
      let made = try place.medai("key", "new", "signing", "--output", "s.pem", "--no-passphrase")
      #expect(made.ends(0).text.hasPrefix("medai.local/audit+"))
      #expect(try place.medai("key", "public", "s.pem").ends(0).output == made.output)
      #expect(try fileStatus(place.path("s.pem")).mode == 0o600)
    }
  }

  @Test(arguments: [["new", "signing", "--no-passphrase"], ["new", "pseudonym"]])
  func keyIsNeverOverwritten(words: [String]) throws {
    try Workplace.with { place in
      let command = ["key"] + words + ["--output", "k"]
      try place.medai(command).ends(0)
      let before = try place.read("k")
      try place.leavesNothing { try place.medai(command).ends(73).says("k exists already") }
      #expect(try place.read("k") == before)
    }
  }

  @Test func verifierLineOfALostKeyIsNotOverwritten() throws {
    try Workplace.with { place in
      try place.write("s.pem.vkey", "kept\n")
      try place.leavesNothing {
        try place.medai("key", "new", "signing", "--output", "s.pem", "--no-passphrase").ends(73)
      }
      #expect(try place.read("s.pem.vkey") == Array("kept\n".utf8))
    }
  }

  @Test(arguments: [0o640, 0o604, 0o620, 0o660, 0o666] as [UInt32])
  func keyThatOthersMayUseIsRefused(mode: UInt32) throws {
    try Workplace.with { place in
      let signing = try place.signing()
      try place.medai("key", "new", "pseudonym", "--output", "p.key").ends(0)
      try place.write("r.ndjson", Exam.results(1, of: 1))
      try place.write("n.txt", "no identifiers\n")
      try place.setMode("signing.pem", mode)
      try place.setMode("p.key", mode)
      try place.leavesNothing {
        try place.medai(["exam", "validate", "r.ndjson"] + signing).ends(77).says("chmod 600")
        try place.medai("key", "public", "signing.pem").ends(77).says("chmod 600")
        try place.medai("deid", "n.txt", "--output", "o", "--no-audit", "--key", "p.key")
          .ends(77).says("chmod 600")
      }
    }
  }

  @Test func passphraseThatOthersMayReadIsRefused() throws {
    try Workplace.with { place in
      try place.write("pass", "secret\n")
      try place.leavesNothing {
        try place.medai(
          "key", "new", "signing", "--output", "s.pem", "--passphrase-file", "pass"
        ).ends(77)
      }
    }
  }

  @Test func verifierLineOfAnotherKeyIsRefused() throws {
    try Workplace.with { place in
      let signing = try place.signing()
      let made = try place.medai("key", "new", "signing", "--output", "other", "--no-passphrase")
      try place.write("signing.pem.vkey", made.ends(0).output)
      try place.write("r.ndjson", Exam.results(1, of: 1))
      try place.leavesNothing {
        try place.medai("key", "public", "signing.pem").ends(78).says("signing.pem.vkey")
        try place.medai(["exam", "validate", "r.ndjson"] + signing).ends(78)
      }
      try place.write("signing.pem.vkey", "not a line\n")
      try place.medai(["exam", "validate", "r.ndjson"] + signing).ends(65).says("signing.pem.vkey")
    }
  }

  @Test func linkedKeyIsRefused() throws {
    try Workplace.with { place in
      _ = try place.signing()
      try place.link("linked.pem", to: "signing.pem")
      try place.medai("key", "public", "linked.pem").ends(77)
    }
  }

  @Test func missingAndMalformedKeys() throws {
    try Workplace.with { place in
      try place.write("r.ndjson", Exam.results(1, of: 1))
      try place.write("n.txt", "no identifiers\n")
      try place.write("bad.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
      try place.setMode("bad.pem", 0o600)
      try place.write("bad.key", "AAAA\n")
      try place.setMode("bad.key", 0o600)
      try place.leavesNothing {
        try place.medai("key", "public", "none.pem").ends(66).says("none.pem")
        try place.medai("exam", "validate", "r.ndjson", "--signing-key", "none.pem").ends(66)
        try place.medai("key", "public", "bad.pem").ends(4)
        try place.medai("exam", "validate", "r.ndjson", "--signing-key", "bad.pem").ends(4)
        try place.medai("deid", "n.txt", "--output", "o", "--no-audit", "--key", "none.key")
          .ends(66)
        try place.medai("deid", "n.txt", "--output", "o", "--no-audit", "--key", "bad.key")
          .ends(78).says("medai key new pseudonym")
      }
    }
  }

  @Test func withoutASigningKeyTheNextStepIsNamed() throws {
    try Workplace.with { place in
      try place.write("r.ndjson", Exam.results(1, of: 1))
      try place.write("o.ndjson", Exam.output)
      try place.write("n.txt", "no identifiers\n")
      let commands = [
        ["exam", "validate", "r.ndjson"], ["check", "o.ndjson"],
        ["deid", "n.txt", "--output", "o"],
        ["check", "o.ndjson", "--output", "c.txt"],
        ["exam", "validate", "r.ndjson", "--report", "r.html"],
      ]
      for command in commands {
        try place.leavesNothing {
          let run = try place.medai(command).ends(78)
          run.says("medai key new signing", "--signing-key", "--no-audit")
          #expect(run.output.isEmpty)
        }
      }
    }
  }

  @Test func goingWithoutTheLogIsSaid() throws {
    try Workplace.with { place in
      try place.write("r.ndjson", Exam.results(1, of: 1))
      let run = try place.medai("exam", "validate", "r.ndjson", "--no-audit").ends(0)
      run.says("--no-audit")
      #expect(try place.files() == ["r.ndjson"])
    }
  }
}
