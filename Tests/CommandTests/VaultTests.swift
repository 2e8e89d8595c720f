import Auditing
import MedaiCore
import MedaiTestSupport
import Storage
import SystemPackage
import Testing

/// The content vault at the command line.
@Suite struct VaultTests {
  private static let name = "홍길동"

  /// Options of a vault in a workplace; makes its key.
  private func vault(_ place: Workplace) throws -> [String] {
    if !place.has("vault.key") {
      let made = try place.medai("key", "new", "vault", "--output", "vault.key").ends(0)
      #expect(made.text.utf8.count == 17)
    }
    return ["--vault", "vault.db", "--vault-key", "vault.key"]
  }

  private func verify(_ place: Workplace, _ more: [String] = []) throws -> CommandRun {
    try place.medai(
      [
        "audit", "verify", "--audit-log", "log", "--public-key", "signing.pem.vkey", "--json",
        "--vault", "vault.db",
      ] + more)
  }

  private func deid(_ place: Workplace, _ more: [String] = []) throws -> CommandRun {
    try place.write("records/a.txt", "환자 \(Self.name) 님, 연락처 010-1234-5678\n")
    try place.write("records/b.txt", "second file, 환자 \(Self.name)\n")
    return try place.medai(
      ["deid", "records", "--output", "released"] + place.signing() + vault(place) + more)
  }

  /// Numbers of the entries of a type, by the log's leaves as the vault check names them.
  private let firstFile = 2

  /// The entries of a log that say that a vault was opened.
  private func openings(_ place: Workplace) throws -> [LogEntry] {
    var reader = try LogReader.open(folder: place.folder.appending("log"))
    var found: [LogEntry] = []
    for number in 0..<reader.checkpoint.size {
      let entry = try reader.entry(number)
      if entry.type == EventType.vaultOpen.identifier { found.append(entry) }
    }
    return found
  }

  @Test func everyOpeningIsAnEntryOrIsSaidNotToBe() throws {
    try Workplace.with { place in
      try deid(place).ends(0)
      let key = ["--vault-key", "vault.key"]
      // Presence alone opens nothing.
      try verify(place).ends(0)
      try verify(place, key).ends(0).says("leaves no entry")
      #expect(try openings(place).isEmpty)

      let signer = ["--signing-key", "signing.pem"]
      try verify(place, key + signer).ends(0)
      let replay =
        ["audit", "replay", "--sample", "1", "--seed", "7", "--vault", "vault.db"] + key
        + (try place.signing())
      try place.medai(replay).ends(2)
      let found = try openings(place)
      #expect(found.map { $0.text("purpose") } == ["verify", "replay"])
      #expect(found.map { $0.text("choice") } == ["all", "sample"])
      #expect(found.map { $0.count("sample") } == [nil, 1])
      let id = try place.medai("key", "new", "vault", "--output", "other.key").ends(0).text
      #expect(found.allSatisfy { $0.text("key_id").map { "\($0)\n" } != id })

      // A log that cannot be written: nothing is opened.
      try place.medai("key", "new", "signing", "--output", "s2.pem", "--no-passphrase").ends(0)
      let refused = try verify(place, key + ["--signing-key", "s2.pem"]).ends(4)
      #expect(refused.output.isEmpty)
      #expect(try openings(place).count == 2)
    }
  }

