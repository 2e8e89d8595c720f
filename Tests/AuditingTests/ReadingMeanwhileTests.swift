import Cryptography
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@testable import Auditing

/// Jobs come and go, each a writer for a moment; a verifier that meets them must not cry wolf.
@Suite struct ReadingMeanwhileTests {
  @Test func writersThatComeAndGoDoNotMakeALogLookTampered() async throws {
    try await withScratchFolder { scratch in
      let folder = scratch.appending("log")
      func start() throws {
        var log = try openLog(folder)
        for _ in 0..<3 { _ = try log.append((0..<1000).map { _ in deidBegin() }) }
        try log.close()
      }
      try start()
      let writing = Task.detached {
        let clock = TestClock()
        clock.step(seconds: 3600)
        for _ in 0..<40 {
          var log = try openLog(folder, clock: clock)
          _ = try log.append(deidBegin())
          try log.close()
        }
      }
      for round in 0..<10 {
        let result = try verifyLog(folder: folder, trustedKeys: [testVerifier()], threads: 1)
        #expect(result.verdict == .intact, "\(round): \(result.problems)")
        let pack = scratch.appending("pack\(round)")
        _ = try exportPack(log: folder, to: pack)
        #expect(try verifyPack(folder: pack, trustedKeys: [testVerifier()]).verdict == .intact)
      }
      try await writing.value
    }
  }

  @Test func aReaderKeepsItsMomentWhileWritersComeAndGo() throws {
    try withScratchFolder { scratch in
      let folder = scratch.appending("log")
      func grow(_ count: Int) throws {
        let clock = TestClock()
        clock.step(seconds: Int64(3600 * count))
        var log = try openLog(folder, clock: clock)
        for _ in 0..<count { _ = try log.append((0..<300).map { _ in deidBegin() }) }
        _ = try log.keepCheckpoint()
        try log.close()
      }
      try grow(1)
      var reader = try LogReader.open(folder: folder)
      let head = reader.checkpoint
      for round in 2..<6 {
        try grow(round)
        #expect(reader.checkpoint == head)
        #expect(try reader.signedSizes().last == head.size)
        #expect(try reader.root(at: head.size) == head.root)
        for entry in [0, round, 255, 256, head.size - 1] {
          let proof = try reader.proof(of: entry)
          #expect(
            verifyInclusion(
              of: leafHash(try reader.leaf(entry)), at: entry, size: head.size, root: head.root,
              proof: proof.path))
        }
        var numbers: [Int] = []
        try reader.forEachEntry(below: head.size) { entry in
          if entry.sequence == 100 { try grow(1) }
          numbers.append(entry.sequence)
        }
        #expect(numbers == Array(0..<head.size))
      }
    }
  }

  @Test func aReaderStopsWhereAnotherLogTookThePlace() throws {
    try withScratchFolder { scratch in
      let (folder, other) = (scratch.appending("log"), scratch.appending("other"))
      try makeLog(folder)
      var log = try openLog(other)
      _ = try log.append((0..<50).map { _ in deidBegin() })
      try log.close()
      var reader = try LogReader.open(folder: folder)
      for name in ["log.db", "checkpoint"] {
        try writeDurably(try readFile(other.appending(name)), to: folder.appending(name))
      }
      #expect(throws: AuditLogError.rolledBack) { try reader.entry(0) }
    }
  }

  @Test func everyReaderMeetsWritersThatComeAndGo() async throws {
    try await withScratchFolder { scratch in
      let folder = scratch.appending("log")
      var log = try openLog(folder)
      _ = try log.append((0..<2000).map { _ in deidBegin() })
      try log.close()
      let writing = Task.detached {
        let clock = TestClock()
        clock.step(seconds: 3600)
        for _ in 0..<40 {
          var log = try openLog(folder, clock: clock)
          _ = try log.append(deidBegin())
          try log.close()
        }
      }
      for round in 0..<8 {
        let plan = try RetentionPlan(
          log: folder, classes: [], now: Timestamp(microseconds: 0))
        #expect(plan.size > 2000)
        #expect(try loggedReports(digest("none"), log: folder).isEmpty)
        let copy = LogFolder(scratch.appending("copy\(round)"))
        try createFolder(copy.path)
        try copyLog(LogFolder(folder), to: copy) { _, _ in }
        let result = try verifyLog(folder: copy.path, trustedKeys: [testVerifier()], threads: 1)
        #expect(result.verdict == .intact, "\(round): \(result.problems)")
      }
      try await writing.value
    }
  }

  @Test(arguments: ["checkpoint", "log.db"]) func aPipeInALogsFolderIsNotWaitedFor(name: String)
    throws
  {
    try withScratchFolder { scratch in
      let folder = scratch.appending("log")
      try makeLog(folder)
      try removeFile(folder.appending(name))
      try makePipe(folder.appending(name))
      let result = try verifyLog(folder: folder, trustedKeys: [testVerifier()])
      #expect(result.verdict == .tampered)
    }
  }
}
