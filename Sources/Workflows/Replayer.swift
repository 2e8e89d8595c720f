internal import Auditing
internal import Cryptography
internal import Examination
internal import Inference
internal import MedaiCore
internal import Presentation
internal import Settings
internal import SystemPackage

/// Computes entries again: finds what they speak of, runs it in memory, compares.
///
/// Nothing is written, and nothing that is found is spoken of by name.
final class Replayer {
  let context: JobContext
  let index: ReplayIndex
  let inputs: ReplayFiles
  let openings: ReplayOpenings
  let records: ReplayRecords
  let vault: ReplayVault?
  let isa: ISAChoice
  let batch: Int
  let threads: Int
  private let models: ReplayFiles
  private var reader: LogReader
  private let tool: Digest
  /// The model that was asked for last; another one takes its place.
  private(set) var opened: Model?
  /// The de-identification run that was asked for last.
  var deidentification: (begin: Int, replay: Result<DeidentificationReplay, ReplayCause>)?
  /// Told of each part of a unit that is done.
  var progress: (Int) -> Void = { _ in }

  /// A replayer over a log that was verified.
  init(
    _ request: ReplayRequest, reader: consuming LogReader, index: ReplayIndex,
    context: JobContext
  ) throws {
    self.context = context
    self.index = index
    inputs = try ReplayFiles(request.inputs)
    openings = try ReplayOpenings(among: inputs)
    records = ReplayRecords(among: inputs)
    var reader = reader
    vault = try context.path(.vault).map { path in
      guard let key = context.path(.vaultKey) else {
        throw vaultFailure(.configuration, .keyNotNamed)
      }
      return try ReplayVault(path, key: key, log: &reader)
    }
    // The model that is set may be elsewhere by now: then it is only one that is not found.
    models = try ReplayFiles(
      request.models
        + [context.path(.model)].compactMap(\.self).filter { fileExists($0) })
    isa = try instructionSet(request.isa)
    batch = request.batch ?? 128
    threads = try context.count(.threads, limit: 256)
    tool = try logTool().sha256
    self.reader = reader
  }

  /// An entry of the log.
  func entry(_ number: Int) throws -> LogEntry { try reader.entry(number) }

  /// Computes a unit again.
  ///
  /// - Returns: One result for each entry that claims something, in the order of the log.
  /// - Throws: What stops the command: an input or a model that cannot be read at all, too little
  ///   memory. Whatever is only missing is a result.
  func replay(_ unit: ReplayUnit) async throws -> [ReplayResult] {
    switch unit {
    case .nothing(let number):
      return [try result(entry(number), .cannot(.notReplayable))]
    case .part(let number):
      let part = try entry(number)
      let begin = try entry(part.pair ?? 0)
      return [try await replay(part, of: begin).result]
    case .run(let number):
      return try await replay(run: entry(number))
    }
  }

  /// What one part gave.
  struct Part {
    let result: ReplayResult
    /// What its entry would say; `nil` where it could not be computed.
    let figures: PartFigures?
  }

  private func replay(run begin: LogEntry) async throws -> [ReplayResult] {
    guard let run = index.runs[begin.sequence] else { return [] }
    let totals = RunTotals()
    var results: [ReplayResult] = []
    for number in run.parts {
      let part = try await replay(entry(number), of: begin)
      results.append(part.result)
      totals.add(part)
      progress(1)
    }
    // A begin without an end is a crash: the run claims nothing as a whole.
    if run.ends.isEmpty { results.append(try result(begin, .cannot(.runFailed))) }
    for number in run.ends {
      let end = try entry(number)
      let outcome = try await attempt { () throws in
        if index.erased.contains(number) { throw ReplayCause.erased }
        guard end.text("outcome") == "completed" else { throw ReplayCause.runFailed }
        return switch run.kind {
        case .exam: try examDifferences(begin, end)
        case .generation: try totals.generationDifferences(end)
        case .deidentification: try totals.deidentificationDifferences(end)
        }
      }
      results.append(try result(end, outcome))
    }
    return results
  }

