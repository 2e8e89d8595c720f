internal import Cryptography
internal import Storage

/// The stored nodes of a tree, level by level in order, beside the same tree as it grows anew.
struct StoredNodes {
  /// One level's rows.
  private final class Level {
    var rows: Statement
    /// The row that comes next; `nil` at the end.
    var next: (index: Int, hash: Digest)?
    var count = 0

    init(_ rows: consuming Statement) { self.rows = rows }

    func step() throws(StorageError) {
      next = nil
      guard try rows.step() else { return }
      count += 1
      next = (try rows.integer(0), try LogTables.digest(rows, 1))
    }
  }

  private var levels: [Level] = []

  /// Whether the node at a place is stored so; places of one level come in order.
  mutating func holds(
    _ hash: Digest, at place: NodePlace, in database: borrowing Database
  ) throws(StorageError) -> Bool {
    while levels.count < place.level {
      var rows = try database.prepare("SELECT idx, hash FROM node WHERE level = ?1 ORDER BY idx")
      try rows.bind(levels.count + 1, at: 1)
      let level = Level(rows)
      try level.step()
      levels.append(level)
    }
    let level = levels[place.level - 1]
    while let next = level.next, next.index < place.index { try level.step() }
    guard let next = level.next, next.index == place.index else { return false }
    try level.step()
    return next.hash == hash
  }

  /// Count of all stored nodes, after all of a tree's were compared.
  func count(in database: borrowing Database) throws(StorageError) -> Int {
    var count = 0
    for level in levels {
      while level.next != nil { try level.step() }
      count += level.count
    }
    return count
      + (try database.integer("SELECT count(*) FROM node WHERE level < 1") ?? 0)
      + (try database.integer("SELECT count(*) FROM node WHERE level > \(levels.count)") ?? 0)
  }
}
