internal import Auditing
internal import Cryptography
internal import MedaiCore
internal import Presentation
internal import Settings
public import SystemPackage

/// The vault as a job sees it: content goes in before its entry is appended, and is joined to the
/// entry before anything is released.
final class ContentKeeper {
  private let vault: Vault
  private let subject: [UInt8]?

  private init(_ vault: Vault, subject: String?) {
    self.vault = vault
    self.subject = subject.map { Array($0.utf8) }
  }

  /// Opens the vault that the settings name, beside a log that is open already.
  ///
  /// - Parameters:
  ///   - context: Settings `vault`, `vault-key`, `audit-log`.
  ///   - subject: Whom all of the job's content is about.
  ///   - withoutAudit: `--no-audit`: without entries there is nothing to keep content for.
  /// - Returns: `nil` where no vault is named.
  /// - Throws: `Failure` where the key is not named or the options exclude each other; errors of
  ///   the vault. Then the job must not begin.
  static func open(
    _ context: JobContext, subject: String?, withoutAudit: Bool
  ) throws -> ContentKeeper? {
    guard let path = context.path(.vault) else {
      if subject != nil { throw vaultFailure(.usage, .subjectWithoutVault) }
      return nil
    }
    if withoutAudit { throw vaultFailure(.usage, .vaultWithoutAudit) }
    let vault = try openVault(path, context)
    return ContentKeeper(vault, subject: subject)
  }

  /// Encrypts content into the vault, durably.
  func stage(
    _ contents: [(role: VaultRole, bytes: [UInt8])], subject: String? = nil
  ) throws -> [StagedContent] {
    try vault.stage(contents, subject: subject.map { Array($0.utf8) } ?? self.subject)
  }

  /// Encrypts a file into the vault, durably and in bounded memory.
  func stage(file: FilePath, as role: VaultRole, digest: Digest) throws -> StagedContent {
    try vault.stage(file: file, as: role, expecting: digest, subject: subject)
  }

  /// Joins content to its entry, durably.
  func bind(_ staged: [StagedContent], to entry: Int) throws {
    try vault.bind(staged, to: entry)
  }

  /// Erases content that was prepared for an entry that never came.
  func discard(_ staged: [StagedContent]) { try? vault.discard(staged) }

  /// Lets the vault go.
  func close() throws { try vault.close() }
}

/// Opens a vault for writing with the key that the settings name.
func openVault(_ path: FilePath, _ context: JobContext) throws -> Vault {
  guard let keyPath = context.path(.vaultKey) else {
    throw vaultFailure(.configuration, .keyNotNamed)
  }
  return try Vault.open(
    path, key: try VaultKey.load(keyPath), log: auditFolder(context), catalog: try eventCatalog())
}

/// Refuses a vault or vault key that lies in a folder which is handed out or read, by name or by
/// whatever links lead there.
func refuseVault(inside folders: [FilePath?], _ context: JobContext) throws {
  try refuse(
    vaults: [SettingKey.vault, .vaultKey].compactMap { context.path($0) }, inside: folders)
}

/// Refuses a vault or key that lies in a folder which is handed out or read.
func refuse(vaults: [FilePath], inside folders: [FilePath?]) throws {
  for path in vaults {
    for folder in folders.compactMap(\.self) where PlaceCheck.lies(path, in: folder) {
      throw vaultFailure(.usage, .insideFolder)
    }
  }
}

/// Makes the key of a vault.
public func makeVaultKey(output: FilePath, context: JobContext) throws -> JobResult {
  try refuseExisting(output)
  try createFolder(output.removingLastComponent(), mode: 0o700)
  let key = try VaultKey.create(at: output)
  context.say(
    Bilingual(
      ko: "보관소 키: \(output.string) (본인만 읽을 수 있음). 이 키를 잃으면 보관소의 내용을 다시 열 수 없고, 이 키와 "
        + "보관소가 함께 새면 내용이 드러납니다. 보관소와 떨어진 곳에 두십시오.",
      en: "vault key: \(output.string) (readable by you only). Without it nothing in the vault can "
        + "be opened again; with it and the vault everything can. Keep the two apart."))
  return JobResult("\(key.id)\n")
}
