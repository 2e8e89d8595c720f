import Cryptography
import MedaiCore
import MedaiTestSupport
import Storage
import SystemPackage
import Testing

@testable import Auditing

@Test func aLogGrowsAndVerifies() throws {
  try withScratchFolder { folder in
    let first = try makeLog(folder)
    #expect(try folderEntries(folder) == ["checkpoint", "log.db"])
    #expect(try fileStatus(folder.appending("log.db")).mode == 0o600)
    var log = try openLog(folder)
    #expect(log.checkpoint == first)
    try fillLog(&log)
    let second = log.checkpoint
    try log.close()
    let result = try verify(folder, against: first)
    #expect(result.verdict == .intact && result.problems.isEmpty)
    #expect(result.entries == second.size && result.checkpoint == second)
    #expect(result.anchoredThrough == first.size)
    #expect(try result.signers == [testVerifier()])
    #expect(result.limits.contains(.stolenKey) && result.limits.contains(.unanchoredTail))
    #expect(try verify(folder, against: second).anchoredThrough == second.size)
    #expect(
      try Checkpoint.open(readFile(folder.appending("checkpoint")), trusting: [testVerifier()])
        == second)
  }
}

@Test func verificationTellsOfCrashes() throws {
  try withScratchFolder { folder in
    var log = try openLog(folder)
    let begin = try log.append(deidBegin()).entry
    _ = try log.append(deidFile(begin: begin))
    // Nobody closes: the database has a write-ahead log, and a reader comes while it is open.
    let live = try verify(folder)
    #expect(live.verdict == .intact)
    #expect(live.notes.contains(LogVerification.Note(entry: begin, code: .beginWithoutEnd)))
    let again = try log.append(deidBegin(resumes: begin)).entry
    _ = try log.append(deidEnd(begin: again))
    try log.close()
    let result = try verify(folder)
    #expect(result.verdict == .intact)
    #expect(!result.notes.map(\.code).contains(.beginWithoutEnd))
  }
}

@Test func aCopyOfALogInUseVerifies() throws {
  try withScratchFolder { folder in
    var log = try openLog(folder.appending("live"))
    try fillLog(&log)
    let copy = folder.appending("copy")
    try copyFolder(folder.appending("live"), to: copy)
    try removeFile(copy.appending("log.db-shm"))
    let before = try folderEntries(copy)
    let result = try verify(copy)
    #expect(result.verdict == .intact && result.entries == log.checkpoint.size)
    #expect(result.notes.map(\.code).contains(.readWriteAheadLog))
    #expect(try folderEntries(copy) == before)
    try log.close()
  }
}

@Test func theClockMayGoBackOnRecordOnly() throws {
  try withScratchFolder { folder in
    let clock = TestClock()
    var log = try openLog(folder, clock: clock)
    let before = try log.append(deidBegin()).entry
    clock.step(seconds: -86_400)
    let after = try log.append(examBegin).entry
    #expect(after == before + 2)
    clock.step(seconds: 315_360_000)
    _ = try log.append(generateBegin)
    try log.close()
    let result = try verify(folder)
    #expect(result.verdict == .intact)
    #expect(result.notes.contains(LogVerification.Note(entry: before + 1, code: .clockStep)))
    var reader = try LogReader.open(folder: folder)
    let (old, step) = (try reader.entry(before), try reader.entry(before + 1))
    #expect(step["old"] == .time(old.time))
  }
}

@Test func twoWritersTakeTurns() throws {
  try withScratchFolder { folder in
    let clock = TestClock()
    var one = try openLog(folder, clock: clock)
    var two = try openLog(folder, clock: clock)
    for _ in 0..<5 {
      let begin = try one.append(deidBegin()).entry
      _ = try two.append(deidFile(begin: begin))
      _ = try one.append(deidEnd(begin: begin))
      _ = try two.append(examBegin)
    }
    #expect(two.checkpoint.size == 21)
    // The one that is behind must not put an older checkpoint in place of the newer.
    try two.close()
    try one.close()
    #expect(
      try Checkpoint.open(readFile(folder.appending("checkpoint")), trusting: [testVerifier()]).size
        == 21)
    #expect(try verify(folder).verdict == .intact)
  }
}

