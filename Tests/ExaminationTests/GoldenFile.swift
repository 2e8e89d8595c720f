import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// Compares bytes with a golden file; `MEDAI_RECORD=1` writes it instead and fails the test.
func expectGolden(_ bytes: [UInt8], _ name: String) throws {
  let path = goldenFolder(beside: #filePath).appending(name)
  if environmentVariable("MEDAI_RECORD") == "1" {
    try writeDurably(bytes, to: path)
    Issue.record("recorded \(name)")
  } else {
    #expect(bytes == (try readFile(path)), "\(name)")
  }
}
