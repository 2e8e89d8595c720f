import Cryptography
import MedaiCore
import MedaiTestSupport
import Storage
import SystemPackage
import Testing

@testable import Auditing

/// Runs SQL on a log's database as it is.
func run(_ folder: FilePath, _ sql: String) throws {
  let database = try Database.open(folder.appending("log.db"), .write)
  try database.execute(sql)
}

/// Runs SQL as somebody who drops the triggers first and puts them back.
func edit(_ folder: FilePath, _ sql: String, restoring: Bool = true) throws {
  let database = try Database.open(folder.appending("log.db"), .write)
  let triggers = LogSchema.statements.filter { $0.hasPrefix("CREATE TRIGGER") }
  if restoring {
    for trigger in triggers {
      try database.execute("DROP TRIGGER \(trigger.split(separator: " ")[2])")
    }
  }
  try database.execute(sql)
  if restoring { for trigger in triggers { try database.execute(trigger) } }
}

private struct Attack: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let sql: String
  let reason: ProblemReason
  let entry: Int?

  init(_ name: String, _ sql: String, _ reason: ProblemReason, _ entry: Int?) {
    testDescription = name
    self.sql = sql
    self.reason = reason
    self.entry = entry
  }
}

/// A log of two rounds has entries 0 to 26.
@Test(arguments: [
  Attack("entry deleted", "DELETE FROM leaf WHERE seq = 9", .missingEntry, 9),
  Attack("tail cut", "DELETE FROM leaf WHERE seq > 20", .missingEntry, 21),
  Attack("head cut", "DELETE FROM leaf WHERE seq < 3", .missingEntry, 0),
  Attack("everything cut", "DELETE FROM leaf", .missingEntry, 0),
  Attack(
    "entry duplicated", "INSERT INTO leaf SELECT 27, bytes, hash FROM leaf WHERE seq = 7",
    .unsignedEntry, 27),
  Attack(
    "entry replaced by another",
    "UPDATE leaf SET (bytes, hash) = (SELECT bytes, hash FROM leaf WHERE seq = 7) WHERE seq = 9",
    .wrongNumber, 9),
  Attack(
    "entries swapped",
    """
    UPDATE leaf SET seq = 99 WHERE seq = 5; UPDATE leaf SET seq = 5 WHERE seq = 6;
    UPDATE leaf SET seq = 6 WHERE seq = 99
    """, .wrongNumber, 5),
  Attack(
    "bytes changed", "UPDATE leaf SET bytes = replace(bytes, 'tester', 'tamper') WHERE seq = 11",
    .hashMismatch, 11),
  Attack(
    "bytes emptied", "UPDATE leaf SET bytes = x'' WHERE seq = 11", .malformedEntry, 11),
  Attack("hash changed", "UPDATE leaf SET hash = zeroblob(32) WHERE seq = 12", .hashMismatch, 12),
  Attack(
    "node changed", "UPDATE node SET hash = zeroblob(32) WHERE level = 1 AND idx = 4",
    .nodeMismatch, 8),
  Attack("node deleted", "DELETE FROM node WHERE level = 2 AND idx = 3", .nodeMismatch, 12),
  Attack(
    "node added", "INSERT INTO node VALUES (30, 0, zeroblob(32))", .surplusNodes, nil),
  Attack("head emptied", "DELETE FROM head", .missingEntry, 0),
  Attack("head size changed", "UPDATE head SET size = 26", .unsignedEntry, 26),
  Attack("head root changed", "UPDATE head SET root = zeroblob(32)", .checkpointMismatch, nil),
  Attack("head note emptied", "UPDATE head SET note = x''", .malformedCheckpoint, nil),
  Attack(
    "kept note changed", "UPDATE checkpoint SET note = replace(note, 'medai', 'nedai')",
    .otherLog, nil),
  Attack("kept size changed", "UPDATE checkpoint SET size = 3", .checkpointMismatch, nil),
])
private func editsThroughSQLAreFound(attack: Attack) throws {
  try withScratchFolder { folder in
    var log = try openLog(folder)
    try fillLog(&log)
    _ = try log.keepCheckpoint()
    try fillLog(&log)
    #expect(log.checkpoint.size == 27)
    try log.close()
    // Notes are blobs, and SQL's text functions make text of them.
    let sql =
      attack.sql.contains("replace(")
      ? attack.sql.replacing("replace(", with: "CAST(replace(").replacing("')", with: "') AS BLOB)")
      : attack.sql
    try edit(folder, sql)
    let result = try verify(folder)
    #expect(result.verdict == .tampered)
    let found = result.problems.contains {
      $0.reason == attack.reason && (attack.entry == nil || $0.entry == attack.entry)
    }
    #expect(found, "\(result.problems)")
    if let entry = attack.entry { #expect(result.firstBrokenEntry == entry) }
  }
}

/// The strongest change short of a stolen key: bytes, hash and all nodes rewritten to fit.
@Test func aRebuiltTreeDoesNotMatchItsSignature() throws {
  try withScratchFolder { folder in
    let before = try makeLog(folder)
    try rebuild(folder, replacing: 5, with: { $0.replacing("\"tester\"", with: "\"tamper\"") })
    let result = try verify(folder, against: before)
    #expect(result.verdict == .tampered)
    #expect(
      result.problems.map(\.reason) == [
        .checkpointMismatch, .rootMismatch, .checkpointMismatch, .checkpointMismatch,
      ])
  }
}

