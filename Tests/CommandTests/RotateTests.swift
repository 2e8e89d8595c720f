import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// `medai key rotate`: the log goes over to another key, and nobody has to believe it.
@Suite struct RotateTests {
  /// Makes a log of two entries.
  static func makeLog(_ place: Workplace) throws {
    try append(place, key: "signing.pem").ends(0)
  }

  static func append(_ place: Workplace, key: String) throws -> CommandRun {
    _ = try place.signing()
    return try place.medai(
      [
        "audit", "append", "--type", "external.access", "--json", "-", "--audit-log", "log",
        "--signing-key", key,
      ], input: Array(AppendTests.access.utf8))
  }

  static let rotate = [
    "key", "rotate", "--audit-log", "log", "--signing-key", "signing.pem", "--new", "next.pem",
    "--reason", "scheduled",
  ]

  private static func verify(_ place: Workplace, _ key: String) throws -> JSONValue {
    try place.medai("audit", "verify", "--audit-log", "log", "--public-key", key, "--json")
      .ends(0).json()
  }

  @Test func theNewKeySignsAndTheOldOneIsDone() throws {
    try Workplace.with { place in
      try Self.makeLog(place)
      let old = try place.read("signing.pem")
      let run = try place.medai(Self.rotate + ["--no-new-passphrase"]).ends(0)
      run.says("next.pem.vkey", "medai audit checkpoint")
      #expect(try place.read("next.pem.vkey") == run.output)
      #expect(run.text.hasPrefix("medai.local/audit+"))
      #expect(try place.read("signing.pem") == old)
      #expect(try fileStatus(place.path("next.pem")).mode == 0o600)
      let checkpoint = try place.medai("audit", "checkpoint", "--audit-log", "log").ends(0)
      #expect(
        checkpoint.text.split(separator: "\n").filter { $0.hasPrefix("\u{2014} ") }.count == 2)
      // The head still bears the old key's signature, and yet that key is done.
      try Self.append(place, key: "signing.pem").ends(4)
      try Self.append(place, key: "next.pem").ends(0)
      try Self.append(place, key: "signing.pem").ends(4)
      for key in ["signing.pem.vkey", "next.pem.vkey"] {
        let found = try Self.verify(place, key)
        #expect(found["verdict"]?.string == "intact")
        #expect(found["entries"]?.int == 4)
      }
      let text = try place.medai(
        "audit", "verify", "--audit-log", "log", "--public-key", "signing.pem.vkey")
      #expect(text.ends(0).text.contains("trust-by-rotation"))
    }
  }

  @Test func anInterruptedRotationIsFinished() throws {
    try Workplace.with { place in
      try Self.makeLog(place)
      // Stopped after the new key was written: the log goes on under the old one.
      try place.medai("key", "new", "signing", "--output", "next.pem", "--no-passphrase").ends(0)
      let line = try place.read("next.pem.vkey")
      try Self.append(place, key: "signing.pem").ends(0)
      // Or before its verifier line was.
      try removeFile(place.path("next.pem.vkey"))
      let run = try place.medai(Self.rotate).ends(0)
      #expect(run.output == line)
      #expect(try place.read("next.pem.vkey") == line)
      // Stopped before it could say so.
      let database = try place.read("log/log.db")
      let again = try place.medai(Self.rotate).ends(0)
      #expect(again.output == line)
      again.says("already")
      #expect(try place.read("log/log.db") == database)
      try Self.append(place, key: "next.pem").ends(0)
      try place.medai(Self.rotate).ends(0).says("already")
    }
  }

  @Test func whatIsRefusedChangesNothing() throws {
    try Workplace.with { place in
      try Self.makeLog(place)
      for (name, origin) in [("elsewhere", "other/log"), ("stranger", "medai.local/audit")] {
        try place.medai(
          "key", "new", "signing", "--output", "\(name).pem", "--name", origin, "--no-passphrase"
        ).ends(0)
      }
      try place.write("lost.pem.vkey", "kept\n")
      try place.run("/bin/cp", ["stranger.pem", "open.pem"]).ends(0)
      try place.setMode("open.pem", 0o644)
      func rotate(_ new: String, _ more: String..., key: String = "signing.pem") throws
        -> CommandRun
      {
        try place.medai(
          ["key", "rotate", "--audit-log", "log", "--signing-key", key, "--new", new] + more)
      }
      let database = try place.read("log/log.db")
      try place.leavesNothing {
        try rotate("next.pem", "--reason", "scheduled").ends(64).says("--new-passphrase-file")
        try rotate("next.pem", "--reason", "whim", "--no-new-passphrase").ends(64)
        try rotate(
          "next.pem", "--reason", "staff", "--name", "other/log", "--no-new-passphrase"
        ).ends(64)
        try rotate("signing.pem", "--reason", "staff").ends(64)
        try rotate("elsewhere.pem", "--reason", "staff").ends(64)
        try rotate("open.pem", "--reason", "staff").ends(77)
        try rotate("lost.pem", "--reason", "staff", "--no-new-passphrase").ends(73)
        try rotate(
          "next.pem", "--reason", "staff", "--no-new-passphrase", "--trusted-through", "3"
        ).ends(64).says("2")
        // A key that does not sign this log cannot hand it on, and leaves no new key about.
        try rotate("next.pem", "--reason", "staff", "--no-new-passphrase", key: "stranger.pem")
          .ends(4)
        try place.medai(
          "key", "rotate", "--audit-log", "nowhere", "--signing-key", "signing.pem", "--new",
          "next.pem", "--reason", "staff", "--no-new-passphrase"
        ).ends(66)
        try place.medai("key", "rotate", "--new", "n", "--reason", "staff", "--audit-log", "log")
          .ends(78)
      }
      #expect(try place.read("log/log.db") == database)
    }
  }

  @Test func aReplacedKeyDoesNotComeBack() throws {
    try Workplace.with { place in
      try Self.makeLog(place)
      let rotate = ["key", "rotate", "--audit-log", "log", "--no-new-passphrase", "--reason"]
      try place.medai(
        rotate + ["compromise", "--signing-key", "signing.pem", "--new", "next.pem"]
      ).ends(0)
      let database = try place.read("log/log.db")
      try place.medai(
        rotate + ["scheduled", "--signing-key", "next.pem", "--new", "signing.pem"]
      ).ends(64).says("does not come back")
      #expect(try place.read("log/log.db") == database)
    }
  }

  @Test func aStolenKeyIsNamedWithTheSizeItIsBelievedTo() throws {
    try Workplace.with { place in
      try Self.makeLog(place)
      let run = try place.medai(
        "key", "rotate", "--audit-log", "log", "--signing-key", "signing.pem", "--new",
        "next.pem", "--no-new-passphrase", "--reason", "compromise", "--trusted-through", "1"
      ).ends(0)
      run.says("--against")
      let log = try place.read("log/log.db")
      #expect(contains(log, Array("\"reason\":\"compromise\",\"trusted_through\":1".utf8)))
      #expect(try Self.verify(place, "next.pem.vkey")["verdict"]?.string == "intact")
      // A stolen key cannot vouch for the one after it.
      try place.medai(
        "audit", "verify", "--audit-log", "log", "--public-key", "signing.pem.vkey"
      ).ends(4)
    }
  }

  @Test func bothKeysMayHavePassphrases() throws {
    try Workplace.with { place in
      for name in ["old", "new"] {
        try place.write(name, "passphrase of the \(name) key\n")
        try place.setMode(name, 0o600)
      }
      try place.medai(
        "key", "new", "signing", "--output", "signing.pem", "--passphrase-file", "old"
      ).ends(0)
      let append = [
        "audit", "append", "--type", "external.access", "--json", "-", "--audit-log", "log",
      ]
      let event = Array(AppendTests.access.utf8)
      try place.medai(
        append + ["--signing-key", "signing.pem", "--signing-passphrase-file", "old"], input: event
      ).ends(0)
      // One by descriptor, the other by file, and the other way round.
      let program = try #require(Workplace.program).string
      let words = ["-c", "\"$0\" \"$@\" 5<old 6<new", program] + Self.rotate
      try place.run(
        "/bin/sh", words + ["--signing-passphrase-fd", "5", "--new-passphrase-fd", "5"]
      ).ends(64)
      #expect(!place.has("next.pem"))
      try place.run(
        "/bin/sh", words + ["--signing-passphrase-fd", "5", "--new-passphrase-fd", "6"]
      ).ends(0)
      let sealed = try place.read("next.pem")
      #expect(contains(sealed, Array("ENCRYPTED PRIVATE KEY".utf8)))
      try place.medai(
        append + ["--signing-key", "next.pem", "--signing-passphrase-file", "new"], input: event
      ).ends(0)
      try place.medai(
        append + ["--signing-key", "next.pem", "--signing-passphrase-file", "old"], input: event
      ).ends(4)
    }
  }
}
