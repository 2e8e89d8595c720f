internal import Auditing
internal import Cryptography
internal import Glibc
internal import MedaiCore
internal import SystemPackage

/// The largest file of openings that is read.
let openingsLimit = 256 << 20

/// What became of a file of openings.
struct RemovedOpenings {
  let file: FilePath
  /// Lines that were removed.
  let lines: Int
  /// Lines that name one of the entries and open nothing of it, or nothing that can be told without
  /// the content: they stay.
  let unmatched: Int
}

/// Rewrites a file of openings without the lines of entries whose content is erased, then
/// overwrites the bytes of the old file, as far as the file system does so in place.
///
/// - Parameters:
///   - entries: The entries.
///   - path: An `.openings` file of `generate` or `openings.ndjson` of `deid`.
///   - log: Tells which commitments are those entries'. A line goes where its key gives one of them:
///     the number alone may be another log's.
/// - Returns: What was removed and what stayed.
/// - Throws: `KeyError` where others may read it; `FileError`; then the old file is untouched.
func removeOpenings(
  of entries: Set<Int>, from path: FilePath, _ log: inout LogReader
) throws -> RemovedOpenings {
  let text = try readSecretFile(path, maxBytes: openingsLimit)
  var leaves: [Int: LogEntry] = [:]
  var commitments = Set<[UInt8]>()
  for entry in entries.sorted() {
    let leaf = try log.entry(entry)
    leaves[entry] = leaf
    for field in ["input", "inputs", "patients"] {
      if let digest = leaf.digest(field) { commitments.insert(Array(digest.hex.utf8)) }
    }
  }
  let records = OpenedRecords(beside: path)
  var kept: [UInt8] = []
  var (removed, unmatched) = (0, 0)
  for line in text.split(separator: 0x0A) {
    let value = try? parseJSON(Array(line))
    let commitment = value?["commitment"]?.string.map { Array($0.utf8) }
    let named = commitment == nil ? value?["entry"]?.int.flatMap { leaves[$0] } : nil
    if commitment.map(commitments.contains) == true
      || named.map({ opens($0, value, records) }) == true
    {
      removed += 1
    } else {
      if named != nil { unmatched += 1 }
      kept += line + [0x0A]
    }
  }
  if removed == 0 { return RemovedOpenings(file: path, lines: 0, unmatched: unmatched) }
  let old = try FileDescriptor.open(path, .writeOnly, options: [.closeOnExec, .noFollow])
  defer { try? old.close() }
  try writeDurably(kept, to: path, permissions: .ownerReadWrite)
  // The name leads to the new file by now; what the descriptor holds is the old one.
  try old.writeAll([UInt8](repeating: 0, count: text.count))
  if fsync(old.rawValue) != 0 { throw FileError(.sync, path, Errno(rawValue: errno)) }
  return RemovedOpenings(file: path, lines: removed, unmatched: unmatched)
}

/// Whether the key of a line gives a commitment of the entry that the line names.
private func opens(_ entry: LogEntry, _ line: JSONValue?, _ records: OpenedRecords) -> Bool {
  guard let key = line?["key"]?.string.flatMap({ bytes(fromHex: $0) }) else { return false }
  if let system = line?["system"]?.string, let commitment = entry.digest("system") {
    return systemCommitment(to: system, under: KeyedHash(key: key)) == commitment
  }
  let seal = AnswerSeal(key: key)
  if let chain = line?["logits_chain"]?.string.flatMap({ Digest(hex: $0) }),
    let commitment = entry.digest("logits")
  {
    return seal.logits(chain) == commitment
  }
  guard let id = line?["id"]?.string, let commitment = entry.digest("prompt") else { return false }
  return records.prompts(of: Array(id.utf8)).contains { seal.prompt($0) == commitment }
}

/// The prompts of the output file that a file of openings lies beside.
private final class OpenedRecords {
  private let path: FilePath
  private lazy var prompts: [[UInt8]: [String]] = {
    var prompts: [[UInt8]: [String]] = [:]
    let ending = ".openings"
    guard path.string.hasSuffix(ending),
      let bytes = try? readFile(
        FilePath(String(path.string.dropLast(ending.utf8.count))), maxBytes: openingsLimit)
    else { return prompts }
    for line in bytes.split(separator: 0x0A) {
      guard let value = try? parseJSON(Array(line)), let id = value["id"]?.string,
        let prompt = value["prompt"]?.string
      else { continue }
      prompts[Array(id.utf8), default: []].append(prompt)
    }
    return prompts
  }()

  init(beside path: FilePath) { self.path = path }

  func prompts(of id: [UInt8]) -> [String] { prompts[id] ?? [] }
}
