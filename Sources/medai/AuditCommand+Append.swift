import ArgumentParser
import Settings
import SystemPackage
import Workflows

extension AuditCommand {
  struct Append: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Append events of another system.",
      discussion: """
        FILE holds one object, or one object a line; `-` reads standard input and commits what is \
        there at once. For each entry that is durable, a line of JSON is printed.
        Example: printf '{"operation":"read","outcome":"success","count":1}' | \
        medai audit append --type external.access --json - --signing-key keys/signing.pem
        """)
    @OptionGroup var common: CommonOptions
    @OptionGroup var signer: SignerOptions
    @Option(help: "Type of the events, with a schema under Guidelines/events.") var type: String
    @Option(help: ArgumentHelp("The events: one object or NDJSON.", valueName: "file|-"))
    var json: String

    func run() async throws {
      try await finish(common, signer.settings) { context in
        try appendEvents(type: type, from: FilePath(json), context: context)
      }
    }
  }
}
