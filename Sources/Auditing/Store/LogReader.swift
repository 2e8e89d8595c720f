public import Cryptography
internal import MedaiCore
internal import Storage
public import SystemPackage

/// Reads a log as it was at one moment: for reports, proofs and exports. Needs no private key and
/// changes nothing.
///
/// Checks nothing by itself: call `verifyLog` first.
public struct LogReader: ~Copyable {
  /// The log's last checkpoint.
  public let checkpoint: Checkpoint
  /// Its signed form.
  public let note: [UInt8]
  /// The schemas that entries are read with.
  public let catalog: EventCatalog
  /// The database, within one reading transaction.
  var tables: LogTables

  /// Opens a log for reading.
  public static func open(
    folder: FilePath, catalog: EventCatalog = .builtIn
  ) throws(AuditLogError) -> LogReader {
    let files = LogFolder(folder)
    return try open(files, readAccess(for: files.database), catalog)
  }

  /// Opens a log in the way that its caller found to suit its state.
  static func open(
    _ files: LogFolder, _ access: Database.Access, _ catalog: EventCatalog
  ) throws(AuditLogError) -> LogReader {
    var tables = try openTables(files, access)
    guard let head = try storing({ () throws(StorageError) in try tables.head() }) else {
      throw .noLog
    }
    let checkpoint: Checkpoint
    do throws(NoteError) {
      checkpoint = try Checkpoint(text: try SignedNote(head.note).text)
    } catch {
      throw .brokenHead(error)
    }
    return LogReader(checkpoint: checkpoint, note: head.note, catalog: catalog, tables: tables)
  }

  private init(
    checkpoint: Checkpoint, note: [UInt8], catalog: EventCatalog, tables: consuming LogTables
  ) {
    self.checkpoint = checkpoint
    self.note = note
    self.catalog = catalog
    self.tables = tables
  }

  /// The bytes of an entry's leaf.
  public mutating func leaf(_ entry: Int) throws(AuditLogError) -> [UInt8] {
    guard let leaf = try storing({ () throws(StorageError) in try tables.leaf(entry) }) else {
      throw .noSuchEntry(entry)
    }
    return leaf.bytes
  }

  /// An entry.
  public mutating func entry(_ entry: Int) throws(AuditLogError) -> LogEntry {
    do throws(LeafError) {
      return try decodeLeaf(try leafForDecoding(entry), catalog: catalog)
    } catch {
      throw .leaf(error, entry: entry)
    }
  }

  private mutating func leafForDecoding(_ entry: Int) throws(LeafError) -> [UInt8] {
    guard let bytes = try? leaf(entry) else { throw .malformed(offset: 0) }
    return bytes
  }

  /// Hands on every entry below a size, in order.
  ///
  /// - Parameters:
  ///   - size: At most the log's size.
  ///   - body: Takes each entry; what it throws ends the reading.
  /// - Throws: `AuditLogError`, or what `body` throws.
  public mutating func forEachEntry(
    below size: Int, _ body: (LogEntry) throws -> Void
  ) throws {
    guard size >= 0, size <= checkpoint.size else { throw AuditLogError.noSuchEntry(size) }
    try storing { () throws(StorageError) in try tables.startRows(0..<size) }
    defer { tables.endRows() }
    var leaf: [UInt8] = []
    var entry: LogEntry
    for number in 0..<size {
      leaf.removeAll(keepingCapacity: true)
      let row = try storing { () throws(StorageError) in try tables.nextRow(appendingTo: &leaf) }
      guard row?.entry == number else {
        throw AuditLogError.leaf(.malformed(offset: 0), entry: number)
      }
      do throws(LeafError) {
        entry = try decodeLeaf(leaf, catalog: catalog)
      } catch {
        throw AuditLogError.leaf(error, entry: number)
      }
      try body(entry)
    }
  }

  /// The root at a size, from stored nodes.
  public mutating func root(at size: Int) throws(AuditLogError) -> Digest {
    guard size >= 0, size <= checkpoint.size,
      let edge = try storing({ () throws(StorageError) in try tables.edge(size: size) })
    else { throw .noSuchEntry(size) }
    var hasher = TreeHasher()
    return edge.root(&hasher)
  }

  /// The hash of a complete node; level 0 is an entry's.
  public mutating func node(_ place: NodePlace) throws(AuditLogError) -> Digest {
    guard let hash = try storing({ () throws(StorageError) in try tables.node(place) }) else {
      throw .noSuchEntry(place.index << place.level)
    }
    return hash
  }

  /// The path from an entry to the root at a size.
  public mutating func inclusionProof(
    of entry: Int, at size: Int
  ) throws(AuditLogError) -> [Digest] {
    guard entry >= 0, entry < size, size <= checkpoint.size else { throw .noSuchEntry(entry) }
    do {
      return try Auditing.inclusionProof(of: entry, in: size) { try node($0) }
    } catch let error as AuditLogError {
      throw error
    } catch {
      throw .noSuchEntry(entry)
    }
  }

  /// The hashes that prove the log at one size to be the beginning of the log at another.
  public mutating func consistencyProof(
    from old: Int, to new: Int
  ) throws(AuditLogError) -> [Digest] {
    guard old > 0, old <= new, new <= checkpoint.size else { throw .noSuchEntry(old) }
    do {
      return try Auditing.consistencyProof(from: old, to: new) { try node($0) }
    } catch let error as AuditLogError {
      throw error
    } catch {
      throw .noSuchEntry(old)
    }
  }

  /// The signed checkpoint of a size, where it was kept or is the last.
  public func signedCheckpoint(at size: Int) throws(AuditLogError) -> [UInt8]? {
    if size == checkpoint.size { return note }
    let kept = try storing { () throws(StorageError) in try tables.keptCheckpoints() }
    return kept.first { $0.size == size }?.note
  }

  /// The sizes with a signed checkpoint, smallest first.
  public func signedSizes() throws(AuditLogError) -> [Int] {
    let kept = try storing { () throws(StorageError) in try tables.keptCheckpoints() }
    return kept.map(\.size).filter { $0 != checkpoint.size } + [checkpoint.size]
  }

  /// The offline proof of an entry.
  ///
  /// - Parameters:
  ///   - entry: The entry's number.
  ///   - size: A size with a signed checkpoint; the last where left out.
  /// - Returns: The proof.
  /// - Throws: `AuditLogError.noSuchEntry` where the size has no signed checkpoint.
  public mutating func proof(
    of entry: Int, at size: Int? = nil
  ) throws(AuditLogError) -> EntryProof {
    let size = size ?? checkpoint.size
    guard let bytes = try signedCheckpoint(at: size) else { throw .noSuchEntry(size) }
    let path = try inclusionProof(of: entry, at: size)
    do throws(NoteError) {
      return EntryProof(index: entry, path: path, note: try SignedNote(bytes))
    } catch {
      throw .brokenHead(error)
    }
  }
}

/// Opens a log's database and starts one reading transaction.
func openTables(
  _ files: LogFolder, _ access: Database.Access
) throws(AuditLogError) -> LogTables {
  guard fileExists(files.database) else {
    throw fileExists(files.checkpoint) ? .databaseMissing : .noLog
  }
  guard isRegularFile(files.database) else { throw .notALog }
  let database = try storing { () throws(StorageError) in
    try Database.open(files.database, access)
  }
  try storing { () throws(StorageError) in try database.beginReading() }
  try LogSchema.check(database)
  do throws(StorageError) { return try LogTables(database) } catch { throw .storage(error) }
}
