import Cryptography
import Glibc
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@testable import Auditing

/// What may be changed without another verdict once the manifest is made anew, and why:
/// `VERIFY.md` is a text for people (a note says that it is not ours), and files under `anchors/`
/// are judged by whoever checks anchors, not by the tree.
private let judgedElsewhere = ["VERIFY.md", "anchors/2.note", "anchors/2.tsr"]

/// Flips a bit of every byte of the files that tell most, and of a sample of the others' bytes;
/// `MEDAI_EVERY_BYTE=1` leaves out none.
///
/// Nothing may be called intact: with the manifest left as it was, and with a manifest that the
/// forger made anew.
@Test(arguments: [
  ("VERIFY.md", 401), ("anchors/2.note", 13), ("anchors/2.tsr", 1), ("checkpoint", 1),
  ("checkpoints/2", 3), ("checkpoints/3", 1), ("consistency/2-4.txt", 9),
  ("consistency/3-4.txt", 9), ("manifest.json", 3), ("proofs/1.tlog-proof", 9),
  ("schemas.json", 401), ("tile/0/000.p/4", 1), ("tile/entries/000.p/4", 23),
  ("trust/log.vkey", 1), ("trust/policy", 4), ("trust/retired-2.vkey", 3),
])
func noChangedByteOfAPackIsCalledIntact(name: String, step: Int) throws {
  let step = environmentVariable("MEDAI_EVERY_BYTE") == nil ? step : 1
  try withScratchFolder { scratch in
    let (pack, key) = try makePack(scratch)
    func verdict() throws -> LogVerification {
      try verifyPack(folder: pack, trustedKeys: [key])
    }
    #expect(try verdict().verdict == .intact)
    let manifest = try bytes(pack, "manifest.json")
    let whole = try bytes(pack, name)
    var accepted: [Int] = []
    for place in stride(from: 0, to: whole.count, by: name == "manifest.json" ? step : 97) {
      var changed = whole
      changed[place] ^= UInt8(1) << UInt8((place / 97) % 8)
      try put(changed, pack, name)
      if try verdict().verdict == .intact { accepted.append(place) }
    }
    #expect(accepted == [], "\(name)")
    if name == "manifest.json" { return }
    let digits = Array(sha256(whole).hex.utf8)
    let listed = manifest.indices.first { manifest[$0...].starts(with: digits) }
    #expect(listed != nil)
    // What follows a blank line is the checkpoint once more, compared as a whole.
    let note = whole.indices.dropFirst().first { whole[$0] == 0x0A && whole[$0 - 1] == 0x0A }
    let dense = step == 9 ? note ?? 0 : 0
    let places = Array(0..<dense) + Array(stride(from: dense, to: whole.count, by: step))
    for place in places {
      var changed = whole
      changed[place] ^= UInt8(1) << UInt8(place % 8)
      try put(changed, pack, name)
      if let listed {
        var repaired = manifest
        repaired.replaceSubrange(listed..<(listed + 64), with: sha256(changed).hex.utf8)
        try put(repaired, pack, "manifest.json")
      }
      let found = try verdict()
      if judgedElsewhere.contains(name) {
        #expect(found.verdict == .intact)
        #expect(found.notes.contains { $0.code == .otherInstructions } == (name == "VERIFY.md"))
      } else if found.verdict == .intact {
        accepted.append(place)
      }
    }
    #expect(accepted == [], "\(name)")
    try put(whole, pack, name)
    try put(manifest, pack, "manifest.json")
    #expect(try verdict().verdict == .intact)
  }
}

