// Appends, verifies and proves, and beside each figure what the machine could do at most: syncs,
// digests and signatures a second. Ratios compare between machines; seconds do not.

import Auditing
import Cryptography
import Glibc
import MedaiCore
import SystemPackage

func seconds() -> Double {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Times a body and gives the rate of `count` things.
func rate(of count: Int, _ body: () throws -> Void) rethrows -> Double {
  let start = seconds()
  try body()
  return Double(count) / (seconds() - start)
}

func say(_ name: String, _ value: Double, _ unit: String, _ ratio: String = "") {
  let padding = String(repeating: " ", count: max(1, 34 - name.utf8.count))
  print("\(name)\(padding)\(fixedPoint(value, decimals: 2)) \(unit)\(ratio)")
}

func removeLog(_ folder: FilePath) throws {
  for name in try folderEntries(folder) { try removeFile(folder.appending(name)) }
}

let base = FilePath(CommandLine.arguments.dropFirst().first ?? "/tmp")
let total = CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) } ?? 100_000
let folder = base.appending("medai-audit-benchmark.\(getpid())")
try createFolder(folder)

// What the machine can do.
let descriptor = try FileDescriptor.open(
  folder.appending("sync"), .writeOnly, options: [.create, .truncate],
  permissions: .ownerReadWrite)
let block = [UInt8](repeating: 1, count: 4096)
let syncs = try rate(of: 500) {
  for _ in 0..<500 {
    _ = try descriptor.writeAll(block)
    _ = fsync(descriptor.rawValue)
  }
}
try descriptor.close()
var hasher = PartHasher()
let leafSized = [UInt8](repeating: 2, count: 900)
let digests = rate(of: 200_000) {
  for _ in 0..<200_000 { _ = hasher.digest([0], leafSized) }
}
let key = try SigningKey.generate()
let signatures = rate(of: 5000) {
  for _ in 0..<5000 { _ = key.signature(of: leafSized) }
}
say("machine: write 4 KiB and fsync", syncs, "/s")
say("machine: SHA-256 of 900 bytes", digests, "/s")
say("machine: Ed25519 signatures", signatures, "/s")

guard let origin = Identifier("medai.local/benchmark"), let role = Identifier("benchmark"),
  let version = Identifier("0"), let type = Identifier("NAME"), let format = Identifier("ndjson")
else { fatalError("identifiers") }
let digest = sha256([])
func open() throws -> AuditLog {
  try AuditLog.open(
    folder: folder, key: key, origin: origin, actor: LogActor(role: role),
    tool: LogTool(version: version, sha256: digest), clock: .system())
}
func file(_ ordinal: Int, begin: Int) -> Event {
  .deidFile(
    begin: begin, ordinal: ordinal, input: digest, inputBytes: 1000, output: digest,
    outputBytes: 1000, records: 1, withheld: 0, counts: [(type, 3)], format: format,
    encoding: format)
}
func begin() -> Event {
  .deidRunBegin(
    policy: role, policyDigest: digest, settings: digest, resources: [], keyID: role,
    keyLifetime: .run, input: .files, egress: .none, numerics: 0)
}

/// Fills a log; returns its size.
func measureAppends() throws -> Int {
  try removeLog(folder)
  var log = try open()
  let run = try log.append(begin()).entry
  var slowest: [Double] = []
  let singles = try rate(of: 2000) {
    for ordinal in 0..<2000 {
      let start = seconds()
      _ = try log.append(file(ordinal, begin: run))
      slowest.append(seconds() - start)
    }
  }
  slowest.sort()
  say(
    "append, one an fsync", singles, "/s",
    "   \(fixedPoint(singles / syncs, decimals: 3)) of the machine's syncs")
  say("append, one: 99 of 100 within", slowest[1980] * 1000, "ms")
  let batched = try rate(of: total) {
    for start in stride(from: 0, to: total, by: 100) {
      _ = try log.append((start..<min(total, start + 100)).map { file($0, begin: run) })
    }
  }
  say(
    "append, 100 an fsync", batched, "/s",
    "   \(fixedPoint(batched / digests, decimals: 3)) of the machine's digests")
  let size = log.checkpoint.size
  try log.close()
  return size
}

let size = try measureAppends()
let keys = [try VerifierKey(name: origin.text, publicKey: key.publicKey)]
var verdict = LogVerdict.tampered
let verified = try rate(of: size) {
  verdict = try verifyLog(folder: folder, trustedKeys: keys).verdict
}
say(
  "verify, entries", verified, "/s (\(verdict.rawValue))",
  "   \(fixedPoint(verified / digests, decimals: 3)) of the machine's digests")
var reader = try LogReader.open(folder: folder)
let proofs = try rate(of: 2000) {
  for entry in 0..<2000 { _ = try reader.inclusionProof(of: entry * size / 2000, at: size) }
}
say("proof of an entry", 1000 / proofs, "ms")
say("leaf", Double(try reader.leaf(size - 1).count), "bytes")
say(
  "database", Double(try fileStatus(folder.appending("log.db")).bytes) / Double(size),
  "bytes an entry")
try removeLog(folder)
_ = unsafe folder.withPlatformString { unsafe rmdir($0) }
