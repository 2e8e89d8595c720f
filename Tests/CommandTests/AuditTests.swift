import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// `medai audit verify`, `checkpoint`, `prove`: the verdicts on good, copied and damaged logs.
@Suite struct AuditTests {
  /// Makes a log of four entries and keeps the checkpoint after the second.
  private static func makeLog(_ place: Workplace) throws {
    let signing = try place.signing()
    for number in 1...4 {
      try place.write("r.ndjson", Exam.results(number, of: 5))
      try place.medai(["exam", "validate", "r.ndjson"] + signing).ends(0)
      if number == 2 {
        try place.write("older", try place.medai(checkpoint).ends(0).output)
        try place.run("/bin/cp", ["-r", "log", "old-log"]).ends(0)
      }
    }
    try place.write("newer", try place.medai(checkpoint).ends(0).output)
  }

  private static let checkpoint = ["audit", "checkpoint", "--audit-log", "log"]
  private static let verify = ["audit", "verify", "--audit-log", "log"]
  private static let trusted = ["--public-key", "signing.pem.vkey"]

  /// Expects one verdict, in JSON and as text, in both languages.
  private static func expect(
    _ verdict: String, _ status: Int32, _ words: [String], _ place: Workplace,
    at source: SourceLocation = #_sourceLocation
  ) throws {
    let run = try place.medai(words + ["--json"]).ends(status, at: source)
    #expect(try run.json()["verdict"]?.string == verdict, sourceLocation: source)
    for language in ["ko", "en"] {
      let text = try place.medai(words + ["--lang", language]).ends(status, at: source).text
      #expect(text.contains(language == "ko" ? "보증이 끝나는 곳" : "where the guarantee ends"))
    }
  }

  @Test func intactLog() throws {
    try Workplace.with { place in
      try Self.makeLog(place)
      let before = try place.files(below: "log").map { try place.read("log/" + $0) }
      try Self.expect("intact", 0, Self.verify + Self.trusted, place)
      let found = try place.medai(Self.verify + Self.trusted + ["--json"]).json()
      let size = try #require(found["entries"]?.int)
      #expect(size >= 4)
      #expect(found["checkpoint"]?["size"]?.int == size)
      #expect(found["checkpoint"]?["root"]?.string != nil)
      #expect(found["problems"]?.array?.isEmpty == true)
      #expect(try place.files(below: "log").map { try place.read("log/" + $0) } == before)
    }
  }

  @Test func keysThatAreMissingOrOthers() throws {
    try Workplace.with { place in
      try Self.makeLog(place)
      try place.medai("key", "new", "signing", "--output", "other.pem", "--no-passphrase").ends(0)
      try Self.expect("self-consistent", 4, Self.verify, place)
      try Self.expect(
        "untrusted-key", 4, Self.verify + ["--public-key", "other.pem.vkey"], place)
      // The other key may not append either.
      try place.medai(
        "exam", "validate", "r.ndjson", "--audit-log", "log", "--signing-key", "other.pem"
      ).ends(4).says("nothing was appended")
      try Self.expect("intact", 0, Self.verify + Self.trusted, place)
    }
  }

  @Test(
    "A malformed verifier line is refused",
    arguments: ["", "medai.local/audit", "medai.local/audit+00000000+AAAA", "\u{0}\u{1}"])
  func malformedVerifierLine(line: String) throws {
    try Workplace.with { place in
      try Self.makeLog(place)
      try place.write("bad.vkey", line)
      try place.medai(Self.verify + ["--public-key", "bad.vkey"]).ends(65).says("bad.vkey")
    }
  }

  @Test func keptCheckpoints() throws {
    try Workplace.with { place in
      try Self.makeLog(place)
      let words = Self.verify + Self.trusted
      try Self.expect("intact", 0, words + ["--against", "older"], place)
      try Self.expect("intact", 0, words + ["--against", "newer"], place)
      let old = ["audit", "verify", "--audit-log", "old-log"] + Self.trusted
      try Self.expect("intact", 0, old, place)
      try Self.expect("intact", 0, old + ["--against", "older"], place)
      try Self.expect("rolled-back-or-forked", 3, old + ["--against", "newer"], place)
      try place.write("cut", Array(try place.read("newer").dropLast(8)))
      try place.medai(words + ["--against", "none"]).ends(66).says("none")
      #expect([3, 4, 65].contains(try place.medai(words + ["--against", "cut"]).status))
    }
  }

  @Test func copiedFolder() throws {
    try Workplace.with { place in
      try Self.makeLog(place)
      try place.run("/bin/cp", ["-r", "log", "copy"]).ends(0)
      try place.run("/bin/chmod", ["-R", "a-w", "copy"]).ends(0)
      try Self.expect(
        "intact", 0, ["audit", "verify", "--audit-log", "copy"] + Self.trusted, place)
      try place.run("/bin/chmod", ["-R", "u+w", "copy"]).ends(0)
      // A log whose database is gone is not a log that never was.
      try removeFile(place.path("copy/log.db"))
      let run = try place.medai(["audit", "verify", "--audit-log", "copy"] + Self.trusted)
      #expect(run.status == 3, "\(run.said)")
    }
  }

