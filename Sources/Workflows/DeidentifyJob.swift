internal import Cryptography
package import Deidentification
internal import MedaiCore
internal import MedaiText
internal import SystemPackage

/// De-identifies files and folders, or a stream.
///
/// The released bytes depend on inputs, policy, key and settings alone, not on the number of
/// workers. What cannot be de-identified is withheld and counted, and the rest goes on.
public struct DeidentifyJob: Sendable {
  let deidentifier: Deidentifier
  let settings: DeidentifySettings
  let recorder: any DeidentifyRecorder
  let keepLinks: (@Sendable ([TokenLink]) throws -> Void)?
  let progress: @Sendable (DeidentifyProgress) -> Void

  /// A job.
  ///
  /// - Parameters:
  ///   - deidentifier: Policy, key and detectors.
  ///   - settings: What to do.
  ///   - recorder: Writes the run into an audit log.
  ///   - keepLinks: Makes tokens and what they stand for durable, before they are released.
  ///   - progress: Called now and then, on the job's task.
  package init(
    deidentifier: Deidentifier, settings: DeidentifySettings,
    recorder: any DeidentifyRecorder = NoDeidentifyRecorder(),
    keepLinks: (@Sendable ([TokenLink]) throws -> Void)? = nil,
    progress: @escaping @Sendable (DeidentifyProgress) -> Void = { _ in }
  ) {
    precondition(settings.jobs > 0, "at least one worker")
    self.deidentifier = deidentifier
    self.settings = settings
    self.recorder = recorder
    self.keepLinks = keepLinks
    self.progress = progress
  }

  // MARK: Files

  /// De-identifies the inputs into the output folder.
  ///
  /// - Throws: `DeidentifyError`, or what the recorder throws; then no evidence file appears, and
  ///   released files that had appeared stay: each of them is whole and recorded.
  public func run() async throws -> DeidentifyResult {
    try PlaceCheck.names(settings)
    let plan = try DeidentifyPlan(inputs: settings.inputs)
    try PlaceCheck.identities(settings)
    try DeidentifyEvidence.check(settings.evidence)
    if !settings.isDryRun { try make(settings.output, "output", mode: 0o755) }
    try make(settings.evidence, "evidence", mode: 0o700)
    let evidence = try DeidentifyEvidence(
      folder: settings.evidence, quarantine: settings.quarantine, spans: settings.spans,
      keepLinks: keepLinks)
    try await begin(isStream: false, evidence: evidence)
    try evidence.begin(manifestHead())
    let state = RunState(
      totalFiles: plan.files.count, totalBytes: plan.totalBytes, known: settings.patients.all)
    var index = 0
    while index < plan.files.count {
      let start = index
      while index < plan.files.count, isSmall(plan.files[index]) { index += 1 }
      if index > start {
        try await runSmall(plan.files[start..<index], evidence: evidence, state: state)
      } else {
        try await runLarge(plan.files[index], evidence: evidence, state: state)
        index += 1
      }
    }
    let digest = try evidence.finish(totals: state.totals())
    try await recorder.end(state.end(manifest: digest))
    return state.finalResult()
  }

  private func isSmall(_ file: PlannedFile) -> Bool {
    file.withheld != nil || file.bytes <= settings.smallFileBytes
  }

  private func make(_ folder: FilePath, _ role: String, mode: UInt32) throws(DeidentifyError) {
    do throws(FileError) { try createFolder(folder, mode: mode) } catch {
      throw .write(role: role, code: error.code)
    }
    guard (try? folderEntries(folder)) != nil else { throw .write(role: role, code: .notDirectory) }
  }

  /// What a worker made of a small file.
  private struct SmallFile: Sendable {
    var file: PlannedFile
    var survey: InputSurvey?
    var batches: [RedactedBatch] = []
    var withheld: WithheldReason?
  }

  private func runSmall(
    _ files: ArraySlice<PlannedFile>, evidence: DeidentifyEvidence, state: RunState
  ) async throws {
    var iterator = files.makeIterator()
    let wantsSpans = evidence.wantsSpans
    try await orderedParallelMap(width: settings.jobs) {
      iterator.next()
    } transform: { file in
      readSmall(file, wantsSpans: wantsSpans)
    } consume: { small in
      let name = releasedName(of: small.file, state: state)
      guard small.withheld == nil, let survey = small.survey else {
        try await withhold(
          small.file, name, small.withheld ?? .unreadable, survey: small.survey,
          evidence: evidence, state: state)
        return
      }
      let sink = try sink(for: small.file, name, evidence: evidence)
      for batch in small.batches {
        try sink.take(batch)
        state.advance(records: batch.outcomes.count, bytes: batch.bytes)
      }
      try await finish(small.file, name, survey, sink, evidence: evidence, state: state)
      progress(state.progress)
    }
  }

