import ArgumentParser
import Settings
import SystemPackage
import Workflows

extension AuditCommand {
  struct Replay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Compute recorded answers, exams and de-identifications again, bit for bit.",
      discussion: """
        The log is verified first. Models, inputs and keys are found by their digests and \
        commitments, never by their names; nothing is guessed. Each entry comes out as same, \
        different (exit 3) or cannot with its cause (exit 2). Nothing is written unless --record.

        Examples:
          medai audit replay 41 --models models --inputs released --audit-log AuditLogs
          medai audit replay --sample 20 --seed 7 --models models --inputs outputs --json
          medai audit replay --all --models models --inputs records --inputs released.evidence \
        --key keys/project.key
        """)
    @OptionGroup var common: CommonOptions
    @Argument(help: "The entry; a begin or an end stands for its whole run.") var entry: Int?
    @Option(help: "Draw so many answers, files and exams.") var sample: Int?
    @Option(help: "Seed of the draw (default: random, and printed).") var seed: UInt64?
    @Flag(help: "Every run.") var all = false
    @Option(
      help: ArgumentHelp("Where models lie; may be given several times.", valueName: "dir"))
    var models: [String] = []
    @Option(
      help: ArgumentHelp(
        "Where items, records, outputs, openings and policies lie; may be given several times.",
        valueName: "dir"))
    var inputs: [String] = []
    @Option(help: "The content vault.") var vault: String?
    @Option(help: "Key of the content vault.") var vaultKey: String?
    @Option(help: "The pseudonym key of recorded de-identifications.") var key: String?
    @Option(help: "Verifier key that is trusted.") var publicKey: String?
    @Option(help: "Threads; no bit depends on it.") var threads: String?
    @Option(help: "auto, portable, avx2 or avx512; no bit depends on it.") var isa = "auto"
    @Option(help: "Positions computed together; no bit depends on it.") var batch: Int?
    @Flag(help: "Append what came of it to the log; a signer is needed for this alone.")
    var record = false
    @OptionGroup var signer: SignerOptions
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
      if [entry != nil, sample != nil, all].count(where: { $0 }) != 1 {
        throw ValidationError("Give exactly one of ENTRY, --sample N, --all.")
      }
      if let entry, entry < 0 { throw ValidationError("Entries count from 0.") }
      if let sample, !(1...1_000_000).contains(sample) {
        throw ValidationError("--sample is 1 to 1000000.")
      }
      if seed != nil, sample == nil { throw ValidationError("--seed needs --sample N.") }
      if let batch, !(1...4096).contains(batch) {
        throw ValidationError("--batch is 1 to 4096.")
      }
    }

    private var selection: ReplaySelection {
      if let entry { return .entry(entry) }
      if let sample { return .sample(sample, seed: seed) }
      return .all
    }

    func run() async throws {
      let own = signer.settings.merging([
        .threads: threads, .pseudonymKey: key, .vault: vault, .vaultKey: vaultKey,
      ]) { $1 }
      try await finish(common, own) { context in
        try await replayAuditLog(
          ReplayRequest(
            selection: selection, models: models.map { FilePath($0) },
            inputs: inputs.map { FilePath($0) }, publicKey: publicKey.map { FilePath($0) },
            isa: isa, batch: batch, asJSON: json, records: record),
          context: context)
      }
    }
  }
}
