import Auditing
import Cryptography
import Glibc
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// The verdict on a probe's log.
func verifyProbeLog(_ folder: FilePath, _ key: SigningKey) throws -> String {
  try verifyLog(
    folder: folder,
    trustedKeys: [VerifierKey(name: "medai.test/audit", publicKey: key.publicKey)]
  ).verdict.rawValue
}

/// Other processes and other users at the same log.
@Suite struct SharedUseTests {
  @Test func writersTakeTurnsAndLoseNothing() throws {
    try withScratchFolder { scratch in
      let folder = scratch.appending("log")
      let count = Extent.of(2000, short: 150)
      let one = try Child(
        Child.program("AuditProbe"), [folder.string, "--count", String(count), "--batch", "7"],
        streams: scratch.appending("one"))
      let two = try Child(
        Child.program("AuditProbe"), [folder.string, "--count", String(count), "--batch", "3"],
        streams: scratch.appending("two"))
      let outputs = [one.output, two.output]
      #expect(try one.wait() == 0)
      #expect(try two.wait() == 0)
      var acknowledged: [Int: String] = [:]
      for output in outputs {
        let told = try ProbeRun(output)
        #expect(told.errors.isEmpty, "\(told.errors)")
        #expect(told.acknowledged.count >= count)
        acknowledged.merge(told.acknowledged) { first, _ in
          Issue.record("two writers were given one entry")
          return first
        }
      }
      let size = try expectWhole(folder, acknowledged, "two writers")
      // The opening entry and the one that the check appended; clock steps could add some.
      #expect(size >= acknowledged.count + 2)
    }
  }

  @Test func aWriterWaitsForALockAndThenSaysSo() throws {
    try withScratchFolder { scratch in
      let folder = scratch.appending("log")
      let first = try probe(folder, "--count", "5")
      let before = try readFile(folder.appending("log.db"))
      let holder = try Child(
        Child.program("AuditProbe"), [folder.string, "--hold", "60000"],
        streams: scratch.appending("holder"))
      try holder.waitFor("held")
      // Waiting takes no time in this probe, but all the tries that ten seconds have.
      let refused = try probe(folder, "--count", "5", "--hurry", "yes")
      #expect(refused.acknowledged.isEmpty && refused.openedAt == nil)
      #expect(refused.errors.count == 1 && refused.errors.first?.contains("locked") == true)
      #expect(try readFile(folder.appending("log.db")) == before)
      holder.kill()
      _ = try holder.wait()
      // A lock that is let go in time is only waited for.
      let brief = try Child(
        Child.program("AuditProbe"), [folder.string, "--hold", "300"],
        streams: scratch.appending("brief"))
      try brief.waitFor("held")
      let second = try probe(folder, "--count", "5")
      #expect(second.errors.isEmpty && second.acknowledged.count == 5)
      #expect(try brief.wait() == 0)
      let all = first.acknowledged.merging(second.acknowledged) { first, _ in first }
      try expectWhole(folder, all, "locked")
    }
  }

  @Test func aFolderThatMayOnlyBeReadTakesNothing() throws {
    try withScratchFolder { scratch in
      let folder = scratch.appending("log")
      let told = try probe(folder, "--count", "5")
      let database = folder.appending("log.db")
      let before = try readFile(database)
      for path in [scratch, folder] { _ = unsafe chmod(path.string, 0o555) }
      _ = unsafe chmod(database.string, 0o444)
      defer {
        for path in [scratch, folder] { _ = unsafe chmod(path.string, 0o700) }
        _ = unsafe chmod(database.string, 0o600)
      }
      let streams = FilePath(scratch.string + "-streams")
      let child = try Child(
        Child.program("AuditProbe"), [folder.string, "--count", "5", "--user", "65534"],
        streams: streams)
      let output = child.output
      let messages = child.messages
      #expect(try child.wait() == 0)
      let refused = try ProbeRun(output)
      for path in [output, messages] { try removeFile(path) }
      #expect(refused.acknowledged.isEmpty && refused.openedAt == nil)
      #expect(refused.errors.count == 1)
      let error = refused.errors.first ?? ""
      #expect(error.contains("readOnly") || error.contains("cannotOpen"), "\(error)")
      #expect(try readFile(database) == before)
      #expect(try folderEntries(folder) == ["checkpoint", "log.db"])
      #expect(try verifyProbeLog(folder, ProbeLog.key()) == "intact")
      for path in [scratch, folder] { _ = unsafe chmod(path.string, 0o700) }
      _ = unsafe chmod(database.string, 0o600)
      try expectWhole(folder, told.acknowledged, "read-only")
    }
  }
}
