import Cryptography
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@testable import Auditing

/// The drill on logs of many shapes: it finds what is stated, and leaves the log alone.
@Suite struct AttacksDrillTests {
  private func drill(
    _ log: FilePath, _ keys: [UInt8] = [7], catalog: EventCatalog = .builtIn, seed: UInt64 = 1
  ) throws -> DrillReport {
    try withScratchFolder { work in
      var drill = try LogDrill(
        log: log, workFolder: work, trustedKeys: keys.map { try testVerifier($0) },
        catalog: catalog, seed: seed)
      #expect(drill.isReady)
      let report = try drill.run()
      for outcome in report.outcomes where outcome.result == .missed {
        Issue.record("\(outcome.attack): \(outcome.found)")
      }
      #expect(report.outcomes.map(\.attack) == DrillAttack.allCases)
      return report
    }
  }

  private func result(_ attack: DrillAttack, _ report: DrillReport) -> DrillResult? {
    report.outcomes.first { $0.attack == attack }?.result
  }

  @Test func aLogWithKeptCheckpointsCanBeRolledBack() throws {
    let base = try AttackBase.shared.get()
    try withScratchFolder { scratch in
      let folder = scratch.appending("log")
      try AttackBase.write(base.files, to: folder)
      let report = try drill(folder)
      #expect(report.count(.notApplicable) == 0)
      #expect(result(.rolledBack, report) == .caughtOnlyWithAnchor)
      #expect(result(.rolledBackAlone, report) == .caught)
      #expect(result(.rebuiltWithStolenKey, report) == .caughtOnlyWithAnchor)
      #expect(result(.timeSetForward, report) == .notShown)
      #expect(report.count(.caught) == DrillAttack.allCases.count - 3)
      for (name, bytes) in base.files {
        #expect(try readFile(folder.appending(name)) == bytes, "\(name)")
      }
      #expect(try folderEntries(folder) == base.files.keys.sorted())
    }
  }

  @Test(arguments: [UInt64(1), 2])
  func rotatedKeysAreStolenTogether(seed: UInt64) throws {
    try withScratchFolder { folder in
      let log = folder.appending("log")
      var open = try openLog(log)
      try fillLog(&open)
      _ = try open.rotate(to: testKey(8), reason: .scheduled)
      try fillLog(&open)
      _ = try open.rotate(to: testKey(6), reason: .scheduled)
      _ = try open.rotate(to: testKey(9), reason: .staff)
      try fillLog(&open)
      try open.close()
      let report = try drill(log, [9], seed: seed)
      #expect(result(.rebuiltWithStolenKey, report) == .caughtOnlyWithAnchor)
      #expect(result(.rebuiltWithOtherKey, report) == .caught)
      // The checkpoint under the last rotation was kept: what is trusted now signed it already.
      #expect(result(.rolledBack, report) == .caughtOnlyWithAnchor)
    }
  }

  @Test func theSmallestLogAndOneWithClockSteps() throws {
    try withScratchFolder { folder in
      try openLog(folder.appending("one")).close()
      let one = try drill(folder.appending("one"))
      #expect(result(.entriesSwapped, one) == .notApplicable)
      #expect(result(.entryBit, one) == .caught)
      let clock = TestClock()
      var log = try openLog(folder.appending("steps"), clock: clock)
      for _ in 0..<4 {
        _ = try log.append(examBegin)
        clock.step(seconds: -86_400)
      }
      _ = try log.append(examBegin)
      try log.close()
      _ = try drill(folder.appending("steps"), [])
    }
  }

  /// Another process is writing: the copy is the log of one moment.
  @Test func aLogInUseIsCopiedWhole() throws {
    try withScratchFolder { folder in
      var log = try openLog(folder)
      try fillLog(&log)
      let report = try drill(folder)
      #expect(report.before.entries == log.checkpoint.size)
      #expect(report.before.verdict == .intact)
      try fillLog(&log)
      try log.close()
      #expect(try verify(folder).verdict == .intact)
    }
  }

  /// The same seed tries the same.
  @Test func aDrillCanBeRepeated() throws {
    try withScratchFolder { folder in
      try makeLog(folder)
      let reports = try (0..<2).map { _ in try drill(folder, seed: 9) }
      #expect(reports[0].outcomes == reports[1].outcomes)
      #expect(reports[0].json.encoded(.canonical) == reports[1].json.encoded(.canonical))
    }
  }

  @Test func aLogThatIsBrokenIsNotReady() throws {
    try withScratchFolder { folder in
      let log = folder.appending("log")
      try makeLog(log)
      try edit(log, "DELETE FROM leaf WHERE seq = 5")
      let work = folder.appending("work")
      try createFolder(work)
      let drill = try LogDrill(log: log, workFolder: work, trustedKeys: [testVerifier()])
      #expect(!drill.isReady && drill.before.verdict == .tampered)
      let nothing = folder.appending("nothing")
      #expect(throws: AuditLogError.noLog) {
        try LogDrill(log: nothing, workFolder: work, trustedKeys: [])
      }
    }
  }
}
