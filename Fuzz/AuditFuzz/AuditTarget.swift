import Auditing
import Cryptography
import FuzzSupport
import MedaiCore
import SystemPackage

/// A reader of bytes that anybody may hand in, and what it promises for all of them.
enum AuditTarget: String, FuzzTarget {
  /// An entry: what is accepted is canonical JSON, byte for byte.
  case leaf
  /// A signed note and the checkpoint in it: what is accepted is written back as it was read.
  case note
  /// The proof of an entry: written back as it was read; none but the right one holds.
  case proof
  /// A log's database: a verification ends, and accepts only a head that was signed.
  case database

  var pieces: [String] {
    [
      "\u{2014} ", "\"v\":2", "\"type\":\"log.close\"", "AAAA", "c2sp.org/tlog-proof@v1\n",
      "index ",
    ]
  }

  /// Reads an input. Reading may refuse; it may not crash, hang or break a promise.
  ///
  /// - Parameters:
  ///   - input: Anything.
  ///   - scratch: A folder for this process alone.
  /// - Throws: `BrokenPromise`, or an error of the scratch folder.
  func check(_ input: [UInt8], in scratch: FilePath) throws {
    switch self {
    case .leaf: try checkLeaf(input)
    case .note: try checkNote(input)
    case .proof: try checkProof(input)
    case .database: try checkDatabase(input, in: scratch)
    }
  }

  private func checkLeaf(_ input: [UInt8]) throws {
    guard let entry = try? decodeLeaf(input, catalog: .builtIn) else { return }
    let value = try? parseJSON(input)
    try hold(value?.encoded(.canonical) == input, "an entry is canonical JSON")
    try hold(value?["seq"]?.int == entry.sequence, "the number is the one that stands there")
    try hold(value?["type"]?.string == entry.type.text, "the type is the one that stands there")
    try hold(input.count <= maxLeafBytes, "an entry has at most 65,535 bytes")
    try hold(input.allSatisfy { (0x20..<0x7F).contains($0) }, "an entry is printable ASCII")
  }

  private func checkNote(_ input: [UInt8]) throws {
    if let key = try? VerifierKey(line: input) {
      let line = Array(key.line.utf8)
      try hold(line == input || line + [0x0A] == input, "a key line is written as it was read")
    }
    guard let note = try? SignedNote(input) else { return }
    try hold(note.bytes == input, "a note is written as it was read")
    try hold((1...16).contains(note.signatures.count), "a note has 1 to 16 signatures")
    guard let checkpoint = try? Checkpoint(text: note.text) else { return }
    try hold(checkpoint.text == note.text, "a checkpoint is written as it was read")
    guard (try? note.signers(among: [FuzzLog.verifier()])) != nil else { return }
    try hold(
      try FuzzLog.signed().contains(checkpoint), "only what was signed has a signature that holds")
  }

  private func checkProof(_ input: [UInt8]) throws {
    guard let proof = try? EntryProof(input) else { return }
    try hold(proof.bytes == input, "a proof is written as it was read")
    for (number, leaf) in try FuzzLog.leaves().enumerated() {
      guard (try? proof.verify(leaf: leaf, trusting: [FuzzLog.verifier()])) != nil else { continue }
      try hold(proof.index == number, "a proof holds for its own entry only")
    }
  }

  private func checkDatabase(_ input: [UInt8], in scratch: FilePath) throws {
    for name in try folderEntries(scratch) { try removeFile(scratch.appending(name)) }
    let file = try FileDescriptor.open(
      scratch.appending("log.db"), .writeOnly, options: [.create, .truncate],
      permissions: .ownerReadWrite)
    _ = try file.closeAfter { try file.writeAll(input) }
    guard
      let found = try? verifyLog(folder: scratch, trustedKeys: [FuzzLog.verifier()]),
      found.verdict == .intact
    else { return }
    try hold(
      try found.checkpoint.map { try FuzzLog.signed().contains($0) } ?? false,
      "an intact log has a head that was signed")
    var reader = try LogReader.open(folder: scratch)
    for (number, leaf) in try FuzzLog.leaves().prefix(reader.checkpoint.size).enumerated() {
      try hold(try reader.leaf(number) == leaf, "an intact log has the entries that were signed")
    }
  }
}
