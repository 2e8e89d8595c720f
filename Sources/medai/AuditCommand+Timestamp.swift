import ArgumentParser
import Settings
import SystemPackage
import Workflows

extension AuditCommand {
  struct Timestamp: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "timestamp", abstract: "Have the log's head time-stamped (RFC 3161), by file.",
      discussion: """
        Nothing leaves this machine: carry the request to the authority and the answer back.
        Example: medai audit timestamp --request head.tsq --signing-key keys/signing.pem
        Then: medai audit timestamp --response head.tsr --tsa-ca tsa-ca.pem \
        --signing-key keys/signing.pem
        """)
    @OptionGroup var common: CommonOptions
    @OptionGroup var signer: SignerOptions
    @Option(help: "Where the request goes.") var request: String?
    @Option(help: "The authority's answer.") var response: String?
    @Option(help: "Certificates that issue the authority's (PEM).") var tsaCa: String?

    func validate() throws {
      if (request == nil) == (response == nil) {
        throw ValidationError("Give either --request or --response.")
      }
      if (response == nil) != (tsaCa == nil) {
        throw ValidationError("--response and --tsa-ca belong together.")
      }
    }

    func run() async throws {
      try await finish(common, signer.settings) { context in
        if let response, let tsaCa {
          return try recordTimestamp(
            reply: FilePath(response), authorities: FilePath(tsaCa), context: context)
        }
        return try requestTimestamp(output: FilePath(request ?? ""), context: context)
      }
    }
  }
}
