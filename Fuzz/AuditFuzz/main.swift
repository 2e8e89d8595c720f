import Glibc
import MedaiCore
import SystemPackage

// Replays every kept input, or makes new ones and keeps those that break a promise.
//
//   AuditFuzz replay FOLDER                    everything under FOLDER/Corpus and FOLDER/FailCases
//   AuditFuzz run TARGET FOLDER RUNS [SEED]    RUNS changed inputs; failing ones go to FailCases
//   AuditFuzz corpus FOLDER                    writes the corpus anew

func usage() -> Never {
  tell("usage: AuditFuzz replay FOLDER | run TARGET FOLDER RUNS [SEED] | corpus FOLDER")
  tell("targets: " + FuzzTarget.allCases.map(\.rawValue).joined(separator: " "))
  exit(64)
}

func tell(_ line: String) {
  _ = try? FileDescriptor.standardOutput.writeAll(Array((line + "\n").utf8))
}

let arguments = CommandLine.arguments
guard arguments.count >= 3 else { usage() }
do {
  switch arguments[1] {
  case "replay": exit(try replay(FilePath(arguments[2])))
  case "corpus": try writeCorpus(FilePath(arguments[2]).appending("Corpus"))
  case "run" where arguments.count >= 5:
    guard let target = FuzzTarget(rawValue: arguments[2]), let runs = Int(arguments[4]) else {
      usage()
    }
    let seed = arguments.count > 5 ? UInt64(arguments[5]) ?? 1 : 1
    exit(try FuzzParent(target, folder: FilePath(arguments[3]), seed: seed).run(runs))
  case "child" where arguments.count == 7:
    guard let target = FuzzTarget(rawValue: arguments[2]), let first = Int(arguments[4]),
      let last = Int(arguments[5]), let seed = UInt64(arguments[6])
    else { usage() }
    exit(
      try FuzzChild(target, folder: FilePath(arguments[3]), seed: seed).run(first..<last))
  default: usage()
  }
} catch {
  tell("stopped: \(error)")
  exit(70)
}
