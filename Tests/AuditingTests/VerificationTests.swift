import Cryptography
import MedaiCore
import MedaiTestSupport
import Storage
import SystemPackage
import Testing

@testable import Auditing

private func codes(_ result: LogVerification) -> [VerificationNote] { result.notes.map(\.code) }

/// A result as bytes, to be compared whole.
private func text(_ folder: FilePath, threads: Int) throws -> String {
  let result = try verifyLog(folder: folder, trustedKeys: [testVerifier()], threads: threads)
  return String(decoding: result.json.encoded(.compact), as: UTF8.self)
}

/// Several batches, sound and damaged in every place that a batch may have.
@Test func theCountOfThreadsChangesNothing() throws {
  try withScratchFolder { folder in
    try makeLog(folder, rounds: 50)
    func expectSame(_ label: String) throws -> String {
      let alone = try text(folder, threads: 1)
      for threads in [2, 3, 8] { #expect(try text(folder, threads: threads) == alone, "\(label)") }
      return alone
    }
    #expect(try expectSame("sound").contains("\"verdict\":\"intact\",\"entries\":651"))
    for entry in [0, 255, 256, 300, 511, 650] {
      let changed = "CAST(replace(bytes, 'tester', 'tamper') AS BLOB)"
      try edit(folder, "UPDATE leaf SET bytes = \(changed) WHERE seq = \(entry)")
      let found = try expectSame("\(entry)")
      #expect(found.contains("{\"entry\":\(entry),\"reason\":\"hash-mismatch\"}"))
    }
    try edit(folder, "DELETE FROM node WHERE level = 3 AND idx = 60")
    _ = try expectSame("node")
    try edit(folder, "DELETE FROM leaf WHERE seq = 600")
    #expect(
      try expectSame("gap").contains("{\"entry\":600,\"reason\":\"missing-entry\"}"))
    let bytes = try readFile(folder.appending("log.db"))
    try writeDurably(Array(bytes[..<(bytes.count / 2)]), to: folder.appending("log.db"))
    #expect(try expectSame("cut").contains("\"verdict\":\"tampered\""))
  }
}

/// Runs that ended are looked up in the log instead of remembered.
@Test func runsThatEndedAreStillKnown() throws {
  try withScratchFolder { folder in
    var log = try openLog(folder)
    let ended = try log.append(deidBegin()).entry
    _ = try log.append([deidFile(begin: ended), deidEnd(begin: ended)])
    let other = try log.append(examBegin).entry
    let open = try log.append(deidBegin()).entry
    // A file after the end, a second end, and a run that goes on from one that ended.
    _ = try log.append(deidFile(begin: ended, ordinal: 1))
    let again = try log.append(deidEnd(begin: ended)).entry
    let resumed = try log.append(deidBegin(resumes: ended)).entry
    _ = try log.append([deidFile(begin: resumed), deidFile(begin: ended, ordinal: 2)])
    try log.close()
    let result = try verify(folder)
    #expect(result.verdict == .intact && result.problems.isEmpty)
    #expect(
      result.notes == [
        LogVerification.Note(entry: again, code: .endedTwice),
        LogVerification.Note(entry: other, code: .beginWithoutEnd),
        LogVerification.Note(entry: open, code: .beginWithoutEnd),
        LogVerification.Note(entry: resumed, code: .beginWithoutEnd),
      ])
  }
}

@Test func rangesAreNamed() throws {
  try withScratchFolder { folder in
    let first = try makeLog(folder)
    var log = try openLog(folder)
    try fillLog(&log)
    try log.close()
    let result = try verify(folder, against: first)
    #expect(result.anchored == 0..<14 && result.unanchored == 14..<28)
    let json = String(decoding: result.json.encoded(.compact), as: UTF8.self)
    #expect(
      json.contains(
        "\"anchored_through\":14,\"anchored\":{\"from\":0,\"to\":14},"
          + "\"unanchored\":{\"from\":14,\"to\":28},\"doubtful\":[]"))
    let none = try verify(folder)
    #expect(none.anchored.isEmpty && none.unanchored == 0..<28)
    // A checkpoint that the log does not contain anchors nothing.
    let fork = Checkpoint(origin: testOrigin, size: 14, root: digest("fork"))
    #expect(try verify(folder, against: fork).anchored.isEmpty)
  }
}

