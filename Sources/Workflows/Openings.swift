internal import Auditing
internal import Compliance
internal import Cryptography
internal import MedaiCore
internal import SystemPackage

/// The key of one answer's commitments, as `generate` keeps it beside its outputs.
struct Opening {
  let id: String
  let entry: Int
  let key: [UInt8]
}

/// Where the keys that open an output file's commitments lie.
func openings(beside outputs: FilePath) -> FilePath { FilePath(outputs.string + ".openings") }

/// Opens the commitments of a log's answers with the keys beside an output file.
///
/// - Returns: For each output whose commitment holds, its digest and entry; `nil` where the keys
///   are not at hand. A key that opens nothing is passed over: the check then finds the output
///   without its entry.
func openedOutputs(
  _ outputs: [OutputRecord], _ path: FilePath, _ trail: TrailReading
) throws -> [Digest: [Int]]? {
  guard fileExists(path) else { return nil }
  var opened: [Digest: [Int]] = [:]
  let openings = try readOpenings(path)
  for output in outputs {
    for opening in openings where sameBytes(opening.id, output.id) {
      guard trail.entries.indices.contains(opening.entry) else { continue }
      let entry = trail.entries[opening.entry]
      let code = KeyedHash(key: opening.key).code(
        purpose: "output", [Array(output.output.utf8)])
      if entry.type.text == "generate.answer", entry.digest("output") == code {
        opened[output.outputSHA256, default: []].append(opening.entry)
      }
    }
  }
  return opened
}

private func readOpenings(_ path: FilePath) throws -> [Opening] {
  var openings: [Opening] = []
  for line in try readSecretFile(path, maxBytes: 256 << 20).split(separator: 0x0A) {
    let value = try parseJSON(Array(line))
    guard value["kind"]?.string == "answer", let id = value["id"]?.string,
      let entry = value["entry"]?.int, let key = value["key"]?.string.flatMap({ bytes(fromHex: $0) })
    else { continue }
    openings.append(Opening(id: id, entry: entry, key: key))
  }
  return openings
}