/// With the key stolen too, only a checkpoint from outside tells.
@Test func aStolenKeyIsCaughtFromOutsideOnly() throws {
  try withScratchFolder { folder in
    let before = try makeLog(folder)
    try rebuild(
      folder, replacing: 5, with: { $0.replacing("\"tester\"", with: "\"tamper\"") },
      signing: testKey())
    let inside = try verify(folder)
    #expect(inside.verdict == .intact && inside.limits.contains(.stolenKey))
    #expect(try verify(folder, against: before).verdict == .rolledBackOrForked)
  }
}

@Test func anotherKeyOfTheSameNameIsNotTrusted() throws {
  try withScratchFolder { folder in
    try makeLog(folder, key: 9)
    let result = try verify(folder)
    #expect(result.verdict == .untrustedKey && result.problems.map(\.reason) == [.unknownKey])
    // The head alone signed anew.
    let mixed = folder.appending("mixed")
    try makeLog(mixed)
    try rebuild(mixed, replacing: nil, with: { $0 }, signing: testKey(9))
    #expect(try verify(mixed).verdict == .untrustedKey)
    #expect(try verify(mixed, keys: [testVerifier(9)]).verdict != .intact)
    #expect(try verify(mixed, keys: []).verdict == .untrustedKey)
  }
}

@Test func rollbackIsCaughtByTheCheckpointFileOrFromOutside() throws {
  try withScratchFolder { folder in
    let log = folder.appending("log")
    let old = folder.appending("old")
    let first = try makeLog(log)
    try copyFolder(log, to: old)
    var more = try openLog(log)
    try fillLog(&more)
    let second = more.checkpoint
    try more.close()
    // The old database beside the new checkpoint file.
    try writeDurably(readFile(log.appending("checkpoint")), to: old.appending("checkpoint"))
    let half = try verify(old)
    #expect(half.verdict == .rolledBackOrForked)
    #expect(half.problems.map(\.reason) == [.checkpointBeyondLog])
    // Both restored: the log alone cannot tell.
    try writeDurably(
      Checkpoint(origin: testOrigin, size: first.size, root: first.root)
        .signed(by: [LogSigner(testKey(), origin: testOrigin)]).bytes,
      to: old.appending("checkpoint"))
    #expect(try verify(old).verdict == .intact)
    #expect(try verify(old, against: second).verdict == .rolledBackOrForked)
    #expect(try verify(old, against: first).verdict == .intact)
    // A fork: the same size, another history.
    let fork = folder.appending("fork")
    let clock = TestClock()
    clock.step(seconds: 5)
    var forked = try openLog(fork, clock: clock)
    try fillLog(&forked)
    try forked.close()
    #expect(try verify(fork, against: first).verdict == .rolledBackOrForked)
    // Another log altogether.
    let stranger = Checkpoint(origin: name("medai.test/x"), size: 1, root: digest("x"))
    #expect(try verify(log, against: stranger).verdict == .rolledBackOrForked)
  }
}

