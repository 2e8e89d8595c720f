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
