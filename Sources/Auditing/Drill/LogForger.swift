internal import Cryptography
internal import MedaiCore
internal import Storage
internal import SystemPackage

/// The tools of somebody who can write a log's database: for drills, on copies only.
///
/// Every change stays in the write-ahead log beside the database, so that removing it undoes all.
struct LogForger: ~Copyable {
  private let database: Database
  private var hasher = TreeHasher()

  /// Opens a copy's database and drops its triggers.
  static func open(_ path: FilePath) throws(StorageError) -> LogForger {
    let database = try Database.open(path, .write)
    try database.keepWriteAheadLog()
    let forger = LogForger(database)
    for trigger in triggers {
      try forger.run("DROP TRIGGER \(trigger.split(separator: " ")[2])")
    }
    try forger.run("BEGIN")
    return forger
  }

  private init(_ database: consuming Database) { self.database = database }

  private static var triggers: [String] {
    LogSchema.statements.filter { $0.utf8.starts(with: "CREATE TRIGGER".utf8) }
  }

  /// Puts the triggers back, all but the last of them where `all` is false, and lets go.
  consuming func finish(restoringAllTriggers all: Bool = true) throws(StorageError) {
    try run("COMMIT")
    for trigger in Self.triggers.dropLast(all ? 0 : 1) { try run(trigger) }
  }

  /// Runs SQL.
  borrowing func run(_ sql: String) throws(StorageError) { try database.execute(sql) }

  /// An entry's bytes.
  borrowing func leaf(_ entry: Int) throws(StorageError) -> [UInt8] {
    try row("SELECT bytes FROM leaf WHERE seq = \(entry)")
  }

  /// Entries of a type, in order, found by their bytes.
  borrowing func entries(ofType type: String) throws(StorageError) -> [Int] {
    var rows = try database.prepare(
      "SELECT seq FROM leaf WHERE instr(bytes, CAST('\"type\":\"\(type)\"' AS BLOB)) ORDER BY seq")
    var entries: [Int] = []
    while try rows.step() { entries.append(try rows.integer(0)) }
    return entries
  }

  /// Sizes of the checkpoints that were kept, in order.
  borrowing func keptSizes() throws(StorageError) -> [Int] {
    var rows = try database.prepare("SELECT size FROM checkpoint ORDER BY size")
    var sizes: [Int] = []
    while try rows.step() { sizes.append(try rows.integer(0)) }
    return sizes
  }

  /// The size that the head claims.
  borrowing func size() throws(StorageError) -> Int {
    try database.integer("SELECT size FROM head") ?? 0
  }

  /// The one value of a query, which is bytes.
  borrowing func row(_ sql: String) throws(StorageError) -> [UInt8] {
    var rows = try database.prepare(sql)
    return try rows.step() ? try rows.bytes(0) : []
  }

  /// Replaces an entry's bytes and makes its hash and the nodes above it fit.
  mutating func setLeaf(_ entry: Int, _ bytes: [UInt8]) throws(StorageError) {
    var hash = hasher.leaf(bytes)
    var update = try database.prepare("UPDATE leaf SET bytes = ?1, hash = ?2 WHERE seq = ?3")
    try update.bind(bytes, at: 1)
    try update.bind(hash.bytes, at: 2)
    try update.bind(entry, at: 3)
    try update.run()
    let size = try size()
    var level = 0
    while (entry >> (level + 1) + 1) << (level + 1) <= size {
      let index = entry >> level
      let sibling = try node(NodePlace(level: level, index: index ^ 1))
      hash = index & 1 == 0 ? hasher.node(hash, sibling) : hasher.node(sibling, hash)
      level += 1
      var update = try database.prepare(
        "UPDATE node SET hash = ?1 WHERE level = \(level) AND idx = \(entry >> level)")
      try update.bind(hash.bytes, at: 1)
      try update.run()
    }
  }

  /// Writes the root of the nodes as they are now over a size, with a note or the note of before.
  mutating func setHead(
    size: Int, note: ((Digest) -> [UInt8])? = nil
  ) throws(StorageError) {
    let root = try root(size)
    let places = size == (try self.size()) ? ["head", "checkpoint"] : ["checkpoint"]
    for table in places {
      var update = try database.prepare(
        "UPDATE \(table) SET root = ?1\(note == nil ? "" : ", note = ?2") WHERE size = \(size)")
      try update.bind(root.bytes, at: 1)
      if let note { try update.bind(note(root), at: 2) }
      try update.run()
    }
  }

  /// Replaces the note of the head, and nothing else.
  borrowing func setHeadNote(_ note: [UInt8]) throws(StorageError) {
    var update = try database.prepare("UPDATE head SET note = ?1")
    try update.bind(note, at: 1)
    try update.run()
  }

  /// Makes the database what it was at a size whose checkpoint was kept.
  borrowing func cut(to size: Int) throws(StorageError) {
    try run("DELETE FROM leaf WHERE seq >= \(size)")
    try run("DELETE FROM node WHERE (idx + 1) << level > \(size)")
    try run("DELETE FROM checkpoint WHERE size > \(size)")
    try run(
      """
      UPDATE head SET (size, root, note) = \
      (SELECT size, root, note FROM checkpoint WHERE size = \(size))
      """)
  }

  private mutating func root(_ size: Int) throws(StorageError) -> Digest {
    var peaks: [Digest] = []
    for place in RightEdge.places(size: size) { peaks.append(try node(place)) }
    return RightEdge(size: size, peaks: peaks)?.root(&hasher) ?? emptyRoot
  }

  private borrowing func node(_ place: NodePlace) throws(StorageError) -> Digest {
    let bytes =
      place.level == 0
      ? try row("SELECT hash FROM leaf WHERE seq = \(place.index)")
      : try row("SELECT hash FROM node WHERE level = \(place.level) AND idx = \(place.index)")
    guard let hash = Digest(bytes: bytes) else { throw .wrongKind(column: 0) }
    return hash
  }
}
