public import Cryptography
internal import MedaiCore
internal import Storage
public import SystemPackage

/// Putting content in.
extension Vault {
  /// Bytes that one transaction writes at most: more would hold up other writers.
  private static let transactionBytes = 8 << 20

  /// Encrypts small pieces of content into the vault, durably.
  ///
  /// - Parameters:
  ///   - contents: What is kept of one entry.
  ///   - subject: Names the data subject; only a keyed token of it is stored.
  /// - Returns: What `bind` takes, in the same order.
  /// - Throws: `VaultError`; then the job must not release anything.
  public func stage(
    _ contents: [(role: VaultRole, bytes: [UInt8])], subject: [UInt8]? = nil
  ) throws -> [StagedContent] {
    try guarding {
      var staged: [StagedContent] = []
      try database.transaction { database in
        for content in contents {
          var writer = try makeWriter(content.role, subject)
          try writer.append(content.bytes, to: database)
          staged.append(try finish(&writer))
        }
      }
      return staged
    }
  }

  /// Encrypts a file into the vault, in bounded memory.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - role: What it is to its entry.
  ///   - digest: What was committed to.
  ///   - subject: Names the data subject.
  /// - Returns: What `bind` takes.
  /// - Throws: `VaultError.contentChanged` where the file is no longer what was committed to.
  public func stage(
    file: FilePath, as role: VaultRole, expecting digest: Digest, subject: [UInt8]? = nil
  ) throws -> StagedContent {
    try guarding {
      var reader = try ChunkReader(file, chunkBytes: 1 << 20)
      var writer: ContentWriter?
      do {
        while true {
          var isAtEnd = false
          try database.transaction { database in
            var current = try writer ?? makeWriter(role, subject)
            var written = 0
            while written < Self.transactionBytes {
              guard let bytes = try reader.next() else {
                isAtEnd = true
                break
              }
              try current.append(bytes, to: database)
              written += bytes.count
            }
            writer = current
          }
          if isAtEnd { break }
        }
        guard var last = writer else { throw VaultError.contentChanged }
        let staged = try database.transaction { _ in
          let staged = try finish(&last)
          guard staged.digest == digest else { throw VaultError.contentChanged }
          return staged
        }
        return staged
      } catch {
        if let writer { try? discard(record: writer.record) }
        throw error
      }
    }
  }

  /// Joins content to its entry, durably. From here on the vault claims to hold it.
  ///
  /// - Parameters:
  ///   - staged: What `stage` gave.
  ///   - entry: The number of the entry in the log, where it must be durable already.
  /// - Throws: `VaultError`; then the job must not release anything.
  public func bind(_ staged: [StagedContent], to entry: Int) throws {
    precondition(entry >= 0)
    try guarding {
      try database.transaction { database in
        for content in staged { try bind(content, to: entry) }
      }
    }
  }

  /// Erases content that was prepared and is not needed.
  public func discard(_ staged: [StagedContent]) throws {
    try guarding { for content in staged { try discard(record: content.record) } }
  }

  private func discard(record: Int) throws {
    try database.transaction { _ in
      try deleteRows(ofRecord: record)
      try deleteUnusedHolders()
      try noteScrub()
    }
  }

  // MARK: Inside a transaction

  private func makeWriter(_ role: VaultRole, _ subject: [UInt8]?) throws -> ContentWriter {
    let holder = try holder(of: subjectToken(subject))
    let name = try randomBytes(16)
    var row = try database.prepare(
      "INSERT INTO record (name, entry, role, holder, bytes, chunks, wrapped) "
        + "VALUES (?1, -1, ?2, ?3, 0, 0, x'') RETURNING id")
    try row.bind(name, at: 1)
    try row.bind(role.rawValue, at: 2)
    try row.bind(holder.id, at: 3)
    guard try row.step() else { throw VaultError.broken }
    let record = try row.integer(0)
    // The insertion is complete only once the statement has run to its end.
    while try row.step() {}
    return ContentWriter(
      role: role, record: record, name: name, holder: holder,
      dataKey: try SecureBytes.random(SealedBytes.keyBytes))
  }

