internal import Auditing
internal import Cryptography
internal import Inference
internal import MedaiCore

/// An answer's texts with the key that proves them.
struct AnswerMaterial {
  let seal: AnswerSeal
  /// Prompt and context as the model got them.
  let input: GenerationInput
  /// The system message, where the run has one.
  let system: String?
  /// Whether the whole output record is known; a vault keeps only what was committed to.
  let isWholeRecord: Bool
}

/// What the recomputation of a part gave.
struct ReplayedPart {
  /// Fields that came out otherwise.
  let differing: [String]
  let figures: PartFigures
}

extension Replayer {
  /// Lets the model answer again and compares everything the answer's entry claims.
  ///
  /// What the model gets is the prompt as the output record has it: de-identified, where the run
  /// says so. The step before, from the source to that prompt, is not computed again.
  ///
  /// - Throws: `ReplayCause`; errors of the model.
  func replayAnswer(_ entry: LogEntry, of begin: LogEntry) throws -> ReplayedPart {
    try requireEngine(begin)
    if entry.text("stop") == "error" || entry.text("stop") == "withheld" {
      throw ReplayCause.runFailed
    }
    let form = try generationForm(provenBy: begin)
    let material = try material(of: entry, begin)
    let model = try model(of: begin, quantizing: form.quantizing)
    let prompt = try form.render(material.input, system: material.system, model: model)
    let generation = try form.answer(prompt, by: model, batch: batch)
    let text = String(decoding: generation.text, as: UTF8.self)
    var fields = FieldComparison(with: entry)
    fields.digest("output", material.seal.output(text))
    fields.digest("logits", material.seal.logits(generation.logitsDigest))
    fields.digest("logits_chain", generation.logitsDigest)
    fields.count("prompt_tokens", generation.promptTokens)
    fields.count("output_tokens", generation.tokens.count)
    fields.text("stop", generation.stop.rawValue)
    let line = form.record(material.input, text, generation, by: model).encoded() + [0x0A]
    return ReplayedPart(
      differing: fields.differing,
      figures: .answer(
        promptTokens: generation.promptTokens, outputTokens: generation.tokens.count,
        line: material.isWholeRecord ? line : nil))
  }

  /// What the commitments of an answer and of its run open to: files first, which also tell the
  /// rest of the output record, then the vault.
  private func material(of entry: LogEntry, _ begin: LogEntry) throws -> AnswerMaterial {
    do throws(ReplayCause) {
      return try materialFromFiles(entry, begin)
    } catch {
      guard let vault, let found = try vault.answer(entry, begin) else { throw error }
      return found
    }
  }

  private func materialFromFiles(
    _ entry: LogEntry, _ begin: LogEntry
  ) throws(ReplayCause) -> AnswerMaterial {
    let keys = openings.answers[entry.sequence] ?? []
    for key in keys {
      let seal = AnswerSeal(key: key.key)
      let found = records.first(id: key.id, besideOpenings: key.file) { record in
        guard let input = GenerationInput(record: record) else { return false }
        return seal.prompt(input.prompt) == entry.digest("prompt")
          && seal.context(input.context) == entry.digest("context")
      }
      guard let input = found.flatMap({ GenerationInput(record: $0) }) else { continue }
      return AnswerMaterial(
        seal: seal, input: input, system: try system(of: begin, besideOpenings: key.file),
        isWholeRecord: true)
    }
    throw keys.isEmpty ? .openingMissing : .inputMissing
  }

  /// The system message of a run, by its commitment; `nil` where it has none.
  private func system(
    of begin: LogEntry, besideOpenings place: Int
  ) throws(ReplayCause) -> String? {
    guard let commitment = begin.digest("system") else { return nil }
    guard let opening = openings.inputs[place] else { throw .openingMissing }
    let hash = KeyedHash(key: opening.key)
    func opens(_ text: String) -> Bool {
      systemCommitment(to: text, under: hash) == commitment
    }
    if let system = opening.system, opens(system) { return system }
    // It may have been given on the command line and kept in a file of its own since.
    for file in inputs.files where file.bytes <= Self.maxSystemBytes {
      guard let bytes = try? readFile(file.path, maxBytes: Self.maxSystemBytes),
        let text = String(validating: bytes, as: UTF8.self)
      else { continue }
      if opens(text) { return text }
      if text.utf8.last == 0x0A, case let line = String(text.dropLast()), opens(line) {
        return line
      }
    }
    throw .inputMissing
  }

  private static let maxSystemBytes = 1 << 16
}

extension GenerationInput {
  /// The input of an output record, as `generate` writes it.
  fileprivate init?(record: JSONValue) {
    guard let id = record["id"]?.string, let prompt = record["prompt"]?.string else { return nil }
    self.init(id: id, prompt: prompt)
    for element in record["context"]?.array ?? [] {
      guard let text = element.string else { return nil }
      context.append(text)
    }
    language = record["language"]?.string
    intendedUse = record["intended_use"]?.string
  }
}

/// The commitment to a system message, as a begin entry has it.
func systemCommitment(to text: String, under hash: KeyedHash) -> Digest {
  hash.code(purpose: "system", [Array(text.utf8)])
}
