import Glibc
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// `medai audit drill`: every stated attack on a copy; the log itself stays as it was.
@Suite struct DrillTests {
  private static let drill = ["audit", "drill", "--audit-log", "log"]
  private static let trusted = ["--public-key", "signing.pem.vkey"]

  /// A log of a few entries.
  private static func makeLog(_ place: Workplace) throws {
    let signing = try place.signing()
    for number in 1...3 {
      try place.write("r.ndjson", Exam.results(number, of: 5))
      try place.medai(["exam", "validate", "r.ndjson"] + signing).ends(0)
    }
  }

  private static func contents(_ place: Workplace) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in try place.files() { files[name] = try place.read(name) }
    return files
  }

  @Test func everyAttackIsMetAsStated() throws {
    try Workplace.with { place in
      try Self.makeLog(place)
      let before = try Self.contents(place)
      let run = try place.medai(Self.drill + Self.trusted + ["--json"]).ends(0)
      #expect(try Self.contents(place) == before)
      let report = try run.json()
      #expect(report["verdict_before"]?.string == "intact")
      #expect(report["missed"]?.int == 0)
      #expect((report["caught"]?.int ?? 0) >= 18)
      let attacks = report["attacks"]?.array ?? []
      #expect(attacks.count >= 26)
      func result(_ name: String) -> JSONValue? {
        attacks.first { $0["attack"]?.string == name }
      }
      #expect(result("rebuilt-with-stolen-key")?["result"]?.string == "caught-only-with-anchor")
      #expect(
        result("rebuilt-with-stolen-key")?["found_with_anchor"]?.string == "rolled-back-or-forked")
      #expect(result("rebuilt-with-other-key")?["result"]?.string == "caught")
      #expect(result("time-set-forward")?["result"]?.string == "not-shown")
      for name in ["entry-bit", "database-bytes", "tail-cut", "broken-proofs"] {
        #expect(result(name)?["result"]?.string == "caught", "\(name)")
      }
    }
  }

  @Test func withoutATrustedKeySaysWhatThatMeans() throws {
    try Workplace.with { place in
      try Self.makeLog(place)
      for language in ["ko", "en"] {
        let run = try place.medai(Self.drill + ["--lang", language]).ends(0)
        #expect(run.text.contains("--public-key"))
        #expect(run.text.contains(language == "ko" ? "보관한 체크포인트" : "kept checkpoint"))
      }
      let report = try place.medai(Self.drill + ["--json"]).json()
      let other = report["attacks"]?.array?.first {
        $0["attack"]?.string == "rebuilt-with-other-key"
      }
      #expect(other?["result"]?.string == "caught-only-with-anchor")
    }
  }

  @Test func aLogThatDoesNotHoldIsNotAttacked() throws {
    try Workplace.with { place in
      try place.medai(Self.drill).ends(66)
      try Self.makeLog(place)
      try place.medai("key", "new", "signing", "--output", "other.pem", "--no-passphrase").ends(0)
      try place.medai(Self.drill + ["--public-key", "other.pem.vkey"]).ends(4).says(
        "nothing was tried")
      var bytes = try place.read("log/checkpoint")
      bytes[bytes.count - 20] ^= 1
      try place.write("log/checkpoint", bytes)
      let before = try Self.contents(place)
      try place.medai(Self.drill + Self.trusted).ends(3).says("nothing was tried")
      #expect(try Self.contents(place) == before)
    }
  }

  /// A drill that was killed leaves its folder; the next one removes it, and no folder of a live one.
  @Test func whatAKilledDrillLeftIsRemoved() throws {
    try Workplace.with { place in
      try Self.makeLog(place)
      let program = try #require(Workplace.program).string
      for signal in ["TERM", "INT", "KILL"] {
        // A shell starts what it puts in the background with SIGINT ignored, unless it has job control.
        let command = """
          set -m; "$0" audit drill --audit-log log > drill.out 2>&1 & \
          for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do \
            ls -d .medai-drill.* > /dev/null 2>&1 && break; sleep 0.02; done; \
          kill -\(signal) $!; wait $!; true
          """
        try place.run("/bin/sh", ["-c", command, program]).ends(0)
      }
      try place.write(".medai-drill.abcdef/log.db", "what was copied")
      try place.write(".medai-drill.living/log.db", "what is copied")
      try place.write(".medai-drill.file", "somebody's")
      let living = try FileDescriptor.open(
        place.path(".medai-drill.living"), .readOnly, options: [.directory])
      defer { try? living.close() }
      #expect(flock(living.rawValue, LOCK_EX | LOCK_NB) == 0)
      try place.medai(Self.drill).ends(0)
      let left = try folderEntries(place.folder).filter { $0.hasPrefix(".medai-drill") }
      #expect(left == [".medai-drill.file", ".medai-drill.living"])
    }
  }

  /// Neither what entries say nor where the copy lay shows.
  @Test func entriesAreNotPrinted() throws {
    try Workplace.with { place in
      try Self.makeLog(place)
      let text = try place.medai(Self.drill + Self.trusted).ends(0).text
      let json = try place.medai(Self.drill + Self.trusted + ["--json"]).ends(0).text
      for word in ["exam.validate", "operator", "medai.local/audit", ".medai-drill"] {
        #expect(!text.contains(word) && !json.contains(word), "\(word)")
      }
    }
  }
}
