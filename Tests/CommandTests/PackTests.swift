import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// `medai audit export`, `verify --pack`, `verify --report`, `prune --dry-run`.
@Suite struct PackTests {
  private static let log = ["--audit-log", "log"]
  private static let trusted = ["--public-key", "signing.pem.vkey"]

  private static func makeLog(_ place: Workplace) throws {
    let signing = try place.signing()
    for number in 1...2 {
      try place.write("r.ndjson", Exam.results(number, of: 5))
      try place.medai(["exam", "validate", "r.ndjson"] + signing).ends(0)
    }
  }

  @Test func aPackVerifiesAndItsChangedCopyDoesNot() throws {
    try Workplace.with { place in
      try Self.makeLog(place)
      let run = try place.medai(
        ["audit", "export", "--output", "pack", "--proof", "1", "--json"] + Self.log
      ).ends(0).json()
      #expect(run["size"]?.int == 3)
      #expect(try place.files(below: "pack").contains("proofs/1.tlog-proof"))
      let verify = ["audit", "verify", "--pack", "pack"]
      #expect(
        try place.medai(verify + Self.trusted + ["--json"]).ends(0).json()["verdict"]?.string
          == "intact")
      try place.medai(verify).ends(4)
      for language in ["ko", "en"] {
        let text = try place.medai(verify + Self.trusted + ["--lang", language]).ends(0).text
        #expect(text.contains(language == "ko" ? "보증이 끝나는 곳" : "where the guarantee ends"))
      }
      // A second export gives the same bytes, and an existing folder is refused.
      try place.medai(["audit", "export", "--output", "again", "--proof", "1"] + Self.log).ends(0)
      for name in try place.files(below: "pack") {
        #expect(try place.read("pack/" + name) == place.read("again/" + name))
      }
      try place.leavesNothing {
        try place.medai(["audit", "export", "--output", "pack"] + Self.log).ends(73)
          .says("new folder")
        try place.medai(["audit", "export", "--output", "p", "--at", "2"] + Self.log).ends(66)
          .says("sizes that were kept: 3")
        try place.medai(["audit", "export", "--output", "p", "--proof", "9"] + Self.log).ends(66)
        try place.medai("audit", "export", "--output", "p", "--audit-log", "none").ends(66)
        try place.medai("audit", "verify", "--pack", "none").ends(66)
        try place.medai("audit", "verify", "--pack", "log").ends(66).says("no pack")
        try place.medai(verify + Self.log).ends(64)
      }
      let name = "pack/tile/entries/000.p/3"
      var bytes = try place.read(name)
      bytes[40] ^= 1
      try place.write(name, bytes)
      let broken = try place.medai(verify + Self.trusted + ["--json"]).ends(3).json()
      #expect(broken["verdict"]?.string == "tampered")
      #expect(broken["problems"]?.array?.first?["path"]?.string == "tile/entries/000.p/3")
      try place.medai(verify + Self.trusted).ends(3)
    }
  }

  @Test func aReportIsTheOneThatTheLogKnows() throws {
    try Workplace.with { place in
      let signing = try place.signing()
      try place.write("r.ndjson", Exam.results(4, of: 5))
      try place.medai(["exam", "validate", "r.ndjson"] + signing).ends(0)
      let sample = repositoryRoot().pushing("Samples/submission/medai.submission.yaml")
      try place.write("medai.submission.yaml", try readFile(sample))
      let report = try place.medai(
        [
          "audit", "report", "--submission", "medai.submission.yaml", "--output", "report.html",
          "--oscal", "oscal", "--public-key", "signing.pem.vkey",
        ] + signing)
      try #require([0, 1, 2].contains(report.status), "\(report.said)")
      try place.medai(["audit", "export", "--output", "pack"] + Self.log).ends(0)
      for source in [Self.log, ["--pack", "pack"]] {
        let words = ["audit", "verify"] + source + Self.trusted
        for (file, rendition) in [
          ("report.html", "html"), ("oscal/assessment-results.json", "oscal-results"),
        ] {
          let found = try place.medai(words + ["--report", file, "--json"]).ends(0).json()
          #expect(found["report"]?["logged"]?.bool == true)
          #expect(
            found["report"]?["entries"]?.array?.first?["rendition"]?.string == rendition)
        }
        try place.medai(words + ["--report", "none.html"]).ends(66)
      }
      try place.write("report.html", try place.read("report.html") + [0x20])
      for source in [Self.log, ["--pack", "pack"]] {
        let words = ["audit", "verify", "--report", "report.html"] + source + Self.trusted
        let found = try place.medai(words + ["--json"]).ends(3).json()
        #expect(found["verdict"]?.string == "intact")
        #expect(found["report"]?["logged"]?.bool == false)
        #expect(try place.medai(words).ends(3).text.contains("no entry says"))
        #expect(try place.medai(words + ["--lang", "ko"]).ends(3).text.contains("항목이 없다"))
      }
    }
  }

  @Test func pruningIsPlannedAndNeverDone() throws {
    try Workplace.with { place in
      try Self.makeLog(place)
      let before = try place.files(below: "log").map { try place.read("log/" + $0) }
      let prune = ["audit", "prune"] + Self.log
      try place.medai(prune).ends(64).says("--dry-run")
      let now = try place.medai(prune + ["--dry-run", "--json"]).ends(0).json()
      #expect(now["minimum_index"]?.int == 1)
      #expect(now["removed"]?.int == 0)
      #expect(now["held"]?["class"]?.string == "high-impact-evidence")
      let later = try place.medai(
        prune + ["--dry-run", "--as-of", "2099-01-01", "--json"]
      ).ends(0).json()
      #expect(later["minimum_index"]?.int == 3)
      #expect(later["stays"]?.array?.map(\.int) == [0])
      #expect(later["held"]?.object == nil)
      for language in ["ko", "en"] {
        let text = try place.medai(prune + ["--dry-run", "--lang", language]).ends(0).text
        #expect(text.contains("시행령 제27조"))
        #expect(text.contains(language == "ko" ? "아무것도 지우지 않았다" : "nothing was removed"))
      }
      try place.medai(prune + ["--dry-run", "--as-of", "2099-13-01"]).ends(64)
      try place.medai("audit", "prune", "--dry-run", "--audit-log", "none").ends(66)
      #expect(try place.files(below: "log").map { try place.read("log/" + $0) } == before)
    }
  }
}
