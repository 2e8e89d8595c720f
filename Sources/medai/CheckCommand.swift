import ArgumentParser
import Settings
import SystemPackage
import Workflows

struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check outputs against a guideline. / 산출물 점검",
    discussion: """
      Example: medai check outputs.ndjson --guideline mfds-genai-2025 --format sarif \
      --output findings.sarif --signing-key keys/signing.pem
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var audit: AuditOptions
  @Argument(help: "Output records (NDJSON).") var outputs: String
  @Option(help: "Guideline id; may be given several times.") var guideline: [String] = []
  @Option(help: "text, json, sarif or oscal.") var format = "text"
  @Option(help: "Where the result goes (default: standard output).") var output: String?
  @Option(help: "The submission these outputs belong to.") var submission: String?

  func run() async throws {
    try await finish(common, audit.settings) { context in
      try checkOutputs(
        CheckRequest(
          outputs: FilePath(outputs), guidelines: guideline, format: format,
          output: output.map { FilePath($0) }, submission: submission.map { FilePath($0) },
          withoutAudit: audit.noAudit),
        context: context)
    }
  }
}
