import ArgumentParser
import Settings
import SystemPackage
import Workflows

struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Verify the audit log and write the report. / 감사 기록",
    discussion: "Example: medai audit verify --audit-log AuditLogs --public-key audit.vkey",
    subcommands: [
      Report.self, Verify.self, Append.self, CheckpointCommand.self, Prove.self, Timestamp.self,
      Seal.self, Witness.self, Redact.self, Replay.self, Drill.self, Export.self, Diff.self,
      Prune.self,
    ],
    defaultSubcommand: Report.self)

  struct Report: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the report that goes with a submission.",
      discussion: """
        Example: medai audit report --submission medai.submission.yaml --guideline mfds-genai-2025 \
        --public-key keys/signing.pem.vkey --output report.ko.html --oscal oscal --lang ko
        """)
    @OptionGroup var common: CommonOptions
    @OptionGroup var audit: AuditOptions
    @Option(help: "The submission file (YAML).") var submission: String
    @Option(help: "Guideline id; may be given several times.") var guideline: [String] = []
    @Option(help: "Where the report goes (HTML).") var output: String
    @Option(help: "Verifier key that is trusted.") var publicKey: String?
    @Option(help: "Report on the log as it was at this size.") var at: Int?
    @Option(help: "Output records to judge (NDJSON).") var outputs: String?
    @Option(help: "What exam validate --json wrote (default: as the submission names it).")
    var exam: String?
    @Option(help: "Manifest of a de-identification run (default: as the submission names it).")
    var manifest: String?
    @Option(help: "Folder for OSCAL assessment results.") var oscal: String?
    @Option(help: "File for SARIF.") var sarif: String?
    @Option(help: "File for CSV.") var csv: String?

    func run() async throws {
      try await finish(common, audit.settings) { context in
        try writeReport(
          ReportRequest(
            submission: FilePath(submission), guidelines: guideline, output: FilePath(output),
            publicKey: publicKey.map { FilePath($0) }, size: at,
            outputs: outputs.map { FilePath($0) }, exam: exam.map { FilePath($0) },
            manifest: manifest.map { FilePath($0) }, oscal: oscal.map { FilePath($0) },
            sarif: sarif.map { FilePath($0) }, csv: csv.map { FilePath($0) },
            withoutAudit: audit.noAudit),
          context: context)
      }
    }
  }

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check the log: nothing changed, nothing missing, signed by a key you trust.",
      discussion: """
        Needs no private key and works on a copy.
        Example: medai audit verify --audit-log AuditLogs --public-key audit.vkey --json
        """)
    @OptionGroup var common: CommonOptions
    @Option(help: "Verifier key that is trusted.") var publicKey: String?
    @Option(help: "A checkpoint that you kept.") var against: String?
    @Option(help: ArgumentHelp("Verify a pack of audit export instead.", valueName: "dir"))
    var pack: String?
    @Option(help: "Also check that the log says it issued this report, byte for byte.")
    var report: String?
    @Option(help: ArgumentHelp("Check the content vault, too.", valueName: "file"))
    var vault: String?
    @Option(help: ArgumentHelp("Key of the vault, to open its content.", valueName: "file"))
    var vaultKey: String?
    @OptionGroup var signer: SignerOptions
    @Option(help: "Certificates that issue time-stamping authorities' (PEM).") var tsaCa: String?
    @Option(help: "Certificates that issue sealing certificates (PEM).") var sealCa: String?
    @Option(help: "Logs, witnesses and quorum (tlog-policy).") var policy: String?
    @Option(help: ArgumentHelp("Evidence (default: the log's anchors folder).", valueName: "dir"))
    var anchors: String?
    @Flag(help: "End with 5 where entries lie after the last outside evidence.")
    var requireAnchored = false
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
      if pack != nil, signer.auditLog != nil {
        throw ValidationError("--pack and --audit-log exclude each other.")
      }
    }

    func run() async throws {
      let own = signer.settings.merging([.vault: vault, .vaultKey: vaultKey]) { $1 }
      try await finish(common, own) { context in
        try verifyAuditLog(
          VerifyRequest(
            pack: pack.map { FilePath($0) }, report: report.map { FilePath($0) },
            publicKey: publicKey.map { FilePath($0) }, against: against.map { FilePath($0) },
            timestampAuthorities: tsaCa.map { FilePath($0) },
            sealAuthorities: sealCa.map { FilePath($0) }, policy: policy.map { FilePath($0) },
            anchors: anchors.map { FilePath($0) }, requireAnchored: requireAnchored, asJSON: json),
          context: context)
      }
    }
  }

  struct CheckpointCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "checkpoint", abstract: "Print the log's signed head.",
      discussion: "Example: medai audit checkpoint --audit-log AuditLogs > kept.checkpoint")
    @OptionGroup var common: CommonOptions
    @Option(help: ArgumentHelp("Folder of the audit log (default AuditLogs).", valueName: "dir"))
    var auditLog: String?

    func run() async throws {
      try await finish(common, [.auditLog: auditLog]) { context in
        try printCheckpoint(context: context)
      }
    }
  }

  struct Prove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the proof that one entry is in the log.",
      discussion: "Example: medai audit prove 41 --output 41.tlog-proof")
    @OptionGroup var common: CommonOptions
    @Argument(help: "The entry, from 0.") var entry: Int
    @Option(help: "Where the proof goes.") var output: String
    @Option(help: ArgumentHelp("Folder of the audit log (default AuditLogs).", valueName: "dir"))
    var auditLog: String?

    func run() async throws {
      try await finish(common, [.auditLog: auditLog]) { context in
        try proveEntry(entry, output: FilePath(output), context: context)
      }
    }
  }
}