  private func readSmall(_ file: PlannedFile, wantsSpans: Bool) -> SmallFile {
    var small = SmallFile(file: file)
    if let reason = file.withheld {
      small.withheld = reason
      return small
    }
    do throws(FileError) {
      let survey = try InputSurvey.of(
        file.path, name: file.components.last ?? "", settings: settings)
      small.survey = survey
      guard let source = try open(file, survey, &small.withheld) else { return small }
      while let batch = try source.next() {
        small.batches.append(RedactedBatch(batch, wantsSpans: wantsSpans))
      }
      if source.digest() != survey.digest { small.withheld = .changed }
    } catch {
      small.withheld = .unreadable
    }
    return small
  }

  private func runLarge(
    _ file: PlannedFile, evidence: DeidentifyEvidence, state: RunState
  ) async throws {
    let name = releasedName(of: file, state: state)
    var withheld: WithheldReason?
    var survey: InputSurvey?
    var opened: RecordSource?
    do throws(FileError) {
      let found = try InputSurvey.of(
        file.path, name: file.components.last ?? "", settings: settings)
      survey = found
      opened = try open(file, found, &withheld)
    } catch {
      withheld = .unreadable
    }
    guard let survey, let source = opened else {
      try await withhold(
        file, name, withheld ?? .unreadable, survey: survey, evidence: evidence, state: state)
      return
    }
    let sink = try sink(for: file, name, evidence: evidence)
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
      // The input failed while it was read: nothing of it is released.
      sink.abandon()
      try await withhold(
        file, name, .unreadable, survey: survey, evidence: evidence, state: state)
      return
    }
    guard source.digest() == survey.digest else {
      sink.abandon()
      try await withhold(file, name, .changed, survey: survey, evidence: evidence, state: state)
      return
    }
    try await finish(file, name, survey, sink, evidence: evidence, state: state)
    progress(state.progress)
  }

  /// Opens a file for its second reading.
  ///
  /// - Returns: `nil` where it cannot be de-identified; `reason` says why.
  private func open(
    _ file: PlannedFile, _ survey: InputSurvey, _ reason: inout WithheldReason?
  ) throws(FileError) -> RecordSource? {
    guard let records = recordSettings(of: file, survey, &reason) else { return nil }
    return source(try ChunkReader(file.path), records)
  }

  func source(_ reader: consuming ChunkReader, _ records: RecordSettings) -> RecordSource {
    RecordSource(
      reader, redactor: RecordRedactor(deidentifier, settings: records), settings: records)
  }

  /// How a file is cut; `nil` where it cannot be de-identified, and `reason` says why.
  func recordSettings(
    of file: PlannedFile, _ survey: InputSurvey, _ reason: inout WithheldReason?
  ) -> RecordSettings? {
    guard let format = survey.format, !survey.isBinary else {
      reason = .unsupported
      return nil
    }
    guard let encoding = survey.encoding else {
      reason = .noEncoding
      return nil
    }
    return recordSettings(format, encoding, document: file.reference)
  }

  func recordSettings(
    _ format: RecordFormat, _ encoding: TextEncoding, document: [UInt8]
  ) -> RecordSettings {
    var records = RecordSettings(
      format: format, encoding: encoding, fields: settings.fields,
      maxRecordBytes: settings.maxRecordBytes, document: document,
      withText: settings.spansWithText, patients: settings.patients)
    records.wantsLinks = keepLinks != nil && !settings.isDryRun
    return records
  }

  // MARK: One file's end

  private func sink(
    for file: PlannedFile, _ name: ReleasedName, evidence: DeidentifyEvidence
  ) throws(DeidentifyError) -> FileSink {
    if settings.isDryRun {
      return FileSink(file: nil, evidence: evidence, ordinal: file.ordinal, shownName: name.path)
    }
    let path = settings.output.pushing(FilePath(name.path))
    try make(path.removingLastComponent(), "output", mode: 0o755)
    do throws(FileError) {
      return FileSink(
        file: try DurableFile(path), evidence: evidence, ordinal: file.ordinal,
        shownName: name.path)
    } catch {
      throw .write(role: "output", code: error.code)
    }
  }

  private func finish(
    _ file: PlannedFile, _ name: ReleasedName, _ survey: InputSurvey, _ sink: FileSink,
    evidence: DeidentifyEvidence, state: RunState
  ) async throws {
    if let reason = sink.broken {
      sink.abandon()
      try await withhold(
        file, name, reason, survey: survey, sink: sink, evidence: evidence, state: state)
      return
    }
    let releases = sink.hasOutput && !settings.isDryRun
    if releases {
      try sink.keepLinks()
      try sink.sync()
    } else {
      sink.abandon()
    }
    let digest = sink.digest()
    let record = try await commit(
      file, name, survey, sink, output: releases ? digest : nil, evidence: evidence)
    try await recorder.file(record)
    if releases { try sink.publish() }
    if name.isChanged {
      try evidence.name(name.token, kind: "file", reference: file.reference)
    }
    try evidence.add(
      file: manifestEntry(
        file, name, survey, record, counts: sink.counts, withheld: nil))
    state.add(record, sink.counts, isReleased: releases)
  }

  private func withhold(
    _ file: PlannedFile, _ name: ReleasedName, _ reason: WithheldReason, survey: InputSurvey?,
    sink: FileSink? = nil, evidence: DeidentifyEvidence, state: RunState
  ) async throws {
    try evidence.withhold([
      "file": .string(name.path), "file_number": .number(JSONNumber(file.ordinal)),
      "file_token": .string(name.token), "reason": .string(reason.rawValue),
    ])
    try evidence.name(name.token, kind: "file", reference: file.reference)
    let record = try await commit(
      file, name, survey, sink, output: nil, isWithheld: true, evidence: evidence)
    try await recorder.file(record)
    try evidence.add(
      file: manifestEntry(file, name, survey, record, counts: TypeCounts(), withheld: reason))
    state.addWithheld(record)
    progress(state.progress)
  }

  func commit(
    _ file: PlannedFile, _ name: ReleasedName, _ survey: InputSurvey?, _ sink: FileSink?,
    output: Digest?, isWithheld: Bool = false, isStream: Bool = false,
    evidence: DeidentifyEvidence
  ) async throws -> DeidentifyFileRecord {
    let key: [UInt8]
    do { key = try randomBytes(32) } catch { throw DeidentifyError.randomness }
    let commitment = Self.commitment(toInput: survey?.digest, under: key)
    try evidence.open(ordinal: file.ordinal, key: key, commitment: commitment)
    if let survey, !isWithheld, !isStream, !settings.isDryRun {
      try await recorder.keep(
        DeidentifyInput(path: file.path, digest: survey.digest, key: key))
    }
    return DeidentifyFileRecord(
      ordinal: file.ordinal, nameToken: name.token,
      nameCode: deidentifier.code(ofPath: file.reference), commitment: commitment,
      outputDigest: output,
      isWithheld: isWithheld,
      inputBytes: survey?.bytes ?? 0,
      outputBytes: output == nil ? 0 : sink?.outputBytes ?? 0, records: sink?.records ?? 0,
      withheld: sink?.withheld ?? 0, counts: sink?.counts.list ?? [],
      format: survey?.format?.rawValue ?? "unknown",
      encoding: survey?.encoding?.rawValue ?? "unknown")
  }

  /// The commitment to a file by its digest; of a file that was not read, to nothing.
  static func commitment(toInput digest: Digest?, under key: [UInt8]) -> Digest {
    KeyedHash(key: key).code(purpose: "deid.input.v1", digest.map { [$0.bytes] } ?? [])
  }

  /// The commitment to a patient table by the digest of its file.
  static func commitment(toPatients digest: Digest, under key: [UInt8]) -> Digest {
    KeyedHash(key: key).code(purpose: "deid.patients.v1", [digest.bytes])
  }

  /// Logs the begin; the key that opens its commitment to the patient table is durable before.
  func begin(isStream: Bool, evidence: DeidentifyEvidence) async throws {
    var patients: Digest?
    if let digest = settings.patientsDigest {
      let key: [UInt8]
      do { key = try randomBytes(32) } catch { throw DeidentifyError.randomness }
      let commitment = Self.commitment(toPatients: digest, under: key)
      try evidence.open(patientsKey: key, commitment: commitment)
      patients = commitment
    }
    do {
      try await recorder.begin(begin(isStream: isStream, patients: patients))
    } catch {
      // What opens nothing must not stand in the way of the next run.
      evidence.withdrawOpenings()
      throw error
    }
  }
}