  @Test func inputsAreKeptVerifiedErasedAndStayErased() throws {
    try Workplace.with { place in
      try deid(place, ["--subject", "patient-1"]).ends(0)
      let keyed = try verify(place, ["--vault-key", "vault.key"]).ends(0).json()
      #expect(keyed["vault"]?["records"]?.int == 4)
      #expect(keyed["vault"]?["opened"]?.int == 2)
      #expect(keyed["vault"]?["problem_count"]?.int == 0)
      #expect(try verify(place).ends(0).json()["vault"]?["read"]?.int == 0)
      #expect(!contains(try place.read("vault.db"), Array(Self.name.utf8)))
      #expect(!contains(try place.read("vault.db"), Array("patient-1".utf8)))
      let backup = try place.read("vault.db")

      let redact =
        ["audit", "redact", "--basis", "PIPA-36", "--json"] + (try place.signing())
        + (try vault(place))
      let erased = try place.medai(
        redact + [
          "\(firstFile)", "--reason", "subject-request", "--reference", "case-17", "--openings",
          "released.evidence/openings.ndjson",
        ]
      ).ends(0).json()
      #expect(erased["entries"]?.array?.compactMap(\.int) == [firstFile])
      #expect(erased["pieces"]?.int == 2)
      #expect(erased["openings"]?.array?.first?["lines"]?.int == 1)
      let openings = try place.read("released.evidence/openings.ndjson")
      #expect(openings.split(separator: 0x0A).count == 1)
      #expect(!contains(try place.read("vault.db"), Array("case-17".utf8)))
      #expect(!contains(try place.read("log/log.db"), Array("case-17".utf8)))

      let after = try verify(place, ["--vault-key", "vault.key"]).ends(0).json()
      #expect(after["verdict"]?.string == "intact")
      #expect(after["vault"]?["erased"]?.array?.compactMap(\.int) == [firstFile])
      let text = try place.medai(
        "audit", "verify", "--audit-log", "log", "--public-key", "signing.pem.vkey", "--vault",
        "vault.db"
      ).ends(0)
      #expect(text.text.contains("#\(firstFile) content erased on record, integrity intact"))

      // A second time changes nothing and adds no entry.
      let again = try place.medai(redact + ["\(firstFile)", "--reason", "error"]).ends(0).json()
      #expect(again["redactions"]?.array?.isEmpty == true)

      // The vault from a backup is noticed, and erased again at its next use.
      try writeDurably(backup, to: place.path("vault.db"), permissions: .ownerReadWrite)
      let back = try verify(place, ["--vault-key", "vault.key"]).ends(3).json()
      #expect(
        back["vault"]?["problems"]?.array?.first?["reason"]?.string == "present-after-redaction")

      let rest = try place.medai(
        redact + ["--subject", "patient-1", "--reason", "retention"]
      ).ends(0).json()
      #expect(rest["entries"]?.array?.compactMap(\.int) == [firstFile + 1])
      try verify(place, ["--vault-key", "vault.key"]).ends(0)
      try place.medai(redact + ["--subject", "patient-1", "--reason", "retention"]).ends(66)
      #expect(!place.has("log/log.db-wal"))
    }
  }

  /// Rows of a backup put back into the vault as it is now.
  @Test func contentThatCameBackIsErasedAgain() throws {
    try Workplace.with { place in
      try deid(place).ends(0)
      try place.write("backup.db", place.read("vault.db"))
      let redact =
        ["audit", "redact", "\(firstFile)", "--basis", "PIPA-36", "--reason", "error", "--json"]
        + (try place.signing()) + (try vault(place))
      try place.medai(redact).ends(0)
      // This opening has seen the erasure; those after it have nothing to make up.
      try place.medai(redact).ends(0)
      func putBack() throws {
        let vault = try Database.open(place.path("vault.db"), .write)
        try vault.execute(
          """
          ATTACH '\(place.path("backup.db").string)' AS b;
          INSERT OR IGNORE INTO holder SELECT * FROM b.holder;
          INSERT OR IGNORE INTO record SELECT * FROM b.record;
          INSERT OR IGNORE INTO chunk SELECT * FROM b.chunk
          """)
      }
      try putBack()
      try verify(place, ["--vault-key", "vault.key"]).ends(3)
      #expect(try place.medai(redact).ends(0).json()["pieces"]?.int == 2)
      let after = try verify(place, ["--vault-key", "vault.key"]).ends(0).json()
      #expect(after["vault"]?["problem_count"]?.int == 0)
    }
  }

  @Test func anotherKeyAndFilesOfOthersAreRefusedBeforeAnythingIsReleased() throws {
    try Workplace.with { place in
      try deid(place).ends(0)
      try place.medai("key", "new", "vault", "--output", "other.key").ends(0)
      try verify(place, ["--vault-key", "other.key"]).ends(4).says("another vault key")
      let again =
        ["deid", "records", "--output", "again", "--vault", "vault.db"] + (try place.signing())
      try place.medai(again + ["--vault-key", "other.key"]).ends(4)
      #expect(!place.has("again"))
      try place.medai(again).ends(78).says("--vault-key")
      try place.setMode("other.key", 0o644)
      try verify(place, ["--vault-key", "other.key"]).ends(77).says("chmod 600")
      try place.setMode("vault.db", 0o644)
      try verify(place, ["--vault-key", "vault.key"]).ends(77).says("chmod 600")
      try place.medai(again + ["--vault-key", "vault.key"]).ends(77)
      #expect(!place.has("again"))
      try place.medai("key", "new", "vault", "--output", "vault.key").ends(73)
      try place.write("not.key", "x")
      try place.setMode("not.key", 0o600)
      try place.setMode("vault.db", 0o600)
      try verify(place, ["--vault-key", "not.key"]).ends(78)
      try place.medai("audit", "verify", "--audit-log", "log", "--vault", "none.db").ends(66)
    }
  }

  @Test func aVaultThatCannotBeWrittenStopsTheJobBeforeTheRelease() throws {
    try Workplace.with { place in
      try deid(place).ends(0)
      try place.write("vault.db", Array(place.read("vault.db").prefix(5000)))
      try place.setMode("vault.db", 0o600)
      let again = try place.medai(
        ["deid", "records", "--output", "again"] + place.signing() + vault(place))
      #expect(again.status == 3 || again.status == 65, "\(again.said)")
      #expect(!place.has("again/a.txt"))
    }
  }

  @Test func settingsOfTheEnvironmentCount() throws {
    try Workplace.with { place in
      _ = try vault(place)
      try place.write("records/a.txt", "x\n")
      try place.medai(
        ["deid", "records", "--output", "released"] + place.signing(),
        environment: ["MEDAI_VAULT": "vault.db", "MEDAI_VAULT_KEY": "vault.key"]
      ).ends(0)
      #expect(try verify(place).ends(0).json()["vault"]?["records"]?.int == 2)
    }
  }

  @Test func misuseIsRefused() throws {
    try Workplace.with { place in
      try place.write("records/a.txt", "x\n")
      let options = try place.signing() + vault(place)
      let deid = ["deid", "records", "--output", "released"]
      try place.medai(deid + (try vault(place)) + ["--no-audit"]).ends(64).says("--no-audit")
      try place.medai(deid + (try place.signing()) + ["--subject", "p"]).ends(64)
      try place.medai(
        ["deid", "-", "--quarantine", "q", "--format", "text"] + options, input: [0x78, 0x0A]
      ).ends(64).says("standard input")
      try place.medai(
        deid + (try place.signing()) + ["--vault", "records/v.db", "--vault-key", "vault.key"]
      ).ends(64)
      #expect(!place.has("records/v.db"))
      try place.medai(deid + options).ends(0)
      let redact = ["audit", "redact"] + options
      try place.medai(redact + ["2", "--reason", "she asked for it", "--basis", "b"]).ends(64)
        .says("free text")
      try place.medai(redact + ["2", "--reason", "error", "--basis", "two words"]).ends(64)
      try place.medai(
        redact + ["2", "--reason", "error", "--basis", "b", "--reference", "a sentence"]
      ).ends(64)
      try place.medai(redact + ["--reason", "error", "--basis", "b"]).ends(64)
      // The log's opening and a run's beginning have nothing to erase.
      for entry in ["0", "1"] {
        try place.medai(redact + [entry, "--reason", "error", "--basis", "b"]).ends(64)
          .says("no content")
      }
      try place.medai(redact + ["99", "--reason", "error", "--basis", "b"]).ends(66)
      try place.medai(redact + ["-1", "--reason", "error", "--basis", "b"]).ends(64)
      try place.medai(
        ["audit", "redact", "2", "--reason", "error", "--basis", "b"] + place.signing()
      ).ends(64).says("--vault")
      // Nothing of all this was logged.
      #expect(try verify(place).ends(0).json()["vault"]?["erased"]?.array?.isEmpty == true)
    }
  }

  @Test func answersAreKeptOpenTheirCommitmentsAndGoBySubject() throws {
    try Workplace.with { place in
      let model = repositoryRoot().appending("Tests/InferenceTests/Golden/tiny-F32.gguf")
      try place.write("m.gguf", try readFile(model))
      try place.write(
        "q.ndjson",
        """
        {"id":"1","prompt":"first question","context":["한 문맥","two"],"subject":"patient-1"}
        {"id":"2","prompt":"second question","subject":"patient-2"}

        """)
      let run =
        ["generate", "--model", "m.gguf", "--max-tokens", "4", "--temperature", "0.5"]
        + (try place.signing()) + (try vault(place))
      try place.medai(run + ["--inputs", "q.ndjson", "--output", "o.ndjson"]).ends(0)
      try place.medai(run + ["--prompt", "alone"]).ends(0)
      let before = try verify(place, ["--vault-key", "vault.key"]).ends(0).json()
      // Prompt, output, chain and key of three answers, and one context.
      #expect(before["vault"]?["records"]?.int == 13)
      #expect(before["vault"]?["opened"]?.int == 10)
      #expect(!contains(try place.read("o.ndjson"), Array("patient-1".utf8)))
      for planted in ["first question", "patient-1", "한 문맥"] {
        #expect(!contains(try place.read("vault.db"), Array(planted.utf8)))
      }
      let lines = try place.read("o.ndjson.openings").split(separator: 0x0A).count
      // Another log's openings, whose entries bear the same numbers.
      var foreign: [UInt8] = []
      for line in try place.read("o.ndjson.openings").split(separator: 0x0A) {
        var value = try #require(try parseJSON(Array(line)).object)
        value["key"] = .string(String(repeating: "5a", count: 32))
        foreign += JSONValue.object(value).encoded(.compact) + [0x0A]
      }
      try place.write("foreign.openings", foreign)
      try place.setMode("foreign.openings", 0o600)
      // An older file, which only the output beside it opens.
      var older: [UInt8] = []
      for line in try place.read("o.ndjson.openings").split(separator: 0x0A) {
        var value = try #require(try parseJSON(Array(line)).object)
        value["logits_chain"] = nil
        older += JSONValue.object(value).encoded(.compact) + [0x0A]
      }
      try place.write("older.ndjson.openings", older)
      try place.setMode("older.ndjson.openings", 0o600)
      try place.write("older.ndjson", try place.read("o.ndjson"))
      let redacted = try place.medai(
        ["audit", "redact", "--subject", "patient-1", "--reason", "subject-request", "--basis"]
          + ["PIPA-36", "--openings", "o.ndjson.openings", "--json", "--openings"]
          + ["foreign.openings", "--openings", "older.ndjson.openings"] + place.signing()
          + vault(place)
      ).ends(0).says("foreign.openings: 1 lines name these entries").json()
      #expect(redacted["openings"]?.array?.compactMap { $0["lines"]?.int } == [1, 0, 1])
      #expect(try place.read("foreign.openings") == foreign)
      #expect(redacted["entries"]?.array?.compactMap(\.int) == [2])
      #expect(try place.read("o.ndjson.openings").split(separator: 0x0A).count == lines - 1)
      #expect(try fileStatus(place.path("o.ndjson.openings")).mode == 0o600)
      let after = try verify(place, ["--vault-key", "vault.key"]).ends(0).json()
      #expect(after["vault"]?["erased"]?.array?.compactMap(\.int) == [2])
      #expect(after["vault"]?["opened"]?.int == 6)
    }
  }
}