/// After a theft the old key is believed through the size that the rotation names, no further.
@Test func aStolenKeyIsBelievedThroughItsLastGoodSize() throws {
  try withScratchFolder { folder in
    var log = try openLog(folder)
    try fillLog(&log)
    let good = try log.keepCheckpoint()
    try fillLog(&log)
    let size = log.checkpoint.size
    for wrong in [-1, size + 1] {
      do {
        _ = try log.rotate(to: testKey(8), reason: .compromise, trustedThrough: wrong)
        Issue.record("a size that never was: \(wrong)")
      } catch { #expect(error as? AuditLogError == .noSuchEntry(wrong)) }
    }
    let rotation = try log.rotate(to: testKey(8), reason: .compromise, trustedThrough: good.size)
    try fillLog(&log)
    try log.close()
    #expect(rotation.entry == size)
    let result = try verify(folder, keys: [testVerifier(8)])
    #expect(result.verdict == .intact && result.doubtful == [good.size..<size])
    let note = LogVerification.Note(entry: good.size, code: .signedByStolenKey)
    #expect(result.notes.contains(note))
    // Evidence from outside lifts the doubt as far as it reaches.
    var reader = try LogReader.open(folder: folder)
    let half = Checkpoint(origin: testOrigin, size: 20, root: try reader.root(at: 20))
    #expect(try verify(folder, keys: [testVerifier(8)], against: half).doubtful == [20..<size])
    let whole = Checkpoint(origin: testOrigin, size: size, root: try reader.root(at: size))
    let lifted = try verify(folder, keys: [testVerifier(8)], against: whole)
    #expect(lifted.doubtful.isEmpty && !codes(lifted).contains(.signedByStolenKey))
    // A stolen key cannot vouch for the one after it.
    let old = try verify(folder, keys: [testVerifier(7)])
    #expect(old.verdict == .untrustedKey && old.problems.map(\.reason) == [.retiredKey])
    #expect(try verify(folder, keys: [testVerifier(7), testVerifier(8)]).verdict == .intact)
  }
}

/// A checkpoint that only the stolen key signed, past the size it is believed through.
@Test func checkpointsOfAStolenKeyAreNotBelieved() throws {
  try withScratchFolder { folder in
    var log = try openLog(folder)
    try fillLog(&log)
    let good = log.checkpoint.size
    _ = try log.append(deidBegin())
    let late = try log.keepCheckpoint()
    try fillLog(&log)
    _ = try log.rotate(to: testKey(8), reason: .compromise, trustedThrough: good)
    try log.close()
    let result = try verify(folder, keys: [testVerifier(8)])
    #expect(result.verdict == .untrustedKey)
    #expect(
      result.problems == [LogVerification.Problem(entry: late.size - 1, reason: .retiredKey)])
    let anchored = try verify(folder, keys: [testVerifier(8)], against: late)
    #expect(anchored.verdict == .intact && anchored.problems.isEmpty)
  }
}

/// A key may be reported stolen and the one before it not; both changes stand in one log.
@Test func doubtBeginsWhereTheStolenKeyBegan() throws {
  try withScratchFolder { folder in
    var log = try openLog(folder)
    try fillLog(&log)
    let first = try log.rotate(to: testKey(8), reason: .scheduled).entry
    try fillLog(&log)
    let second = try log.rotate(to: testKey(9), reason: .compromise, trustedThrough: 3).entry
    try log.close()
    let result = try verify(folder, keys: [testVerifier(9)])
    #expect(result.verdict == .intact && result.doubtful == [(first + 1)..<second])
  }
}

