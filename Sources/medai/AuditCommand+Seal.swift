import ArgumentParser
import Settings
import SystemPackage
import Workflows

extension AuditCommand {
  struct Seal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Seal the log's head with the organisation's certificate (detached CMS).",
      discussion: """
        Example: medai audit seal --certificate hospital.pem --key hospital.key \
        --seal-ca hospital-ca.pem --signing-key keys/signing.pem
        With signing software of your own: medai audit seal --output-note head.note, sign it, then \
        medai audit seal --cms-in head.p7s --seal-ca hospital-ca.pem
        """)
    @OptionGroup var common: CommonOptions
    @OptionGroup var signer: SignerOptions
    @Option(help: "Write the bytes to be sealed, and nothing more.") var outputNote: String?
    @Option(help: "The organisation's certificate (PEM; RSA or ECDSA).") var certificate: String?
    @Option(help: "The certificate's private key (PEM, mode 0600).") var key: String?
    @Option(help: "File that holds that key's passphrase.") var passphraseFile: String?
    @Option(help: "Certificates between it and its authority (PEM).") var chain: String?
    @Option(help: "A seal that was made elsewhere (DER or PEM).") var cmsIn: String?
    @Option(help: "Certificates that issue the sealing certificate (PEM).") var sealCa: String?

    func validate() throws {
      guard [outputNote, certificate, cmsIn].count(where: { $0 != nil }) == 1 else {
        throw ValidationError("Give one of --output-note, --certificate or --cms-in.")
      }
      if (certificate == nil) != (key == nil) {
        throw ValidationError("--certificate and --key belong together.")
      }
      if cmsIn != nil, sealCa == nil { throw ValidationError("--cms-in needs --seal-ca.") }
      if certificate == nil, passphraseFile != nil || chain != nil {
        throw ValidationError("--passphrase-file and --chain go with --certificate.")
      }
      if outputNote != nil, sealCa != nil {
        throw ValidationError("--seal-ca does not go with --output-note.")
      }
    }

    func run() async throws {
      try await finish(common, signer.settings) { context in
        if let certificate, let key {
          return try sealHead(
            SealRequest(
              certificate: FilePath(certificate), key: FilePath(key),
              passphraseFile: passphraseFile.map { FilePath($0) },
              chain: chain.map { FilePath($0) }, authorities: sealCa.map { FilePath($0) }),
            context: context)
        }
        if let cmsIn, let sealCa {
          return try recordSeal(
            cms: FilePath(cmsIn), authorities: FilePath(sealCa), context: context)
        }
        return try writeNoteForSeal(output: FilePath(outputNote ?? ""), context: context)
      }
    }
  }
}
