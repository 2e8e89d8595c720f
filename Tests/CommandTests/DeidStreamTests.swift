import MedaiCore
import SystemPackage
import Testing

/// `medai deid -`: from standard input to standard output.
@Suite struct DeidStreamTests {
  @Test func textGoesThrough() throws {
    try Workplace.with { place in
      let run = try place.medai(
        "deid", "-", "--format", "text", "--quarantine", "q", "--no-audit",
        input: Array(Planted.note.utf8)
      ).ends(0)
      #expect(Planted.found(in: run.output) == [])
      #expect(Planted.found(in: run.messages) == [])
      #expect(run.text.contains("[RRN]"))
      #expect(run.text.contains("혈압 120/80, 체온 36.5도."))
      #expect(try place.files() == ["q"])
      #expect(try place.read("q").isEmpty)
    }
  }

  @Test func undecodableRecordGoesToQuarantine() throws {
    try Workplace.with { place in
      let run = try place.medai(
        ["deid", "-", "--quarantine", "q"] + place.signing(), input: Planted.lines
      ).ends(1)
      #expect(run.output.split(separator: 0x0A).count == 2)
      #expect(Planted.found(in: run.output) == [])
      #expect(Planted.found(in: run.messages) == [])
      #expect(Planted.found(in: try place.read("q")) == [])
      #expect(try parseJSON(Array(try place.read("q").dropLast()))["line"]?.int == 2)
      #expect(Planted.found(in: try place.read("log/log.db")) == [])
    }
  }

  @Test func emptyStream() throws {
    try Workplace.with { place in
      let run = try place.medai("deid", "-", "--quarantine", "q", "--no-audit").ends(0)
      #expect(run.output.isEmpty)
    }
  }

  @Test func fullOutputIsSaidAndLogged() throws {
    try Workplace.with { place in
      let signing = try place.signing()
      try place.medai(
        ["deid", "-", "--format", "text", "--quarantine", "q"] + signing,
        input: Array(Planted.note.utf8), output: "/dev/full"
      ).ends(74).says("output")
      #expect(!place.has("q"))
      let log = try place.read("log/log.db")
      #expect(contains(log, Array("\"failed\"".utf8)))
      #expect(!contains(log, Array("\"completed\"".utf8)))
    }
  }

  @Test func unwritableQuarantineStopsBeforeAnythingIsReleased() throws {
    try Workplace.with { place in
      let run = try place.medai(
        "deid", "-", "--format", "text", "--quarantine", "none/q", "--no-audit",
        input: Array(Planted.note.utf8)
      ).ends(73)
      #expect(run.output.isEmpty)
      #expect(try place.files().isEmpty)
    }
  }
}
