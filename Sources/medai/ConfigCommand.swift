import ArgumentParser
import Workflows

struct ConfigCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Settings and where they come from. / 설정",
    discussion: "Example: medai config show --config medai.yaml",
    subcommands: [Show.self])

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What holds: flag, environment (MEDAI_…), file, default.",
      discussion: "Example: MEDAI_JOBS=1 medai config show --config medai.yaml")
    @OptionGroup var common: CommonOptions
    @OptionGroup var audit: AuditOptions
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
      try await finish(common, audit.settings) { showSettings(asJSON: json, context: $0) }
    }
  }
}
