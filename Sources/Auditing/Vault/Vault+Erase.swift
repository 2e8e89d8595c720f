internal import MedaiCore
internal import Storage

/// Taking content out for good.
extension Vault {
  /// Entries with content of a data subject, in order.
  public func entries(ofSubject subject: [UInt8]) throws -> [Int] {
    try guarding {
      var rows = try database.prepare(
        "SELECT DISTINCT entry FROM record JOIN holder ON holder.id = record.holder "
          + "WHERE subject = ?1 AND entry >= 0 ORDER BY entry")
      try rows.bind(try subjectToken(subject), at: 1)
      var entries: [Int] = []
      while try rows.step() { entries.append(try rows.integer(0)) }
      return entries
    }
  }

  /// Destroys keys and ciphertext of entries. Call `scrub` after the last erasure.
  ///
  /// Where nothing else is wrapped under a subject's key, that key goes too.
  ///
  /// - Parameters:
  ///   - entries: The entries.
  ///   - redaction: The `redact` entry that names them, durable already.
  /// - Returns: Count of pieces that were erased; 0 where there were none, which is no error.
  /// - Throws: `VaultError`; then nothing of it was erased, and the next opening does it.
  @discardableResult
  public func erase(_ entries: [Int], by redaction: Int) throws -> Int {
    try guarding {
      try database.transaction { _ in try eraseRecords(of: entries, by: redaction) }
    }
  }

  /// Rewrites the file without the erased pages and empties the write-ahead log.
  ///
  /// - Throws: `VaultError.traceRemains` where another process keeps the old pages in use.
  public func scrub() throws {
    try guarding {
      try emptyWriteAheadLog()
      try database.execute("VACUUM")
      try emptyWriteAheadLog()
      try database.transaction { database in
        var head = try Self.readHead(database)
        head.needsScrub = false
        try write(&head)
      }
    }
  }

  private func emptyWriteAheadLog() throws {
    var row = try database.prepare("PRAGMA wal_checkpoint(TRUNCATE)")
    guard try row.step(), try row.integer(0) == 0 else { throw VaultError.traceRemains }
  }

  /// Lets the file alone be whole; the vault can go on being used.
  public func close() throws { try guarding { try database.checkpointWriteAheadLog() } }

  // MARK: At opening

  /// Erases what was prepared by processes that are no more.
  func eraseStaged() throws {
    try database.transaction { database in
      var rows = try database.prepare("SELECT id FROM record WHERE entry = -1 ORDER BY id")
      var staged: [Int] = []
      while try rows.step() { staged.append(try rows.integer(0)) }
      if staged.isEmpty { return }
      for record in staged { try deleteRows(ofRecord: record) }
      try deleteUnusedHolders()
      try noteScrub()
    }
  }

  /// Carries out the log's `redact` entries that this file has not seen.
  func carryOut(_ log: inout LogReader) throws {
    let size = log.checkpoint.size
    let head = try Self.readHead(database)
    let last =
      try database.integer("SELECT coalesce(max(entry), -1) FROM act WHERE kind = 'hold'") ?? -1
    guard head.applied <= size, last < size else { throw VaultError.logBehind }
    if head.applied == size { return }
    let orders = try erasures(in: &log, from: head.applied)
    try database.transaction { database in
      for order in orders { try eraseRecords(of: order.entries, by: order.redaction) }
      var head = try Self.readHead(database)
      head.applied = max(head.applied, size)
      try write(&head)
    }
  }

  // MARK: Inside a transaction

  @discardableResult
  private func eraseRecords(of entries: [Int], by redaction: Int) throws -> Int {
    var count = 0
    for entry in entries {
      for record in try records(of: entry) {
        try deleteRows(ofRecord: record.id)
        try note(
          .erase, entry: entry, role: record.role, name: record.name, cause: redaction)
        count += 1
      }
    }
    if count > 0 {
      try deleteUnusedHolders()
      try noteScrub()
    }
    return count
  }

  func deleteRows(ofRecord record: Int) throws {
    var chunks = try database.prepare("DELETE FROM chunk WHERE id >= ?1 AND id < ?2")
    try chunks.bind(ContentChunks.place(record: record, chunk: 0), at: 1)
    try chunks.bind(ContentChunks.place(record: record + 1, chunk: 0), at: 2)
    try chunks.run()
    var row = try database.prepare("DELETE FROM record WHERE id = ?1")
    try row.bind(record, at: 1)
    try row.run()
  }

  func deleteUnusedHolders() throws {
    try database.execute(
      "DELETE FROM holder WHERE NOT EXISTS (SELECT 1 FROM record WHERE record.holder = holder.id)")
  }

  func noteScrub() throws {
    var head = try Self.readHead(database)
    head.needsScrub = true
    try write(&head)
  }
}

/// What a `redact` entry orders.
struct ErasureOrder {
  /// The `redact` entry.
  let redaction: Int
  let entries: [Int]
}

/// The `redact` entries of a log from one entry on.
func erasures(in log: inout LogReader, from first: Int = 0) throws -> [ErasureOrder] {
  let mark = Array("\"type\":\"\(EventType.redact.rawValue)\"".utf8)
  var orders: [ErasureOrder] = []
  for number in first..<log.checkpoint.size {
    // Most leaves need no decoding: the canonical form writes this type in one way only.
    guard contains(try log.leaf(number), mark) else { continue }
    let entry = try log.entry(number)
    guard entry.type == EventType.redact.identifier, case .list(let values)? = entry["entries"]
    else { continue }
    let entries = values.compactMap { value in
      if case .count(let count) = value { count } else { nil }
    }
    orders.append(ErasureOrder(redaction: number, entries: entries))
  }
  return orders
}

/// Entries whose content a log calls erased, each with the first `redact` entry that does.
public func redactions(in log: inout LogReader) throws -> [Int: Int] {
  var redacted: [Int: Int] = [:]
  for order in try erasures(in: &log) {
    for entry in order.entries where redacted[entry] == nil { redacted[entry] = order.redaction }
  }
  return redacted
}

private func contains(_ haystack: [UInt8], _ needle: [UInt8]) -> Bool {
  guard haystack.count >= needle.count else { return false }
  return haystack.span.contains(needle.span)
}

extension Span where Element == UInt8 {
  /// Whether bytes occur in these; the first byte is looked for first.
  fileprivate func contains(_ needle: Span<UInt8>) -> Bool {
    var start = 0
    while start + needle.count <= count {
      var length = 0
      while length < needle.count, self[start + length] == needle[length] { length += 1 }
      if length == needle.count { return true }
      start += 1
    }
    return false
  }
}