/// Every file cut short at every length, made longer, emptied and removed.
@Test func noTruncatedFileOfAPackIsCalledIntact() throws {
  try withScratchFolder { scratch in
    let (pack, key) = try makePack(scratch)
    for name in try allFiles(pack) {
      let whole = try bytes(pack, name)
      let lengths = Set([0, 1, whole.count / 2, whole.count - 1]).sorted()
      for changed in lengths.map({ Array(whole[..<$0]) }) + [whole + [0], whole + whole] {
        try put(changed, pack, name)
        #expect(try verifyPack(folder: pack, trustedKeys: [key]).verdict == .tampered, "\(name)")
      }
      try removeFile(pack.pushing(FilePath(name)))
      let result = try verifyPack(folder: pack, trustedKeys: [key])
      #expect(result.verdict == .tampered, "\(name)")
      if !name.hasPrefix("anchors/") && !name.hasPrefix("proofs/")
        && !name.hasPrefix("checkpoints/")
      {
        #expect(result.problems.contains { $0.path == name && $0.reason == .missingFile })
      }
      try put(whole, pack, name)
    }
  }
}

private struct PackAttack: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let change: @Sendable (FilePath) throws -> Void
  let reason: ProblemReason
  let path: String?
  let entry: Int?

  init(
    _ name: String, _ reason: ProblemReason, path: String? = nil, entry: Int? = nil,
    _ change: @escaping @Sendable (FilePath) throws -> Void
  ) {
    testDescription = name
    self.change = change
    self.reason = reason
    self.path = path
    self.entry = entry
  }
}

