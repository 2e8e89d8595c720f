internal import Storage

/// The tables of a re-identification vault, layout 1.
enum ReidentificationSchema {
  /// `MEDR` in the file's header.
  static let applicationID = 0x4D45_4452
  /// The layout's number in the file's header.
  static let userVersion = 1

  /// Each object's statement as SQLite stores it.
  static let statements = [
    """
    CREATE TABLE vault (id INTEGER PRIMARY KEY CHECK (id = 1), \
    name BLOB NOT NULL CHECK (length(name) = 16), wrapped BLOB NOT NULL) STRICT
    """,
    """
    CREATE TABLE link (place BLOB PRIMARY KEY CHECK (length(place) = 32), \
    sealed BLOB NOT NULL) STRICT, WITHOUT ROWID
    """,
  ]

  /// Creates the tables in an empty file, inside the caller's transaction.
  static func create(in database: borrowing Database) throws(StorageError) {
    for statement in statements { try database.execute(statement) }
    try database.execute("PRAGMA application_id = \(applicationID)")
    try database.execute("PRAGMA user_version = \(userVersion)")
  }

  /// Whether a file has no tables at all.
  static func isEmpty(_ database: borrowing Database) throws(StorageError) -> Bool {
    try database.integer("SELECT count(*) FROM sqlite_schema") == 0
  }

  /// Checks that a file has exactly these tables.
  static func check(_ database: borrowing Database) throws {
    guard try database.integer("PRAGMA application_id") == applicationID,
      try database.integer("PRAGMA user_version") == userVersion
    else { throw VaultError.notAVault }
    var rows = try database.prepare(
      "SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_autoindex_%' ORDER BY sql")
    var found: [[UInt8]] = []
    while try rows.step() { found.append(try rows.text(0)) }
    let expected = statements.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
    guard found == expected else { throw VaultError.schemaChanged }
  }
}