@Test func aClosedLogStaysClosed() throws {
  try withScratchFolder { folder in
    var log = try openLog(folder)
    try fillLog(&log)
    let last = try log.seal(reason: .successor, successor: name("medai.test/2027"))
    do {
      _ = try log.append(deidBegin())
      Issue.record("a closed log grew")
    } catch { #expect(error as? AuditLogError == .closed) }
    try log.close()
    var again = try openLog(folder)
    do {
      _ = try again.append(deidBegin())
      Issue.record("a closed log grew")
    } catch { #expect(error as? AuditLogError == .closed) }
    #expect(try verify(folder).verdict == .intact)
    let next = folder.appending("next")
    let successor = try AuditLog.open(
      folder: next, key: testKey(), origin: name("medai.test/2027"),
      actor: LogActor(role: name("tester")),
      tool: LogTool(version: name("1"), sha256: digest("t")), clock: TestClock().clock,
      follows: last)
    try successor.close()
    var reader = try LogReader.open(folder: next)
    #expect(try reader.entry(0).digest("previous_root") == last.root)
  }
}

@Test func keysRotateUnderBothSignatures() throws {
  try withScratchFolder { folder in
    var log = try openLog(folder)
    try fillLog(&log)
    let rotation = try log.rotate(to: testKey(8), reason: .scheduled)
    try fillLog(&log)
    try log.close()
    let new = try verify(folder, keys: [testVerifier(8)])
    #expect(new.verdict == .intact)
    #expect(try new.signers == [testVerifier(8)])
    let old = try verify(folder, keys: [testVerifier(7)])
    #expect(old.verdict == .intact)
    #expect(old.notes.map(\.code).contains(.trustByRotation))
    #expect(try verify(folder, keys: [testVerifier(9)]).verdict == .untrustedKey)
    #expect(try verify(folder, keys: []).verdict == .selfConsistent)
    do {
      _ = try openLog(folder, key: 7)
      Issue.record("the old key opened the log")
    } catch { #expect(error as? AuditLogError == .untrustedHead) }
    var reader = try LogReader.open(folder: folder)
    let note = try #require(try reader.signedCheckpoint(at: rotation.entry + 1))
    #expect(try SignedNote(note).signatures.count == 2)
    #expect(try reader.entry(rotation.entry).digest("new_key")?.bytes == testKey(8).publicKey.bytes)
  }
}

@Test func proofsHoldForEveryEntryAndSize() throws {
  try withScratchFolder { folder in
    var log = try openLog(folder)
    try fillLog(&log)
    let kept = try log.keepCheckpoint()
    #expect(try log.keepCheckpoint() == kept)
    try fillLog(&log)
    try log.close()
    var reader = try LogReader.open(folder: folder)
    let size = reader.checkpoint.size
    #expect(try reader.signedSizes() == [kept.size, size])
    for at in 1...size {
      let root = try reader.root(at: at)
      for entry in 0..<at {
        let path = try reader.inclusionProof(of: entry, at: at)
        let leaf = leafHash(try reader.leaf(entry))
        #expect(verifyInclusion(of: leaf, at: entry, size: at, root: root, proof: path))
      }
      let proof = try reader.consistencyProof(from: at, to: size)
      #expect(
        verifyConsistency(
          oldSize: at, oldRoot: root, newSize: size, newRoot: reader.checkpoint.root, proof: proof))
    }
    var count = 0
    try reader.forEachEntry(below: kept.size) { entry in
      #expect(entry.sequence == count)
      count += 1
    }
    #expect(count == kept.size)
    do {
      _ = try reader.proof(of: 1, at: 2)
      Issue.record("a size without signature has no proof file")
    } catch { #expect(error as? AuditLogError == .noSuchEntry(2)) }
  }
}

@Test func proofFilesProveOneEntry() throws {
  try withScratchFolder { folder in
    try makeLog(folder)
    var reader = try LogReader.open(folder: folder)
    let keys = [try testVerifier()]
    let proof = try reader.proof(of: 5)
    let bytes = proof.bytes
    #expect(try EntryProof(bytes) == proof)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.hasPrefix("c2sp.org/tlog-proof@v1\nindex 5\n"))
    let leaf = try reader.leaf(5)
    #expect(try EntryProof(bytes).verify(leaf: leaf, trusting: keys) == reader.checkpoint)
    let other = try reader.leaf(6)
    #expect(throws: EntryProofError.wrongPath) { try proof.verify(leaf: other, trusting: keys) }
    #expect(throws: EntryProofError.note(.noKnownKey)) {
      try proof.verify(leaf: leaf, trusting: [testVerifier(9)])
    }
    for bit in 0..<(8 * bytes.count) {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: EntryProofError.self, "bit \(bit)") {
        try EntryProof(flipped).verify(leaf: leaf, trusting: keys)
      }
    }
    for count in 0..<bytes.count {
      #expect(throws: EntryProofError.self) { try EntryProof(Array(bytes[..<count])) }
    }
    for hostile in [
      "", "\n\n", "c2sp.org/tlog-proof@v1\n\n", "c2sp.org/tlog-proof@v2\nindex 5\n\n",
      "c2sp.org/tlog-proof@v1\nindex 05\n\n", "c2sp.org/tlog-proof@v1\nindex -1\n\n",
      "c2sp.org/tlog-proof@v1\nindex 5\nAAAA\n\n", "c2sp.org/tlog-proof@v1\r\nindex 5\n\n",
      "c2sp.org/tlog-proof@v1\nindex 5\n"
        + String(repeating: "\(base64Text(digest("a").bytes))\n", count: 65) + "\n",
    ] {
      #expect(throws: EntryProofError.self) { try EntryProof(Array(hostile.utf8)) }
    }
  }
}

@Test func anythingWrongStopsTheWriter() throws {
  try withScratchFolder { folder in
    let whole = folder.appending("whole")
    let older = folder.appending("older")
    let clock = TestClock()
    var log = try openLog(whole, clock: clock)
    try fillLog(&log)
    try log.close()
    try copyFolder(whole, to: older)
    var more = try openLog(whole, clock: clock)
    try fillLog(&more)
    try more.close()
    func expectStop(
      _ label: String, _ error: AuditLogError, key: UInt8 = 7, origin: Identifier = testOrigin,
      _ change: (FilePath) throws -> Void
    ) throws {
      let copy = folder.appending(label)
      try copyFolder(whole, to: copy)
      try change(copy)
      let before = try? readFile(copy.appending("log.db"))
      do {
        _ = try openLog(copy, key: key, origin: origin)
        Issue.record("\(label): the log opened")
      } catch let found as AuditLogError {
        #expect(found == error, "\(label)")
      }
      #expect((try? readFile(copy.appending("log.db"))) == before, "\(label)")
    }
    try expectStop("key", .untrustedHead, key: 8) { _ in }
    try expectStop("origin", .otherOrigin, origin: name("medai.test/other")) { _ in }
    try expectStop("gone", .databaseMissing) { try removeFile($0.appending("log.db")) }
    try expectStop("rolled-back", .rolledBack) {
      try writeDurably(readFile(older.appending("log.db")), to: $0.appending("log.db"))
    }
    try expectStop("checkpoint", .brokenHead(.noSignatureBlock)) {
      try writeDurably(Array("x".utf8), to: $0.appending("checkpoint"))
    }
    try expectStop("cut", .headMismatch) { try edit($0, "DELETE FROM leaf WHERE seq = 26") }
    try expectStop("grown", .headMismatch) {
      try edit($0, "INSERT INTO leaf SELECT 27, bytes, hash FROM leaf WHERE seq = 5")
    }
    try expectStop("node", .headMismatch) {
      try edit($0, "UPDATE node SET hash = zeroblob(32) WHERE level = 4 AND idx = 0")
    }
    try expectStop("last", .headMismatch) {
      try edit($0, "UPDATE leaf SET bytes = CAST(bytes || x'20' AS BLOB) WHERE seq = 26")
    }
    try expectStop("tables", .schemaChanged) {
      try edit($0, "DROP TRIGGER leaf_no_delete", restoring: false)
    }
    try expectStop("more tables", .schemaChanged) { try edit($0, "CREATE TABLE x (a)") }
    try expectStop("version", .notALog) { try edit($0, "PRAGMA user_version = 2") }
    try expectStop("foreign", .storage(.corrupt)) {
      try writeDurably([UInt8](repeating: 0x41, count: 8192), to: $0.appending("log.db"))
    }
  }
}

@Test func triggersRefuseWhatALogNeverDoes() throws {
  try withScratchFolder { folder in
    try makeLog(folder)
    for sql in [
      "DELETE FROM leaf", "UPDATE leaf SET hash = zeroblob(32)", "DELETE FROM node",
      "UPDATE node SET hash = zeroblob(32)", "DELETE FROM head", "UPDATE head SET size = 1",
    ] {
      #expect(throws: (any Error).self) { try run(folder, sql) }
    }
    #expect(try verify(folder).verdict == .intact)
  }
}
