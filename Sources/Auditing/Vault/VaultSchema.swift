internal import Storage

/// The tables of a vault, layout 1.
enum VaultSchema {
  /// `MEDV` in the file's header.
  static let applicationID = 0x4D45_4456
  /// The layout's number in the file's header.
  static let userVersion = 1

  /// Each object's statement as SQLite stores it, in the order of creation.
  static let statements = [
    """
    CREATE TABLE vault (id INTEGER PRIMARY KEY CHECK (id = 1), \
    name BLOB NOT NULL CHECK (length(name) = 16), origin TEXT NOT NULL, \
    log BLOB NOT NULL CHECK (length(log) = 32), proof BLOB NOT NULL CHECK (length(proof) = 32), \
    applied INTEGER NOT NULL, scrub INTEGER NOT NULL, acts INTEGER NOT NULL, \
    last BLOB NOT NULL CHECK (length(last) = 32), head BLOB NOT NULL CHECK (length(head) = 32)) \
    STRICT
    """,
    """
    CREATE TABLE holder (id INTEGER PRIMARY KEY, subject BLOB NOT NULL, \
    wrapped BLOB NOT NULL CHECK (length(wrapped) = 40)) STRICT
    """,
    "CREATE UNIQUE INDEX holder_subject ON holder (subject) WHERE length(subject) > 0",
    """
    CREATE TABLE record (id INTEGER PRIMARY KEY, name BLOB NOT NULL CHECK (length(name) = 16), \
    entry INTEGER NOT NULL, role TEXT NOT NULL, holder INTEGER NOT NULL, \
    bytes INTEGER NOT NULL, chunks INTEGER NOT NULL, wrapped BLOB NOT NULL) STRICT
    """,
    "CREATE UNIQUE INDEX record_place ON record (entry, role) WHERE entry >= 0",
    "CREATE INDEX record_holder ON record (holder)",
    """
    CREATE TABLE chunk (id INTEGER PRIMARY KEY, sealed BLOB NOT NULL) STRICT
    """,
    """
    CREATE TABLE act (seq INTEGER PRIMARY KEY CHECK (seq >= 0), kind TEXT NOT NULL, \
    entry INTEGER NOT NULL, role TEXT NOT NULL, name BLOB NOT NULL, cause INTEGER NOT NULL, \
    proof BLOB NOT NULL CHECK (length(proof) = 32)) STRICT
    """,
    "CREATE INDEX act_entry ON act (entry)",
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
    // Rewriting the file puts tables before indexes, so their order tells nothing.
    let expected = statements.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
    guard found == expected else { throw VaultError.schemaChanged }
  }
}
