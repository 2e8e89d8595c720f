import Auditing
import MedaiCore
import MedaiTestSupport
import Settings
import SystemPackage
import Testing
import Workflows

/// What `deid` writes into the audit log.
@Suite struct DeidentifyCommandTests {
  private func context(_ folder: FilePath) throws -> JobContext {
    let key = folder.appending("keys/signing.pem")
    let context = try JobContext(
      flags: [
        .auditLog: folder.appending("log").string, .signingKey: key.string, .language: "en",
        .jobs: "1",
        .policy: repositoryRoot().appending("Guidelines/policies/kr-research.yaml").string,
      ], configuration: nil)
    _ = try makeSigningKey(
      output: key, origin: "test.local/audit", passphrase: PassphraseOptions(isNone: true),
      context: context)
    return context
  }

  private func request(_ folder: FilePath, inputs: [FilePath]) -> DeidentifyRequest {
    DeidentifyRequest(
      inputs: inputs, output: folder.appending("out"), format: "auto", encoding: "auto",
      evidence: nil, spans: nil, spansWithText: false, dryRun: false, quarantine: nil,
      patients: nil, textField: nil, idField: nil, patientField: nil, withoutAudit: false)
  }

  private func lastEntry(_ folder: FilePath) throws -> LogEntry {
    var reader = try LogReader.open(folder: folder.appending("log"))
    return try reader.entry(reader.checkpoint.size - 1)
  }

  private func makeInputs(_ folder: FilePath) throws {
    try write("성명,메모\n홍길동,안정\n김\n", folder.appending("a.csv"))
    try write("[{\"text\":\"a\"},{\"text\":\"b\"}] x", folder.appending("b.json"))
    try write("안정\n", folder.appending("c/c.txt"))
  }

  @Test func theLogCountsRecordsAndFilesApart() async throws {
    try await withScratchFolder { folder in
      try makeInputs(folder.appending("in"))
      let result = try await deidentify(
        request(folder, inputs: [folder.appending("in")]), context: context(folder))
      #expect(result.statuses == [.negative])
      let end = try lastEntry(folder)
      #expect(end["outcome"] == .choice("completed") && end["exit_status"] == .count(1))
      #expect(end["files"] == .count(2))
      // One row of the table is withheld; the broken array is a file, not a record.
      #expect(end["records"] == .count(3) && end["withheld"] == .count(1))
    }
  }

  @Test func aFailureTellsHowFarItCame() async throws {
    try await withScratchFolder { folder in
      try makeInputs(folder.appending("in"))
      // A file where the output needs a folder.
      try write("x", folder.appending("out/c"))
      let context = try context(folder)
      await #expect(throws: DeidentifyError.self) {
        _ = try await deidentify(
          request(folder, inputs: [folder.appending("in")]), context: context)
      }
      let end = try lastEntry(folder)
      #expect(end["outcome"] == .choice("failed") && end["exit_status"] == .count(73))
      #expect(end["files"] == .count(1))
      #expect(end["records"] == .count(2) && end["withheld"] == .count(1))
    }
  }
}
