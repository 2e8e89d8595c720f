internal import Cryptography
internal import Deidentification
internal import MedaiCore
internal import MedaiText
internal import SystemPackage

/// Where a replay reads a file from: the place it was found, or memory where a vault gave it out.
enum ReplaySource {
  case file(FilePath)
  case memory([UInt8])

  func reader() throws(FileError) -> ChunkReader {
    switch self {
    case .file(let path): try ChunkReader(path)
    case .memory(let bytes): ChunkReader(bytes: bytes)
    }
  }
}

extension DeidentifyJob {
  /// De-identifies one file into its digest; nothing is written.
  ///
  /// - Parameters:
  ///   - file: The file, under the path that it was first read as.
  ///   - input: Its content.
  ///   - commitment: The commitment that the record is to carry.
  ///   - isStream: Whether it was a stream: its encoding was not found but taken.
  /// - Returns: What the log would be told; `nil` where the file cannot be read or changed while it
  ///   was.
  /// - Throws: `DeidentifyError`.
  func recomputed(
    _ file: PlannedFile, _ input: ReplaySource, _ commitment: Digest, isStream: Bool
  ) async throws -> DeidentifyFileRecord? {
    let nowhere = try DeidentifyEvidence(folder: nil, quarantine: nil, spans: nil)
    let sink = FileSink(file: nil, evidence: nowhere, ordinal: file.ordinal, shownName: "")
    var reason: WithheldReason?
    var survey: InputSurvey
    do {
      survey = try InputSurvey.of(
        input.reader(), name: file.components.last ?? "", settings: settings)
      var source: RecordSource?
      if isStream {
        source = try openStream(input.reader(), document: file.reference)
      } else if let records = recordSettings(of: file, survey, &reason) {
        source = self.source(try input.reader(), records)
      }
      if let source {
        try await orderedParallelMap(width: settings.jobs) {
          try source.next()
        } transform: { batch in
          RedactedBatch(batch, wantsSpans: false)
        } consume: { batch in
          try sink.take(batch)
        }
        guard source.digest() == survey.digest else { return nil }
      }
    } catch is FileError {
      return nil
    }
    if isStream {
      survey.format = settings.format
      survey.encoding = settings.encoding ?? .utf8
    }
    let isWithheld = reason != nil || sink.broken != nil
    let isReleased = !isWithheld && (isStream || sink.hasOutput) && !settings.isDryRun
    let digest = sink.digest()
    return DeidentifyFileRecord(
      ordinal: file.ordinal, nameToken: deidentifier.token(ofPath: file.reference),
      nameCode: deidentifier.code(ofPath: file.reference), commitment: commitment,
      outputDigest: isReleased ? digest : nil, isWithheld: isWithheld, inputBytes: survey.bytes,
      outputBytes: isReleased ? sink.outputBytes : 0, records: sink.records,
      withheld: sink.withheld, counts: sink.counts.list,
      format: survey.format?.rawValue ?? "unknown",
      encoding: survey.encoding?.rawValue ?? "unknown")
  }
}
