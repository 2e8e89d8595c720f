import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@testable import Storage

private func fill(_ database: borrowing Database, rows: Int) throws {
  try database.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT")
  try database.transaction { database in
    var insert = try database.prepare("INSERT INTO thing (id, data) VALUES (?1, ?2)")
    for row in 0..<rows {
      try insert.bind(row, at: 1)
      try insert.bind([UInt8](repeating: UInt8(row & 255), count: 300), at: 2)
      try insert.run()
    }
  }
}

private func count(_ database: borrowing Database) throws -> Int? {
  try database.integer("SELECT count(*) FROM thing")
}

@Test func valuesRoundTripAndKindsAreChecked() throws {
  try withScratchFolder { folder in
    let path = folder.appending("a.db")
    let database = try Database.open(path, .create)
    #expect(try fileStatus(path).mode == 0o600)
    try database.execute("CREATE TABLE t (a INTEGER, b BLOB, c TEXT) STRICT")
    var insert = try database.prepare("INSERT INTO t VALUES (?1, ?2, ?3)")
    try insert.bind(-7, at: 1)
    try insert.bind([] as [UInt8], at: 2)
    try insert.bind("\u{AC00}", at: 3)
    try insert.run()
    var select = try database.prepare("SELECT a, b, c FROM t")
    let hasRow = try select.step()
    #expect(hasRow)
    let a = try select.integer(0)
    let b = try select.bytes(1)
    let c = try select.text(2)
    #expect(a == -7 && b == [] && c == Array("\u{AC00}".utf8))
    do {
      _ = try select.bytes(0)
      Issue.record("an integer was read as a blob")
    } catch {
      #expect(error as? StorageError == .wrongKind(column: 0))
    }
    let hasMore = try select.step()
    #expect(!hasMore)
    #expect(throws: StorageError.refused) {
      try database.execute("INSERT INTO t VALUES ('x', 1, 2)")
    }
    #expect(throws: StorageError.other(code: 1)) { try database.execute("SELEC") }
  }
}

@Test func bytesAreLentBothWays() throws {
  try withScratchFolder { folder in
    let database = try Database.open(folder.appending("a.db"), .create)
    try database.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB) STRICT")
    var insert = try database.prepare("INSERT INTO t VALUES (?1, ?2)")
    for (row, count) in [0, 1, 32, 9000].enumerated() {
      let bytes = [UInt8](repeating: UInt8(row + 1), count: count)
      try insert.bind(row, at: 1)
      try insert.run(lending: bytes.span, at: 2)
    }
    // The lent bytes are gone from the statement afterwards; a refused row leaves it ready.
    try insert.bind(9, at: 1)
    try insert.run()
    let bytes: [UInt8] = [1]
    do {
      try insert.run(lending: bytes.span, at: 2)
      Issue.record("a key was taken twice")
    } catch { #expect(error as? StorageError == .refused) }
    var select = try database.prepare("SELECT a, b FROM t ORDER BY a")
    for (row, count) in [0, 1, 32, 9000].enumerated() {
      let hasRow = try select.step()
      #expect(hasRow)
      var lent: [UInt8] = []
      try select.withBytes(1) { span in for index in span.indices { lent.append(span[index]) } }
      var appended: [UInt8] = [7]
      try select.appendBytes(1, to: &appended)
      let expected = [UInt8](repeating: UInt8(row + 1), count: count)
      #expect(lent == expected && appended == [7] + expected)
      do {
        try select.withBytes(0) { _ in Issue.record("an integer was lent") }
        Issue.record("an integer was taken for bytes")
      } catch { #expect(error as? StorageError == .wrongKind(column: 0)) }
    }
    let hasRow = try select.step()
    #expect(hasRow)
    do {
      try select.withBytes(1) { _ in }
      Issue.record("NULL was taken for bytes")
    } catch { #expect(error as? StorageError == .wrongKind(column: 1)) }
  }
}

@Test func settingsThatDurabilityNeedsHold() throws {
  try withScratchFolder { folder in
    let database = try Database.open(folder.appending("a.db"), .create)
    #expect(try database.integer("PRAGMA synchronous") == 2)
    #expect(try database.integer("PRAGMA trusted_schema") == 0)
    #expect(try database.integer("PRAGMA cell_size_check") == 1)
    #expect(try database.integer("PRAGMA busy_timeout") == 10_000)
    #expect(try database.integer("PRAGMA mmap_size") == 0)
    #expect(throws: StorageError.self) {
      try database.execute("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'x'")
      try database.execute("SELECT * FROM nothing")
    }
  }
}

@Test func aFailedTransactionLeavesNothing() throws {
  try withScratchFolder { folder in
    let database = try Database.open(folder.appending("a.db"), .create)
    try fill(database, rows: 3)
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try database.transaction { database in
        try database.execute("DELETE FROM thing")
        throw Stop()
      }
    }
    #expect(try count(database) == 3)
  }
}

