import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// `medai audit report`.
@Suite struct ReportTests {
  private static func prepare(_ place: Workplace) throws {
    try place.write("r.ndjson", Exam.results(3, of: 5))
    try place.medai(["exam", "validate", "r.ndjson"] + place.signing()).ends(0)
    try place.medai(["exam", "validate", "r.ndjson"] + place.signing()).ends(0)
    try place.write("s.yaml", read: "Samples/submission/medai.submission.yaml")
  }

  private static let report = [
    "audit", "report", "--submission", "s.yaml", "--audit-log", "log", "--public-key",
    "signing.pem.vkey",
  ]

  @Test func sameSizeGivesSameBytes() throws {
    try Workplace.with { place in
      try Self.prepare(place)
      let words = Self.report + ["--no-audit", "--at", "2"]
      let all = ["--csv", "a/r.csv", "--sarif", "a/r.sarif", "--oscal", "a/oscal"]
      let first = try place.medai(words + ["--output", "a/r.html"] + all)
      #expect([1, 2].contains(first.status), "\(first.said)")
      first.says("--no-audit")
      // The log grows; the report on its past does not change.
      try place.medai(["exam", "validate", "r.ndjson"] + place.signing()).ends(0)
      let again = all.map { $0.replacing("a/", with: "b/") }
      try place.medai(words + ["--output", "b/r.html"] + again).ends(first.status)
      let names = try place.files(below: "a")
      #expect(
        names == ["oscal/assessment-results.json", "oscal/poam.json", "r.csv", "r.html", "r.sarif"])
      #expect(try place.files(below: "b") == names)
      for name in names {
        #expect(try place.read("a/" + name) == place.read("b/" + name), "\(name)")
      }
    }
  }

  @Test func reportIsBareAuditAndSpeaksBothLanguages() throws {
    try Workplace.with { place in
      try Self.prepare(place)
      for language in ["ko", "en"] {
        let run = try place.medai(
          ["audit"] + Self.report.dropFirst(2) + ["--output", "r.\(language).html"]
            + ["--lang", language, "--signing-key", "signing.pem"])
        #expect([1, 2].contains(run.status), "\(run.said)")
        let page = String(decoding: try place.read("r.\(language).html"), as: UTF8.self)
        #expect(page.contains("lang=\"\(language)\""))
      }
      #expect(contains(try place.read("log/log.db"), Array("report.issue".utf8)))
    }
  }

  @Test func sizesThatTheLogNeverHad() throws {
    try Workplace.with { place in
      try Self.prepare(place)
      for size in ["0", "-1", "1000"] {
        try place.leavesNothing {
          try place.medai(Self.report + ["--output", "r.html", "--no-audit", "--at=\(size)"])
            .ends(64)
        }
      }
    }
  }

  @Test func keysThatAreNotTrusted() throws {
    try Workplace.with { place in
      try Self.prepare(place)
      try place.medai("key", "new", "signing", "--output", "other.pem", "--no-passphrase").ends(0)
      try place.medai(
        "audit", "report", "--submission", "s.yaml", "--audit-log", "log", "--no-audit", "--output",
        "r.html", "--public-key", "other.pem.vkey"
      ).ends(4)
      try place.medai(
        "audit", "report", "--submission", "s.yaml", "--audit-log", "log", "--no-audit", "--output",
        "r.html"
      ).ends(4)
    }
  }

  @Test func failuresWriteNothing() throws {
    try Workplace.with { place in
      try Self.prepare(place)
      let words = Self.report + ["--no-audit"]
      try place.write("bad.json", "{")
      try place.leavesNothing {
        try place.medai(words + ["--output", "r.html", "--exam", "none.json"]).ends(66)
        try place.medai(words + ["--output", "r.html", "--exam", "bad.json"]).ends(65)
          .says("bad.json")
        try place.medai(words + ["--output", "r.html", "--manifest", "bad.json"]).ends(65)
        try place.medai(words + ["--output", "r.html", "--outputs", "bad.json"]).ends(65)
        try place.medai(words + ["--output", "r.html", "--guideline", "none"]).ends(64)
        try place.medai(words + ["--output", "s.yaml/r.html"]).ends(73)
      }
    }
  }
}
