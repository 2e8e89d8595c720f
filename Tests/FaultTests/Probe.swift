import Auditing
import Cryptography
import MedaiCore
import SystemPackage
import Testing

/// What a run of the probe told before it ended.
struct ProbeRun {
  /// Entries whose append returned, with the digests of their leaves.
  var acknowledged: [Int: String] = [:]
  /// Errors, in order.
  var errors: [String] = []
  /// The log's size when it opened; `nil` where it did not.
  var openedAt: Int?
  /// Calls of the kind that was to fail.
  var calls = 0
  /// Whether the chosen call failed.
  var happened = false

  /// Reads what the probe wrote; its last line may be torn.
  init(_ output: FilePath) throws {
    let bytes = try readFile(output)
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      switch words.first {
      case "ack" where words.count == 3 && words[2].utf8.count == 64:
        acknowledged[try #require(Int(words[1]))] = words[2]
      case "error": errors.append(words.dropFirst().joined(separator: " "))
      case "open": openedAt = words.count == 2 ? Int(words[1]) : nil
      case "calls" where words.count == 3:
        calls = Int(words[1]) ?? 0
        happened = words[2] == "1"
      default: break
      }
    }
  }
}

/// Runs the probe to its end.
func probe(_ folder: FilePath, _ options: String...) throws -> ProbeRun {
  let child = try Child(
    Child.program("AuditProbe"), [folder.string] + options,
    streams: FilePath(folder.string + ".probe"))
  let output = child.output
  let status = try child.wait()
  #expect(status == 0)
  return try ProbeRun(output)
}

/// The name and key of every probe's log.
enum ProbeLog {
  static func key() throws -> SigningKey {
    try SigningKey(seed: [UInt8](repeating: 7, count: 32))
  }

  static func open(_ folder: FilePath) throws -> AuditLog {
    let role = try #require(Identifier("harness"))
    return try AuditLog.open(
      folder: folder, key: key(), origin: #require(Identifier("medai.test/audit")),
      actor: LogActor(role: role), tool: LogTool(version: role, sha256: sha256([])),
      clock: .system())
  }
}

/// Expects that a log verifies, holds every entry that was acknowledged byte for byte, and grows.
///
/// - Parameters:
///   - folder: The log after whatever happened to it.
///   - acknowledged: Entries with the digests of their leaves.
///   - cause: What happened, for the message.
///   - place: Where the caller stands.
/// - Returns: The log's size after one more append.
/// - Throws: Whatever keeps the log from being read or appended to.
@discardableResult
func expectWhole(
  _ folder: FilePath, _ acknowledged: [Int: String], _ cause: @autoclosure () -> String,
  at place: SourceLocation = #_sourceLocation
) throws -> Int {
  let verifier = try VerifierKey(name: "medai.test/audit", publicKey: ProbeLog.key().publicKey)
  // A process that was killed before its first entry was durable leaves no log at all.
  if acknowledged.isEmpty, !fileExists(folder.appending("log.db")) {
    #expect(!fileExists(folder.appending("checkpoint")), sourceLocation: place)
  }
  if !acknowledged.isEmpty {
    let found = try verifyLog(folder: folder, trustedKeys: [verifier])
    #expect(
      found.verdict == .intact && found.problems.isEmpty, "\(cause()): \(found.problems)",
      sourceLocation: place)
    var reader = try LogReader.open(folder: folder)
    for (entry, digest) in acknowledged {
      let leaf = try reader.leaf(entry)
      #expect(leafHash(leaf).hex == digest, "\(cause()), entry \(entry)", sourceLocation: place)
    }
  }
  var log = try ProbeLog.open(folder)
  let before = log.checkpoint.size
  #expect(before > (acknowledged.keys.max() ?? -1), "\(cause())", sourceLocation: place)
  let role = try #require(Identifier("harness"))
  let next = try log.append(Event.redact(entries: [0], reason: .error, basis: role))
  #expect(next.entry == before, "\(cause())", sourceLocation: place)
  try log.close()
  let after = try verifyLog(folder: folder, trustedKeys: [verifier])
  #expect(
    after.verdict == .intact && after.entries == before + 1, "\(cause()): \(after.problems)",
    sourceLocation: place)
  return after.entries
}
