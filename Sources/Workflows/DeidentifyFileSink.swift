internal import Cryptography
internal import Deidentification
internal import MedaiCore
internal import SystemPackage

/// What a worker made of some records of one file, in order.
struct RedactedBatch: Sendable {
  var outcomes: [RecordOutcome]
  var spanLines: [UInt8]
  var counts: TypeCounts
  /// Input bytes that were read for it.
  var bytes: Int

  /// De-identifies a batch on a worker.
  init(_ batch: RecordBatch, wantsSpans: Bool) {
    outcomes = []
    spanLines = []
    counts = TypeCounts()
    bytes = batch.bytes
    for header in batch.headers { take(header, wantsSpans: wantsSpans) }
    for record in batch.records { take(batch.redactor.redact(record), wantsSpans: wantsSpans) }
  }

  private mutating func take(_ outcome: RecordOutcome, wantsSpans: Bool) {
    var outcome = outcome
    counts.add(outcome.spans)
    if wantsSpans {
      for span in outcome.spans {
        spanLines += span.line(record: outcome.reference)
        spanLines.append(0x0A)
      }
    }
    outcome.spans = []
    outcomes.append(outcome)
  }
}

/// Gathers the records of one file, in order, on the job's own task.
final class FileSink {
  private var file: DurableFile?
  private let stream: (([UInt8]) throws -> Void)?
  private let evidence: DeidentifyEvidence
  private let ordinal: Int
  private let shownName: String
  private var hash: SHA256? = SHA256()
  private(set) var outputBytes = 0
  private(set) var records = 0
  private(set) var withheld = 0
  private(set) var counts = TypeCounts()
  /// Why the whole file is withheld after all.
  private(set) var broken: WithheldReason?
  /// Number of the record that broke it.
  private(set) var brokenRecord = 0
  private var released = 0

  /// A sink.
  ///
  /// - Parameters:
  ///   - file: Where released bytes go; `nil` for a stream or a dry run.
  ///   - stream: Where the bytes of a stream go.
  ///   - evidence: Where span and quarantine lines go.
  ///   - ordinal: The file's number.
  ///   - shownName: The name by which evidence speaks of the file.
  init(
    file: consuming DurableFile?, stream: (([UInt8]) throws -> Void)? = nil,
    evidence: DeidentifyEvidence, ordinal: Int, shownName: String
  ) {
    self.file = file
    self.stream = stream
    self.evidence = evidence
    self.ordinal = ordinal
    self.shownName = shownName
  }

  /// Tokens of released records with what they stand for, not yet handed on.
  private(set) var links: [TokenLink] = []

  /// Takes a batch in input order.
  func take(_ batch: RedactedBatch) throws(DeidentifyError) {
    if broken != nil { return }
    counts.add(batch.counts)
    try evidence.add(spanLines: batch.spanLines)
    if stream != nil {
      // What is written to a stream is out of our hands.
      for outcome in batch.outcomes { links += outcome.links }
      try keepLinks()
    }
    for outcome in batch.outcomes {
      if !outcome.isStructure { records += 1 }
      if let fault = outcome.withheld {
        withheld += 1
        try note(fault.reason, offset: fault.offset, of: outcome)
        if outcome.breaksFile {
          broken = fault.reason
          brokenRecord = outcome.ordinal
          return
        }
        continue
      }
      if stream == nil { links += outcome.links }
      if links.count >= Self.mostLinks { try keepLinks() }
      try write(outcome.assembled(isFirst: released == 0))
      if !outcome.isStructure { released += 1 }
    }
  }

  private static let mostLinks = 4096

  /// Makes the links durable, before anything that bears the tokens is released.
  func keepLinks() throws(DeidentifyError) {
    if links.isEmpty { return }
    try evidence.keep(links)
    links.removeAll(keepingCapacity: true)
  }

  private func note(
    _ reason: WithheldReason, offset: Int, of outcome: RecordOutcome
  ) throws(DeidentifyError) {
    try evidence.withhold([
      "file": .string(shownName), "file_number": .number(JSONNumber(ordinal)),
      "record": .string(outcome.token), "number": .number(JSONNumber(outcome.ordinal)),
      "line": .number(JSONNumber(outcome.line)), "reason": .string(reason.rawValue),
      "offset": .number(JSONNumber(offset)),
    ])
    try evidence.name(
      outcome.token, kind: "record", reference: Array(outcome.reference.utf8))
  }

  private func write(_ bytes: [UInt8]) throws(DeidentifyError) {
    hash?.update(bytes)
    outputBytes += bytes.count
    do throws(FileError) { try file?.append(bytes) } catch {
      throw .write(role: "output", code: error.code)
    }
    do { try stream?(bytes) } catch {
      let code = (error as? FileError)?.code ?? (error as? Errno) ?? .ioError
      throw .write(role: "output", code: code)
    }
  }

  /// Whether there is anything to release: not where every record was withheld.
  var hasOutput: Bool { broken == nil && (released > 0 || withheld == 0) }

  /// The digest of what was written.
  func digest() -> Digest { hash.take()?.finalize() ?? sha256([]) }

  /// Makes the bytes durable under their temporary name.
  func sync() throws(DeidentifyError) {
    do throws(FileError) { try file?.sync() } catch {
      throw .write(role: "output", code: error.code)
    }
  }

  /// Makes the file appear.
  func publish() throws(DeidentifyError) {
    do throws(FileError) { try file.take()?.publish() } catch {
      throw .write(role: "output", code: error.code)
    }
  }

  /// Leaves nothing behind.
  func abandon() { file = nil }
}
