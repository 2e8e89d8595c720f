import ArgumentParser
import Settings
import SystemPackage
import Workflows

/// Where the passphrase of a key that a command names comes from; systemd's credential
/// `medai-signing-passphrase` is found without being named.
struct KeyPassphraseOptions: ParsableArguments {
  @Option(help: ArgumentHelp("File that holds the key's passphrase.", valueName: "file"))
  var passphraseFile: String?

  @Option(
    help: ArgumentHelp("Open descriptor to read the passphrase from, 3 or more.", valueName: "n"))
  var passphraseFd: Int32?

  /// Whether one of them is given.
  var isGiven: Bool { passphraseFile != nil || passphraseFd != nil }

  func validate() throws {
    if passphraseFile != nil, passphraseFd != nil {
      throw ValidationError("--passphrase-file and --passphrase-fd exclude each other.")
    }
  }

  /// These options for a job.
  func options(isNone: Bool = false) -> PassphraseOptions {
    PassphraseOptions(
      file: passphraseFile.map { FilePath($0) }, descriptor: passphraseFd, isNone: isNone)
  }
}

struct KeyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Make, show and rotate keys. / 키",
    discussion: "Example: medai key new signing --output keys/signing.pem --no-passphrase",
    subcommands: [New.self, Public.self, Rotate.self])

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
      @OptionGroup var passphrase: KeyPassphraseOptions
      @Flag(help: "Write the key without a passphrase.") var noPassphrase = false

      func validate() throws {
        if passphrase.isGiven, noPassphrase {
          throw ValidationError("a passphrase and --no-passphrase exclude each other.")
        }
      }

      func run() async throws {
        try await finish(common) { context in
          try makeSigningKey(
            output: FilePath(output), origin: name,
            passphrase: passphrase.options(isNone: noPassphrase), context: context)
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
    @OptionGroup var passphrase: KeyPassphraseOptions

    func run() async throws {
      try await finish(common) { context in
        try printVerifierKey(
          of: FilePath(key), origin: name, passphrase: passphrase.options(), context: context)
      }
    }
  }
}
