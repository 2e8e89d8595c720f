internal import Cryptography
internal import MedaiCore
internal import Storage

/// Reading content out.
extension Vault {
  /// Opens the content of an entry.
  ///
  /// - Parameters:
  ///   - entry: The entry.
  ///   - role: What the content is to it.
  /// - Returns: Its bytes, piece by piece.
  /// - Throws: `VaultError.erased`, `.notHeld`, `.missing`, `.damaged`, `.needsKey`.
  public func content(entry: Int, role: VaultRole) throws -> ContentStream {
    try guarding {
      if let by = redacted[entry] { throw VaultError.erased(entry: entry, by: by) }
      let last = try verifiedActs(of: entry).last { $0.role == role }
      guard let last else { throw VaultError.notHeld(entry: entry) }
      if last.kind == .erase { throw VaultError.erased(entry: entry, by: last.cause) }
      guard
        let record = try records(of: entry).first(where: { $0.role == role && $0.name == last.name }
        )
      else { throw VaultError.missing(entry: entry) }
      return try open(record)
    }
  }

  /// The whole content of an entry, where it is small.
  ///
  /// - Throws: As `content`; `VaultError.damaged` past the limit.
  public func bytes(
    entry: Int, role: VaultRole, maxBytes: Int = 64 << 20
  ) throws -> [UInt8] {
    try settled {
      let stream = try content(entry: entry, role: role)
      guard stream.bytes <= maxBytes else { throw VaultError.damaged(entry: entry) }
      var bytes: [UInt8] = []
      while let piece = try stream.next() { bytes += piece }
      return bytes
    }
  }

  /// What the vault knows of an entry's content.
  public func state(of entry: Int) throws -> ContentState {
    try guarding {
      let acts = try acts(of: entry)
      if acts.isEmpty { return .none }
      if let by = redacted[entry] { return .erased(by: by) }
      let records = try records(of: entry)
      var roles: [VaultRole] = []
      var erasedBy: Int?
      for role in VaultRole.allCases {
        guard let last = acts.last(where: { $0.role == role }) else { continue }
        if last.kind == .erase {
          erasedBy = last.cause
        } else if records.contains(where: { $0.role == role && $0.name == last.name }) {
          roles.append(role)
        } else {
          return .missing
        }
      }
      if let erasedBy, roles.isEmpty { return .erased(by: erasedBy) }
      return .held(roles)
    }
  }

  /// An entry's acts, each vouched for by the act before it.
  ///
  /// Without the key they are taken as they stand.
  private func verifiedActs(of entry: Int) throws -> [VaultAct] {
    let acts = try acts(of: entry)
    guard let key else { return acts }
    for act in acts {
      var previous = [UInt8](repeating: 0, count: 32)
      if act.sequence > 0 {
        var row = try database.prepare("SELECT proof FROM act WHERE seq = ?1")
        try row.bind(act.sequence - 1, at: 1)
        guard try row.step() else { throw VaultError.broken }
        previous = try row.bytes(0)
      }
      guard isVouched(act, after: previous, key) else { throw VaultError.broken }
    }
    return acts
  }

  func isVouched(_ act: VaultAct, after previous: [UInt8], _ key: VaultKey) -> Bool {
    act.proof
      == VaultAct.proof(
        act.sequence, act.kind, act.entry, act.role, act.name, act.cause, after: previous,
        vault: head.name, key: key)
  }

  /// Opens a record's key.
  func open(_ record: VaultRecord) throws -> ContentStream {
    let damaged = VaultError.damaged(entry: record.entry)
    guard record.chunks > 0, record.wrapped.count > SealedBytes.nonceBytes else { throw damaged }
    let holder: VaultHolder?
    do {
      holder = try storedHolder(record.holder)
    } catch VaultError.broken {
      throw damaged
    }
    guard let holder else { throw VaultError.missing(entry: record.entry) }
    let opened = try SealedBytes.openSecret(
      Array(record.wrapped.dropFirst(SealedBytes.nonceBytes)), key: holder.key,
      nonce: Array(record.wrapped.prefix(SealedBytes.nonceBytes)),
      associated: binding(
        entry: record.entry, role: record.role, subject: holder.subject, name: record.name,
        bytes: record.bytes, chunks: record.chunks))
    guard let dataKey = opened, dataKey.count == SealedBytes.keyBytes else { throw damaged }
    return ContentStream(vault: self, record: record, dataKey: dataKey)
  }
}

/// Content of a vault as it is decrypted, in bounded memory.
///
/// Each piece is authentic by itself; that nothing is left out is known once `next` has given
/// `nil`, which it does not do for content that was cut.
public final class ContentStream {
  /// Bytes of the whole content.
  public let bytes: Int
  private let vault: Vault
  private let record: VaultRecord
  private let dataKey: SecureBytes
  private var chunk = 0
  private var given = 0

  init(vault: Vault, record: VaultRecord, dataKey: SecureBytes) {
    self.vault = vault
    self.record = record
    self.dataKey = dataKey
    bytes = record.bytes
  }

  /// The next piece, at most 64 KiB; `nil` at the end.
  ///
  /// - Throws: `VaultError.damaged`, or `.missing` where it was erased meanwhile.
  public func next() throws -> [UInt8]? {
    try guarding {
      if chunk == record.chunks {
        guard given == bytes else { throw VaultError.damaged(entry: record.entry) }
        return nil
      }
      var row = try vault.database.prepare("SELECT sealed FROM chunk WHERE id = ?1")
      try row.bind(ContentChunks.place(record: record.id, chunk: chunk), at: 1)
      guard try row.step() else { throw VaultError.missing(entry: record.entry) }
      let isLast = chunk == record.chunks - 1
      let plain = SealedBytes.open(
        try row.bytes(0), key: dataKey,
        nonce: ContentChunks.nonce(chunk: chunk, isLast: isLast),
        associated: ContentChunks.associated(
          name: record.name, role: record.role, chunk: chunk, isLast: isLast))
      guard let plain else { throw VaultError.damaged(entry: record.entry) }
      chunk += 1
      given += plain.count
      return plain
    }
  }
}
