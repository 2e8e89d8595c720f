import ArgumentParser
import Settings
import SystemPackage
import Workflows

extension AuditCommand {
  struct Drill: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Attack a copy of your own log, and see what is found.",
      discussion: """
        The log is only read; the copy lies beside it, for you alone, and is removed afterwards. \
        Entries are never printed. docs/attacks.md states what each attack must come to.
        Example: medai audit drill --audit-log AuditLogs --public-key audit.vkey
        """)
    @OptionGroup var common: CommonOptions
    @Option(help: ArgumentHelp("Folder of the audit log (default AuditLogs).", valueName: "dir"))
    var auditLog: String?
    @Option(help: "Verifier key that is trusted.") var publicKey: String?
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
      try await finish(common, [.auditLog: auditLog]) { context in
        try drillAuditLog(
          publicKey: publicKey.map { FilePath($0) }, asJSON: json, context: context)
      }
    }
  }
}