@Test func aSecondWriterIsToldToWait() throws {
  try withScratchFolder { folder in
    let path = folder.appending("a.db")
    let first = try Database.open(path, .create)
    try fill(first, rows: 1)
    let second = try Database.open(path, .write, busyMilliseconds: 20)
    try first.beginImmediate()
    #expect(throws: StorageError.locked) { try second.beginImmediate() }
    try first.commit()
    try second.beginImmediate()
    second.rollBack()
    second.rollBack()
  }
}

@Test func filesAtRestAreReadWithoutATrace() throws {
  try withScratchFolder { folder in
    let path = folder.appending("a name with % and ?.db")
    func writeAndClose() throws {
      let database = try Database.open(path, .create)
      try fill(database, rows: 50)
    }
    try writeAndClose()
    #expect(try folderEntries(folder) == ["a name with % and ?.db"])
    #expect(readAccess(for: path) == .readUnchanging)
    let reader = try Database.open(path, .readUnchanging)
    #expect(try count(reader) == 50)
    #expect(throws: StorageError.readOnly) { try reader.execute("DELETE FROM thing") }
    #expect(try folderEntries(folder) == ["a name with % and ?.db"])
  }
}

@Test func aWriteAheadLogLeftBehindIsRead() throws {
  try withScratchFolder { folder in
    let path = folder.appending("a.db")
    let copy = folder.appending("copy.db")
    let database = try Database.open(path, .create)
    try fill(database, rows: 50)
    // A copy of a log in use: the frames lie beside the file.
    #expect(readAccess(for: path) == .read)
    try writeDurably(readFile(path), to: copy)
    try writeDurably(readFile(folder.appending("a.db-wal")), to: folder.appending("copy.db-wal"))
    #expect(readAccess(for: copy) == .readAlone)
    let before = try folderEntries(folder)
    let reader = try Database.open(copy, .readAlone)
    #expect(try count(reader) == 50)
    #expect(throws: StorageError.readOnly) { try reader.execute("DELETE FROM thing") }
    #expect(try folderEntries(folder) == before)
    let live = try Database.open(path, .read)
    #expect(try count(live) == 50)
  }
}

@Test func damagedFilesGiveTypedErrors() throws {
  try withScratchFolder { folder in
    let path = folder.appending("a.db")
    func writeAndClose() throws {
      let database = try Database.open(path, .create)
      try fill(database, rows: 200)
    }
    try writeAndClose()
    let whole = try readFile(path)
    let broken = folder.appending("b.db")
    try writeDurably(Array(whole[..<(whole.count / 2)]), to: broken)
    #expect(throws: StorageError.corrupt) {
      try count(Database.open(broken, .readUnchanging))
    }
    try writeDurably(Array("no database, but long enough to be looked at".utf8), to: broken)
    #expect(throws: StorageError.corrupt) { try count(Database.open(broken, .readUnchanging)) }
    #expect(throws: StorageError.cannotOpen) {
      try count(Database.open(folder.appending("c.db"), .write))
    }
  }
}

@Test func networkFileSystemsAreNamed() {
  for kind in [0x6969, 0xFF53_4D42, 0x6573_5546, 0x0102_1997] as [UInt] {
    #expect(isNetworkFileSystem(kind))
  }
  for kind in [0xEF53, 0x0102_1994, 0x5846_5342, 0x9123_683E, 0] as [UInt] {
    #expect(!isNetworkFileSystem(kind))
  }
}

@Test func resultCodesBecomeSentences() {
  let table: [(Int32, StorageError)] = [
    (5, .locked), (261, .locked), (6, .locked), (13, .full), (11, .corrupt), (26, .corrupt),
    (267, .corrupt), (8, .readOnly), (776, .readOnly), (14, .cannotOpen),
    (778, .inputOutput(extended: 778)), (522, .corrupt), (19, .refused), (1811, .refused),
    (1, .other(code: 1)),
  ]
  for (code, error) in table { #expect(StorageError(code: code) == error) }
}

/// Switching to the write-ahead log takes a lock that SQLite itself does not wait for.
@Test func manyMayMakeTheSameFileAtOnce() async throws {
  try await withScratchFolder { folder in
    for round in 0..<30 {
      let path = folder.appending("\(round).db")
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask {
            let database = try Database.open(path, .create)
            try database.beginImmediate()
            try database.execute("CREATE TABLE IF NOT EXISTS t (a)")
            try database.execute("INSERT INTO t VALUES (1)")
            try database.commit()
          }
        }
        try await group.waitForAll()
      }
      #expect(try Database.open(path, .write).integer("SELECT count(*) FROM t") == 4)
    }
  }
}
