import Cryptography
import Foundation
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@testable import Auditing

/// A log with fixed clock, key and random bits has these bytes for ever.
@Test func theFormatIsFinal() throws {
  try withScratchFolder { folder in
    var log = try openLog(folder)
    try fillLog(&log)
    let note = log.note
    try log.close()
    var reader = try LogReader.open(folder: folder)
    var leaves = ""
    for entry in 0..<reader.checkpoint.size {
      leaves += String(decoding: try reader.leaf(entry), as: UTF8.self) + "\n"
    }
    try expectGolden(leaves, "log/leaves.txt")
    try expectGolden(String(decoding: note, as: UTF8.self), "log/checkpoint")
    try expectGolden(testVerifier().line + "\n", "log/origin.vkey")
  }
}

/// The golden log checked by programs that share no code with this one.
@Test func foreignToolsAcceptTheGoldenLog() throws {
  let script = goldenFolder().appending("check_log.py")
  guard FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl"),
    FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")
  else {
    print("SKIPPED: openssl or python3 is absent; check_log.py did not run")
    return
  }
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
  process.arguments = [script.string]
  try process.run()
  process.waitUntilExit()
  #expect(process.terminationStatus == 0)
}