  private func finish(_ writer: inout ContentWriter) throws -> StagedContent {
    try writer.finish(in: database)
    return StagedContent(
      role: writer.role, bytes: writer.bytes, digest: writer.digest(), record: writer.record,
      name: writer.name, chunks: writer.chunks, dataKey: writer.dataKey, holder: writer.holder)
  }

  private func bind(_ content: StagedContent, to entry: Int) throws {
    var held = try database.prepare("SELECT 1 FROM record WHERE entry = ?1 AND role = ?2")
    try held.bind(entry, at: 1)
    try held.bind(content.role.rawValue, at: 2)
    if try held.step() { throw VaultError.alreadyHeld(entry: entry) }
    var kept = try database.prepare(
      "SELECT 1 FROM record JOIN holder ON holder.id = record.holder "
        + "WHERE record.id = ?1 AND record.name = ?2 AND entry = -1 AND holder.id = ?3")
    try kept.bind(content.record, at: 1)
    try kept.bind(content.name, at: 2)
    try kept.bind(content.holder.id, at: 3)
    guard try kept.step() else { throw VaultError.preparationLost }
    kept.reset()
    // The holder's row may be a new one with an old number: its key must be the one at hand.
    guard let holder = try storedHolder(content.holder.id), holder.key.equals(content.holder.key)
    else { throw VaultError.preparationLost }
    let nonce = try randomBytes(SealedBytes.nonceBytes)
    let wrapped =
      nonce
      + SealedBytes.seal(
        content.dataKey, key: content.holder.key, nonce: nonce,
        associated: binding(
          entry: entry, role: content.role, subject: content.holder.subject, name: content.name,
          bytes: content.bytes, chunks: content.chunks))
    var row = try database.prepare(
      "UPDATE record SET entry = ?1, bytes = ?2, chunks = ?3, wrapped = ?4 WHERE id = ?5")
    try row.bind(entry, at: 1)
    try row.bind(content.bytes, at: 2)
    try row.bind(content.chunks, at: 3)
    try row.bind(wrapped, at: 4)
    try row.bind(content.record, at: 5)
    try row.run()
    try note(.hold, entry: entry, role: content.role, name: content.name)
  }

  /// The holder of a subject's content, new where there is none; always new without a subject.
  private func holder(of subject: [UInt8]) throws -> VaultHolder {
    if !subject.isEmpty {
      var row = try database.prepare("SELECT id FROM holder WHERE subject = ?1 AND length(subject) > 0")
      try row.bind(subject, at: 1)
      if try row.step() {
        guard let holder = try storedHolder(try row.integer(0)) else { throw VaultError.broken }
        return holder
      }
    }
    let key = try SecureBytes.random(SealedBytes.keyBytes)
    var row = try database.prepare(
      "INSERT INTO holder (subject, wrapped) VALUES (?1, ?2) RETURNING id")
    try row.bind(subject, at: 1)
    try row.bind(KeyWrap.wrap(key, under: try requireKey().wrapping), at: 2)
    guard try row.step() else { throw VaultError.broken }
    let id = try row.integer(0)
    while try row.step() {}
    return VaultHolder(id: id, subject: subject, key: key)
  }

  /// A holder's row with its key opened; `nil` where there is none.
  func storedHolder(_ id: Int) throws -> VaultHolder? {
    var row = try database.prepare("SELECT subject, wrapped FROM holder WHERE id = ?1")
    try row.bind(id, at: 1)
    guard try row.step() else { return nil }
    let wrapped = try row.bytes(1)
    guard let key = try KeyWrap.unwrap(wrapped, under: try requireKey().wrapping),
      key.count == SealedBytes.keyBytes
    else { throw VaultError.broken }
    return VaultHolder(id: id, subject: try row.bytes(0), key: key)
  }

