import ArgumentParser
import SystemPackage
import Workflows

extension KeyCommand.New {
  struct Vault: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make the key that the content vault is locked with.",
      discussion: """
        Keep it apart from the vault and from its backups: the two together give everything away, \
        and without the key nothing in the vault can be opened.
        Example: medai key new vault --output keys/vault.key
        """)
    @OptionGroup var common: CommonOptions
    @Option(help: "Where the key is written.") var output: String

    func run() async throws {
      try await finish(common) { context in
        try makeVaultKey(output: FilePath(output), context: context)
      }
    }
  }
}
