public import Cryptography
internal import MedaiCore
internal import Storage
public import SystemPackage

/// What became of an event.
public struct AppendedEntry: Sendable, Equatable {
  /// The entry's number, from 0.
  public let entry: Int
  /// The hash of its leaf.
  public let leafDigest: Digest
}

/// A log that grows: entries, the tree over them and its signed head, durable together.
///
/// One writer by compilation; between processes, an immediate transaction that looks at the head
/// again. Whatever is not as it was signed stops the log before anything is appended.
public struct AuditLog: ~Copyable {
  /// The log's files.
  public let folder: LogFolder
  /// The log's name.
  public let origin: Identifier
  /// Who acts and with which program.
  public let actor: LogActor
  /// The program.
  public let tool: LogTool
  /// The schemas that events are checked against.
  public let catalog: EventCatalog

  let clock: LogClock
  var signer: LogSigner
  var state: State
  let template: LeafTemplate
  var leafBytes: [UInt8] = []
  var timeBytes: [UInt8] = []
  var hasher = TreeHasher()
  var begins = KnownBegins()
  var inserts: LogInserts
  var tables: LogTables
  var reserve = WriteAheadReserve()
  private var copiedAt: Int

  /// How often the `checkpoint` file is renewed while the log grows.
  private static let copyIntervalMicroseconds = 3_000_000

  /// What the next entry follows.
  struct State {
    var edge = RightEdge()
    var root = emptyRoot
    var note: [UInt8] = []
    var lastTime: Timestamp?
    var isClosed = false
  }

  /// Opens a log, or makes one where the folder has none.
  ///
  /// - Parameters:
  ///   - folder: The log's folder; made with mode 0700 where it is missing.
  ///   - key: Signs the checkpoints.
  ///   - origin: The log's name, also the key's.
  ///   - actor: Who acts.
  ///   - tool: The program.
  ///   - clock: Where times come from.
  ///   - catalog: Schemas of the events.
  ///   - follows: The closing checkpoint of the log before, for a new log.
  /// - Returns: The log, whose head holds.
  /// - Throws: `AuditLogError`; then nothing was appended.
  public static func open(
    folder: FilePath, key: SigningKey, origin: Identifier, actor: LogActor, tool: LogTool,
    clock: LogClock, catalog: EventCatalog = .builtIn, follows: Checkpoint? = nil
  ) throws(AuditLogError) -> AuditLog {
    let signer: LogSigner
    do throws(KeyError) { signer = try LogSigner(key, origin: origin) } catch { throw .key(error) }
    return try open(
      folder: folder, signer: signer, actor: actor, tool: tool, clock: clock, catalog: catalog,
      follows: follows)
  }

  /// Opens a log whose checkpoints a signer signs; its name is the log's origin.
  public static func open(
    folder: FilePath, signer: LogSigner, actor: LogActor, tool: LogTool, clock: LogClock,
    catalog: EventCatalog = .builtIn, follows: Checkpoint? = nil
  ) throws(AuditLogError) -> AuditLog {
    let files = LogFolder(folder)
    let origin: Identifier
    do throws(KeyError) { origin = try signer.origin() } catch { throw .key(error) }
    if !fileExists(files.database) && fileExists(files.checkpoint) { throw .databaseMissing }
    do throws(FileError) { try createFolder(folder, mode: 0o700) } catch { throw .file(error) }
    let database = try storing { () throws(StorageError) in
      try Database.open(files.database, .create)
    }
    let isNew = try prepareSchema(database)
    let inserts = try storing { () throws(StorageError) in try LogInserts(database) }
    let tables: LogTables
    do throws(StorageError) { tables = try LogTables(database) } catch { throw .storage(error) }
    var log = AuditLog(
      folder: files, origin: origin, actor: actor, tool: tool, catalog: catalog, clock: clock,
      signer: signer, inserts: inserts, tables: tables)
    try log.start(follows: follows)
    if isNew { try log.copyCheckpoint() }
    return log
  }

