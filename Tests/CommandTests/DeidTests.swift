import Cryptography
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// `medai deid` over files and folders.
@Suite struct DeidTests {
  private static func key(_ place: Workplace) throws -> [String] {
    if !place.has("p.key") {
      try place.medai("key", "new", "pseudonym", "--output", "p.key").ends(0)
    }
    return ["--key", "p.key"]
  }

  @Test func plantedIdentifiersAreSeenNowhere() throws {
    try Workplace.with { place in
      try Planted.write(in: place)
      let options = try Self.key(place) + place.signing()
      let run = try place.medai(
        ["deid", "in", "--output", "out", "--patients", "patients.csv", "--quarantine", "q.ndjson"]
          + options
      ).ends(1)
      #expect(run.output.isEmpty)
      #expect(Planted.found(in: run.messages) == [])

      let released = try place.files(below: "out")
      #expect(released.count == 4)
      for name in released {
        #expect(Planted.found(in: Array(name.utf8)) == [], "\(name)")
        #expect(Planted.found(in: try place.read("out/" + name)) == [], "\(name)")
      }
      for name in ["manifest.json", "quarantine.ndjson", "openings.ndjson"] {
        #expect(Planted.found(in: try place.read("out.evidence/" + name)) == [], "\(name)")
      }
      #expect(Planted.found(in: try place.read("q.ndjson")) == [])
      #expect(try place.read("q.ndjson") == place.read("out.evidence/quarantine.ndjson"))
      for name in try place.files(below: "log") {
        #expect(Planted.found(in: try place.read("log/" + name)) == [], "log/\(name)")
      }
      // The one file that may name them is its owner's alone.
      let names = try place.read("out.evidence/names.ndjson")
      #expect(Planted.found(in: names).contains("김철수"))
      #expect(try fileStatus(place.path("out.evidence/names.ndjson")).mode == 0o600)
      #expect(try fileStatus(place.path("out.evidence/openings.ndjson")).mode == 0o600)

      // What reports and verification say of the run does not name them either.
      let verify = try place.medai(
        "audit", "verify", "--audit-log", "log", "--public-key", "signing.pem.vkey", "--json")
      #expect(Planted.found(in: verify.ends(0).output) == [])
      try place.write("s.yaml", read: "Samples/submission/medai.submission.yaml")
      let report = try place.medai(
        [
          "audit", "report", "--submission", "s.yaml", "--output", "r.html", "--oscal", "oscal",
          "--sarif", "r.sarif", "--csv", "r.csv", "--public-key", "signing.pem.vkey",
          "--manifest", "out.evidence/manifest.json",
        ]
          + place.signing())
      #expect([0, 1, 2].contains(report.status), "\(report.said)")
      let written = [
        "r.html", "r.sarif", "r.csv", "oscal/assessment-results.json", "oscal/poam.json",
      ]
      for name in written { #expect(Planted.found(in: try place.read(name)) == [], "\(name)") }
    }
  }

  @Test func fileNamesAreTokensWhereTheyMayNameSomebody() throws {
    try Workplace.with { place in
      let telling = ["홍길동", "남궁민", "홍길동_CT", "20418837", "kim_20418837_20260112"]
      let plain = ["admission-01", "입원기록", "검사결과_2024"]
      for name in telling + plain { try place.write("in/\(name).txt", "별일 없음\n") }
      try place.medai(
        ["deid", "in", "--output", "out", "--no-audit"] + Self.key(place)
      ).ends(0)
      let released = try place.files(below: "out")
      #expect(released.count == telling.count + plain.count)
      for name in plain { #expect(released.contains("\(name).txt"), "\(name) says nothing") }
      for part in ["홍길동", "남궁민", "20418837"] {
        #expect(!released.contains { contains(Array($0.utf8), Array(part.utf8)) }, "\(part)")
      }
      #expect(released.allSatisfy { $0.hasSuffix(".txt") })
    }
  }

  @Test func linksAndBinaryFilesAreWithheld() throws {
    try Workplace.with { place in
      try Planted.write(in: place)
      try place.medai(
        ["deid", "in", "--output", "out", "--no-audit"] + Self.key(place)
      ).ends(1).says("--no-audit")
      for name in try place.files(below: "out") {
        #expect(!name.contains("link") && !name.contains("image"))
        #expect(try fileStatus(place.path("out/" + name)).kind == .file)
      }
      let lines = try place.read("out.evidence/quarantine.ndjson").split(separator: 0x0A)
      let reasons = try lines.compactMap { try parseJSON(Array($0))["reason"]?.string }
      #expect(reasons.sorted() == ["link", "undecodable", "unsupported"])
    }
  }

  @Test func undecodableRecordIsWithheldAndTheOthersAreReleased() throws {
    try Workplace.with { place in
      try place.write("notes.ndjson", Planted.lines)
      try place.medai(
        ["deid", "notes.ndjson", "--output", "out", "--no-audit"] + Self.key(place)
      ).ends(1).says("1 withheld")
      #expect(try place.files(below: "out") == ["notes.ndjson"])
      let lines = try place.read("out/notes.ndjson").split(separator: 0x0A)
      #expect(lines.count == 2)
      #expect(lines.allSatisfy { (try? parseJSON(Array($0))) != nil })
      let withheld = try parseJSON(
        Array(try place.read("out.evidence/quarantine.ndjson").dropLast()))
      #expect(withheld["line"]?.int == 2)
      #expect(withheld["reason"]?.string == "undecodable")
      #expect(withheld["record"]?.string?.utf8.count == 24)
    }
  }

  @Test func exportInCP949StaysCP949() throws {
    try Workplace.with { place in
      try place.write("export.csv", Planted.export)
      let options = try Self.key(place) + ["--no-audit"]
      try place.medai(["deid", "export.csv", "--output", "told"] + options).ends(0)
      try place.medai(
        ["deid", "export.csv", "--output", "named", "--encoding", "cp949"] + options
      ).ends(0)
      let bytes = try place.read("told/export.csv")
      #expect(try place.read("named/export.csv") == bytes)
      #expect(bytes.starts(with: Planted.export[..<26]))
      #expect(Planted.found(in: bytes) == [])
      let run = try place.run("/usr/bin/iconv", ["-f", "cp949", "-t", "utf-8", "told/export.csv"])
      #expect(run.ends(0).text.contains("[PHONE]"))
      // Read as UTF-8 it is no text, so every record is withheld.
      try place.medai(
        ["deid", "export.csv", "--output", "wrong", "--encoding", "utf-8"] + options
      ).ends(1)
      #expect(!place.has("wrong/export.csv"))
    }
  }

  @Test func omopColumnsAreUnderstood() throws {
    try Workplace.with { place in
      try place.write("NOTE.csv", Planted.omop)
      try place.medai(
        ["deid", "NOTE.csv", "--output", "out", "--no-audit"] + Self.key(place)
      ).ends(0)
      let bytes = try place.read("out/NOTE.csv")
      #expect(Planted.found(in: bytes) == [])
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(text.hasPrefix("note_id,person_id,note_date,note_title,note_text,"))
      #expect(text.hasSuffix(",32678\n"))
    }
  }

  @Test func anyNumberOfJobsGivesTheSameBytes() throws {
    try Workplace.with { place in
      try Planted.write(in: place)
      for number in 0..<40 {
        try place.write(
          "in/more/note\(number).txt", "환자 김철수 \(number)회차 내원. 010-2345-\(6000 + number)\n")
      }
      var lines = ""
      for number in 0..<400 {
        lines += """
          {"id":"r\(number)","patient":"\(number % 7)","text":"이영희님 2026-03-05"}

          """
      }
      try place.write("in/many.ndjson", lines)
      var first: [String: [UInt8]] = [:]
      for jobs in ["1", "2", "7"] {
        try place.medai(
          [
            "deid", "in", "--output", "out\(jobs)", "--jobs", jobs, "--spans", "spans\(jobs)",
            "--no-audit",
          ] + Self.key(place)
        ).ends(1)
        var files: [String: [UInt8]] = ["spans": try place.read("spans\(jobs)")]
        for name in try place.files(below: "out\(jobs)") {
          files[name] = try place.read("out\(jobs)/\(name)")
        }
        for name in ["names.ndjson", "quarantine.ndjson"] {
          files["evidence/" + name] = try place.read("out\(jobs).evidence/\(name)")
        }
        if first.isEmpty { first = files }
        #expect(files == first, "--jobs \(jobs)")
      }
      #expect(first.count == 48)
    }
  }

  @Test func anotherKeyGivesOtherReplacements() throws {
    try Workplace.with { place in
      try place.write("n.ndjson", "{\"id\":\"a\",\"patient\":\"p\",\"text\":\"등록번호: 20418837\"}\n")
      let own = try Self.key(place)
      try place.medai(["deid", "n.ndjson", "--output", "a", "--no-audit"] + own).ends(0)
      try place.medai(["deid", "n.ndjson", "--output", "b", "--no-audit"] + own).ends(0)
      let random = try place.medai("deid", "n.ndjson", "--output", "c", "--no-audit").ends(0)
      random.says("--key")
      #expect(try place.read("a/n.ndjson") == place.read("b/n.ndjson"))
      #expect(try place.read("a/n.ndjson") != place.read("c/n.ndjson"))
    }
  }

  @Test func spansCarryTextOnlyWhenAsked() throws {
    try Workplace.with { place in
      try place.write("n.ndjson", "{\"id\":\"H1\",\"text\":\"연락처 010-2345-6789\"}\n")
      let words = try ["deid", "n.ndjson", "--no-audit"] + Self.key(place)
      try place.medai(words + ["--output", "a", "--spans", "a.spans"]).ends(0)
      try place.medai(words + ["--output", "b", "--spans", "b.spans", "--spans-with-text"]).ends(0)
      let plain = try place.read("a.spans")
      #expect(Planted.found(in: plain) == [])
      #expect(Planted.found(in: try place.read("b.spans")) == ["010-2345-6789"])
      #expect(try fileStatus(place.path("b.spans")).mode == 0o600)
      let span = try parseJSON(Array(plain.dropLast()))
      #expect(span["record"]?.string == "H1")
      #expect(span["field"]?.string == "/text")
      #expect(span["start"]?.int == 4)
      #expect(span["end"]?.int == 17)
      #expect(span["type"]?.string == "PHONE")
    }
  }

  @Test func dryRunReleasesNothing() throws {
    try Workplace.with { place in
      try place.write("n.txt", Planted.note)
      try place.medai(["deid", "n.txt", "--dry-run", "--no-audit"] + Self.key(place))
        .ends(0).says("PHONE")
      #expect(try place.files().allSatisfy { !$0.hasPrefix("dry-run/") && !$0.hasSuffix(".part") })
    }
  }

  @Test func runIsLogged() throws {
    try Workplace.with { place in
      try place.write("n.txt", Planted.note)
      try place.medai(["deid", "n.txt", "--output", "o"] + Self.key(place) + place.signing())
        .ends(0)
      let log = try place.read("log/log.db")
      for type in ["deid.run.begin", "deid.file", "deid.run.end"] {
        #expect(contains(log, Array(type.utf8)), "\(type)")
      }
      #expect(contains(log, Array(try sha256(of: place.path("o/n.txt")).hex.utf8)))
      #expect(
        contains(log, Array(try sha256(of: place.path("o.evidence/manifest.json")).hex.utf8)))
      // The input's digest would let anybody test a guess of its content.
      #expect(!contains(log, Array(try sha256(of: place.path("n.txt")).hex.utf8)))
    }
  }
}
