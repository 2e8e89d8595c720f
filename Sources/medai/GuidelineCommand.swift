import ArgumentParser
import Settings
import SystemPackage
import Workflows

struct GuidelineCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "guideline", abstract: "Look into the encoded guidelines. / 가이드라인",
    discussion: "Example: medai guideline show mfds-genai-2025",
    subcommands: [List.self, Show.self, Lint.self])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The editions, with their digests.",
      discussion: "Example: medai guideline list --json")
    @OptionGroup var common: CommonOptions
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
      try await finish(common) { try listGuidelines(asJSON: json, context: $0) }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "One edition's controls, or one control.",
      discussion: "Example: medai guideline show mfds-genai-2025")
    @OptionGroup var common: CommonOptions
    @Argument(help: "Guideline id.") var id: String
    @Argument(help: "Control id.") var control: String?

    func run() async throws {
      try await finish(common) { try showGuideline(id, control: control, context: $0) }
    }
  }

  struct Lint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The strict gate: each fault with file and line.",
      discussion: "Example: medai guideline lint Guidelines")
    @OptionGroup var common: CommonOptions
    @Argument(help: "Folder of guidelines (default Guidelines).") var folder: String?

    func run() async throws {
      try await finish(common, [.guidelines: folder]) { try lintGuidelines(context: $0) }
    }
  }
}
