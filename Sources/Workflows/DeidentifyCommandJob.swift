internal import Auditing
internal import Cryptography
internal import Deidentification
internal import MedaiCore
internal import MedaiText
internal import Presentation
internal import Settings
internal import Synchronization
public import SystemPackage

/// What `deid` is asked.
public struct DeidentifyRequest: Sendable {
  let inputs: [FilePath]
  let output: FilePath?
  let format: String
  let encoding: String
  let evidence: FilePath?
  let spans: FilePath?
  let spansWithText: Bool
  let dryRun: Bool
  let quarantine: FilePath?
  let patients: FilePath?
  let site: FilePath?
  let textField: String?
  let idField: String?
  let patientField: String?
  let withoutAudit: Bool
  let subject: String?
  let reidentification: ReidentificationPlace?

  /// A request from the command's options.
  public init(
    inputs: [FilePath], output: FilePath?, format: String, encoding: String, evidence: FilePath?,
    spans: FilePath?, spansWithText: Bool, dryRun: Bool, quarantine: FilePath?,
    patients: FilePath?, textField: String?, idField: String?, patientField: String?,
    withoutAudit: Bool, subject: String? = nil, site: FilePath? = nil,
    reidentification: ReidentificationPlace? = nil
  ) {
    self.inputs = inputs
    self.output = output
    self.format = format
    self.encoding = encoding
    self.evidence = evidence
    self.spans = spans
    self.spansWithText = spansWithText
    self.dryRun = dryRun
    self.quarantine = quarantine
    self.patients = patients
    self.site = site
    self.textField = textField
    self.idField = idField
    self.patientField = patientField
    self.withoutAudit = withoutAudit
    self.subject = subject
    self.reidentification = reidentification
  }
}

/// The largest patient table.
let maxPatientTableBytes = 256 << 20

/// The number of what de-identifies, as `numerics` is of what computes.
let deidentificationNumerics = 0

/// The de-identifier that a policy and the settings make.
///
/// Without `--key` a random key serves this run only, and that is said.
func makeDeidentifier(
  policy: String, site: FilePath? = nil, _ context: JobContext
) throws -> Deidentifier {
  let rules = try loadPolicy(policy)
  let detectors = try siteDetectors(policy: rules, site: site)
  let key: PseudonymKey
  if let path = context.path(.pseudonymKey) {
    key = try PseudonymKey(file: path)
  } else {
    context.say(
      Bilingual(
        ko: "가명 키(--key)가 없어 이번 실행에만 쓰는 키를 만들었습니다. 다음 실행의 가명과 날짜 이동은 달라집니다.",
        en:
          "no pseudonym key (--key): a key for this run only was made; pseudonyms and date shifts "
          + "of the next run will differ."))
    key = try PseudonymKey.random()
  }
  return Deidentifier(policy: rules, key: key, detectors: detectors)
}

/// The policy that a setting names.
func loadPolicy(_ policy: String) throws -> Policy {
  try reading(FilePath(policy)) { _ in try Policy.load(policy) }
}

/// The rules that find identifiers, with what the hospital adds.
///
/// - Parameters:
///   - policy: Its `site` section counts where no file is named.
///   - site: A file of the hospital's additions.
/// - Returns: The rules.
/// - Throws: `Failure` that names the file and line of a fault.
func siteDetectors(policy: Policy, site: FilePath?) throws -> Detectors {
  try Detectors(policy: policy, site: site.map { try reading($0) { try SiteAdditions.load($0) } })
}

/// A known-patient table and the digest of its file.
func patientTable(_ path: FilePath) throws -> (table: PatientTable, digest: Digest) {
  try reading(path) { path in
    let bytes = try readFile(path, maxBytes: maxPatientTableBytes)
    return (try PatientTable(csv: bytes), sha256(bytes))
  }
}

