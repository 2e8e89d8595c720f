import ArgumentParser
import Settings
import SystemPackage
import Workflows

extension AuditCommand {
  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the log as a pack that other people's tools can verify.",
      discussion: """
        C2SP tlog-tiles, signed checkpoint, keys, anchors, schemas, a manifest, and VERIFY.md with \
        commands that need only openssl and python. The same log and size give the same bytes.
        Example: medai audit export --output pack --proof 41 --audit-log AuditLogs
        """)
    @OptionGroup var common: CommonOptions
    @Option(help: ArgumentHelp("Folder of the audit log (default AuditLogs).", valueName: "dir"))
    var auditLog: String?
    @Option(help: "The pack's folder; it must not exist yet.") var output: String
    @Option(help: "Export the log as it was at this size; a signed checkpoint of it must be kept.")
    var at: Int?
    @Option(help: "Add the proof of this entry; may be given several times.") var proof: [Int] = []
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
      try await finish(common, [.auditLog: auditLog]) { context in
        try exportLog(
          ExportRequest(output: FilePath(output), size: at, proofs: proof, asJSON: json),
          context: context)
      }
    }
  }

  struct Diff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Compare two reports: new, fixed, changed thresholds, changed rules.",
      discussion: """
        OLD and NEW are what check or report wrote as JSON, SARIF or OSCAL assessment results, or \
        folders of report --oscal. Exit 1 where something got worse.
        Example: medai audit diff oscal.2025 oscal.2026 --json
        """)
    @OptionGroup var common: CommonOptions
    @Argument(help: "The earlier report.") var old: String
    @Argument(help: "The later report.") var new: String
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
      try await finish(common) { context in
        try compareReports(
          old: FilePath(old), new: FilePath(new), asJSON: json, context: context)
      }
    }
  }

  struct Prune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say which prefix of the log is past its retention. Removes nothing.",
      discussion: "Example: medai audit prune --dry-run --as-of 2032-01-01 --audit-log AuditLogs")
    @OptionGroup var common: CommonOptions
    @Option(help: ArgumentHelp("Folder of the audit log (default AuditLogs).", valueName: "dir"))
    var auditLog: String?
    @Flag(help: "Show the plan; there is no other way to run this command.") var dryRun = false
    @Option(help: ArgumentHelp("The day to plan for (default today).", valueName: "date"))
    var asOf: String?
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
      try await finish(common, [.auditLog: auditLog]) { context in
        try planPruning(isDryRun: dryRun, day: asOf, asJSON: json, context: context)
      }
    }
  }
}
