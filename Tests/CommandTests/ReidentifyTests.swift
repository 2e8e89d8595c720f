import Auditing
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// `deid --reid-vault`, `deid reveal` and `deid destroy`.
@Suite struct ReidentifyTests {
  private static let records = """
    {"id": "H001", "patient": "P-000123", "text": "환자 홍길동 님, 연락처 010-1234-5678"}
    {"id": "H002", "patient": "P-000123", "text": "외래 방문"}
    {"id": "H003", "patient": "P-000777", "text": "경과 양호"}

    """
  private static let place = ["--reid-vault", "links.db", "--reid-key", "links.key"]

  private func deid(_ place: Workplace, _ more: [String] = []) throws -> CommandRun {
    if !place.has("links.key") {
      try place.medai("key", "new", "vault", "--output", "links.key").ends(0)
      try place.medai("key", "new", "pseudonym", "--output", "p.key").ends(0)
    }
    try place.write("in/a.ndjson", Self.records)
    return try place.medai(
      ["deid", "in", "--output", "out", "--key", "p.key"] + place.signing() + more)
  }

  /// The first record as it was released.
  private func released(_ place: Workplace) throws -> (id: String, patient: String) {
    let lines = try place.read("out/a.ndjson").split(separator: 0x0A)
    let record = try parseJSON(Array(lines[0]))
    return (try #require(record["id"]?.string), try #require(record["patient"]?.string))
  }

  private func types(_ place: Workplace) throws -> [String] {
    var reader = try LogReader.open(folder: place.folder.appending("log"))
    return try (0..<reader.checkpoint.size).map { try reader.entry($0).type.text }
  }

  @Test func aTokenIsTurnedBackOnRecord() throws {
    try Workplace.with { place in
      try deid(place, Self.place).ends(0)
      let tokens = try released(place)
      let reveal = ["deid", "reveal", "--reason", "adverse-event"] + Self.place
      let signed = reveal + (try place.signing())
      let found = try place.medai(signed + [tokens.patient, "--approval", "IRB-1"]).ends(0).json()
      #expect(found["kind"]?.string == "patient" && found["original"]?.string == "P-000123")
      let record = try place.medai(signed + [tokens.id]).ends(0).json()
      #expect(record["kind"]?.string == "record" && record["original"]?.string == "H001")
      try place.medai(signed + ["P-unknown"]).ends(66).says("on record")
      #expect(try types(place).suffix(3) == Array(repeating: "reidentify.reveal", count: 3))

      // Without an entry nothing is shown.
      let unsigned = try place.medai(reveal + [tokens.patient, "--audit-log", "log"]).ends(78)
      #expect(unsigned.output.isEmpty)
      try place.medai(signed + [tokens.patient, "--no-audit"]).ends(64)
      #expect(try types(place).suffix(4).count { $0 == "reidentify.reveal" } == 3)
      for file in ["links.db", "log/log.db"] {
        let bytes = try place.read(file)
        #expect(!contains(bytes, Array("P-000123".utf8)))
        #expect(!contains(bytes, Array(tokens.patient.utf8)))
      }
      try place.medai(
        ["audit", "verify", "--audit-log", "log", "--public-key", "signing.pem.vkey"]
      ).ends(0)
    }
  }

  @Test func whatIsDestroyedComesBackNoMore() throws {
    try Workplace.with { place in
      try deid(place, Self.place).ends(0)
      let tokens = try released(place)
      let signing = try place.signing()
      let destroy = ["deid", "destroy", "--reason", "subject-request"] + Self.place + signing
      let reveal = ["deid", "reveal", "--reason", "check"] + Self.place + signing
      let one = try place.medai(destroy + ["--token", tokens.patient]).ends(0).json()
      #expect(one["erased"]?.int == 1)
      try place.medai(reveal + [tokens.patient]).ends(66)
      try place.medai(reveal + [tokens.id]).ends(0)
      let all = try place.medai(destroy + ["--all"]).ends(0).json()
      #expect(all["erased"]?.int == 4)
      try place.medai(reveal + [tokens.id]).ends(66).says("destroyed")
      try place.medai(destroy).ends(64)
      try place.medai(destroy + ["--all", "--token", "x"]).ends(64)
      let seen = try types(place).filter { $0.hasPrefix("reidentify.") }
      #expect(
        seen == [
          "reidentify.erase", "reidentify.reveal", "reidentify.reveal", "reidentify.erase",
        ])
    }
  }

  @Test func theVaultChangesNoReleasedByteAndStandsApart() throws {
    try Workplace.with { place in
      try deid(place).ends(0)
      let plain = try place.read("out/a.ndjson")
      try place.run("/bin/rm", ["-r", "out", "out.evidence"]).ends(0)
      try deid(place, Self.place).ends(0)
      #expect(try place.read("out/a.ndjson") == plain)
      try place.run("/bin/rm", ["-r", "out", "out.evidence"]).ends(0)
      // Its key is its own, it lies apart, and it can be written.
      try deid(place, ["--vault", "v.db", "--vault-key", "links.key"] + Self.place).ends(64)
      try deid(place, ["--reid-vault", "in/links.db", "--reid-key", "links.key"]).ends(64)
      try deid(place, ["--reid-vault", "links.db"]).ends(64)
      try place.setMode("links.db", 0o644)
      try deid(place, Self.place).ends(77)
      #expect(!place.has("out/a.ndjson"))
    }
  }

  @Test func aStreamKeepsItsLinksBeforeItWrites() throws {
    try Workplace.with { place in
      try deid(place, Self.place).ends(0)
      try place.run("/bin/rm", ["links.db"]).ends(0)
      let streamed = try place.medai(
        ["deid", "-", "--format", "ndjson", "--quarantine", "q.ndjson", "--key", "p.key"]
          + Self.place + place.signing(), input: Array(Self.records.utf8)
      ).ends(0)
      #expect(streamed.output == (try place.read("out/a.ndjson")))
      let tokens = try released(place)
      let found = try place.medai(
        ["deid", "reveal", tokens.patient, "--reason", "check"] + Self.place + place.signing()
      ).ends(0).json()
      #expect(found["original"]?.string == "P-000123")
    }
  }
}