/// De-identifies files, folders or a stream, on the record.
public func deidentify(
  _ request: DeidentifyRequest, context: JobContext
) async throws -> JobResult {
  try refuse(
    outputs: [request.spans, request.quarantine], equalTo: [request.patients, request.site],
    context)
  let deidentifier = try makeDeidentifier(
    policy: context.value(.policy) ?? "", site: request.site, context)
  var settings = DeidentifySettings(
    inputs: request.inputs, output: request.output ?? "dry-run", evidence: request.evidence)
  settings.format = try choice(request.format, "--format", RecordFormat.allCases)
  settings.encoding = try choice(request.encoding, "--encoding", TextEncoding.allCases)
  settings.jobs = try context.count(.jobs, limit: 256)
  settings.spans = request.spans
  settings.spansWithText = request.spansWithText
  settings.isDryRun = request.dryRun
  settings.quarantine = request.quarantine
  settings.fields = FieldNames(
    text: [request.textField].compactMap(\.self), id: [request.idField].compactMap(\.self),
    patient: [request.patientField].compactMap(\.self))
  if let path = request.patients {
    let (table, digest) = try patientTable(path)
    settings.patients = table
    settings.patientsDigest = digest
  }
  if context.path(.vault) != nil, request.inputs == ["-"] { throw vaultFailure(.usage, .stream) }
  try refuseVault(inside: request.inputs + [request.output], context)
  let links = try request.reidentification.map {
    try LinkKeeper.open($0, outside: request.inputs + [request.output], context)
  }
  let recorder = DeidentifyLog(
    try Recorder.open(context, withoutAudit: request.withoutAudit),
    keeper: try ContentKeeper.open(
      context, subject: request.subject, withoutAudit: request.withoutAudit),
    keyLifetime: context.path(.pseudonymKey) == nil ? .run : .site)
  let progress = DeidentifyProgressReport(context)
  let job = DeidentifyJob(
    deidentifier: deidentifier, settings: settings, recorder: recorder,
    keepLinks: links?.keep,
    progress: { progress.report($0) })
  do {
    let result: DeidentifyResult
    if request.inputs == ["-"] {
      result = try await job.runStream { try writeStandardOutput($0) }
    } else {
      result = try await job.run()
    }
    progress.finish()
    try links?.close()
    try recorder.close()
    say(result, request, context)
    return JobResult(statuses: [result.exitStatus == 0 ? .done : .negative])
  } catch {
    recorder.fail(explain(error).status)
    throw error
  }
}

/// One of an option's words; `nil` for `auto`.
private func choice<Choice: RawRepresentable<String>>(
  _ text: String, _ option: String, _ choices: [Choice]
) throws -> Choice? {
  if text == "auto" { return nil }
  guard let choice = Choice(rawValue: text) else {
    let words = (["auto"] + choices.map(\.rawValue)).joined(separator: ", ")
    throw Failure(
      .usage,
      Bilingual(ko: "\(option) 은 \(words) 중 하나입니다.", en: "\(option) is one of \(words)."))
  }
  return choice
}

private func say(_ result: DeidentifyResult, _ request: DeidentifyRequest, _ context: JobContext) {
  let withheld = result.recordsWithheld
  let found = result.counts.reduce(0) { $0 + $1.count }
  let types = result.counts.map { "\($0.type) \($0.count)" }.joined(separator: ", ")
  context.say(
    Bilingual(
      ko: "기록 \(result.records)건 중 \(result.records - withheld)건 비식별화, \(withheld)건 보류; "
        + "파일 \(result.files)개 중 \(result.released)개 공개, \(result.filesWithheld)개 보류; 식별자 \(found)개"
        + (types.isEmpty ? "" : " (\(types))"),
      en: "\(result.records - withheld) of \(result.records) records de-identified, \(withheld) "
        + "withheld; \(result.released) of \(result.files) files released, \(result.filesWithheld) "
        + "withheld; \(found) identifiers" + (types.isEmpty ? "" : " (\(types))")))
  if let output = request.output, !request.dryRun {
    let evidence =
      request.evidence ?? DeidentifySettings.defaultEvidence(for: output)
    context.say(
      Bilingual(
        ko: "공개본: \(output.string), 증거(내보내지 말 것): \(evidence.string)",
        en: "released: \(output.string); evidence, not to be handed out: \(evidence.string)"))
  }
}

/// Writes a run's entries into the audit log.
///
/// The job calls it from one task at a time; the mutex states that.
private final class DeidentifyLog: DeidentifyRecorder {
  private struct State: ~Copyable {
    let recorder: Recorder
    let keeper: ContentKeeper?
    /// The input of the file that comes next.
    var kept: [StagedContent] = []
    var begin: Int?
    /// What the entries so far tell, for a run that fails.
    var released = 0
    var records = 0
    var withheld = 0
    var inputBytes = 0
    var outputBytes = 0
    var counts: [(Auditing.Identifier, Int)] = []
  }

