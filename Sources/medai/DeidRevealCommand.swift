import ArgumentParser
import Settings
import SystemPackage
import Workflows

/// Where the way back from tokens to originals is kept.
struct ReidentificationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The re-identification vault (an encrypted file).", valueName: "file"))
  var reidVault: String?
  @Option(help: ArgumentHelp("Its key, made by medai key new vault.", valueName: "file"))
  var reidKey: String?

  /// The vault and its key; `nil` where neither is named.
  var place: ReidentificationPlace? {
    guard let reidVault, let reidKey else { return nil }
    return ReidentificationPlace(vault: FilePath(reidVault), key: FilePath(reidKey))
  }

  func validate() throws {
    if (reidVault == nil) != (reidKey == nil) {
      throw ValidationError("--reid-vault and --reid-key go together.")
    }
  }

  func required() throws -> ReidentificationPlace {
    guard let place else {
      throw ValidationError("Name the vault by --reid-vault FILE and its key by --reid-key FILE.")
    }
    return place
  }
}

extension DeidCommand {
  struct Reveal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Turn a released token back, on record. / 재식별",
      discussion: """
        Prints {"token", "kind", "original"}. The entry in the audit log comes first, also for a \
        token that the vault does not know; --no-audit does not exist here. Reason and approval are \
        codes, never sentences.
        Example: medai deid reveal P-1f0c… --reason adverse-event --approval IRB-2026-0117 \
        --reid-vault links.db --reid-key keys/links.key --signing-key keys/signing.pem
        """)
    @OptionGroup var common: CommonOptions
    @OptionGroup var signer: SignerOptions
    @OptionGroup var place: ReidentificationOptions
    @Argument(help: "The token as it was released.") var token: String
    @Option(help: "Code of the reason.") var reason: String
    @Option(help: "Code of the decision that allows it.") var approval: String?

    func validate() throws { _ = try place.required() }

    func run() async throws {
      let request = ReidentifyRequest(
        try place.required(), token: token, reason: reason, approval: approval)
      try await finish(common, signer.settings) { context in try reveal(request, context: context) }
    }
  }

  struct Destroy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Erase a token's way back, or the whole re-identification vault, on record.",
      discussion: """
        With --all the vault's data key is destroyed first and the links after it; the empty file \
        stays as a mark and opens with no key any more. Copies and backups of the file must be \
        destroyed as well.
        Examples:
          medai deid destroy --token P-1f0c… --reason subject-request --reid-vault links.db \
        --reid-key keys/links.key --signing-key keys/signing.pem
          medai deid destroy --all --reason end-of-study --reid-vault links.db \
        --reid-key keys/links.key --signing-key keys/signing.pem
        """)
    @OptionGroup var common: CommonOptions
    @OptionGroup var signer: SignerOptions
    @OptionGroup var place: ReidentificationOptions
    @Option(help: "The token whose links are erased.") var token: String?
    @Flag(help: "Destroy the whole vault.") var all = false
    @Option(help: "Code of the reason.") var reason: String
    @Option(help: "Code of the decision that asks for it.") var approval: String?

    func validate() throws {
      _ = try place.required()
      if all == (token != nil) { throw ValidationError("Give exactly one of --token T, --all.") }
    }

    func run() async throws {
      let request = ReidentifyRequest(
        try place.required(), token: token, reason: reason, approval: approval)
      try await finish(common, signer.settings) { context in
        try eraseLinks(request, all: all, context: context)
      }
    }
  }
}
