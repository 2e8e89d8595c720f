import ArgumentParser
import Settings

/// Options of the commands that keep content in the vault.
struct VaultOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Keep the content, encrypted, in this vault.", valueName: "file"))
  var vault: String?

  @Option(help: ArgumentHelp("Key of the vault.", valueName: "file"))
  var vaultKey: String?

  @Option(
    help: ArgumentHelp(
      "Whom the content is about; only a keyed token of it is stored.", valueName: "token"))
  var subject: String?

  /// These options as settings.
  var settings: [SettingKey: String?] { [.vault: vault, .vaultKey: vaultKey] }
}
