internal import Auditing
internal import Cryptography
internal import MedaiCore
internal import SystemPackage

/// Content that a vault gives back. Each piece proves itself by the entry's commitment; a vault of
/// another log is refused when it is opened.
final class ReplayVault {
  private let vault: Vault

  private static let maxFileBytes = 1 << 30

  /// Opens a vault for reading.
  ///
  /// - Throws: `VaultError`.
  init(_ path: FilePath, key: FilePath, log: inout LogReader) throws {
    vault = try Vault.read(path, key: try VaultKey.load(key), log: &log)
  }

  /// The key of an entry's commitments; `nil` where the vault never held it.
  ///
  /// - Throws: `ReplayCause.erased`; `VaultError` where the vault does not hold together.
  func key(of entry: LogEntry) throws -> [UInt8]? {
    try bytes(entry.sequence, .commitmentKey, maxBytes: 64)
  }

  /// What an answer's commitments, and its run's, open to; `nil` where the vault lacks a piece.
  ///
  /// - Throws: `ReplayCause.erased`; `VaultError`.
  func answer(_ entry: LogEntry, _ begin: LogEntry) throws -> AnswerMaterial? {
    guard let key = try key(of: entry), let prompt = try text(entry.sequence, .prompt) else {
      return nil
    }
    var input = GenerationInput(id: "", prompt: prompt)
    if entry["context"] != nil {
      guard let list = try bytes(entry.sequence, .context),
        let elements = (try? parseJSON(list))?.array
      else { return nil }
      input.context = elements.compactMap(\.string)
    }
    let seal = AnswerSeal(key: key)
    guard seal.prompt(input.prompt) == entry.digest("prompt"),
      seal.context(input.context) == entry.digest("context")
    else { return nil }
    var system: String?
    if let commitment = begin.digest("system") {
      guard let key = try self.key(of: begin), let text = try text(begin.sequence, .system),
        systemCommitment(to: text, under: KeyedHash(key: key)) == commitment
      else { return nil }
      system = text
    }
    return AnswerMaterial(seal: seal, input: input, system: system, isWholeRecord: false)
  }

  /// A file as it was read, in memory; `nil` where the vault lacks it.
  ///
  /// - Throws: `ReplayCause.erased`; `VaultError`.
  func file(_ entry: LogEntry, key: [UInt8]) throws -> [UInt8]? {
    guard let content = try bytes(entry.sequence, .input, maxBytes: Self.maxFileBytes),
      DeidentifyJob.commitment(toInput: sha256(content), under: key) == entry.digest("input")
    else { return nil }
    return content
  }

  private func text(_ entry: Int, _ role: VaultRole) throws -> String? {
    try bytes(entry, role).flatMap { String(validating: $0, as: UTF8.self) }
  }

  private func bytes(
    _ entry: Int, _ role: VaultRole, maxBytes: Int = 64 << 20
  ) throws -> [UInt8]? {
    do {
      return try vault.bytes(entry: entry, role: role, maxBytes: maxBytes)
    } catch {
      switch error {
      case VaultError.erased: throw ReplayCause.erased
      case VaultError.notHeld, VaultError.missing: return nil
      default: throw error
      }
    }
  }
}