  @Test func changedBytesAreFound() throws {
    try Workplace.with { place in
      try Self.makeLog(place)
      let changes = [
        ("exam.validate", "exam.validatf"), ("\"correct\":1", "\"correct\":5"),
        ("\"type\"", "\"tape\""),
      ]
      for (old, new) in changes {
        var bytes = try place.read("log/log.db")
        let start = try #require(position(of: old, in: bytes))
        bytes.replaceSubrange(start..<start + old.utf8.count, with: Array(new.utf8))
        try place.run("/bin/rm", ["-rf", "bad"]).ends(0)
        try place.run("/bin/cp", ["-r", "log", "bad"]).ends(0)
        try place.write("bad/log.db", bytes)
        try Self.expectTampered(place, new)
      }
    }
  }

  @Test(
    "A changed, removed, added or exchanged row is found",
    .enabled(if: fileExists("/usr/bin/python3"), "rows are changed with python3's sqlite3"))
  func changedRows() throws {
    // Triggers are dropped, the change is made, and they are put back as they were.
    let script = """
      import sqlite3, sys
      d = sqlite3.connect("bad/log.db", isolation_level=None)
      t = d.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
      for name, sql in t: d.execute("DROP TRIGGER " + name)
      d.execute(sys.argv[1])
      if not sys.argv[1].startswith("DROP"):
        for name, sql in t: d.execute(sql)
      d.close()
      """
    let statements = [
      "DELETE FROM leaf WHERE seq = 1", "DELETE FROM leaf WHERE seq = (SELECT max(seq) FROM leaf)",
      "DELETE FROM leaf", "UPDATE leaf SET bytes = CAST(bytes || x'20' AS BLOB) WHERE seq = 1",
      "UPDATE leaf SET hash = zeroblob(32) WHERE seq = 2",
      "UPDATE leaf SET seq = 99 WHERE seq = 1",
      "INSERT INTO leaf SELECT 1 + (SELECT max(seq) FROM leaf), bytes, hash FROM leaf LIMIT 1",
      "UPDATE leaf SET bytes = (SELECT bytes FROM leaf WHERE seq = 2) WHERE seq = 1",
      "DELETE FROM node WHERE level = 1", "UPDATE node SET hash = zeroblob(32)",
      "UPDATE head SET size = size - 1", "UPDATE head SET root = zeroblob(32)",
      "UPDATE head SET note = x'00'", "DELETE FROM head", "DROP TABLE node",
    ]
    try Workplace.with { place in
      try Self.makeLog(place)
      for statement in statements {
        try place.run("/bin/rm", ["-rf", "bad"]).ends(0)
        try place.run("/bin/cp", ["-r", "log", "bad"]).ends(0)
        try place.run("/usr/bin/python3", ["-c", script, statement]).ends(0)
        try Self.expectTampered(place, statement)
      }
    }
  }

  /// Expects that verification of the log `bad` and a report on it end with 3, and that nothing is
  /// written.
  private static func expectTampered(_ place: Workplace, _ change: String) throws {
    let log = ["--audit-log", "bad"]
    let run = try place.medai(["audit", "verify", "--json"] + log + trusted)
    #expect(run.status == 3, "\(change): \(run.text)")
    if !run.output.isEmpty {
      #expect(try run.json()["verdict"]?.string == "tampered", "\(change)")
    }
    try place.write("s.yaml", read: "Samples/submission/medai.submission.yaml")
    let before = try place.files()
    let database = try place.read("bad/log.db")
    let report =
      ["audit", "report", "--submission", "s.yaml", "--output", "r.html", "--csv", "r.csv"] + log
    for way in [["--no-audit"], ["--signing-key", "signing.pem"]] {
      let run = try place.medai(report + trusted + way)
      #expect(run.status == 3, "\(change): \(run.said)")
      #expect(!place.has("r.html") && !place.has("r.csv"), "\(change)")
      #expect(try place.read("bad/log.db") == database, "\(change)")
    }
    let outside = try place.files().filter { !$0.hasPrefix("bad/") }
    #expect(outside == before.filter { !$0.hasPrefix("bad/") }, "\(change)")
  }

  @Test func whatIsNoLog() throws {
    try Workplace.with { place in
      let signing = try place.signing()
      try place.write("log/log.db", "this is no database, but a text of some length\n")
      let run = try place.medai(["audit", "verify"] + signing.suffix(2) + Self.trusted)
      #expect([3, 65].contains(run.status), "\(run.status) \(run.said)")
      try place.write("r.ndjson", Exam.results(1, of: 2))
      let appended = try place.medai(["exam", "validate", "r.ndjson"] + signing)
      #expect([3, 65].contains(appended.status), "\(appended.status) \(appended.said)")
      #expect(appended.output.isEmpty)
    }
  }

  @Test func proofOfAnEntry() throws {
    try Workplace.with { place in
      try Self.makeLog(place)
      try place.medai("audit", "prove", "1", "--output", "p", "--audit-log", "log").ends(0)
      let proof = String(decoding: try place.read("p"), as: UTF8.self)
      #expect(proof.hasPrefix("c2sp.org/tlog-proof@v1\n"))
      #expect(proof.contains(String(decoding: try place.read("newer"), as: UTF8.self)))
      try place.leavesNothing {
        try place.medai("audit", "prove", "99", "--output", "q", "--audit-log", "log").ends(66)
        try place.medai("audit", "prove", "1", "--output", "none/q", "--audit-log", "log").ends(73)
      }
    }
  }
}

private func position(of text: String, in bytes: [UInt8]) -> Int? {
  place(of: Array(text.utf8), in: bytes)
}
