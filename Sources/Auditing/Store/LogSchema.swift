internal import Storage

/// The tables of a log's database, layout 1.
enum LogSchema {
  /// `MEDA` in the file's header.
  static let applicationID = 0x4D45_4441
  /// The layout's number in the file's header.
  static let userVersion = 1

  /// Each object's statement as SQLite stores it, in the order of creation.
  ///
  /// The triggers are a seat belt, not security: whoever can write the file can drop them.
  static let statements = [
    """
    CREATE TABLE leaf (seq INTEGER PRIMARY KEY CHECK (seq >= 0), bytes BLOB NOT NULL, \
    hash BLOB NOT NULL CHECK (length(hash) = 32)) STRICT
    """,
    """
    CREATE TABLE node (level INTEGER NOT NULL, idx INTEGER NOT NULL, \
    hash BLOB NOT NULL CHECK (length(hash) = 32), PRIMARY KEY (level, idx)) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE head (id INTEGER PRIMARY KEY CHECK (id = 1), size INTEGER NOT NULL, \
    root BLOB NOT NULL CHECK (length(root) = 32), note BLOB NOT NULL) STRICT
    """,
    """
    CREATE TABLE checkpoint (size INTEGER PRIMARY KEY CHECK (size >= 0), \
    root BLOB NOT NULL CHECK (length(root) = 32), note BLOB NOT NULL) STRICT
    """,
    refusal("leaf", "UPDATE"), refusal("leaf", "DELETE"), refusal("node", "UPDATE"),
    refusal("node", "DELETE"), refusal("checkpoint", "UPDATE"), refusal("checkpoint", "DELETE"),
    refusal("head", "DELETE"),
    """
    CREATE TRIGGER head_grows BEFORE UPDATE ON head WHEN NEW.size < OLD.size \
    BEGIN SELECT RAISE(ABORT, 'a log only grows'); END
    """,
  ]

  private static func refusal(_ table: String, _ action: String) -> String {
    "CREATE TRIGGER \(table)_no_\(action.lowercased()) BEFORE \(action) ON \(table) "
      + "BEGIN SELECT RAISE(ABORT, 'a log only grows'); END"
  }

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

  /// Checks that a file has exactly these tables and triggers.
  static func check(_ database: borrowing Database) throws(AuditLogError) {
    let identity = try storing { () throws(StorageError) in
      [
        try database.integer("PRAGMA application_id"), try database.integer("PRAGMA user_version"),
      ]
    }
    guard identity == [applicationID, userVersion] else { throw .notALog }
    let found = try storing { () throws(StorageError) in
      var rows = try database.prepare(
        "SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_autoindex_%' ORDER BY rowid")
      var found: [[UInt8]] = []
      while try rows.step() { found.append(try rows.text(0)) }
      return found
    }
    guard found == statements.map({ Array($0.utf8) }) else { throw .schemaChanged }
  }
}
