import Cryptography
import MedaiCore
import MedaiTestSupport
import Storage
import SystemPackage

@testable import Auditing

/// The log that is attacked: 1,000 entries, checkpoints kept at 200, 400, 600, 800 and 1,000, and
/// evidence from outside for 600 and 800. Made once; each attack gets a fresh copy of its bytes.
struct AttackBase: Sendable {
  /// Files of the log by their names.
  let files: [String: [UInt8]]
  /// The same when it had 600 entries.
  let older: [String: [UInt8]]
  /// Checkpoints that were handed out at 600 and 800.
  let anchors: [Checkpoint]
  /// The last checkpoint.
  let head: Checkpoint

  static let size = 1000
  static let shared = Result { try AttackBase() }

  private init() throws {
    (files, older, anchors, head) = try withScratchFolder { scratch in
      let folder = scratch.appending("log")
      let clock = TestClock()
      var log = try openLog(folder, clock: clock)
      let begin = try log.append(deidBegin()).entry
      var older: [String: [UInt8]] = [:]
      var anchors: [Checkpoint] = []
      while log.checkpoint.size < Self.size {
        let next = log.checkpoint.size
        let end = (next / 200 + 1) * 200
        _ = try log.append((next..<end).map { deidFile(begin: begin, ordinal: $0) })
        let kept = try log.keepCheckpoint()
        if [600, 800].contains(kept.size) { anchors.append(kept) }
        guard kept.size == 600 else { continue }
        try log.close()
        older = try Self.read(folder)
        log = try openLog(folder, clock: clock)
      }
      let head = log.checkpoint
      try log.close()
      return (try Self.read(folder), older, anchors, head)
    }
  }

  private static func read(_ folder: FilePath) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in try folderEntries(folder) { files[name] = try readFile(folder.appending(name)) }
    return files
  }

  /// Writes files into a fresh folder, without a sync.
  static func write(_ files: [String: [UInt8]], to folder: FilePath) throws {
    try createFolder(folder)
    for (name, bytes) in files {
      let file = try FileDescriptor.open(
        folder.appending(name), .writeOnly, options: [.create, .truncate],
        permissions: .ownerReadWrite)
      _ = try file.closeAfter { try file.writeAll(bytes) }
    }
  }
}

/// What an attack came to: the word of a verdict, or `refused` or `accepted` for a proof.
struct AttackFinding: Equatable {
  /// Without anything from outside.
  let alone: String
  /// With the checkpoints of 600 and 800; `nil` where it makes no difference what is kept outside.
  var anchored: String?
}

/// An attack with the number that docs/attacks.md gives it.
struct AttackCase: Sendable {
  let id: String
  let run: @Sendable (AttackBase, FilePath) throws -> AttackFinding

  /// An attack on the log's folder, judged without and with what was kept outside.
  ///
  /// - Parameters:
  ///   - id: Its number in docs/attacks.md.
  ///   - keys: What the verifier trusts.
  ///   - change: Changes the folder.
  /// - Returns: The case.
  static func log(
    _ id: String, keys: [UInt8] = [7],
    _ change: @escaping @Sendable (AttackBase, FilePath) throws -> Void
  ) -> AttackCase {
    AttackCase(id: id) { base, folder in
      try AttackBase.write(base.files, to: folder)
      try change(base, folder)
      let trusted = try keys.map { try testVerifier($0) }
      let alone = try verifyLog(folder: folder, trustedKeys: trusted)
      let anchored = try verifyLog(
        folder: folder, trustedKeys: trusted, anchors: base.anchors)
      return AttackFinding(
        alone: alone.verdict.rawValue, anchored: anchored.verdict.rawValue)
    }
  }

  /// An attack by SQL with the triggers dropped and put back.
  static func sql(_ id: String, _ sql: String) -> AttackCase {
    log(id) { _, folder in try edit(folder, sql) }
  }

  /// An attack through the tools of a forger.
  static func forged(
    _ id: String, keys: [UInt8] = [7], signing: UInt8? = nil,
    _ change: @escaping @Sendable (inout LogForger) throws -> Void
  ) -> AttackCase {
    log(id, keys: keys) { _, folder in
      var forger = try LogForger.open(folder.appending("log.db"))
      try change(&forger)
      if let signing {
        try writeDurably(try forger.sign(with: signing), to: folder.appending("checkpoint"))
      }
      try forger.finish()
      try? removeFile(folder.appending("log.db-shm"))
    }
  }

  /// Proofs that must be refused.
  static func proofs(
    _ id: String, _ make: @escaping @Sendable (inout LogReader) throws -> [(EntryProof, [UInt8])]
  ) -> AttackCase {
    AttackCase(id: id) { base, folder in
      try AttackBase.write(base.files, to: folder)
      var reader = try LogReader.open(folder: folder)
      let proofs = try make(&reader)
      let isAccepted = try proofs.contains { proof, leaf in
        let keys = [try testVerifier()]
        return (try? EntryProof(proof.bytes).verify(leaf: leaf, trusting: keys)) != nil
      }
      return AttackFinding(alone: isAccepted || proofs.isEmpty ? "accepted" : "refused")
    }
  }
}

extension LogForger {
  /// Signs the head and the kept checkpoints of the tree as it is now; returns the head's note.
  mutating func sign(with key: UInt8) throws -> [UInt8] {
    let signer = (try testKey(key), try testVerifier(key))
    for size in try keptSizes() {
      try setHead(size: size) { root in
        note(Checkpoint(origin: testOrigin, size: size, root: root).text, [signer])
      }
    }
    return try row("SELECT note FROM head")
  }
}

/// A signed note.
func note(_ text: [UInt8], _ signers: [(key: SigningKey, verifier: VerifierKey)]) -> [UInt8] {
  SignedNote(
    text: text,
    signatures: signers.map {
      SignedNote.Signature(
        name: $0.verifier.name, keyID: $0.verifier.keyID, bytes: $0.key.signature(of: text))
    }
  ).bytes
}