  private let state: Mutex<State>
  private let keyLifetime: KeyLifetime

  init(_ recorder: sending Recorder, keeper: sending ContentKeeper?, keyLifetime: KeyLifetime) {
    state = Mutex(State(recorder: recorder, keeper: keeper))
    self.keyLifetime = keyLifetime
  }

  func begin(_ begin: DeidentifyBegin) async throws {
    let event = Event.deidRunBegin(
      policy: identifier(begin.policyName), policyDigest: begin.policyDigest,
      settings: begin.settingsDigest,
      resources: [(identifier("detectors"), begin.detectorsDigest)],
      keyID: identifier(begin.keyID), keyLifetime: keyLifetime,
      input: begin.isStream ? .stream : .files, egress: .none,
      numerics: deidentificationNumerics, patients: begin.patients)
    try state.withLock { state in state.begin = try state.recorder.append(event) }
  }

  func keep(_ input: DeidentifyInput) async throws {
    try state.withLock { state in
      guard let keeper = state.keeper else { return }
      let file = try keeper.stage(file: input.path, as: .input, digest: input.digest)
      state.kept = try [file] + keeper.stage([(.commitmentKey, input.key)])
    }
  }

  func file(_ file: DeidentifyFileRecord) async throws {
    let counts = file.counts.map { (identifier($0.type), $0.count) }
    let nothing = sha256([])
    try state.withLock { state in
      state.inputBytes += file.inputBytes
      state.outputBytes += file.outputBytes
      state.counts += counts
      if file.outputDigest != nil { state.released += 1 }
      if !file.isWithheld {
        state.records += file.records
        state.withheld += file.withheld
      }
      let entry = try state.recorder.append(
        .deidFile(
          begin: state.begin ?? 0, ordinal: file.ordinal, input: file.commitment,
          inputBytes: file.inputBytes, output: file.outputDigest ?? nothing,
          outputBytes: file.outputBytes, records: file.records, withheld: file.withheld,
          counts: counts, format: identifier(file.format), encoding: identifier(file.encoding),
          name: file.nameCode))
      try state.keeper?.bind(state.kept, to: entry)
      state.kept = []
    }
  }

  func end(_ end: DeidentifyEnd) async throws {
    try state.withLock { state in
      _ = try state.recorder.append(
        .deidRunEnd(
          begin: state.begin ?? 0, outcome: .completed,
          exitStatus: end.recordsWithheld + end.filesWithheld > 0 ? 1 : 0,
          files: end.files, records: end.records, withheld: end.withheld,
          inputBytes: state.inputBytes, outputBytes: state.outputBytes, counts: state.counts,
          manifest: end.manifestDigest))
    }
  }

  func close() throws {
    try state.withLock { state in
      try state.keeper?.close()
      try state.recorder.close()
    }
  }

  /// Says in the log that a run failed, where it had begun; the failure itself matters more than
  /// whether this can be written.
  func fail(_ status: ExitStatus) {
    state.withLock { (state: inout sending State) in
      state.keeper?.discard(state.kept)
      if let begin = state.begin {
        _ = try? state.recorder.append(
          .deidRunEnd(
            begin: begin, outcome: .failed, exitStatus: Int(status.rawValue),
            files: state.released, records: state.records, withheld: state.withheld,
            inputBytes: state.inputBytes, outputBytes: state.outputBytes, counts: state.counts))
      }
      try? state.recorder.close()
    }
  }
}

/// The job's progress as lines.
private final class DeidentifyProgressReport: Sendable {
  private let reporter: Mutex<ProgressReporter>

  init(_ context: JobContext) {
    reporter = Mutex(ProgressReporter(job: "deid", context: context))
  }

  func report(_ progress: DeidentifyProgress) {
    // Bytes foretell the end; records are what a person counts.
    reporter.withLock { $0.report(progress.bytes, of: progress.totalBytes) }
  }

  func finish() { reporter.withLock { $0.finish() } }
}