  /// Adds an act to the chain and vouches for the new end.
  func note(
    _ kind: VaultAct.Kind, entry: Int, role: VaultRole, name: [UInt8], cause: Int = -1
  ) throws {
    let key = try requireKey()
    var head = try Self.readHead(database)
    guard head.head == head.code(key) else { throw VaultError.broken }
    let proof = VaultAct.proof(
      head.acts, kind, entry, role, name, cause, after: head.last, vault: head.name, key: key)
    var row = try database.prepare(
      "INSERT INTO act (seq, kind, entry, role, name, cause, proof) "
        + "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
    try row.bind(head.acts, at: 1)
    try row.bind(kind.rawValue, at: 2)
    try row.bind(entry, at: 3)
    try row.bind(role.rawValue, at: 4)
    try row.bind(name, at: 5)
    try row.bind(cause, at: 6)
    try row.bind(proof, at: 7)
    try row.run()
    head.acts += 1
    head.last = proof
    try write(&head)
  }

  /// Writes what changes in the head, vouched for.
  func write(_ head: inout VaultHead) throws {
    head.head = head.code(try requireKey())
    var row = try database.prepare(
      "UPDATE vault SET applied = ?1, scrub = ?2, acts = ?3, last = ?4, head = ?5 WHERE id = 1")
    try row.bind(head.applied, at: 1)
    try row.bind(head.needsScrub ? 1 : 0, at: 2)
    try row.bind(head.acts, at: 3)
    try row.bind(head.last, at: 4)
    try row.bind(head.head, at: 5)
    try row.run()
  }
}

/// Seals content piece by piece as it arrives.
private struct ContentWriter {
  let role: VaultRole
  let record: Int
  let name: [UInt8]
  let holder: VaultHolder
  let dataKey: SecureBytes
  private(set) var bytes = 0
  private(set) var chunks = 0
  private var pending: [UInt8] = []
  private let hash = ContentHash()

  init(
    role: VaultRole, record: Int, name: [UInt8], holder: VaultHolder, dataKey: SecureBytes
  ) {
    self.role = role
    self.record = record
    self.name = name
    self.holder = holder
    self.dataKey = dataKey
  }

  /// Takes bytes; what makes a whole chunk and is surely not the last one is written.
  mutating func append(_ more: [UInt8], to database: borrowing Database) throws {
    hash.update(more)
    bytes += more.count
    pending += more
    var start = 0
    while pending.count - start > ContentChunks.bytes {
      try write(
        Array(pending[start..<start + ContentChunks.bytes]), isLast: false, to: database)
      start += ContentChunks.bytes
    }
    if start > 0 { pending.removeSubrange(..<start) }
  }

  /// Writes the last chunk, empty only where the content is.
  mutating func finish(in database: borrowing Database) throws {
    try write(pending, isLast: true, to: database)
    pending = []
  }

  func digest() -> Digest { hash.finish() }

  private mutating func write(
    _ plain: [UInt8], isLast: Bool, to database: borrowing Database
  ) throws {
    let sealed = SealedBytes.seal(
      plain, key: dataKey, nonce: ContentChunks.nonce(chunk: chunks, isLast: isLast),
      associated: ContentChunks.associated(
        name: name, role: role, chunk: chunks, isLast: isLast))
    var row = try database.prepare("INSERT INTO chunk (id, sealed) VALUES (?1, ?2)")
    try row.bind(ContentChunks.place(record: record, chunk: chunks), at: 1)
    try row.bind(sealed, at: 2)
    try row.run()
    chunks += 1
  }
}

/// A digest that a copyable value can carry.
private final class ContentHash {
  private var hash: SHA256? = SHA256()

  func update(_ bytes: [UInt8]) { hash?.update(bytes) }

  func finish() -> Digest { hash.take()?.finalize() ?? sha256([]) }
}
