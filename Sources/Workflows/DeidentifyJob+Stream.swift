internal import Cryptography
internal import Deidentification
internal import MedaiCore
internal import MedaiText
public import SystemPackage

extension DeidentifyJob {
  /// De-identifies a stream: what was written is released only once this returns and the program
  /// exits with 0 or 1.
  ///
  /// Its encoding is UTF-8 unless the settings name another: the end is not known at the start, so
  /// nothing can be decided on the whole.
  ///
  /// - Parameters:
  ///   - input: The stream, `-` for standard input.
  ///   - write: Takes released bytes in order; not called in a dry run.
  /// - Returns: What the run did.
  /// - Throws: `DeidentifyError`, or what the recorder throws; `brokenStream` where records after
  ///   some point cannot be told apart: what was written up to there is no release.
  public func runStream(
    from input: FilePath = "-", write: @escaping ([UInt8]) throws -> Void
  ) async throws -> DeidentifyResult {
    guard settings.quarantine != nil else { throw DeidentifyError.quarantineRequired }
    try PlaceCheck.sides(settings)
    let evidence = try DeidentifyEvidence(
      folder: nil, quarantine: settings.quarantine, spans: settings.spans,
      keepLinks: keepLinks)
    try await begin(isStream: true, evidence: evidence)
    try evidence.begin(manifestHead())
    let state = RunState(totalFiles: nil, totalBytes: nil)
    let document = Array("stdin".utf8)
    let file = PlannedFile(
      ordinal: 1, path: input, components: ["stdin"], bytes: 0, withheld: nil)
    let name = ReleasedName(
      path: "stdin", token: deidentifier.token(ofPath: document), isChanged: false)
    let sink = FileSink(
      file: nil, stream: settings.isDryRun ? nil : write, evidence: evidence, ordinal: 1,
      shownName: "stdin")
    let source: RecordSource
    do throws(FileError) {
      source = try openStream(ChunkReader(input), document: document)
    } catch {
      throw DeidentifyError.input(number: 1, isMissing: error.isMissing)
    }
    let wantsSpans = evidence.wantsSpans
    do {
      try await orderedParallelMap(width: settings.jobs) {
        try source.next()
      } transform: { batch in
        RedactedBatch(batch, wantsSpans: wantsSpans)
      } consume: { batch in
        try sink.take(batch)
        state.advance(records: batch.outcomes.count, bytes: batch.bytes)
        progress(state.progress)
      }
    } catch is FileError {
      throw DeidentifyError.input(number: 1, isMissing: false)
    }
    let survey = InputSurvey(
      format: settings.format, encoding: settings.encoding ?? .utf8, evidence: .given,
      digest: source.digest(), bytes: source.bytes, isBinary: false)
    let isReleased = sink.broken == nil && !settings.isDryRun
    let digest = sink.digest()
    let record = try await commit(
      file, name, survey, sink, output: isReleased ? digest : nil,
      isWithheld: sink.broken != nil, isStream: true, evidence: evidence)
    try await recorder.file(record)
    if sink.broken != nil {
      state.addWithheld(record)
      _ = try evidence.finish(totals: state.totals())
      throw DeidentifyError.brokenStream(record: sink.brokenRecord)
    }
    state.add(record, sink.counts, isReleased: isReleased)
    let manifest = try evidence.finish(totals: state.totals())
    try await recorder.end(state.end(manifest: manifest))
    return state.finalResult()
  }

  func openStream(
    _ input: consuming ChunkReader, document: [UInt8]
  ) throws(FileError) -> RecordSource {
    var reader = input
    var head: [UInt8] = []
    // A pipe may give a few bytes at a time; the first line tells the format.
    while head.count < 4096, !head.contains(0x0A), let chunk = try reader.next() {
      head += chunk
    }
    let records = recordSettings(
      settings.format ?? InputSurvey.sniff(head), settings.encoding ?? .utf8, document: document)
    return RecordSource(
      reader, head: head, redactor: RecordRedactor(deidentifier, settings: records),
      settings: records)
  }
}