@Test func completenessIsAskedForApart() throws {
  try withScratchFolder { folder in
    let first = try makeLog(folder)
    var log = try openLog(folder)
    try fillLog(&log)
    let last = log.checkpoint
    try log.close()
    let keys = [try testVerifier()]
    let tail = try verifyLog(
      folder: folder, trustedKeys: keys, against: first, requireAnchored: true)
    #expect(tail.verdict == .incomplete && tail.problems.map(\.reason) == [.unanchoredTail])
    let whole = try verifyLog(
      folder: folder, trustedKeys: keys, anchors: [first, last], requireAnchored: true)
    #expect(whole.verdict == .intact && whole.anchoredThrough == last.size)
    #expect(!whole.limits.contains(.stolenKey))
  }
}

/// Signed entries that break the rules of the log are no log of ours.
@Test func signedNonsenseIsTampering() throws {
  let changes: [(String, String, ProblemReason)] = [
    ("\"time\":\"2026", "\"time\":\"2025", .timeWentBack), ("\"pair\":1", "\"pair\":0", .wrongPair),
    ("\"pair\":1", "\"pair\":2", .wrongPair), ("\"seq\":5", "\"seq\":6", .wrongNumber),
    ("medai.test/audit", "medai.test/other", .otherLog),
    ("\"v\":1,", "\"v\":1.0,", .malformedEntry),
    ("\"completed\"", "\"finished\"", .schemaViolation),
    ("{\"actor\"", "{ \"actor\"", .malformedEntry),
  ]
  for (old, new, reason) in changes {
    try withScratchFolder { folder in
      try makeLog(folder)
      try rebuild(
        folder, replacing: 5, with: { $0.replacing(old, with: new) }, signing: testKey())
      let result = try verify(folder)
      #expect(result.verdict == .tampered, "\(new)")
      #expect(result.problems.first?.reason == reason, "\(new): \(result.problems)")
      #expect(result.firstBrokenEntry == 5)
    }
  }
  try withScratchFolder { folder in
    try makeLog(folder)
    try rebuild(
      folder, replacing: 5, with: { $0.replacing("deid.run.end", with: "deid.run.fin") },
      signing: testKey())
    #expect(try verify(folder).verdict == .incomplete)
  }
}

/// Every byte of a small database, one bit each: found, or nothing that a reader gets has changed.
@Test func everyByteOfTheDatabaseIsFoundOrHarmless() throws {
  try withScratchFolder { scratch in
    let folder = scratch.appending("log")
    var log = try openLog(folder)
    let begin = try log.append(deidBegin()).entry
    _ = try log.append([deidFile(begin: begin), deidEnd(begin: begin)])
    _ = try log.keepCheckpoint()
    try log.close()
    let bytes = try readFile(folder.appending("log.db"))
    let exported = try export(folder)
    var generator = SystemRandomNumberGenerator()
    let phase = Int.random(in: 0..<61, using: &generator)
    var found = 0
    var harmless = 0
    let copy = scratch.appending("copy")
    try copyFolder(folder, to: copy)
    for position in stride(from: phase, to: bytes.count, by: 61) {
      var flipped = bytes
      flipped[position] ^= 1 << (position % 8)
      try overwrite(copy.appending("log.db"), flipped)
      let verdict = (try? verify(copy))?.verdict
      if verdict == .intact {
        harmless += 1
        #expect(try export(copy) == exported, "phase \(phase), byte \(position)")
      } else {
        found += 1
      }
    }
    #expect(found > 0 && harmless > 0, "phase \(phase)")
  }
}