  private init(
    folder: LogFolder, origin: Identifier, actor: LogActor, tool: LogTool, catalog: EventCatalog,
    clock: LogClock, signer: LogSigner, inserts: consuming LogInserts, tables: consuming LogTables
  ) {
    self.folder = folder
    self.origin = origin
    self.actor = actor
    self.tool = tool
    self.catalog = catalog
    self.clock = clock
    self.signer = signer
    state = State()
    template = LeafTemplate(origin: origin, boot: clock.boot, actor: actor, tool: tool)
    self.inserts = inserts
    self.tables = tables
    copiedAt = clock.monotonicMicroseconds()
  }

  /// Makes the tables in an empty file, or checks those that are there.
  ///
  /// - Returns: Whether the tables are new.
  private static func prepareSchema(_ database: borrowing Database) throws(AuditLogError) -> Bool {
    try storing { () throws(StorageError) in try database.beginImmediate() }
    do throws(AuditLogError) {
      let isNew = try storing { () throws(StorageError) in try LogSchema.isEmpty(database) }
      if isNew { try storing { () throws(StorageError) in try LogSchema.create(in: database) } }
      try storing { () throws(StorageError) in try database.commit() }
      try LogSchema.check(database)
      return isNew
    } catch {
      database.rollBack()
      throw error
    }
  }

  /// Writes the first entry where there is none, or looks at the head and the `checkpoint` file.
  private mutating func start(follows: Checkpoint?) throws(AuditLogError) {
    try inTransaction { (log: inout AuditLog) throws(AuditLogError) in
      guard try log.readHead() else {
        let count = try storing { () throws(StorageError) in try log.tables.countEntries() }
        guard count == 0 else { throw .headMismatch }
        // An emptied log is not a new one: the copy of its head is still there.
        if fileExists(log.folder.checkpoint) { throw .databaseMissing }
        let opening = Event.logOpen(
          key: log.signer.verifier.publicKey, follows: follows,
          schemas: log.catalog.schemas.filter(\.isExternal))
        _ = try log.write([opening], signers: [log.signer], keeping: false)
        return
      }
      try log.compareCheckpointFile()
    }
  }

  /// Appends events; all become durable or none.
  ///
  /// - Parameter events: In order. Where the clock went back, an entry that says so comes first.
  /// - Returns: Number and hash of the entry of each event, in order.
  /// - Throws: `AuditLogError`; then nothing was appended.
  public mutating func append(_ events: [Event]) throws(AuditLogError) -> [AppendedEntry] {
    guard !events.isEmpty else { return [] }
    let entries = try inTransaction { (log: inout AuditLog) throws(AuditLogError) in
      try log.followOtherWriters()
      return try log.write(events, signers: [log.signer], keeping: false)
    }
    // The entries are durable whether or not the copy can be renewed; `close` insists.
    if clock.monotonicMicroseconds() - copiedAt >= Self.copyIntervalMicroseconds {
      try? copyCheckpoint()
    }
    return entries
  }

  /// Appends one event.
  public mutating func append(_ event: Event) throws(AuditLogError) -> AppendedEntry {
    guard let entry = try append([event]).first else { throw .noSuchEntry(0) }
    return entry
  }

  /// Keeps the present checkpoint in the log for good, so that this size can be reported on later.
  ///
  /// Only kept checkpoints have a signature besides the last one: each is also a size to which the
  /// log could be cut without a trace inside it.
  ///
  /// - Returns: The checkpoint.
  public mutating func keepCheckpoint() throws(AuditLogError) -> Checkpoint {
    try inTransaction { (log: inout AuditLog) throws(AuditLogError) in
      try log.followOtherWriters()
      let head = StoredHead(
        size: log.state.edge.size, root: log.state.root, note: log.state.note)
      let kept = try storing { () throws(StorageError) in try log.tables.keptCheckpoints() }
      if !kept.contains(where: { $0.size == head.size }) {
        try storing { () throws(StorageError) in try log.inserts.checkpoint(head) }
      }
      return Checkpoint(origin: log.origin, size: head.size, root: head.root)
    }
  }

