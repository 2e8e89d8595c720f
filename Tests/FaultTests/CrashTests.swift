import Glibc
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// A process that appends and is killed at any moment: also while it makes the log.
@Suite struct CrashTests {
  @Test func everythingAcknowledgedOutlivesAKill() throws {
    let runs = Extent.of(300, short: 12)
    var moments = SplitMix64(seed: Extent.seed)
    var kills = 0
    var entries = 0
    var beforeTheFirstEntry = 0
    try withScratchFolder { scratch in
      var acknowledged: [Int: String] = [:]
      for run in 0..<runs {
        // A fresh log now and then: its making can be interrupted, too.
        let folder = scratch.appending("log-\(run / 10)")
        if run % 10 == 0 { acknowledged = [:] }
        let child = try Child(
          Child.program("AuditProbe"),
          [folder.string, "--count", "1000000", "--batch", String(1 + moments.below(60))],
          streams: scratch.appending("probe"))
        // From the start of the process to about a hundred appends in.
        if moments.below(4) == 0 {
          usleep(UInt32(moments.below(30_000)))
        } else {
          try child.waitFor("open")
          usleep(UInt32(moments.below(60_000)))
        }
        child.kill()
        let output = child.output
        if try child.wait() == -SIGKILL { kills += 1 }
        let told = try ProbeRun(output)
        #expect(told.errors.isEmpty)
        if told.acknowledged.isEmpty { beforeTheFirstEntry += 1 }
        acknowledged.merge(told.acknowledged) { old, new in
          Issue.record("entry acknowledged twice in run \(run)")
          return old == new ? old : new
        }
        entries += told.acknowledged.count
        try expectWhole(folder, acknowledged, "run \(run) of seed \(Extent.seed)")
      }
    }
    #expect(kills == runs)
    #expect(entries > runs)
    print(
      "killed \(kills) times (\(beforeTheFirstEntry) before the first entry), "
        + "\(entries) acknowledged entries found again")
  }
}
