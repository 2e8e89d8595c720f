import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// Where a passphrase may come from, and where it may not.
@Suite struct PassphraseTests {
  /// A key under a passphrase, which lies in `pass`.
  private static func prepare(_ place: Workplace) throws {
    try place.write("pass", "correct horse 배터리\n")
    try place.setMode("pass", 0o600)
    try place.medai(
      "key", "new", "signing", "--output", "s.pem", "--passphrase-file", "pass"
    ).ends(0)
  }

  private static func shell(
    _ place: Workplace, _ redirection: String, _ words: [String]
  ) throws -> CommandRun {
    let program = try #require(Workplace.program).string
    return try place.run("/bin/sh", ["-c", "\"$0\" \"$@\" " + redirection, program] + words)
  }

  @Test func anInheritedDescriptorIsRead() throws {
    try Workplace.with { place in
      try Self.prepare(place)
      let show = ["key", "public", "s.pem", "--passphrase-fd", "7"]
      let line = try place.read("s.pem.vkey")
      #expect(try Self.shell(place, "7<pass", show).ends(0).output == line)
      try Self.shell(place, "", show).ends(64).says("7")
      try Self.shell(place, "7</dev/null", show).ends(78)
      try Self.shell(place, "7>other", show).ends(64)
      for number in ["0", "1", "2", "-1", "99999", "x"] {
        try place.medai("key", "public", "s.pem", "--passphrase-fd", number).ends(64)
      }
      try place.medai(
        "key", "public", "s.pem", "--passphrase-fd", "7", "--passphrase-file", "pass"
      ).ends(64)
      // The same for the key that signs the log.
      try place.write("r.ndjson", Exam.results(3, of: 4))
      let validate = ["exam", "validate", "r.ndjson", "--signing-key", "s.pem"]
      try Self.shell(place, "9<pass", validate + ["--signing-passphrase-fd", "9"]).ends(0)
      try place.medai(
        validate + ["--signing-passphrase-fd", "9", "--signing-passphrase-file", "pass"]
      ).ends(64)
      try place.medai(validate + ["--signing-passphrase-fd", "1"]).ends(64)
      // A new key may be told its passphrase in the same way.
      try Self.shell(
        place, "3<pass", ["key", "new", "signing", "--output", "t.pem", "--passphrase-fd", "3"]
      ).ends(0)
      try place.medai("key", "public", "t.pem", "--passphrase-file", "pass").ends(0)
    }
  }

  @Test func systemdCredentialsAreFoundByThemselves() throws {
    try Workplace.with { place in
      try Self.prepare(place)
      try place.write("creds/medai-signing-passphrase", place.read("pass"))
      try place.setMode("creds/medai-signing-passphrase", 0o400)
      let environment = ["CREDENTIALS_DIRECTORY": place.path("creds").string]
      let line = try place.read("s.pem.vkey")
      let show = ["key", "public", "s.pem"]
      #expect(try place.medai(show, environment: environment).ends(0).output == line)
      try place.write("r.ndjson", Exam.results(3, of: 4))
      let validate = ["exam", "validate", "r.ndjson", "--signing-key", "s.pem"]
      try place.medai(validate, environment: environment).ends(0)
      try place.medai(
        ["key", "new", "signing", "--output", "t.pem"], environment: environment
      ).ends(0)
      #expect(try contains(place.read("t.pem"), Array("ENCRYPTED".utf8)))
      // An access list's mask shows as group bits; anything for others is refused.
      for (mode, status) in [(0o440, 0), (0o404, 77), (0o460, 77)] as [(UInt32, Int32)] {
        try place.setMode("creds/medai-signing-passphrase", mode)
        try place.medai(show, environment: environment).ends(status)
      }
      // Another credential of that folder is nothing to this program.
      try removeFile(place.path("creds/medai-signing-passphrase"))
      try place.medai(show, environment: environment).ends(4)
    }
  }

  @Test func theEnvironmentComesWithAWarning() throws {
    try Workplace.with { place in
      try Self.prepare(place)
      let environment = ["MEDAI_SIGNING_PASSPHRASE": "correct horse 배터리"]
      let run = try place.medai(["key", "public", "s.pem"], environment: environment).ends(0)
      run.says("warning", "MEDAI_SIGNING_PASSPHRASE")
      #expect(!run.said.contains("horse"))
      // A file that is named counts more, and then nothing is said.
      let named = try place.medai(
        ["key", "public", "s.pem", "--passphrase-file", "pass"],
        environment: ["MEDAI_SIGNING_PASSPHRASE": "wrong"])
      #expect(named.ends(0).messages.isEmpty)
      try place.medai(
        ["key", "public", "s.pem"], environment: ["MEDAI_SIGNING_PASSPHRASE": "wrong"]
      ).ends(4)
      let shown = try place.medai(["config", "show", "--json"], environment: environment).ends(0)
      #expect(!contains(shown.output, Array("horse".utf8)))
    }
  }

  @Test func theCommandLineTakesNone() throws {
    try Workplace.with { place in
      try Self.prepare(place)
      for option in ["--passphrase", "--signing-passphrase", "--password"] {
        try place.medai("key", "public", "s.pem", option, "correct horse 배터리").ends(64)
      }
    }
  }

  @Test(
    "Keys that the openssl command seals are read, and it reads ours",
    .enabled(if: fileExists("/usr/bin/openssl"), "keys are made with openssl"),
    arguments: [
      ["-v2", "aes-256-cbc"], ["-scrypt"], ["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA512"],
    ])
  func keysOfOpenSSL(scheme: [String]) throws {
    try Workplace.with { place in
      try Self.prepare(place)
      let openssl: FilePath = "/usr/bin/openssl"
      try place.run(openssl, ["genpkey", "-algorithm", "ed25519", "-out", "plain.pem"]).ends(0)
      try place.run(
        openssl,
        ["pkcs8", "-topk8", "-in", "plain.pem", "-out", "sealed.pem", "-passout", "file:pass"]
          + scheme
      ).ends(0)
      for name in ["plain.pem", "sealed.pem"] { try place.setMode(name, 0o600) }
      let line = try place.medai("key", "public", "plain.pem").ends(0).output
      let sealed = try place.medai("key", "public", "sealed.pem", "--passphrase-file", "pass")
      #expect(sealed.ends(0).output == line)
      try place.medai("key", "public", "sealed.pem").ends(4)
      try place.run(
        openssl, ["pkey", "-in", "s.pem", "-passin", "file:pass", "-noout", "-text"]
      ).ends(0)
    }
  }
}
