import Auditing
import Cryptography
import FuzzSupport
import MedaiCore
import Synchronization
import SystemPackage

/// The log that the corpus is taken from: always the same, byte for byte.
enum FuzzLog {
  private static let signer = Result { try SigningKey(seed: [UInt8](repeating: 7, count: 32)) }
  private static let contents = Result { try Contents() }

  /// Who signs it.
  static func verifier() throws -> VerifierKey {
    try VerifierKey(name: "medai.test/audit", publicKey: signer.get().publicKey)
  }

  /// Checkpoints that were ever signed.
  static func signed() throws -> [Checkpoint] { try contents.get().signed }

  /// The entries' bytes.
  static func leaves() throws -> [[UInt8]] { try contents.get().leaves }

  /// Inputs of each target by name.
  static func corpus() throws -> [(target: AuditTarget, name: String, bytes: [UInt8])] {
    let contents = try contents.get()
    var corpus: [(target: AuditTarget, name: String, bytes: [UInt8])] = []
    for (number, leaf) in contents.leaves.enumerated() {
      corpus.append((.leaf, "entry-\(number).json", leaf))
    }
    for (number, note) in contents.notes.enumerated() {
      corpus.append((.note, "checkpoint-\(number)", note))
    }
    corpus.append((.note, "verifier-line", Array(try verifier().line.utf8)))
    for (number, proof) in contents.proofs.enumerated() {
      corpus.append((.proof, "entry-\(number).tlog-proof", proof))
    }
    corpus.append((.database, "log.db", contents.database))
    return corpus
  }

  private struct Contents {
    let signed: [Checkpoint]
    let leaves: [[UInt8]]
    let notes: [[UInt8]]
    let proofs: [[UInt8]]
    let database: [UInt8]

    init() throws {
      (signed, leaves, notes, proofs, database) = try withFuzzFolder { folder in
        let log = folder.appending("log")
        try make(log)
        var reader = try LogReader.open(folder: log)
        let sizes = try reader.signedSizes()
        var notes: [[UInt8]] = []
        for size in sizes { notes.append(try reader.signedCheckpoint(at: size) ?? []) }
        var leaves: [[UInt8]] = []
        var proofs: [[UInt8]] = []
        for entry in 0..<reader.checkpoint.size {
          leaves.append(try reader.leaf(entry))
          proofs.append(try reader.proof(of: entry).bytes)
        }
        let signed = try notes.map { try Checkpoint(text: SignedNote($0).text) }
        return (signed, leaves, notes, proofs, try readFile(log.appending("log.db")))
      }
    }
  }

  private static func make(_ folder: FilePath) throws {
    let name = { (text: String) throws -> Identifier in
      guard let name = Identifier(text) else { throw BrokenPromise(text) }
      return name
    }
    let ticks = Atomic<Int>(0)
    let clock = LogClock(
      now: {
        Timestamp(
          microseconds: 1_795_512_000_000_000
            + Int64(ticks.add(1, ordering: .relaxed).newValue) * 1000)
      },
      monotonicMicroseconds: { ticks.load(ordering: .relaxed) }, boot: try name("fuzz-boot"),
      randomTen: { [UInt8](repeating: 3, count: 10) })
    let digest = sha256([])
    var log = try AuditLog.open(
      folder: folder, key: signer.get(), origin: name("medai.test/audit"),
      actor: LogActor(role: name("fuzz"), token: digest),
      tool: LogTool(version: name("0"), sha256: digest), clock: clock)
    let begin = try log.append(
      Event.deidRunBegin(
        policy: name("kr-research"), policyDigest: digest, settings: digest,
        resources: [(name("names"), digest)], keyID: name("k-1"), keyLifetime: .site,
        input: .files, egress: .none, numerics: 0, files: 1)
    ).entry
    _ = try log.append(
      Event.deidFile(
        begin: begin, ordinal: 0, input: digest, inputBytes: 10, output: digest, outputBytes: 9,
        records: 1, withheld: 0, counts: [(name("NAME"), 3)], format: name("ndjson"),
        encoding: name("utf-8")))
    _ = try log.keepCheckpoint()
    _ = try log.append([
      Event.deidRunEnd(
        begin: begin, outcome: .completed, exitStatus: 0, files: 1, records: 1, withheld: 0,
        inputBytes: 10, outputBytes: 9, counts: [(name("NAME"), 3)], manifest: digest),
      Event.redact(entries: [2], reason: .subject, basis: name("PIPA-36")),
      Event.checkpointAnchor(
        size: 3, root: digest, kind: .witness, evidence: digest, by: name("desk"),
        at: Timestamp(microseconds: 1_795_512_000_000_000)),
      Event.examValidate(
        results: digest, n: 4, correct: 3, invalid: 0, score: DecimalText(0.7500, decimals: 4),
        wilson: [DecimalText(0.3006, decimals: 4), DecimalText(0.9544, decimals: 4)],
        clopperPearson: [DecimalText(0.1941, decimals: 4), DecimalText(0.9937, decimals: 4)],
        exitStatus: 0,
        claim: DecimalText(0.862, decimals: 3), claimVerdict: .supported, rule: name("kmle"),
        ruleDigest: digest, ruleVerdict: .pass),
    ])
    try log.close()
  }
}
