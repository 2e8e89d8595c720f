/// The tables of a re-identification vault, layout 1.
enum ReidentificationSchema {
  static let tables = ClosedTables(
    // `MEDR` in the file's header.
    applicationID: 0x4D45_4452, userVersion: 1,
    statements: [
      """
      CREATE TABLE vault (id INTEGER PRIMARY KEY CHECK (id = 1), \
      name BLOB NOT NULL CHECK (length(name) = 16), wrapped BLOB NOT NULL) STRICT
      """,
      """
      CREATE TABLE link (place BLOB PRIMARY KEY CHECK (length(place) = 32), \
      sealed BLOB NOT NULL) STRICT, WITHOUT ROWID
      """,
    ])
}
