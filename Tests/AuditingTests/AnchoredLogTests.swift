import Cryptography
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@testable import Auditing

/// What outside evidence does to the verdict on a log.
@Suite struct AnchoredLogTests {
  /// A log whose checkpoint of size 14 is the golden one, with evidence about it.
  private static func with(
    _ files: [String] = ["good.tsr"], _ body: (FilePath, FilePath) throws -> Void
  ) throws {
    try withScratchFolder { scratch in
      let log = scratch.appending("log")
      let checkpoint = try makeLog(log)
      #expect(checkpoint.root.hex == goldenRoot)
      let folder = AnchorFolder(log: log).path
      try createFolder(folder)
      try copyNote(as: "14.note", folder)
      for file in files {
        try put(file, as: "14." + (file.split(separator: ".").last ?? ""), folder)
      }
      try body(log, folder)
    }
  }

  /// A clock that goes on where the fixture's log ended.
  private static func later(_ hours: Int64 = 1) -> TestClock {
    let clock = TestClock()
    clock.step(seconds: 3600 * hours)
    return clock
  }

  private static func verify(
    _ log: FilePath, trust: AnchorTrust? = nil, requireAnchored: Bool = false
  ) throws -> LogVerification {
    try verifyAnchoredLog(
      folder: log, trust: trust ?? testTrust(), trustedKeys: [testVerifier()],
      requireAnchored: requireAnchored)
  }

  @Test func anchoredAndUnanchored() throws {
    try Self.with { log, _ in
      var result = try Self.verify(log, requireAnchored: true)
      #expect(result.verdict == .intact && result.anchoredThrough == 14)
      #expect(result.stamped?.size == 14)
      #expect(result.limits.contains(.stampedTime) && !result.limits.contains(.claimedTime))
      #expect(!result.limits.contains(.unanchoredTail))
      #expect(result.json["anchors"]?.array?.count == 1)
      #expect(result.json["anchored_through"]?.int == 14)

      var writer = try openLog(log, clock: Self.later())
      _ = try writer.append(
        .checkpointAnchor(
          size: 14, root: writer.checkpoint.root, kind: .rfc3161,
          evidence: sha256(try anchorFile("good.tsr"))))
      try writer.close()
      // The entry that records the anchor needs none itself.
      result = try Self.verify(log, requireAnchored: true)
      #expect(result.verdict == .intact && result.anchoredThrough == 14 && result.entries == 15)
      #expect(result.limits.contains(.unanchoredTail))
      let missing = result.notes.filter { $0.code == .missingEvidence }
      // The fixture's own anchor has no file.
      #expect(missing.map(\.entry) == [13])

      writer = try openLog(log, clock: Self.later(2))
      _ = try writer.append(deidBegin())
      try writer.close()
      result = try Self.verify(log, requireAnchored: true)
      #expect(result.verdict == .incomplete)
      #expect(result.problems == [.init(entry: 14, reason: .unanchoredTail)])
      #expect(try Self.verify(log).verdict == .intact)
    }
  }

  @Test func withoutTrustNothingIsAnchored() throws {
    try Self.with(["good.tsr", "good.p7s"]) { log, _ in
      let result = try Self.verify(log, trust: AnchorTrust(), requireAnchored: true)
      #expect(result.verdict == .incomplete && result.anchoredThrough == 0)
      #expect(result.notes.filter { $0.code == .untrustedAnchor }.count == 2)
      #expect(result.stamped == nil && result.limits.contains(.claimedTime))
      #expect(try Self.verify(log, trust: AnchorTrust()).verdict == .intact)
    }
  }

  @Test func evidenceThatDoesNotHoldIsAFault() throws {
    for file in ["good-again.tsr", "other-checkpoint.tsr", "past.tsr", "sha1.p7s", "attached.p7s"] {
      try Self.with([file, "request.tsq"]) { log, _ in
        let result = try Self.verify(log)
        #expect(result.verdict == .tampered && result.anchoredThrough == 0, "\(file)")
        #expect(result.problems == [.init(entry: nil, reason: .invalidAnchor)], "\(file)")
      }
    }
  }