/// Changes by somebody who makes the manifest anew afterwards. The pack has 290 entries.
@Test(arguments: [
  PackAttack("a file more", .unexpectedFile, path: "extra.txt") { try put([1], $0, "extra.txt") },
  PackAttack("a hidden file", .unexpectedFile, path: "tile/.hidden") {
    try put([1], $0, "tile/.hidden")
  },
  PackAttack("a tile more", .unexpectedFile, path: "tile/0/002") {
    try put([UInt8](repeating: 0, count: 8192), $0, "tile/0/002")
  },
  PackAttack("a partial tile beside the full one", .unexpectedFile, path: "tile/0/000.p/9") {
    try put(Array(try bytes($0, "tile/0/000")[..<288]), $0, "tile/0/000.p/9")
  },
  PackAttack("a level more", .unexpectedFile, path: "tile/2/000.p/1") {
    try put([UInt8](repeating: 0, count: 32), $0, "tile/2/000.p/1")
  },
  PackAttack("leading zeros", .unexpectedFile, path: "tile/0/0000") {
    try put(try bytes($0, "tile/0/000"), $0, "tile/0/0000")
  },
  PackAttack("a leading zero in a width", .unexpectedFile, path: "tile/entries/001.p/034") {
    try put(try bytes($0, "tile/entries/001.p/34"), $0, "tile/entries/001.p/034")
  },
  PackAttack("an empty folder", .unexpectedFile, path: "tile/more") {
    try createFolder($0.pushing("tile/more"))
  },
  PackAttack("a folder in the place of a file", .unexpectedFile, path: "checkpoint2") {
    try createFolder($0.pushing("checkpoint2"))
  },
  PackAttack("a proof of no entry", .unexpectedFile, path: "proofs/290.tlog-proof") {
    try put(try bytes($0, "proofs/1.tlog-proof"), $0, "proofs/290.tlog-proof")
  },
  PackAttack("a proof under another number", .fileMismatch, path: "proofs/7.tlog-proof", entry: 7) {
    try put(try bytes($0, "proofs/1.tlog-proof"), $0, "proofs/7.tlog-proof")
  },
  PackAttack("a key more", .unexpectedFile, path: "trust/retired-9.vkey") {
    try put(try bytes($0, "trust/log.vkey"), $0, "trust/retired-9.vkey")
  },
  PackAttack("keys swapped", .fileMismatch, path: "trust/log.vkey") {
    try put(try bytes($0, "trust/retired-2.vkey"), $0, "trust/log.vkey")
  },
  PackAttack("a wide tile", .malformedFile, path: "tile/0/001.p/34", entry: 256) {
    try put(
      try bytes($0, "tile/0/001.p/34") + [UInt8](repeating: 0, count: 32), $0, "tile/0/001.p/34")
  },
  PackAttack("a changed tile", .hashMismatch, path: "tile/entries/000", entry: 5) {
    var tile = try bytes($0, "tile/0/000")
    tile[5 * 32] ^= 1
    try put(tile, $0, "tile/0/000")
  },
  PackAttack("a changed upper tile", .tileMismatch, path: "tile/1/000.p/1", entry: 0) {
    var tile = try bytes($0, "tile/1/000.p/1")
    tile[31] ^= 1
    try put(tile, $0, "tile/1/000.p/1")
  },
  PackAttack(
    "trailing bytes in a bundle", .malformedFile, path: "tile/entries/001.p/34", entry: 290
  ) { try put(try bytes($0, "tile/entries/001.p/34") + [0, 0], $0, "tile/entries/001.p/34") },
  PackAttack("an entry and its hash changed", .rootMismatch) { pack in
    try replaceEntry(9, in: pack) { leaf in
      let old = Array(#""exit_status":0"#.utf8)
      let place = leaf.indices.first { leaf[$0...].starts(with: old) }
      if let place { leaf[place + old.count - 1] = UInt8(ascii: "1") }
    }
  },
  PackAttack("another order of members", .malformedEntry, entry: 9) { pack in
    try replaceEntry(9, in: pack) { leaf in leaf = [0x7B, 0x20] + leaf.dropFirst() }
  },
  PackAttack("a kept checkpoint under another size", .checkpointMismatch) {
    try put(try bytes($0, "checkpoints/2"), $0, "checkpoints/5")
  },
  PackAttack("the checkpoint that both keys signed removed", .badSignature, entry: 2) {
    try removeFile($0.pushing("checkpoints/3"))
    try removeFile($0.pushing("consistency/3-290.txt"))
  },
  PackAttack("another consistency proof", .fileMismatch, path: "consistency/3-290.txt") {
    try put(try bytes($0, "consistency/2-290.txt"), $0, "consistency/3-290.txt")
  },
  PackAttack("a laxer schema", .fileMismatch, path: "schemas.json") {
    let text = String(decoding: try bytes($0, "schemas.json"), as: UTF8.self)
    let lax = text.replacing(
      #""name":"controls","of":"count","required":false"#,
      #""name":"controls","of":"count","required":true"#)
    #expect(lax != text)
    try put(Array(lax.utf8), $0, "schemas.json")
  },
])
private func aForgedPackIsFoundOut(attack: PackAttack) throws {
  try withScratchFolder { scratch in
    let (pack, key) = try makePack(scratch, rounds: 23)
    try #require(packSize(pack) == 290)
    try attack.change(pack)
    // Whoever adds a file that no pack has cannot list it in a manifest that is accepted either.
    try repairManifest(pack)
    let result = try verifyPack(folder: pack, trustedKeys: [key])
    #expect(result.verdict == .tampered)
    #expect(
      result.problems.contains {
        $0.reason == attack.reason && (attack.path == nil || $0.path == attack.path)
          && (attack.entry == nil || $0.entry == attack.entry)
      }, "\(result.problems)")
  }
}

/// Replaces an entry and its hash in the tile of the leaves.
private func replaceEntry(
  _ entry: Int, in pack: FilePath, _ change: (inout [UInt8]) -> Void
) throws {
  var bundle = PackFiles.entries(try bytes(pack, "tile/entries/000"), width: 256).entries
  let old = bundle[entry]
  change(&bundle[entry])
  #expect(bundle[entry] != old)
  try put(
    bundle.flatMap { [UInt8($0.count >> 8), UInt8($0.count & 255)] + $0 }, pack,
    "tile/entries/000")
  var tile = try bytes(pack, "tile/0/000")
  tile.replaceSubrange((entry * 32)..<(entry * 32 + 32), with: leafHash(bundle[entry]).bytes)
  try put(tile, pack, "tile/0/000")
}

extension String {
  /// The text with the first occurrence of some bytes replaced.
  fileprivate func replacing(_ old: String, _ new: String) -> String {
    let (text, old) = (Array(utf8), Array(old.utf8))
    guard let place = text.indices.first(where: { text[$0...].starts(with: old) }) else {
      return self
    }
    return String(
      decoding: text[..<place] + Array(new.utf8) + text[(place + old.count)...], as: UTF8.self)
  }
}

@Test func linksAndPipesInAPackAreNotFollowed() throws {
  try withScratchFolder { scratch in
    let (pack, key) = try makePack(scratch)
    for name in ["checkpoint", "tile/0/000.p/4", "trust/log.vkey", "manifest.json", "VERIFY.md"] {
      let whole = try bytes(pack, name)
      let path = pack.pushing(FilePath(name))
      try writeDurably(whole, to: scratch.appending("elsewhere"))
      try removeFile(path)
      try makeLink(path, to: scratch.appending("elsewhere"))
      #expect(try verifyPack(folder: pack, trustedKeys: [key]).verdict == .tampered, "\(name)")
      try removeFile(path)
      try makePipe(path)
      #expect(try verifyPack(folder: pack, trustedKeys: [key]).verdict == .tampered, "\(name)")
      try removeFile(path)
      try put(whole, pack, name)
    }
    #expect(try verifyPack(folder: pack, trustedKeys: [key]).verdict == .intact)
  }
}

/// A name that nobody chose for display is not repeated.
@Test func aHostileNameIsNotShown() throws {
  try withScratchFolder { scratch in
    let (pack, key) = try makePack(scratch)
    try put([1], pack, "\u{1B}[31m홍길동.txt")
    let result = try verifyPack(folder: pack, trustedKeys: [key])
    #expect(result.problems.contains { $0.reason == .unexpectedFile })
    let text = String(decoding: result.json.encoded(.compact), as: UTF8.self)
    #expect(!text.contains("홍길동") && !text.contains("\u{1B}"))
  }
}

/// Nor where keys and evidence lie, whose names the manifest would list.
@Test(arguments: ["trust/홍길동\u{1B}[2J\nintact.vkey", "anchors/2.홍길동\u{1B}\nx.cosig"])
func aHostileNameAmongKeysAndEvidenceIsNotShown(name: String) throws {
  try withScratchFolder { scratch in
    let (pack, key) = try makePack(scratch)
    try put([1], pack, name)
    let result = try verifyPack(folder: pack, trustedKeys: [key])
    #expect(result.verdict == .tampered)
    #expect(result.problems.allSatisfy { !($0.path ?? "").contains("홍길동") })
  }
}

/// A name that is not UTF-8 is a stranger like any other.
@Test(arguments: ["", "trust/", "anchors/2.", "tile/0/"])
func aNameThatIsNotTextIsTampering(start: String) throws {
  try withScratchFolder { scratch in
    let (pack, key) = try makePack(scratch)
    let name = Array("\(pack.string)/\(start)".utf8) + [0xFF] + Array(".cosig\0".utf8)
    let file = unsafe name.withUnsafeBufferPointer { bytes in
      unsafe bytes.withMemoryRebound(to: CChar.self) {
        unsafe $0.baseAddress.map { unsafe open($0, O_CREAT | O_WRONLY, 0o600) } ?? -1
      }
    }
    #expect(file >= 0 && close(file) == 0)
    let result = try verifyAnchoredPack(pack, trust: AnchorTrust(), trustedKeys: [key])
    #expect(result.verdict == .tampered)
    #expect(result.problems.contains { $0.reason == .unexpectedFile })
  }
}

/// A checkpoint that claims more entries than there are ends the reading at once.
@Test(arguments: [5, 256, 1 << 40, greatestCount])
func aCheckpointBeyondThePackIsTampering(size: Int) throws {
  try withScratchFolder { scratch in
    let (pack, key) = try makePack(scratch)
    let root = try Checkpoint(text: SignedNote(bytes(pack, "checkpoint")).text).root
    let signer = try LogSigner(testKey(8), origin: testOrigin)
    let forged = try Checkpoint(origin: testOrigin, size: size, root: root).signed(by: [signer])
    try put(forged.bytes, pack, "checkpoint")
    let result = try verifyPack(folder: pack, trustedKeys: [key])
    #expect(result.verdict == .tampered)
    #expect(result.problems.contains { $0.reason == .missingFile })
  }
}
