internal import Auditing
internal import Cryptography
internal import Glibc
internal import MedaiCore
internal import SystemPackage

/// The largest file of openings that is read.
let openingsLimit = 256 << 20

/// Rewrites a file of openings without the lines of entries whose content is erased, then
/// overwrites the bytes of the old file, as far as the file system does so in place.
///
/// - Parameters:
///   - entries: The entries.
///   - path: An `.openings` file of `generate` or `openings.ndjson` of `deid`.
///   - log: Tells which commitments are those entries'.
/// - Returns: Count of lines that were removed.
/// - Throws: `KeyError` where others may read it; `FileError`; then the old file is untouched.
func removeOpenings(
  of entries: Set<Int>, from path: FilePath, _ log: inout LogReader
) throws -> Int {
  let text = try readSecretFile(path, maxBytes: openingsLimit)
  var commitments = Set<[UInt8]>()
  for entry in entries.sorted() {
    let leaf = try log.entry(entry)
    for field in ["input", "inputs", "patients"] {
      if let digest = leaf.digest(field) { commitments.insert(Array(digest.hex.utf8)) }
    }
  }
  var kept: [UInt8] = []
  var removed = 0
  for line in text.split(separator: 0x0A) {
    let value = try? parseJSON(Array(line))
    let commitment = value?["commitment"]?.string.map { Array($0.utf8) }
    if value?["entry"]?.int.map(entries.contains) == true
      || commitment.map(commitments.contains) == true
    {
      removed += 1
    } else {
      kept += line + [0x0A]
    }
  }
  if removed == 0 { return 0 }
  let old = try FileDescriptor.open(path, .writeOnly, options: [.closeOnExec, .noFollow])
  defer { try? old.close() }
  try writeDurably(kept, to: path, permissions: .ownerReadWrite)
  // The name leads to the new file by now; what the descriptor holds is the old one.
  try old.writeAll([UInt8](repeating: 0, count: text.count))
  if fsync(old.rawValue) != 0 { throw FileError(.sync, path, Errno(rawValue: errno)) }
  return removed
}
