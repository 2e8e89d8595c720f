import ArgumentParser
import Settings
import SystemPackage
import Workflows

extension KeyCommand {
  struct Rotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let another key sign the log from here on.",
      discussion: """
        Makes the new key where it is missing, logs the change, and signs that checkpoint with both \
        keys. Prints the new verifier line. The old key's file is left alone.
        Example: medai key rotate --signing-key keys/2026.pem --new keys/2027.pem \
        --new-passphrase-file /run/credentials/next --reason scheduled
        """)
    @OptionGroup var common: CommonOptions
    @OptionGroup var signer: SignerOptions
    @Option(
      help: ArgumentHelp(
        "The new key; made where it is missing. With --new-signer-command, its verifier line.",
        valueName: "file"))
    var new: String
    @Option(help: ArgumentHelp("File that holds the new key's passphrase.", valueName: "file"))
    var newPassphraseFile: String?
    @Option(
      help: ArgumentHelp("Open descriptor to read the new passphrase from.", valueName: "n"))
    var newPassphraseFd: Int32?
    @Flag(help: "The new key has no passphrase.") var noNewPassphrase = false
    @Option(
      help: ArgumentHelp("Program that keeps the new key (docs/signer.md).", valueName: "command"))
    var newSignerCommand: String?
    @Option(help: "The log's origin, to be sure.") var name: String?
    @Option(
      help: ArgumentHelp(
        "Why: scheduled, compromise, staff or algorithm.", valueName: "reason"))
    var reason: String
    @Option(help: "Size up to which the old key is still believed.") var trustedThrough: Int?

    func validate() throws {
      let ways = [
        newPassphraseFile != nil, newPassphraseFd != nil, noNewPassphrase, newSignerCommand != nil,
      ]
      if ways.count(where: \.self) > 1 {
        throw ValidationError(
          "--new-passphrase-file, --new-passphrase-fd, --no-new-passphrase and "
            + "--new-signer-command exclude each other.")
      }
    }

    func run() async throws {
      try await finish(common, signer.settings) { context in
        try rotateKey(
          RotateRequest(
            new: FilePath(new), newCommand: newSignerCommand,
            newPassphrase: PassphraseOptions(
              file: newPassphraseFile.map { FilePath($0) }, descriptor: newPassphraseFd,
              isNone: noNewPassphrase),
            name: name, reason: reason, trustedThrough: trustedThrough),
          context: context)
      }
    }
  }
}
