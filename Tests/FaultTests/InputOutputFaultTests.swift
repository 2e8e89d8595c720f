import Glibc
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// Every call of the file system fails once, and once for good.
@Suite struct InputOutputFaultTests {
  /// Kinds of faults, by the numbers that the probe takes.
  enum Fault: Int, CaseIterable, Sendable {
    case write = 1
    case shortWrite, full, sync, truncate, read, open, shared

    /// The error that a failed append gives, as far as its name goes.
    var word: String { self == .full ? "full" : "inputOutput" }
  }

  @Test(arguments: Fault.allCases)
  func everyCallMayFail(fault: Fault) throws {
    try withScratchFolder { scratch in
      let work = ["--count", "12", "--batch", "5", "--fault", String(fault.rawValue)]
      func run(_ folder: FilePath, _ more: [String]) throws -> ProbeRun {
        let child = try Child(
          Child.program("AuditProbe"), [folder.string] + work + more,
          streams: FilePath(folder.string + ".probe"))
        let output = child.output
        #expect(try child.wait() == 0)
        return try ProbeRun(output)
      }
      let calls = try run(scratch.appending("count"), ["--at", "0"]).calls
      #expect(calls > 0)
      let step = Extent.of(1, short: max(1, calls / 8))
      var moments = SplitMix64(seed: Extent.seed)
      let phase = moments.below(step)
      var failures = 0
      // One call more than there are: then nothing may fail.
      for call in stride(from: 1 + phase, through: calls + 1, by: step) {
        for stays in ["no", "yes"] {
          let folder = scratch.appending("\(call)-\(stays)")
          let told = try run(
            folder, ["--at", String(call), "--sticky", stays, "--go-on", "yes"])
          if call <= calls { #expect(told.happened, "call \(call)") }
          failures += told.errors.count
          for error in told.errors where told.openedAt != nil && fault != .open && fault != .read {
            #expect(error.contains(fault.word), "\(fault), call \(call): \(error)")
          }
          try expectWhole(folder, told.acknowledged, "\(fault), call \(call), sticky \(stays)")
        }
      }
      #expect(failures > 0 || fault == .truncate || fault == .shared)
    }
  }
}