  private func replay(_ part: LogEntry, of begin: LogEntry) async throws -> Part {
    var figures: PartFigures?
    let outcome = try await attempt { () throws in
      if index.erased.contains(part.sequence) || index.erased.contains(begin.sequence) {
        throw ReplayCause.erased
      }
      let found =
        part.type.text == "deid.file"
        ? try await replayFile(part, of: begin) : try replayAnswer(part, of: begin)
      figures = found.figures
      return found.differing
    }
    return Part(result: try result(part, outcome), figures: figures)
  }

  /// Turns what a recomputation throws into its outcome.
  ///
  /// An error that follows from the input alone (a prompt longer than the model's context, items
  /// that cannot be asked) says that the recorded run cannot have come to its end either; what
  /// depends on this machine stops the command.
  private func attempt(_ body: () async throws -> [String]) async throws -> ReplayOutcome {
    do {
      return ReplayOutcome(differing: try await body())
    } catch {
      switch error {
      case let cause as ReplayCause: return .cannot(cause)
      case SessionError.outOfMemory, SessionError.floatEnvironment: throw error
      case is SessionError, is TemplateError, is ExamFileError, is ExamRunError:
        return .cannot(.runFailed)
      default: throw error
      }
    }
  }

  private func result(_ entry: LogEntry, _ outcome: ReplayOutcome) throws -> ReplayResult {
    ReplayResult(
      entry: entry.sequence, type: entry.type.text, run: entry.pair, outcome: outcome,
      isSameTool: entry.tool.sha256 == tool)
  }

  /// Refuses what this engine did not compute.
  func requireEngine(_ begin: LogEntry) throws(ReplayCause) {
    guard begin.text("engine") == "native" else { throw .endpoint }
    guard begin.count("numerics") == numerics else { throw .otherNumerics }
  }

  /// The model that a begin entry names by digest, opened as the run opened it.
  ///
  /// - Throws: `ReplayCause`, or `ModelError` where the right file cannot be opened here.
  func model(of begin: LogEntry, quantizing: LoadQuantization?) throws -> Model {
    guard let wanted = begin.digest("model_sha256") else { throw ReplayCause.settingsUnknown }
    if let opened, opened.info.sha256 == wanted, opened.quantizing == quantizing { return opened }
    opened = nil
    let isModel: (ReplayFiles.File) -> Bool = { file in
      guard var reader = try? ChunkReader(file.path, chunkBytes: 4), let start = try? reader.next()
      else { return false }
      return start.elementsEqual("GGUF".utf8)
    }
    guard let file = models.first(where: isModel, accepts: { $0 == wanted }) else {
      throw ReplayCause.modelMissing
    }
    let model = try Model.open(
      file.path, isa: isa, threads: threads, quantizing: quantizing)
    // The file may have been replaced between the two readings.
    guard model.info.sha256 == wanted else { throw ReplayCause.modelMissing }
    opened = model
    return model
  }
}

/// The instruction set that `--isa` names.
func instructionSet(_ text: String) throws -> ISAChoice {
  if let isa = ISAChoice(rawValue: text) { return isa }
  let names = ISAChoice.allCases.map(\.rawValue).joined(separator: ", ")
  throw Failure(
    .usage,
    Bilingual(ko: "--isa 는 \(names) 중 하나입니다.", en: "--isa is one of \(names)."))
}

/// Names of the fields whose recorded and computed values differ.
struct FieldComparison {
  private(set) var differing: [String] = []
  private let entry: LogEntry

  /// A comparison with an entry's fields.
  init(with entry: LogEntry) { self.entry = entry }

  /// Compares a count; a field that the entry lacks claims nothing.
  mutating func count(_ field: String, _ computed: Int) {
    if let recorded = entry.count(field), recorded != computed { differing.append(field) }
  }

  /// Compares a digest or a commitment.
  mutating func digest(_ field: String, _ computed: Digest?) {
    if let recorded = entry.digest(field), recorded != computed { differing.append(field) }
  }

  /// Compares a word, an identifier or a decimal.
  mutating func text(_ field: String, _ computed: String) {
    if let recorded = entry.text(field), !recorded.utf8.elementsEqual(computed.utf8) {
      differing.append(field)
    }
  }

  /// Compares counts by name.
  mutating func counts(_ field: String, _ computed: [(Identifier, Int)]) {
    if entry[field] != nil, entry[field] != .counts(computed) { differing.append(field) }
  }
}
