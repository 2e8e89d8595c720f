import ArgumentParser
import Settings
import SystemPackage
import Workflows

extension AuditCommand {
  struct Redact: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Erase the content of entries from the vault, on record.",
      discussion: """
        The entries stay and the log still verifies; their content is gone for good. The reason is a \
        word, the basis a code of the law or rule that asks for it, never a sentence.
        Example: medai audit redact 41 42 --reason subject-request --basis PIPA-36 \
        --vault vault.db --vault-key keys/vault.key --signing-key keys/signing.pem
        """)
    @OptionGroup var common: CommonOptions
    @Argument(help: "The entries, from 0.") var entries: [Int] = []
    @Option(help: "Erase everything of this data subject.") var subject: String?
    @Option(help: "subject-request, retention, court-or-authority or error.") var reason: String
    @Option(help: "Code of the legal basis, such as PIPA-36.") var basis: String
    @Option(help: "Reference of the request; only a keyed token of it enters the log.")
    var reference: String?
    @Option(help: "File of openings to rewrite without these entries; may be given several times.")
    var openings: [String] = []
    @OptionGroup var signer: SignerOptions
    @Option(help: ArgumentHelp("The content vault.", valueName: "file")) var vault: String?
    @Option(help: ArgumentHelp("Key of the vault.", valueName: "file")) var vaultKey: String?
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
      if entries.isEmpty, subject == nil {
        throw ValidationError("Name entries, or --subject TOKEN.")
      }
    }

    func run() async throws {
      let own = signer.settings.merging([.vault: vault, .vaultKey: vaultKey]) { $1 }
      try await finish(common, own) { context in
        try redact(
          RedactRequest(
            entries: entries, subject: subject, reason: reason, basis: basis,
            reference: reference, openings: openings.map { FilePath($0) }, asJSON: json),
          context: context)
      }
    }
  }
}
