import Auditing
import Cryptography
import Glibc
import MedaiCore
import SystemPackage

/// The log that is measured.
struct LogBench {
  let folder: FilePath
  /// A leaf of the usual kind.
  let leaf: [UInt8]
  private let key: SigningKey
  private let origin: Identifier
  private let word: Identifier
  private let digest = sha256([])

  /// How a verification went.
  struct Outcome {
    let verdict: String
    let seconds: Double
    /// Peak of resident memory, as the kernel prints it.
    let peak: String
  }

  init(folder: FilePath) throws {
    guard let origin = Identifier("medai.local/benchmark"), let word = Identifier("benchmark")
    else { fatalError("identifiers") }
    self.folder = folder
    self.origin = origin
    self.word = word
    key = try SigningKey.generate()
    leaf = try Self.makeLeaf(beside: folder, key, origin, word)
  }

  private static func makeLeaf(
    beside folder: FilePath, _ key: SigningKey, _ origin: Identifier, _ word: Identifier
  ) throws -> [UInt8] {
    let sample = FilePath(folder.string + ".sample")
    let digest = sha256([])
    var log = try AuditLog.open(
      folder: sample, key: key, origin: origin, actor: LogActor(role: word),
      tool: LogTool(version: word, sha256: digest), clock: .system())
    let begin = try log.append(deidBegin(word, digest)).entry
    let entry = try log.append(deidFile(0, begin: begin, word, digest)).entry
    try log.close()
    var reader = try LogReader.open(folder: sample)
    return try reader.leaf(entry)
  }

  func open() throws -> AuditLog {
    try AuditLog.open(
      folder: folder, key: key, origin: origin, actor: LogActor(role: word),
      tool: LogTool(version: word, sha256: digest), clock: .system())
  }

  func begin() -> Event { deidBegin(word, digest) }

  func file(_ ordinal: Int, begin: Int) -> Event { deidFile(ordinal, begin: begin, word, digest) }

  /// Appends entries in one commit, as runs of a begin, 98 files and an end.
  func append(_ count: Int, to log: inout AuditLog, _ ordinal: inout Int) throws -> Int {
    var events: [Event] = []
    events.reserveCapacity(count)
    let first = log.checkpoint.size
    var begin = first
    while events.count < count {
      switch events.count % 100 {
      case 0:
        begin = first + events.count
        events.append(deidBegin(word, digest))
      case 99:
        events.append(
          .deidRunEnd(
            begin: begin, outcome: .completed, exitStatus: 0, files: 98, records: 98, withheld: 0,
            inputBytes: 98_000, outputBytes: 98_000, counts: [(word, 3)], manifest: digest))
      default:
        events.append(deidFile(ordinal, begin: begin, word, digest))
        ordinal += 1
      }
    }
    return try log.append(events).count
  }

  func verify(threads: Int? = nil) throws -> Outcome {
    let keys = [try VerifierKey(name: origin.text, publicKey: key.publicKey)]
    resetPeakMemory()
    let start = seconds()
    let result = try verifyLog(folder: folder, trustedKeys: keys, threads: threads)
    return Outcome(
      verdict: result.verdict.rawValue, seconds: seconds() - start, peak: peakMemory())
  }

  /// Proof files of entries all over the log.
  func prove(from size: Int) throws -> (median: Double, slow: Double) {
    var times: [Double] = []
    for step in 0..<1000 {
      let start = seconds()
      // As the command does it: the log is opened for each.
      var reader = try LogReader.open(folder: folder)
      _ = try reader.proof(of: step * (size / 1000)).bytes
      times.append(seconds() - start)
    }
    times.sort()
    return (times[500], times[990])
  }

  func databaseBytes() throws -> Double {
    Double(try fileStatus(folder.appending("log.db")).bytes)
  }
}

private func deidBegin(_ word: Identifier, _ digest: Digest) -> Event {
  .deidRunBegin(
    policy: word, policyDigest: digest, settings: digest, resources: [], keyID: word,
    keyLifetime: .run, input: .files, egress: .none, numerics: 0)
}

private func deidFile(
  _ ordinal: Int, begin: Int, _ word: Identifier, _ digest: Digest
) -> Event {
  .deidFile(
    begin: begin, ordinal: ordinal, input: digest, inputBytes: 1000, output: digest,
    outputBytes: 1000, records: 1, withheld: 0, counts: [(word, 3)], format: word, encoding: word)
}

/// Lets the kernel count the peak of this process's memory anew.
private func resetPeakMemory() {
  let file = try? FileDescriptor.open(FilePath("/proc/self/clear_refs"), .writeOnly)
  _ = try? file?.writeAll(Array("5".utf8))
  try? file?.close()
}

/// The peak of this process's resident memory since then.
private func peakMemory() -> String {
  let status = (try? readFile("/proc/self/status", maxBytes: 1 << 16)) ?? []
  for line in status.split(separator: 0x0A) where line.starts(with: "VmHWM:".utf8) {
    let text = String(decoding: line.dropFirst(6), as: UTF8.self)
    return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
  return "unknown"
}
