public import Cryptography
internal import MedaiCore
internal import Storage
public import SystemPackage

/// Reads a log as it was at one moment: for reports, proofs and exports. Needs no private key and
/// changes nothing.
///
/// Other processes may append meanwhile. A log at rest is read without a lock; where it was opened
/// by another process since, what was read is thrown away and read again from the log as it is then,
/// once that was found to go on from this checkpoint.
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
  private(set) var tables: LogTables
  private let files: LogFolder
  /// How the database was found; `nil` where the caller sees to that.
  private var rest: DatabaseRest?

  /// Opens a log for reading.
  public static func open(
    folder: FilePath, catalog: EventCatalog = .builtIn
  ) throws(AuditLogError) -> LogReader {
    let files = LogFolder(folder)
    for attempt in 0..<DatabaseRest.attempts {
      let rest = DatabaseRest(files.database, attempt: attempt)
      do throws(AuditLogError) {
        var reader = try open(files, rest.access, catalog)
        reader.rest = rest
        if rest.holds(failed: false) { return reader }
      } catch {
        if rest.holds(failed: true) { throw error }
      }
    }
    throw .storage(.locked)
  }

  /// Opens a log in the way that its caller found to suit its state; the caller reads again what it
  /// read while that changed.
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
    return LogReader(
      files, checkpoint: checkpoint, note: head.note, catalog: catalog, tables: tables)
  }

  private init(
    _ files: LogFolder, checkpoint: Checkpoint, note: [UInt8], catalog: EventCatalog,
    tables: consuming LogTables
  ) {
    self.files = files
    self.checkpoint = checkpoint
    self.note = note
    self.catalog = catalog
    self.tables = tables
  }

  /// Reads something so that all of it belongs to one state of the log.
  private mutating func settled<Value>(
    _ body: (inout LogTables) throws(AuditLogError) -> Value
  ) throws(AuditLogError) -> Value {
    for _ in 0..<DatabaseRest.attempts {
      let outcome: Result<Value, AuditLogError>
      do throws(AuditLogError) {
        outcome = .success(try body(&tables))
      } catch {
        outcome = .failure(error)
      }
      guard let rest else { return try outcome.get() }
      if rest.holds(failed: outcome.isFailure) { return try outcome.get() }
      try openAgain()
    }
    throw .storage(.locked)
  }

  /// Goes on in the log as it is now, which must have this checkpoint in its past.
  private mutating func openAgain() throws(AuditLogError) {
    var now = try LogReader.open(folder: files.path, catalog: catalog)
    guard now.checkpoint.size >= checkpoint.size, now.checkpoint.origin == checkpoint.origin,
      try now.root(at: checkpoint.size) == checkpoint.root
    else { throw .rolledBack }
    rest = now.rest
    tables = now.tables
  }

  /// The bytes of an entry's leaf.
  public mutating func leaf(_ entry: Int) throws(AuditLogError) -> [UInt8] {
    try settled { tables throws(AuditLogError) in
      guard let leaf = try storing({ () throws(StorageError) in try tables.leaf(entry) }) else {
        throw .noSuchEntry(entry)
      }
      return leaf.bytes
    }
  }

  /// An entry.
  public mutating func entry(_ entry: Int) throws(AuditLogError) -> LogEntry {
    let bytes = try leaf(entry)
    do throws(LeafError) {
      return try decodeLeaf(bytes, catalog: catalog)
    } catch {
      throw .leaf(error, entry: entry)
    }
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
    var number = 0
    while number < size {
      let numbers = number..<min(number + Self.entriesAtOnce, size)
      let leaves = try settled { tables throws(AuditLogError) in
        try Self.leaves(numbers, from: &tables)
      }
      for leaf in leaves {
        let entry: LogEntry
        do throws(LeafError) {
          entry = try decodeLeaf(leaf, catalog: catalog)
        } catch {
          throw AuditLogError.leaf(error, entry: number)
        }
        try body(entry)
        number += 1
      }
      if number < numbers.upperBound {
        throw AuditLogError.leaf(.malformed(offset: 0), entry: number)
      }
    }
  }

  /// How many leaves are read between two looks at whether the log rests.
  private static let entriesAtOnce = 64

  /// Leaves in order, up to the first that is missing.
  private static func leaves(
    _ numbers: Range<Int>, from tables: inout LogTables
  ) throws(AuditLogError) -> [[UInt8]] {
    try storing { () throws(StorageError) in try tables.startRows(numbers) }
    defer { tables.endRows() }
    var leaves: [[UInt8]] = []
    for number in numbers {
      var leaf: [UInt8] = []
      let row = try storing { () throws(StorageError) in try tables.nextRow(appendingTo: &leaf) }
      guard row?.entry == number else { break }
      leaves.append(leaf)
    }
    return leaves
  }

  /// The root at a size, from stored nodes.
  public mutating func root(at size: Int) throws(AuditLogError) -> Digest {
    guard size >= 0, size <= checkpoint.size else { throw .noSuchEntry(size) }
    return try settled { tables throws(AuditLogError) in
      guard let edge = try storing({ () throws(StorageError) in try tables.edge(size: size) })
      else { throw .noSuchEntry(size) }
      var hasher = TreeHasher()
      return edge.root(&hasher)
    }
  }

  /// The hash of a complete node; level 0 is an entry's.
  public mutating func node(_ place: NodePlace) throws(AuditLogError) -> Digest {
    try settled { tables throws(AuditLogError) in
      guard let hash = try storing({ () throws(StorageError) in try tables.node(place) }) else {
        throw .noSuchEntry(place.index << place.level)
      }
      return hash
    }
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
  public mutating func signedCheckpoint(at size: Int) throws(AuditLogError) -> [UInt8]? {
    if size == checkpoint.size { return note }
    return try keptCheckpoints().first { $0.size == size }?.note
  }

  /// The sizes with a signed checkpoint, smallest first.
  public mutating func signedSizes() throws(AuditLogError) -> [Int] {
    // Those that were kept later are of a moment after this reader's.
    try keptCheckpoints().map(\.size).filter { $0 < checkpoint.size } + [checkpoint.size]
  }

  private mutating func keptCheckpoints() throws(AuditLogError) -> [StoredHead] {
    try settled { tables throws(AuditLogError) in
      try storing { () throws(StorageError) in try tables.keptCheckpoints() }
    }
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
