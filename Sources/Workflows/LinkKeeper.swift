internal import Auditing
internal import Deidentification
internal import Presentation
internal import Settings
internal import Synchronization
public import SystemPackage

/// Where the re-identification vault and its key lie.
public struct ReidentificationPlace: Sendable {
  let vault: FilePath
  let key: FilePath

  /// A vault and its key.
  public init(vault: FilePath, key: FilePath) {
    self.vault = vault
    self.key = key
  }
}

/// The re-identification vault as a run of de-identification sees it.
///
/// The job calls it from one task at a time; the mutex states that.
final class LinkKeeper: Sendable {
  private struct State: ~Copyable {
    let vault: ReidentificationVault
  }

  private let state: Mutex<State>

  private init(_ vault: sending ReidentificationVault) { state = Mutex(State(vault: vault)) }

  /// Opens the vault, or makes it.
  ///
  /// - Throws: `Failure` where it lies in a folder that is read or handed out, or shares its key with
  ///   the content vault; errors of the vault.
  static func open(
    _ place: ReidentificationPlace, outside folders: [FilePath?], _ context: JobContext
  ) throws -> LinkKeeper {
    try refuse(vaults: [place.vault, place.key], inside: folders)
    let key = try VaultKey.load(place.key)
    if let other = context.path(.vaultKey), try VaultKey.load(other).id == key.id {
      throw Failure(
        .usage,
        Bilingual(
          ko: "재식별 보관소와 내용 보관소는 키가 달라야 합니다.",
          en: "the re-identification vault needs a key of its own, not the content vault's."),
        hint: Bilingual(
          ko: "medai key new vault --output FILE 로 따로 만드십시오.",
          en: "make another one with medai key new vault --output FILE."))
    }
    return LinkKeeper(try ReidentificationVault.open(place.vault, key: key, mayCreate: true))
  }

  /// Makes links durable.
  func keep(_ links: [TokenLink]) throws {
    try state.withLock { state in
      try state.vault.add(
        links.map {
          ReidentificationLink(kind: $0.kind, token: $0.token, original: $0.original)
        })
    }
  }

  /// Lets the vault go.
  func close() throws { try state.withLock { state in try state.vault.close() } }
}
