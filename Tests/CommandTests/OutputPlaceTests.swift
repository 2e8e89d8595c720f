import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// Where outputs of `audit` may not go, and what stands where a file or folder should be.
@Suite struct OutputPlaceTests {
  /// A log of one entry beside its opening.
  private static func makeLog(_ place: Workplace) throws {
    try place.write("r.ndjson", Exam.results(1, of: 5))
    try place.medai(["exam", "validate", "r.ndjson"] + place.signing()).ends(0)
  }

  private static func contents(_ place: Workplace) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in try place.files() where isRegularFile(place.path(name)) {
      files[name] = try place.read(name)
    }
    return files
  }

  @Test func outputsReplaceNoKeyAndNoFileOfTheLog() throws {
    try Workplace.with { place in
      try Self.makeLog(place)
      try place.medai("key", "new", "signing", "--output", "other.pem", "--no-passphrase").ends(0)
      try place.medai("key", "new", "vault", "--output", "vault.key").ends(0)
      try place.medai("key", "new", "pseudonym", "--output", "pseudonym.key").ends(0)
      try place.write("foreign.pem", "# a note\n-----BEGIN EC PRIVATE KEY-----\r\nAAAA\n")
      try createFolder(place.path("log/anchors"))
      try place.link("way", to: "log")
      try place.link("way.pem", to: "other.pem")
      let before = try Self.contents(place)
      let outputs = [
        "other.pem", "vault.key", "pseudonym.key", "foreign.pem", "way.pem", "log/log.db",
        "log/checkpoint", "log/log.db-wal", "log/anchors/0.note", "way/checkpoint",
        "./log/../log/log.db-shm", place.path("log/log.db-journal").string,
      ]
      for output in outputs {
        for command in [
          ["prove", "0", "--output"], ["seal", "--output-note"], ["timestamp", "--request"],
          ["witness", "export", "--output"],
        ] {
          let signing = command.first == "prove" ? ["--audit-log", "log"] : try place.signing()
          try place.medai(["audit"] + command + [output] + signing).ends(64)
        }
      }
      #expect(try Self.contents(place) == before)
      // What merely stands there is replaced as before.
      try place.write("proof", "old")
      try place.medai("audit", "prove", "0", "--output", "proof", "--audit-log", "log").ends(0)
      #expect(contains(try place.read("proof"), Array("c2sp.org/tlog-proof".utf8)))
    }
  }

  @Test(arguments: ["log.db-shm", "log.db-wal", "log.db-journal"], ["pipe", "folder"])
  func whatIsNoFileBesideTheDatabaseIsNotWaitedFor(name: String, kind: String) throws {
    try Workplace.with { place in
      try Self.makeLog(place)
      if kind == "pipe" {
        try place.run("/usr/bin/mkfifo", ["log/\(name)"]).ends(0)
      } else {
        try createFolder(place.path("log/\(name)"))
      }
      let log = ["--audit-log", "log"]
      try place.medai(["audit", "verify"] + log).ends(65).says("not a file")
      try place.medai(["audit", "prove", "0", "--output", "proof"] + log).ends(65)
      try place.medai(["audit", "drill"] + log).ends(65)
      try place.medai(["exam", "validate", "r.ndjson"] + place.signing()).ends(65)
    }
  }

  @Test func anchorsThatAreNoFolderAreSaidToBe() throws {
    try Workplace.with { place in
      try Self.makeLog(place)
      try place.write("log/anchors", "what is this")
      let before = try Self.contents(place)
      let log = ["--audit-log", "log"]
      try place.medai(["audit", "verify"] + log).ends(65).says("log/anchors is not a folder")
      try place.medai(["audit", "export", "--output", "pack"] + log).ends(65)
        .says("log/anchors is not a folder")
      try place.medai(["audit", "timestamp", "--request", "r.tsq"] + place.signing()).ends(65)
        .says("log/anchors is not a folder")
      #expect(try Self.contents(place) == before)
      try removeFile(place.path("log/anchors"))
      try place.medai(["audit", "verify", "--anchors", "r.ndjson"] + log).ends(65)
        .says("r.ndjson is not a folder")
    }
  }

  /// The bytes that are no text would become the replacement character, and that another folder.
  @Test(arguments: ["ko", "en"]) func pathsThatAreNoTextAreRefused(language: String) throws {
    try Workplace.with { place in
      let program = try #require(Workplace.program).string
      _ = try place.signing()
      let commands = [
        #"exec "$0" exam validate r.ndjson --signing-key signing.pem --audit-log "$(printf 'l\377')""#,
        #"MEDAI_AUDIT_LOG="$(printf 'l\377')" exec "$0" exam validate r.ndjson "#
          + "--signing-key signing.pem",
        #"exec "$0" audit checkpoint "--audit-log=$(printf '\355\240\200')""#,
      ]
      try place.write("r.ndjson", Exam.results(1, of: 5))
      try place.leavesNothing {
        for command in commands {
          try place.run(
            "/bin/sh", ["-c", command, program], environment: ["MEDAI_LANG": language]
          ).ends(64).says("UTF-8")
        }
      }
      // The replacement character itself is a name like any other.
      try place.medai(
        "exam", "validate", "r.ndjson", "--signing-key", "signing.pem", "--audit-log", "l\u{FFFD}"
      ).ends(0)
    }
  }
}