  @Test func anotherHistoryUnderTheSameKeyIsCaught() throws {
    try Self.with { log, folder in
      // Another log of the same key and name, with the evidence put beside it.
      let other = log.removingLastComponent().appending("other")
      let clock = TestClock()
      clock.step(seconds: 60)
      var writer = try openLog(other, clock: clock)
      try fillLog(&writer)
      try writer.close()
      try copyFolder(folder, to: AnchorFolder(log: other).path)
      var result = try Self.verify(other)
      #expect(result.verdict == .rolledBackOrForked && result.anchoredThrough == 0)
      // Without the evidence the stolen key is not seen: there the guarantee ends.
      result = try verifyAnchoredLog(
        folder: other, anchors: log.appending("none"), trust: testTrust(),
        trustedKeys: [testVerifier()])
      #expect(result.verdict == .intact)
      #expect(result.limits.contains(.stolenKey))
      // A shorter log than the evidence speaks of.
      let short = log.removingLastComponent().appending("short")
      writer = try openLog(short)
      _ = try writer.append(deidBegin())
      try writer.close()
      result = try verifyAnchoredLog(
        folder: short, anchors: folder, trust: testTrust(), trustedKeys: [testVerifier()])
      #expect(result.verdict == .rolledBackOrForked)
      #expect(result.problems.contains { $0.reason == .checkpointBeyondLog })
    }
  }

  @Test func rotatedKeysSignEarlierNotes() throws {
    try Self.with { log, _ in
      var writer = try openLog(log, clock: Self.later())
      _ = try writer.rotate(to: testKey(8), reason: .scheduled)
      try writer.close()
      for keys in [[try testVerifier(7)], [try testVerifier(8)], []] {
        let result = try verifyAnchoredLog(folder: log, trust: testTrust(), trustedKeys: keys)
        #expect(result.anchoredThrough == 14, "\(keys.count)")
        #expect(result.problems.isEmpty)
      }
    }
  }

  @Test func notesOfAnotherKeyDoNotCount() throws {
    try Self.with { log, folder in
      var note = try SignedNote(readFile(folder.appending("14.note")))
      let checkpoint = try Checkpoint(text: note.text)
      #expect(checkpoint.size == 14)
      // The root is true, the signature another's; the stamp over the true note does not fit either.
      let other = log.removingLastComponent().appending("x")
      var writer = try openLog(other, key: 8)
      try fillLog(&writer)
      note = try SignedNote(writer.note)
      try writer.close()
      try writeDurably(note.bytes, to: folder.appending("14.note"))
      let result = try Self.verify(log)
      #expect(result.verdict == .tampered)
      #expect(result.anchors.first?.state == .invalid(.noteNotSigned))
    }
  }

  @Test func earlyStampsAreRemarkedOn() throws {
    try Self.with(["early.tsr"]) { log, _ in
      let result = try Self.verify(log)
      #expect(result.verdict == .intact)
      #expect(result.notes.contains(.init(entry: 13, code: .stampBeforeEntry)))
    }
    let entry = Timestamp(microseconds: 1_000_000_000)
    #expect(!isStampEarly(Timestamp(microseconds: 700_000_000), lastEntry: entry))
    #expect(isStampEarly(Timestamp(microseconds: 699_999_999), lastEntry: entry))
  }

  @Test func removedEvidenceIsRemarkedOn() throws {
    try Self.with { log, folder in
      var writer = try openLog(log, clock: Self.later())
      _ = try writer.append(
        .checkpointAnchor(
          size: 14, root: writer.checkpoint.root, kind: .rfc3161,
          evidence: sha256(try anchorFile("good.tsr"))))
      try writer.close()
      try removeFile(folder.appending("14.tsr"))
      let result = try Self.verify(log)
      #expect(result.notes.contains(.init(entry: 14, code: .missingEvidence)))
      #expect(result.anchoredThrough == 0)
    }
  }
}
