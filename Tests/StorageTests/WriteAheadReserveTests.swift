import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@testable import Storage

/// Commits rows one by one with room reserved before each.
private func commit(
  _ rows: Range<Int>, to database: borrowing Database, _ reserve: inout WriteAheadReserve
) throws {
  var insert = try database.prepare("INSERT INTO thing (id, data) VALUES (?1, ?2)")
  for row in rows {
    try database.beginImmediate()
    reserve.keep(in: database)
    try insert.bind(row, at: 1)
    try insert.bind([UInt8](repeating: UInt8(row & 255), count: 3000), at: 2)
    try insert.run()
    try database.commit()
  }
}

private func writeAhead(_ path: FilePath) -> FilePath { FilePath(path.string + "-wal") }

private func copy(_ path: FilePath, to other: FilePath) throws {
  try writeDurably(try readFile(path, maxBytes: 1 << 30), to: other)
}

/// What another process finds after this one was killed: the file and its write-ahead log.
private func rowsAfterKill(_ path: FilePath, in folder: FilePath) throws -> [Int?] {
  let other = folder.appending("killed.db")
  try? removeFile(writeAhead(other))
  try copy(path, to: other)
  try copy(writeAhead(path), to: writeAhead(other))
  let database = try Database.open(other, .write)
  return [
    try database.integer("SELECT count(*) FROM thing"),
    try database.integer("SELECT count(*) FROM thing WHERE length(data) = 3000"),
  ]
}

@Test func theWriteAheadLogHasRoomAndEveryReaderEndsBeforeIt() throws {
  try withScratchFolder { folder in
    let path = folder.appending("a.db")
    let database = try Database.open(path, .create)
    try database.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT")
    var reserve = WriteAheadReserve()
    // A job of few commits pays for nothing.
    try commit(0..<30, to: database, &reserve)
    #expect(try fileStatus(writeAhead(path)).bytes < 1 << 19)
    try commit(30..<40, to: database, &reserve)
    let bytes = try fileStatus(writeAhead(path)).bytes
    try commit(40..<50, to: database, &reserve)
    #expect(try fileStatus(writeAhead(path)).bytes == bytes)
    #expect(try rowsAfterKill(path, in: folder) == [50, 50])

    // Past the first reserve, past the reuse of the file from its start, and past a cut by another.
    try commit(50..<2500, to: database, &reserve)
    #expect(try rowsAfterKill(path, in: folder) == [2500, 2500])
    try database.checkpointWriteAheadLog()
    #expect(try fileStatus(writeAhead(path)).bytes == 0)
    try commit(2500..<2600, to: database, &reserve)
    #expect(try rowsAfterKill(path, in: folder) == [2600, 2600])
    let reader = try Database.open(path, .read)
    let rows = try reader.integer("SELECT count(*) FROM thing")
    #expect(rows == 2600)
  }
}

@Test func withoutAWriteAheadLogNothingIsReserved() throws {
  try withScratchFolder { folder in
    let path = folder.appending("a.db")
    do {
      let database = try Database.open(path, .create)
      try database.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY) STRICT")
    }
    let reader = try Database.open(path, .readUnchanging)
    let bytes = reader.writeAheadBytes()
    let isLonger = reader.lengthenWriteAheadLog(from: 0, by: 4096)
    #expect(bytes == nil && !isLonger)
  }
}