  /// Replaces the signing key; the checkpoint over that entry bears both signatures.
  ///
  /// - Parameters:
  ///   - key: The key from here on.
  ///   - reason: Why.
  ///   - trustedThrough: Size up to which the old key is still believed, where it was stolen.
  /// - Returns: The entry.
  /// - Throws: `AuditLogError`; then the old key stays. `noSuchEntry` where `trustedThrough` is no
  ///   size that the log has had.
  public mutating func rotate(
    to key: SigningKey, reason: RotationReason, trustedThrough: Int? = nil
  ) throws(AuditLogError) -> AppendedEntry {
    let next: LogSigner
    do throws(KeyError) { next = try LogSigner(key, origin: origin) } catch { throw .key(error) }
    return try rotate(to: next, reason: reason, trustedThrough: trustedThrough)
  }

  /// Replaces the signer; the checkpoint over that entry bears both signatures.
  ///
  /// - Throws: `AuditLogError`; `.key(.malformedName)` where the next signer bears another name,
  ///   `.replacedKey` where the log has had its key.
  public mutating func rotate(
    to next: LogSigner, reason: RotationReason, trustedThrough: Int? = nil
  ) throws(AuditLogError) -> AppendedEntry {
    guard sameBytes(next.verifier.name, origin.text) else { throw .key(.malformedName) }
    let entries = try inTransaction { (log: inout AuditLog) throws(AuditLogError) in
      try log.followOtherWriters()
      if let trustedThrough, !(0...log.state.edge.size).contains(trustedThrough) {
        throw .noSuchEntry(trustedThrough)
      }
      try log.refuseReplaced(next.verifier.publicKey.digestForm)
      let event = Event.keyRotate(
        oldKey: log.signer.verifier.publicKey.digestForm,
        newKey: next.verifier.publicKey.digestForm,
        reason: reason, trustedThrough: trustedThrough)
      return try log.write([event], signers: [log.signer, next], keeping: true)
    }
    signer = next
    try copyCheckpoint()
    guard let entry = entries.first else { throw .noSuchEntry(0) }
    return entry
  }

  /// Refuses a key that the log has had.
  private mutating func refuseReplaced(_ key: Digest) throws(AuditLogError) {
    if key == signer.verifier.publicKey.digestForm { throw .replacedKey }
    // The checkpoint over a rotation is kept and ends with it.
    for kept in try storing({ () throws(StorageError) in try tables.keptCheckpoints() })
    where kept.size > 0 {
      guard
        let leaf = try storing({ () throws(StorageError) in try tables.leaf(kept.size - 1) }),
        let entry = try? decodeLeaf(leaf.bytes, catalog: catalog),
        entry.type == EventType.keyRotate.identifier
      else { continue }
      if entry.digest("old_key") == key { throw .replacedKey }
    }
  }

  /// Ends the log for good; nothing can be appended after.
  public mutating func seal(
    reason: CloseReason, successor: Identifier? = nil
  ) throws(AuditLogError) -> Checkpoint {
    _ = try inTransaction { (log: inout AuditLog) throws(AuditLogError) in
      try log.followOtherWriters()
      return try log.write(
        [.logClose(reason: reason, successor: successor)], signers: [log.signer], keeping: true)
    }
    try copyCheckpoint()
    return checkpoint
  }

  /// What the log is now.
  public var checkpoint: Checkpoint {
    Checkpoint(origin: origin, size: state.edge.size, root: state.root)
  }

  /// The signed form of `checkpoint`.
  public var note: [UInt8] { state.note }

  /// Writes the `checkpoint` file durably, tidies the database and lets it go.
  public consuming func close() throws(AuditLogError) {
    try copyCheckpoint()
    try storing { () throws(StorageError) in try tables.database.checkpointWriteAheadLog() }
  }

  private mutating func copyCheckpoint() throws(AuditLogError) {
    // Another writer that is ahead writes its own copy; an older one must not take its place.
    let head = try storing { () throws(StorageError) in try tables.mark() }
    if let head, head.size > state.edge.size { return }
    try folder.writeCheckpoint(state.note)
    copiedAt = clock.monotonicMicroseconds()
  }
}