@Test func aReplacedKeyDoesNotComeBack() throws {
  try withScratchFolder { folder in
    var log = try openLog(folder)
    try fillLog(&log)
    _ = try log.rotate(to: testKey(8), reason: .scheduled)
    let size = log.checkpoint.size
    for key in [UInt8(7), 8] {
      do {
        _ = try log.rotate(to: testKey(key), reason: .staff)
        Issue.record("key \(key) came back")
      } catch { #expect(error as? AuditLogError == .replacedKey) }
    }
    #expect(log.checkpoint.size == size)
    _ = try log.rotate(to: testKey(9), reason: .compromise)
    do {
      _ = try log.rotate(to: testKey(7), reason: .scheduled)
      Issue.record("the first key came back")
    } catch { #expect(error as? AuditLogError == .replacedKey) }
    try fillLog(&log)
    try log.close()
    #expect(try verify(folder, keys: [testVerifier(9)]).verdict == .intact)
  }
}

/// Another program may write what ours refuses: a key that was reported stolen signs again.
@Test(arguments: [RotationReason.compromise, .scheduled])
func whatAReturnedStolenKeySignsIsDoubtful(reason: RotationReason) throws {
  try withScratchFolder { folder in
    var log = try openLog(folder)
    try fillLog(&log)
    let first = try log.rotate(to: testKey(8), reason: reason).entry
    try fillLog(&log)
    let back = log.checkpoint.size
    let returned = try LogSigner(testKey(7), origin: testOrigin)
    let event = Event.keyRotate(
      oldKey: try testKey(8).publicKey.digestForm, newKey: try testKey(7).publicKey.digestForm,
      reason: .staff, trustedThrough: nil)
    _ = try log.inTransaction { (log: inout AuditLog) throws(AuditLogError) in
      try log.write([event], signers: [log.signer, returned], keeping: true)
    }
    log.signer = returned
    let third = try fillLog(&log)
    let kept = try log.keepCheckpoint()
    try log.close()
    #expect(first < back && kept.size == third)
    let result = try verify(folder, keys: [testVerifier(7)])
    let among = try verify(folder, keys: [testVerifier(8)])
    if reason == .compromise {
      #expect(result.doubtful == [(back + 1)..<third])
      #expect(result.verdict == .untrustedKey)
      #expect(Set(result.problems.map(\.reason)) == [.retiredKey])
      #expect(among.verdict == .untrustedKey)
      let anchored = try verify(folder, keys: [testVerifier(7)], against: kept)
      #expect(anchored.verdict == .intact && anchored.doubtful.isEmpty)
    } else {
      #expect(result.verdict == .intact && result.doubtful.isEmpty)
      #expect(among.verdict == .intact)
    }
  }
}

@Test func writersAtTheSameTimeLoseNothing() async throws {
  let folder = FilePath("/tmp/medai-writers.\(UInt64.random(in: 0 ... .max))")
  let clock = TestClock()
  let first = try openLog(folder, clock: clock)
  try first.close()
  let entries = try await withThrowingTaskGroup(of: [Int].self) { group in
    for _ in 0..<2 {
      group.addTask {
        var log = try openLog(folder, clock: clock)
        var entries: [Int] = []
        for _ in 0..<60 {
          let begin = try log.append(deidBegin()).entry
          entries += [begin, try log.append(deidEnd(begin: begin)).entry]
        }
        try log.close()
        return entries
      }
    }
    return try await group.reduce(into: []) { $0 += $1 }
  }
  #expect(Set(entries).count == 240)
  let result = try verify(folder)
  #expect(result.entries >= 241 && result.problems.isEmpty)
  #expect(!codes(result).contains(.beginWithoutEnd))
  for name in try folderEntries(folder) { try removeFile(folder.appending(name)) }
}

@Test func theDatabaseSaysWhatItIs() throws {
  try withScratchFolder { folder in
    try makeLog(folder)
    let header = try readFile(folder.appending("log.db"))[..<100]
    #expect(Array(header[68..<72]) == [0x4D, 0x45, 0x44, 0x41])
    #expect(Array(header[60..<64]) == [0, 0, 0, 1])
    #expect(header[18] == 2 && header[19] == 2)
  }
}

@Test func readingStopsWhereAnEntryIsMissing() throws {
  try withScratchFolder { folder in
    try makeLog(folder)
    try edit(folder, "DELETE FROM leaf WHERE seq = 4")
    var reader = try LogReader.open(folder: folder)
    var seen = 0
    do {
      try reader.forEachEntry(below: 10) { entry in
        #expect(entry.sequence == seen)
        seen += 1
      }
      Issue.record("a gap was passed over")
    } catch { #expect(error as? AuditLogError == .leaf(.malformed(offset: 0), entry: 4)) }
    #expect(seen == 4)
    // The reader goes on after an error.
    #expect(try reader.entry(5).sequence == 5)
  }
}
