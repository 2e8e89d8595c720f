internal import Auditing
internal import Cryptography

/// What the recomputation of one part adds to its run.
enum PartFigures {
  /// An answer: tokens read and written, and its line in the output file, where that is known.
  case answer(promptTokens: Int, outputTokens: Int, line: [UInt8]?)
  /// A file.
  case file(DeidentifyFileRecord)
}

/// What a run's parts came to, for comparison with its end.
final class RunTotals {
  private var answers = 0
  private var promptTokens = 0
  private var outputTokens = 0
  private var hash: SHA256? = SHA256()
  /// Digest of the output file; what is added after it was asked for no longer counts.
  private lazy var outputs = hash.take()?.finalize()
  private var knowsLines = true
  private var files: [DeidentifyFileRecord] = []
  /// Why a part could not be computed, the first one: then the whole cannot either.
  private var cause: ReplayCause?

  /// Adds a part, in the order of the log.
  func add(_ part: Replayer.Part) {
    switch part.figures {
    case .answer(let prompt, let output, let line):
      answers += 1
      promptTokens += prompt
      outputTokens += output
      if let line { hash?.update(line) } else { knowsLines = false }
    case .file(let record): files.append(record)
    case nil: if case .cannot(let found) = part.result.outcome { cause = cause ?? found }
    }
  }

  /// What the end of a generation run says otherwise.
  func generationDifferences(_ end: LogEntry) throws(ReplayCause) -> [String] {
    if let cause { throw cause }
    var fields = FieldComparison(with: end)
    fields.count("answers", answers)
    fields.count("withheld", 0)
    fields.count("exit_status", 0)
    fields.count("prompt_tokens", promptTokens)
    fields.count("output_tokens", outputTokens)
    if end["outputs_sha256"] != nil {
      // A vault keeps the texts that were committed to, not the rest of the output records.
      guard knowsLines else { throw .inputMissing }
      fields.digest("outputs_sha256", outputs)
    }
    return fields.differing
  }

  /// What the end of a de-identification run says otherwise.
  func deidentificationDifferences(_ end: LogEntry) throws(ReplayCause) -> [String] {
    if let cause { throw cause }
    let read = files.filter { !$0.isWithheld }
    let withheld = read.reduce(0) { $0 + $1.withheld }
    var fields = FieldComparison(with: end)
    fields.count("files", files.count { $0.outputDigest != nil })
    fields.count("records", read.reduce(0) { $0 + $1.records })
    fields.count("withheld", withheld)
    fields.count("exit_status", withheld > 0 || read.count < files.count ? 1 : 0)
    fields.count("input_bytes", files.reduce(0) { $0 + $1.inputBytes })
    fields.count("output_bytes", files.reduce(0) { $0 + $1.outputBytes })
    fields.counts(
      "counts", files.flatMap { $0.counts.map { (identifier($0.type), $0.count) } })
    return fields.differing
  }
}
