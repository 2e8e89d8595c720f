import ArgumentParser
import Workflows

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check that this machine and set-up are in order. / 점검",
    discussion: "Example: medai doctor --signing-key keys/signing.pem")
  @OptionGroup var common: CommonOptions
  @OptionGroup var audit: AuditOptions
  @Flag(help: "Print JSON.") var json = false

  func run() async throws {
    try await finish(common, audit.settings) { try examineSetUp(asJSON: json, context: $0) }
  }
}