/// A file cut at any page or inside one.
@Test func cutDatabasesAreFound() throws {
  try withScratchFolder { folder in
    try makeLog(folder, rounds: 4)
    let bytes = try readFile(folder.appending("log.db"))
    for count in stride(from: 0, to: bytes.count, by: 5003) {
      try overwrite(folder.appending("log.db"), Array(bytes[..<count]))
      let verdict = (try? verify(folder))?.verdict
      #expect(verdict == nil || verdict == .tampered, "\(count)")
    }
  }
}

@Test func foldersWithoutALogSaySo() throws {
  try withScratchFolder { folder in
    #expect(throws: AuditLogError.noLog) { try verify(folder) }
    #expect(throws: AuditLogError.noLog) { try verify(folder.appending("nowhere")) }
    try makeLog(folder)
    try removeFile(folder.appending("log.db"))
    #expect(try verify(folder).verdict == .tampered)
    try makeLog(folder.appending("b"))
    try removeFile(folder.appending("b/checkpoint"))
    let result = try verify(folder.appending("b"))
    #expect(result.verdict == .intact && result.notes.map(\.code).contains(.noCheckpointFile))
  }
}

// MARK: - Tools of an attacker

/// Everything a reader gets from a log.
private func export(_ folder: FilePath) throws -> [[UInt8]] {
  var reader = try LogReader.open(folder: folder)
  var pieces = [reader.note]
  for size in try reader.signedSizes() {
    pieces.append(try reader.signedCheckpoint(at: size) ?? [])
  }
  for entry in 0..<reader.checkpoint.size { pieces.append(try reader.leaf(entry)) }
  return pieces
}

/// Replaces bytes without a sync: tests do it thousands of times.
private func overwrite(_ path: FilePath, _ bytes: [UInt8]) throws {
  let descriptor = try FileDescriptor.open(path, .writeOnly, options: [.truncate])
  try descriptor.closeAfter { _ = try descriptor.writeAll(bytes) }
}

/// Changes one entry and makes hashes, nodes and head fit; the note only where a key is given.
private func rebuild(
  _ folder: FilePath, replacing entry: Int?, with change: (String) -> String,
  signing key: SigningKey? = nil
) throws {
  var leaves: [[UInt8]] = []
  func read() throws {
    var reader = try LogReader.open(folder: folder)
    for number in 0..<reader.checkpoint.size {
      let leaf = try reader.leaf(number)
      let changed = Array(change(String(decoding: leaf, as: UTF8.self)).utf8)
      if number == entry { #expect(changed != leaf) }
      leaves.append(number == entry ? changed : leaf)
    }
  }
  try read()
  try edit(folder, "DELETE FROM leaf; DELETE FROM node")
  var hasher = TreeHasher()
  var edge = RightEdge()
  var sql = ""
  for (number, leaf) in leaves.enumerated() {
    let hash = hasher.leaf(leaf)
    sql += "INSERT INTO leaf VALUES (\(number), x'\(hexString(leaf))', x'\(hash.hex)');"
    edge.append(hash, &hasher) { place, node in
      sql += "INSERT INTO node VALUES (\(place.level), \(place.index), x'\(node.hex)');"
    }
  }
  let root = edge.root(&hasher)
  sql += "UPDATE head SET root = x'\(root.hex)';"
  if let key {
    let note = try Checkpoint(origin: testOrigin, size: leaves.count, root: root)
      .signed(by: [LogSigner(key, origin: testOrigin)]).bytes
    sql += "UPDATE head SET note = x'\(hexString(note))';"
    try writeDurably(note, to: folder.appending("checkpoint"))
  }
  try edit(folder, sql)
}
