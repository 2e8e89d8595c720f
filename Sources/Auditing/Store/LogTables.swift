internal import Cryptography
internal import Storage

/// What the last transaction signed.
struct StoredHead: Equatable {
  let size: Int
  let root: Digest
  let note: [UInt8]
}

/// Reads a log's tables.
struct LogTables: ~Copyable {
  // Statements go before the connection they belong to.
  private var selectLeaf: Statement
  private var selectNode: Statement
  private var selectHead: Statement
  private var selectMark: Statement
  private var selectRows: Statement
  let database: Database

  init(_ database: consuming Database) throws(StorageError) {
    let leaf = try database.prepare("SELECT bytes, hash FROM leaf WHERE seq = ?1")
    let node = try database.prepare("SELECT hash FROM node WHERE level = ?1 AND idx = ?2")
    let head = try database.prepare("SELECT size, root, note FROM head WHERE id = 1")
    let mark = try database.prepare("SELECT size, root FROM head WHERE id = 1")
    let rows = try database.prepare(
      "SELECT seq, bytes, hash FROM leaf WHERE seq >= ?1 AND seq < ?2 ORDER BY seq")
    selectMark = mark
    selectRows = rows
    selectLeaf = leaf
    selectNode = node
    selectHead = head
    self.database = database
  }

  /// An entry's bytes and hash as stored.
  mutating func leaf(_ entry: Int) throws(StorageError) -> (bytes: [UInt8], hash: Digest)? {
    selectLeaf.reset()
    try selectLeaf.bind(entry, at: 1)
    guard try selectLeaf.step() else { return nil }
    let bytes = try selectLeaf.bytes(0)
    let hash = try Self.digest(selectLeaf, 1)
    selectLeaf.reset()
    return (bytes, hash)
  }

  /// Starts to hand out the rows of some entries, in order.
  mutating func startRows(_ entries: Range<Int>) throws(StorageError) {
    selectRows.reset()
    try selectRows.bind(entries.lowerBound, at: 1)
    try selectRows.bind(entries.upperBound, at: 2)
  }

  /// The next of those rows: its number and stored hash; the bytes are lent.
  ///
  /// - Returns: `nil` after the last one.
  mutating func nextRow(
    _ bytes: (Span<UInt8>) -> Void
  ) throws(StorageError) -> (entry: Int, hash: Digest)? {
    guard try selectRows.step() else {
      selectRows.reset()
      return nil
    }
    let entry = try selectRows.integer(0)
    let hash = try Self.digest(selectRows, 2)
    try selectRows.withBytes(1, bytes)
    return (entry, hash)
  }

  /// The next of those rows, with its bytes appended.
  ///
  /// - Returns: `nil` after the last one.
  mutating func nextRow(
    appendingTo bytes: inout [UInt8]
  ) throws(StorageError) -> (entry: Int, hash: Digest)? {
    guard try selectRows.step() else {
      selectRows.reset()
      return nil
    }
    let row = (entry: try selectRows.integer(0), hash: try Self.digest(selectRows, 2))
    try selectRows.appendBytes(1, to: &bytes)
    return row
  }

  /// Lets those rows go.
  mutating func endRows() { selectRows.reset() }

  /// Size and root of the last checkpoint.
  mutating func mark() throws(StorageError) -> (size: Int, root: Digest)? {
    selectMark.reset()
    guard try selectMark.step() else { return nil }
    let mark = (size: try selectMark.integer(0), root: try Self.digest(selectMark, 1))
    selectMark.reset()
    return mark
  }

  /// A complete node's hash as stored; level 0 is an entry's.
  mutating func node(_ place: NodePlace) throws(StorageError) -> Digest? {
    if place.level == 0 { return try leaf(place.index)?.hash }
    selectNode.reset()
    try selectNode.bind(place.level, at: 1)
    try selectNode.bind(place.index, at: 2)
    guard try selectNode.step() else { return nil }
    let hash = try Self.digest(selectNode, 0)
    selectNode.reset()
    return hash
  }

