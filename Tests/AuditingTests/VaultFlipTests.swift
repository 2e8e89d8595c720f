import Cryptography
import MedaiCore
import MedaiTestSupport
import Storage
import SystemPackage
import Testing

@testable import Auditing

/// Flips bits of every byte of a small vault: what comes out is what was put in, or an error; and
/// where the check finds nothing, nothing that was claimed is different.
@Test func noFlippedBitOfAVaultGivesOtherContent() throws {
  try VaultScene.with { scene in
    let subject = Array("p".utf8)
    let chain = [UInt8](repeating: 0xAB, count: 32)
    do {
      let vault = try scene.open()
      let staged = try vault.stage(
        [(.prompt, Array("prompt of a patient".utf8)), (.logitsChain, chain)], subject: subject)
      let entry = try scene.append(
        .generateAnswer(
          begin: 1, ordinal: 0, prompt: digest("p"), output: digest("o"), promptTokens: 1,
          outputTokens: 1, stop: .endToken))
      try vault.bind(staged, to: entry)
      let gone = try vault.stage([(.prompt, Array("erased".utf8))])
      let second = try scene.append(deidBegin())
      try vault.bind(gone, to: second)
      try scene.redact([second], in: vault)
      try vault.close()
    }
    let sound = try readFile(scene.vault)
    let clean = try scene.check()
    #expect(clean.holds)
    var log = try LogReader.open(folder: scene.log)
    var refused = 0
    var unchanged = 0
    for place in sound.indices {
      // Free space is most of the file; what lies in a row or a header is not zero.
      if sound[place] == 0, place % 64 != 0 { continue }
      var changed = sound
      changed[place] ^= 1 << UInt8(place % 8)
      try overwrite(scene.vault, changed)
      let found = read(scene.vault, scene.key, &log)
      if found == nil { refused += 1 } else { unchanged += 1 }
      #expect(found == nil || found == [Array("prompt of a patient".utf8), chain], "byte \(place)")
    }
    #expect(refused > 500)
    #expect(unchanged > 0)
    try overwrite(scene.vault, sound)
    #expect(try scene.check() == clean)
  }
}

private func read(_ path: FilePath, _ key: VaultKey, _ log: inout LogReader) -> [[UInt8]]? {
  guard let vault = try? Vault.read(path, key: key, log: &log),
    let prompt = try? vault.bytes(entry: 2, role: .prompt),
    let chain = try? vault.bytes(entry: 2, role: .logitsChain)
  else { return nil }
  // What is erased stays so, whatever bit is flipped.
  if (try? vault.bytes(entry: 3, role: .prompt)) != nil { return [] }
  return [prompt, chain]
}

/// Writes in place: the speed of thousands of rounds matters here, not durability.
private func overwrite(_ path: FilePath, _ bytes: [UInt8]) throws {
  let file = try FileDescriptor.open(path, .writeOnly)
  defer { try? file.close() }
  try file.writeAll(bytes)
}
