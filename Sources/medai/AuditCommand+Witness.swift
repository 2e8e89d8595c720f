import ArgumentParser
import Settings
import SystemPackage
import Workflows

extension AuditCommand {
  struct Witness: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Have another PC remember the log's head and cosign it, by file.",
      discussion: """
        Example: medai audit witness export --output head.request --signing-key keys/signing.pem
        """,
      subcommands: [Export.self, Cosign.self, Record.self])

    struct Export: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "At the log: write the head and the proof for the witness.",
        discussion: """
          Example: medai audit witness export --output head.request --public-key witness.vkey \
          --signing-key keys/signing.pem
          """)
      @OptionGroup var common: CommonOptions
      @OptionGroup var signer: SignerOptions
      @Option(help: "Where the request goes.") var output: String
      @Option(help: "The witness's verifier key: start from the size it cosigned last.")
      var publicKey: String?
      @Option(help: "Start from this size, as the witness said.") var old: Int?

      func validate() throws {
        if let old, old < 0 { throw ValidationError("--old is a size.") }
      }

      func run() async throws {
        try await finish(common, signer.settings) { context in
          try exportForWitness(
            output: FilePath(output), witness: publicKey.map { FilePath($0) }, old: old,
            context: context)
        }
      }
    }

    struct Cosign: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "On the witness's PC: compare with the last head, remember this one, cosign.",
        discussion: """
          Keep DIR: a witness that lost it must not go on under its old name.
          Example: medai audit witness cosign head.request --state witness \
          --signing-key witness.pem --public-key audit.vkey --output head.cosig
          """)
      @OptionGroup var common: CommonOptions
      @Argument(help: "What the log handed over.") var request: String
      @Option(help: ArgumentHelp("What the witness remembers.", valueName: "dir"))
      var state: String
      @Option(help: "The witness's own key (PEM).") var signingKey: String
      @Option(help: "File that holds that key's passphrase.") var signingPassphraseFile: String?
      @Option(help: "The witness's name (default: as FILE.vkey beside the key says).")
      var name: String?
      @Option(help: "Verifier key of the log; several after a rotation.") var publicKey: [String]
      @Option(help: "Where the cosignature goes.") var output: String

      func run() async throws {
        try await finish(common) { context in
          try cosignAsWitness(
            CosignRequest(
              request: FilePath(request), state: FilePath(state), key: FilePath(signingKey),
              passphraseFile: signingPassphraseFile.map { FilePath($0) }, name: name,
              logs: publicKey.map { FilePath($0) }, output: FilePath(output)),
            context: context)
        }
      }
    }

    struct Record: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "At the log: check a cosignature and keep it.",
        discussion: """
          Example: medai audit witness record head.cosig --public-key witness.vkey \
          --signing-key keys/signing.pem
          """)
      @OptionGroup var common: CommonOptions
      @OptionGroup var signer: SignerOptions
      @Argument(help: "The cosignature.") var cosignature: String
      @Option(help: "The witness's verifier key.") var publicKey: String

      func run() async throws {
        try await finish(common, signer.settings) { context in
          try recordCosignature(
            FilePath(cosignature), witness: FilePath(publicKey), context: context)
        }
      }
    }
  }
}