  /// The last checkpoint.
  mutating func head() throws(StorageError) -> StoredHead? {
    selectHead.reset()
    guard try selectHead.step() else { return nil }
    let head = StoredHead(
      size: try selectHead.integer(0), root: try Self.digest(selectHead, 1),
      note: try selectHead.bytes(2))
    selectHead.reset()
    return head
  }

  /// Count of entries, by the greatest number.
  borrowing func countEntries() throws(StorageError) -> Int {
    try database.integer("SELECT coalesce(max(seq) + 1, 0) FROM leaf") ?? 0
  }

  /// The checkpoints that were kept, smallest first.
  borrowing func keptCheckpoints() throws(StorageError) -> [StoredHead] {
    var rows = try database.prepare("SELECT size, root, note FROM checkpoint ORDER BY size")
    var kept: [StoredHead] = []
    while try rows.step() {
      kept.append(
        StoredHead(
          size: try rows.integer(0), root: try Self.digest(rows, 1), note: try rows.bytes(2)))
    }
    return kept
  }

  /// The edge of the tree at a size, from stored nodes.
  ///
  /// - Returns: `nil` where a node is missing.
  mutating func edge(size: Int) throws(StorageError) -> RightEdge? {
    var peaks: [Digest] = []
    for place in RightEdge.places(size: size) {
      guard let hash = try node(place) else { return nil }
      peaks.append(hash)
    }
    return RightEdge(size: size, peaks: peaks)
  }

  static func digest(
    _ row: borrowing Statement, _ column: Int
  ) throws(StorageError) -> Digest {
    var digest: Digest?
    try row.withBytes(column) { digest = Digest($0) }
    guard let digest else { throw .wrongKind(column: column) }
    return digest
  }
}

/// Writes a log's tables, inside the caller's transaction.
struct LogInserts: ~Copyable {
  private var insertLeaf: Statement
  private var insertNode: Statement
  private var putHead: Statement
  private var insertCheckpoint: Statement

  init(_ database: borrowing Database) throws(StorageError) {
    let leaf = try database.prepare("INSERT INTO leaf (seq, bytes, hash) VALUES (?1, ?2, ?3)")
    let node = try database.prepare("INSERT INTO node (level, idx, hash) VALUES (?1, ?2, ?3)")
    let head = try database.prepare(
      """
      INSERT INTO head (id, size, root, note) VALUES (1, ?1, ?2, ?3) \
      ON CONFLICT (id) DO UPDATE SET size = ?1, root = ?2, note = ?3
      """)
    let checkpoint = try database.prepare(
      "INSERT INTO checkpoint (size, root, note) VALUES (?1, ?2, ?3)")
    insertLeaf = leaf
    insertNode = node
    putHead = head
    insertCheckpoint = checkpoint
  }

  mutating func leaf(_ entry: Int, _ bytes: Span<UInt8>, _ hash: Digest) throws(StorageError) {
    try insertLeaf.bind(entry, at: 1)
    try insertLeaf.bind(hash, at: 3)
    try insertLeaf.run(lending: bytes, at: 2)
  }

  mutating func node(_ place: NodePlace, _ hash: Digest) throws(StorageError) {
    try insertNode.bind(place.level, at: 1)
    try insertNode.bind(place.index, at: 2)
    try insertNode.bind(hash, at: 3)
    try insertNode.run()
  }

  mutating func head(_ head: StoredHead) throws(StorageError) {
    try putHead.bind(head.size, at: 1)
    try putHead.bind(head.root, at: 2)
    try putHead.bind(head.note, at: 3)
    try putHead.run()
  }

  mutating func checkpoint(_ kept: StoredHead) throws(StorageError) {
    try insertCheckpoint.bind(kept.size, at: 1)
    try insertCheckpoint.bind(kept.root, at: 2)
    try insertCheckpoint.bind(kept.note, at: 3)
    try insertCheckpoint.run()
  }
}

extension Statement {
  /// Binds a digest's 32 bytes.
  fileprivate mutating func bind(_ digest: Digest, at index: Int32) throws(StorageError) {
    var error: StorageError?
    digest.withBytes { bytes in
      do throws(StorageError) { try bind(bytes, at: index) } catch let found { error = found }
    }
    if let error { throw error }
  }
}
