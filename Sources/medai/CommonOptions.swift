import ArgumentParser
import MedaiCore
import Settings
import SystemPackage
import Workflows

/// Options that every command has.
struct CommonOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Language of messages and reports: ko or en.", valueName: "ko|en"))
  var lang: String?

  @Option(help: ArgumentHelp("Settings file (YAML).", valueName: "medai.yaml"))
  var config: String?

  @Option(help: ArgumentHelp("Progress lines where there is no terminal.", valueName: "text|json"))
  var logFormat: String?

  /// What these options and a command's own ones say.
  func context(_ own: [SettingKey: String?] = [:]) throws -> JobContext {
    var flags: [SettingKey: String] = [:]
    flags[.language] = lang
    flags[.logFormat] = logFormat
    for (key, value) in own {
      if let value { flags[key] = value }
    }
    return try JobContext(flags: flags, configuration: config.map { FilePath($0) })
  }
}

/// Options that say where the audit log lies and who signs it.
struct SignerOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Folder of the audit log (default AuditLogs).", valueName: "dir"))
  var auditLog: String?

  @Option(help: ArgumentHelp("Key that signs the log (PEM).", valueName: "file"))
  var signingKey: String?

  @Option(help: ArgumentHelp("File that holds the signing key's passphrase.", valueName: "file"))
  var signingPassphraseFile: String?

  @Option(
    help: ArgumentHelp("Open descriptor to read the passphrase from, 3 or more.", valueName: "n"))
  var signingPassphraseFd: Int32?

  @Option(
    help: ArgumentHelp(
      "Program that keeps the signing key and signs (docs/signer.md).", valueName: "command"))
  var signerCommand: String?

  @Option(help: ArgumentHelp("Verifier line of the signer program's key.", valueName: "file"))
  var signerPublicKey: String?

  /// These options as settings.
  var settings: [SettingKey: String?] {
    [
      .auditLog: auditLog, .signingKey: signingKey,
      .signingPassphraseFile: signingPassphraseFile,
      .signingPassphraseDescriptor: signingPassphraseFd.map { String($0) },
      .signerCommand: signerCommand, .signerPublicKey: signerPublicKey,
    ]
  }
}

/// Options of the commands that append to the audit log unless they are told not to.
struct AuditOptions: ParsableArguments {
  @OptionGroup var signer: SignerOptions

  @Flag(help: "Go without an audit log, and say so.")
  var noAudit = false

  /// These options as settings.
  var settings: [SettingKey: String?] { signer.settings }
}
