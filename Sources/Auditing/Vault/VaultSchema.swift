/// The tables of a vault, layout 1.
enum VaultSchema {
  static let tables = ClosedTables(
    // `MEDV` in the file's header.
    applicationID: 0x4D45_4456, userVersion: 1,
    statements: [
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
    ])
}
