internal import Storage

/// The tables of a file that has exactly these and no others.
struct ClosedTables {
  /// Names the kind of file in its header.
  let applicationID: Int
  /// The layout's number in the file's header.
  let userVersion: Int
  /// Each object's statement as SQLite stores it, in the order of creation.
  let statements: [String]

  /// Creates the tables in an empty file, inside the caller's transaction.
  func create(in database: borrowing Database) throws(StorageError) {
    for statement in statements { try database.execute(statement) }
    try database.execute("PRAGMA application_id = \(applicationID)")
    try database.execute("PRAGMA user_version = \(userVersion)")
  }

  /// Whether a file has no tables at all.
  func isMissing(in database: borrowing Database) throws(StorageError) -> Bool {
    try database.integer("SELECT count(*) FROM sqlite_schema") == 0
  }

  /// Checks that a file has exactly these tables.
  ///
  /// - Throws: `VaultError.notAVault`, `VaultError.schemaChanged`.
  func check(_ database: borrowing Database) throws {
    guard try database.integer("PRAGMA application_id") == applicationID,
      try database.integer("PRAGMA user_version") == userVersion
    else { throw VaultError.notAVault }
    var rows = try database.prepare(
      "SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_autoindex_%' ORDER BY sql")
    var found: [[UInt8]] = []
    while try rows.step() { found.append(try rows.text(0)) }
    // Rewriting the file puts tables before indexes, so their order tells nothing.
    let expected = statements.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
    guard found == expected else { throw VaultError.schemaChanged }
  }
}
