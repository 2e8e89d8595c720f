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

  private let clock: LogClock
  private var signer: LogSigner
  private var state: State
  private var inserts: LogInserts
  private var tables: LogTables
  private var copiedAt: Int
  private var copiedSize = 0

  /// How often the `checkpoint` file is renewed while the log grows.
  private static let copyIntervalMicroseconds = 3_000_000

  /// What the next entry follows.
  private struct State {
    var edge = RightEdge()
    var root = emptyRoot
    var note: [UInt8] = []
    var lastTime: Timestamp?
    var isClosed = false
    /// Types of entries that others may be paired with, as far as looked up.
    var types: [Int: Identifier] = [:]
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
  /// - Throws: `AuditLogError`; then nothing was appended.
  public static func open(
    folder: FilePath, key: SigningKey, origin: Identifier, actor: LogActor, tool: LogTool,
    clock: LogClock, catalog: EventCatalog = .builtIn, follows: Checkpoint? = nil
  ) throws(AuditLogError) -> AuditLog {
    let files = LogFolder(folder)
    let signer: LogSigner
    do throws(KeyError) { signer = try LogSigner(key, origin: origin) } catch { throw .key(error) }
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
        let opening = Event.logOpen(
          key: log.signer.key.publicKey, follows: follows,
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
  public mutating func rotate(
    to key: SigningKey, reason: RotationReason, trustedThrough: Int? = nil
  ) throws(AuditLogError) -> AppendedEntry {
    let next: LogSigner
    do throws(KeyError) { next = try LogSigner(key, origin: origin) } catch { throw .key(error) }
    let entries = try inTransaction { (log: inout AuditLog) throws(AuditLogError) in
      try log.followOtherWriters()
      let event = Event.keyRotate(
        oldKey: log.signer.key.publicKey.digestForm, newKey: key.publicKey.digestForm,
        reason: reason, trustedThrough: trustedThrough)
      return try log.write([event], signers: [log.signer, next], keeping: true)
    }
    signer = next
    try copyCheckpoint()
    guard let entry = entries.first else { throw .noSuchEntry(0) }
    return entry
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
    try folder.writeCheckpoint(state.note)
    copiedAt = clock.monotonicMicroseconds()
    copiedSize = state.edge.size
  }

  // MARK: - Inside a transaction

  /// Runs a body in an immediate transaction; after an error everything is as before.
  private mutating func inTransaction<Result>(
    _ body: (inout AuditLog) throws(AuditLogError) -> Result
  ) throws(AuditLogError) -> Result {
    let before = state
    try storing { () throws(StorageError) in try tables.database.beginImmediate() }
    do throws(AuditLogError) {
      let result = try body(&self)
      try storing { () throws(StorageError) in try tables.database.commit() }
      return result
    } catch {
      tables.database.rollBack()
      state = before
      throw error
    }
  }

  /// Goes on from what another process appended since.
  private mutating func followOtherWriters() throws(AuditLogError) {
    let head = try storing { () throws(StorageError) in try tables.head() }
    guard head?.size != state.edge.size || head?.root != state.root else { return }
    // Another process can only have added: a smaller or different past is no past of this log.
    let known = (state.edge.size, state.root)
    guard try readHead() else { throw .headMismatch }
    try requirePast(size: known.0, root: known.1)
  }

  /// Reads the head and checks that it is signed and is the stored tree's.
  ///
  /// - Returns: Whether there is one.
  private mutating func readHead() throws(AuditLogError) -> Bool {
    guard let head = try storing({ () throws(StorageError) in try tables.head() }) else {
      return false
    }
    let checkpoint: Checkpoint
    do throws(NoteError) {
      let note = try SignedNote(head.note)
      checkpoint = try Checkpoint(text: note.text)
      if checkpoint.origin == origin { _ = try note.signers(among: [signer.verifier]) }
    } catch {
      throw error == .noKnownKey ? .untrustedHead : .brokenHead(error)
    }
    guard checkpoint.origin == origin else { throw .otherOrigin }
    guard checkpoint.size == head.size, checkpoint.root == head.root, head.size > 0,
      try storing({ () throws(StorageError) in try tables.countEntries() }) == head.size,
      let edge = try storing({ () throws(StorageError) in try tables.edge(size: head.size) }),
      let last = try storing({ () throws(StorageError) in try tables.leaf(head.size - 1) })
    else { throw .headMismatch }
    var hasher = TreeHasher()
    guard edge.root(&hasher) == head.root, hasher.leaf(last.bytes) == last.hash else {
      throw .headMismatch
    }
    let entry: LogEntry
    do throws(LeafError) {
      entry = try decodeLeaf(last.bytes, catalog: catalog)
    } catch {
      throw .leaf(error, entry: head.size - 1)
    }
    state = State(
      edge: edge, root: head.root, note: head.note, lastTime: entry.time,
      isClosed: entry.type == EventType.logClose.identifier, types: state.types)
    return true
  }

  /// Refuses to go on where the `checkpoint` file speaks of a tree that this one does not contain.
  private mutating func compareCheckpointFile() throws(AuditLogError) {
    guard let bytes = try folder.checkpointFile() else { return }
    let copy: Checkpoint
    do throws(NoteError) {
      copy = try Checkpoint(text: try SignedNote(bytes).text)
    } catch {
      throw .brokenHead(error)
    }
    guard copy.origin == origin else { throw .otherOrigin }
    try requirePast(size: copy.size, root: copy.root)
  }

  private mutating func requirePast(size: Int, root: Digest) throws(AuditLogError) {
    guard size <= state.edge.size,
      let past = try storing({ () throws(StorageError) in try tables.edge(size: size) })
    else { throw .rolledBack }
    var hasher = TreeHasher()
    guard past.root(&hasher) == root else { throw .rolledBack }
  }

  /// Writes entries, nodes and the signed head.
  private mutating func write(
    _ events: [Event], signers: [LogSigner], keeping: Bool
  ) throws(AuditLogError) -> [AppendedEntry] {
    if state.isClosed { throw .closed }
    let now = clock.now()
    guard Timestamp(text: now.text) == now else { throw .clock }
    var queue = events.enumerated().map { (index: Optional($0.offset), event: $0.element) }
    if let last = state.lastTime, now < last {
      queue.insert((index: nil, event: .clockStep(old: last, new: now)), at: 0)
    }
    let first = state.edge.size
    var hasher = TreeHasher()
    var appended: [AppendedEntry] = []
    for item in queue {
      let sequence = state.edge.size
      let bytes: [UInt8]
      do throws(EventError) {
        bytes = try leaf(item.event, sequence: sequence, time: now)
      } catch {
        throw .event(error, index: item.index ?? 0)
      }
      let hash = hasher.leaf(bytes)
      do {
        try inserts.leaf(sequence, bytes, hash)
        try state.edge.append(hash, &hasher) { try inserts.node($0, $1) }
      } catch let error as StorageError {
        throw .storage(error)
      } catch {
        throw .headMismatch
      }
      if item.event.type == EventType.logClose.identifier { state.isClosed = true }
      state.types[sequence] = item.event.type
      if item.index != nil { appended.append(AppendedEntry(entry: sequence, leafDigest: hash)) }
    }
    state.lastTime = now
    if state.types.count > 4096 { state.types = [:] }
    try readBack(first..<state.edge.size, &hasher)
    state.root = state.edge.root(&hasher)
    state.note = checkpoint.signed(by: signers).bytes
    let head = StoredHead(size: state.edge.size, root: state.root, note: state.note)
    try storing { () throws(StorageError) in
      try inserts.head(head)
      if keeping { try inserts.checkpoint(head) }
    }
    return appended
  }

  /// The bytes of an event's leaf, checked against its schema.
  private mutating func leaf(
    _ event: Event, sequence: Int, time: Timestamp
  ) throws(EventError) -> [UInt8] {
    let schema = try catalog.schema(event.type, version: event.version)
    try schema.check(event.fields)
    guard (event.pair != nil) == (schema.pairedWith != nil) else { throw .wrongPair }
    if let pair = event.pair, try typeOfEntry(pair, before: sequence) != schema.pairedWith {
      throw .wrongPair
    }
    if case .count(let resumed)? = event.fields.first(where: { $0.name == "resumes" })?.value,
      try typeOfEntry(resumed, before: sequence) != event.type
    {
      throw .wrongPair
    }
    guard let random = try? clock.randomTen(), random.count == 10 else { throw .noRandomness }
    let bytes = encodeLeaf(
      LogEntry(
        sequence: sequence, origin: origin, id: uuidV7(time, random: random), time: time,
        boot: clock.boot, monotonicMicroseconds: clock.monotonicMicroseconds(), actor: actor,
        tool: tool, event: event, schema: schema.isExternal ? schema.digest : nil))
    guard bytes.count <= maxLeafBytes else { throw .tooLong(bytes: bytes.count) }
    return bytes
  }

  private mutating func typeOfEntry(_ entry: Int, before sequence: Int) throws(EventError)
    -> Identifier
  {
    guard entry >= 0, entry < sequence else { throw .wrongPair }
    if let type = state.types[entry] { return type }
    guard let bytes = (try? tables.leaf(entry))?.bytes,
      let type = (try? decodeLeaf(bytes, catalog: catalog))?.type
    else { throw .wrongPair }
    state.types[entry] = type
    return type
  }

  /// Hashes what the database now holds, before anybody signs it: one flipped bit in memory would
  /// otherwise be signed for ever.
  private mutating func readBack(
    _ entries: Range<Int>, _ hasher: inout TreeHasher
  ) throws(AuditLogError) {
    for entry in entries {
      let stored = try storing { () throws(StorageError) in try tables.leaf(entry) }
      guard let stored, hasher.leaf(stored.bytes) == stored.hash else {
        throw .readBackMismatch(entry: entry)
      }
    }
  }
}
