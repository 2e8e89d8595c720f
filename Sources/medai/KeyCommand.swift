import ArgumentParser
import Settings
import SystemPackage
import Workflows

struct KeyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Make and show keys. / 키",
    discussion: "Example: medai key new signing --output keys/signing.pem --no-passphrase",
    subcommands: [New.self, Public.self])

  struct New: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a key.",
      discussion: "Example: medai key new pseudonym --output keys/project.key",
      subcommands: [Signing.self, Pseudonym.self, Vault.self])

    struct Signing: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Make an Ed25519 key that signs the audit log.",
        discussion: """
          Writes FILE (PKCS#8 PEM, mode 0600) and FILE.vkey, the public line to hand to reviewers.
          Example: medai key new signing --output keys/signing.pem --name hospital.example/audit \
          --passphrase-file /run/credentials/audit
          """)
      @OptionGroup var common: CommonOptions
      @Option(help: "Where the key is written.") var output: String
      @Option(help: "Origin that names the log.") var name = defaultOrigin
      @Option(help: "File that holds the passphrase.") var passphraseFile: String?
      @Flag(help: "Write the key without a passphrase.") var noPassphrase = false

      func validate() throws {
        if passphraseFile != nil, noPassphrase {
          throw ValidationError("--passphrase-file and --no-passphrase exclude each other.")
        }
      }

      func run() async throws {
        try await finish(common) { context in
          try makeSigningKey(
            output: FilePath(output), origin: name,
            passphraseFile: passphraseFile.map { FilePath($0) }, withoutPassphrase: noPassphrase,
            context: context)
        }
      }
    }

    struct Pseudonym: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Make the key that pseudonyms and date shifts come from.",
        discussion: "Example: medai key new pseudonym --output keys/project.key")
      @OptionGroup var common: CommonOptions
      @Option(help: "Where the key is written.") var output: String

      func run() async throws {
        try await finish(common) { context in
          try makePseudonymKey(output: FilePath(output), context: context)
        }
      }
    }
  }

  struct Public: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the verifier line of a signing key.",
      discussion: "Example: medai key public keys/signing.pem > audit.vkey")
    @OptionGroup var common: CommonOptions
    @Argument(help: "The signing key (PEM).") var key: String
    @Option(help: "Origin that names the log.") var name = defaultOrigin
    @Option(help: "File that holds the key's passphrase.") var passphraseFile: String?

    func run() async throws {
      try await finish(common) { context in
        try printVerifierKey(
          of: FilePath(key), origin: name, passphraseFile: passphraseFile.map { FilePath($0) },
          context: context)
      }
    }
  }
}
