internal import Cryptography
internal import Deidentification
internal import MedaiCore
internal import MedaiText
internal import SystemPackage

extension DeidentifyJob {
  /// De-identifies one file into its digest; nothing is written.
  ///
  /// - Parameters:
  ///   - file: The file, under the path that it was first read as.
  ///   - commitment: The commitment that the record is to carry.
  ///   - isStream: Whether it was a stream: its encoding was not found but taken.
  /// - Returns: What the log would be told; `nil` where the file cannot be read or changed while it
  ///   was.
  /// - Throws: `DeidentifyError`.
  func recomputed(
    _ file: PlannedFile, _ commitment: Digest, isStream: Bool
  ) async throws -> DeidentifyFileRecord? {
    let nowhere = try DeidentifyEvidence(folder: nil, quarantine: nil, spans: nil)
    let sink = FileSink(file: nil, evidence: nowhere, ordinal: file.ordinal, shownName: "")
    var reason: WithheldReason?
    var survey: InputSurvey
    do {
      survey = try InputSurvey.of(
        file.path, name: file.components.last ?? "", settings: settings)
      let source =
        isStream
        ? try openStream(file.path, document: file.reference) : try open(file, survey, &reason)
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
