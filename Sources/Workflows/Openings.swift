internal import Auditing
internal import Compliance
internal import Cryptography
internal import MedaiCore
internal import SystemPackage

/// The key of one answer's commitments, as `generate` keeps it beside its outputs.
struct Opening {
  let entry: Int
  let key: [UInt8]
}

/// The commitments of one answer's entry, under the answer's own key.
///
/// Over the record as it is released: with the run's template digest, prompt and context give the
/// text that the model got.
struct AnswerSeal {
  private let hash: KeyedHash

  init(key: [UInt8]) { hash = KeyedHash(key: key) }

  func prompt(_ text: String) -> Digest { hash.code(purpose: "prompt", [Array(text.utf8)]) }

  func context(_ texts: [String]) -> Digest? {
    texts.isEmpty ? nil : hash.code(purpose: "context", texts.map { Array($0.utf8) })
  }

  func output(_ text: String) -> Digest { hash.code(purpose: "output", [Array(text.utf8)]) }

  func logits(_ chain: Digest) -> Digest { hash.code(purpose: "logits", [chain.bytes]) }
}

/// Where the keys that open an output file's commitments lie.
func openings(beside outputs: FilePath) -> FilePath { FilePath(outputs.string + ".openings") }

/// Opens the commitments of a log's answers with the keys beside an output file.
///
/// - Returns: For the place of each record whose prompt, context, answer and model an entry holds,
///   that entry; `nil` where the keys are not at hand. What opens nothing is passed over: the
///   check then finds the record without its entry.
func openedOutputs(
  _ outputs: [OutputRecord], _ path: FilePath, _ trail: TrailReading
) throws -> [Int: Int]? {
  guard fileExists(path) else { return nil }
  let openings = try readOpenings(path)
  var opened: [Int: Int] = [:]
  var taken: Set<Int> = []
  for (place, output) in outputs.enumerated() {
    for opening in openings[Array(output.id.utf8)] ?? []
    where !taken.contains(opening.entry) && holds(opening, output, trail) {
      opened[place] = opening.entry
      taken.insert(opening.entry)
      break
    }
  }
  return opened
}

private func holds(_ opening: Opening, _ output: OutputRecord, _ trail: TrailReading) -> Bool {
  guard trail.entries.indices.contains(opening.entry) else { return false }
  let entry = trail.entries[opening.entry]
  guard entry.type.text == "generate.answer", let begin = entry.pair,
    trail.entries.indices.contains(begin)
  else { return false }
  let seal = AnswerSeal(key: opening.key)
  return entry.digest("prompt") == seal.prompt(output.prompt)
    && entry.digest("context") == seal.context(output.context)
    && entry.digest("output") == seal.output(output.output)
    && trail.entries[begin].digest("model_sha256")
      == output.model?.sha256.flatMap { Digest(hex: $0) }
}

/// The keys of a file by the bytes of the record's id.
private func readOpenings(_ path: FilePath) throws -> [[UInt8]: [Opening]] {
  var openings: [[UInt8]: [Opening]] = [:]
  for line in try readSecretFile(path, maxBytes: 256 << 20).split(separator: 0x0A) {
    let value = try parseJSON(Array(line))
    guard value["kind"]?.string == "answer", let id = value["id"]?.string,
      let entry = value["entry"]?.int,
      let key = value["key"]?.string.flatMap({ bytes(fromHex: $0) })
    else { continue }
    openings[Array(id.utf8), default: []].append(Opening(entry: entry, key: key))
  }
  return openings
}
