internal import Cryptography
internal import Deidentification
internal import MedaiCore
internal import MedaiText
internal import Presentation
internal import Settings
public import SystemPackage

/// What `deid verify` is asked.
public struct VerifyReleasedRequest: Sendable {
  let released: FilePath
  let patients: FilePath?
  let policy: String?
  let site: FilePath?
  let asJSON: Bool

  /// A request from the command's options.
  public init(
    released: FilePath, patients: FilePath?, policy: String?, site: FilePath?, asJSON: Bool
  ) {
    self.released = released
    self.patients = patients
    self.policy = policy
    self.site = site
    self.asJSON = asJSON
  }
}

/// Searches released files for identifiers that stayed and for known values.
///
/// - Returns: Status 1 for findings or files that cannot be read, 2 where only known names were met
///   that may be invented ones.
public func verifyReleased(
  _ request: VerifyReleasedRequest, context: JobContext
) async throws -> JobResult {
  let policy = try releasePolicy(request)
  let known = try request.patients.map { try patientTable($0).table.all } ?? KnownValues()
  let detectors =
    try policy.map { try siteDetectors(policy: $0, site: request.site) }
    ?? siteDetectors(policy: try loadPolicy("kr-research"), site: request.site)
  let scan = try ResidualScan(
    detectors: detectors, policy: policy, known: KnownValueIndex(known))
  var report = ReleaseReport(policy: policy?.name)
  let jobs = try context.count(.jobs, limit: 256)
  for file in try DeidentifyPlan(inputs: [request.released]).files {
    try await verify(file, scan, jobs: jobs, into: &report)
  }
  let status = report.status
  return request.asJSON
    ? JobResult(output: report.json.encoded(.pretty) + [0x0A], statuses: [status])
    : JobResult(report.text(context.language), [status])
}

/// The policy that a release was made with: the one that is named, or a shipped one that the
/// manifest beside the release names with its digest.
private func releasePolicy(_ request: VerifyReleasedRequest) throws -> Policy? {
  if let named = request.policy { return try loadPolicy(named) }
  let manifest = DeidentifySettings.defaultEvidence(for: request.released)
    .appending("manifest.json")
  guard let bytes = try? readFile(manifest, maxBytes: 256 << 20),
    let value = try? parseJSON(bytes), let name = value["policy"]?["name"]?.string,
    let digest = value["policy"]?["sha256"]?.string, let policy = try? Policy.load(name),
    sameBytes(policy.digest.hex, digest)
  else { return nil }
  return policy
}

private func verify(
  _ file: PlannedFile, _ scan: ResidualScan, jobs: Int, into report: inout ReleaseReport
) async throws {
  let reference = file.components.joined(separator: "/")
  let name = scan.judgeName(Array(reference.utf8))
  // A name that holds a finding would show it.
  let shown = name.findings.isEmpty ? reference : "#\(file.ordinal)"
  report.files += 1
  report.add(name, file: shown)
  guard file.withheld == nil else { return report.unreadable.append(shown) }
  var settings = DeidentifySettings(inputs: [], output: "", evidence: "")
  settings.spansWithText = true
  let survey = try InputSurvey.of(
    file.path, name: file.components.last ?? "", settings: settings)
  let job = DeidentifyJob(deidentifier: scan.finder, settings: settings)
  var reason: WithheldReason?
  guard let records = job.recordSettings(of: file, survey, &reason) else {
    return report.unreadable.append(shown)
  }
  let source = job.source(try ChunkReader(file.path), records)
  var found = ReleaseReport(policy: nil)
  try await orderedParallelMap(width: jobs) {
    try source.next()
  } transform: { batch in
    batch.headers.map { scan.scan($0) } + batch.records.map { scan.scan($0, batch.redactor) }
  } consume: { outcomes in
    for outcome in outcomes { found.add(outcome, file: shown) }
  }
  report.take(found)
}

/// What a release was found to hold: places and types.
private struct ReleaseReport {
  /// Name of the policy it was judged by.
  let policy: String?
  var files = 0
  var records = 0
  /// Files, or records of a file, that could not be read.
  var unreadable: [String] = []
  private var unreadableRecords = 0
  private var findings: [(file: String, finding: ResidualFinding)] = []
  private var undecided = [Int](repeating: 0, count: IdentifierType.allCases.count)

  init(policy: String?) { self.policy = policy }

  mutating func add(_ outcome: ResidualOutcome, file: String) {
    if !outcome.isStructure { records += 1 }
    findings += outcome.findings.map { (file, $0) }
    for index in undecided.indices { undecided[index] += outcome.undecided[index] }
    if outcome.isUnreadable { unreadableRecords += 1 }
  }

  mutating func take(_ other: Self) {
    records += other.records
    findings += other.findings
    unreadableRecords += other.unreadableRecords
    for index in undecided.indices { undecided[index] += other.undecided[index] }
  }

  var status: ExitStatus {
    let certain = findings.contains { $0.finding.kind != .knownName }
    if certain || !unreadable.isEmpty || unreadableRecords > 0 { return .negative }
    return findings.isEmpty ? .done : .insufficient
  }

  var json: JSONValue {
    var undecided = JSONObject()
    for (type, count) in zip(IdentifierType.allCases, self.undecided) where count > 0 {
      undecided.append(type.rawValue, .integer(count))
    }
    let list = findings.map { file, finding -> JSONValue in
      .object([
        "file": .string(file), "record": .integer(finding.record),
        "field": .string(finding.field), "start": .integer(finding.start),
        "end": .integer(finding.end), "type": .string(finding.type.rawValue),
        "kind": .string(finding.kind.rawValue),
      ])
    }
    return .object([
      "policy": policy.map { .string($0) } ?? .null, "files": .integer(files),
      "records": .integer(records), "findings": .array(list),
      "unreadable_files": .array(unreadable.map { .string($0) }),
      "unreadable_records": .integer(unreadableRecords), "undecided": .object(undecided),
    ])
  }

  func text(_ language: Language) -> String {
    var text = ""
    for (file, finding) in findings {
      let kind =
        switch finding.kind {
        case .identifier: Bilingual(ko: "남은 식별자", en: "residual identifier")
        case .knownValue: Bilingual(ko: "아는 값", en: "known value")
        case .knownName:
          Bilingual(ko: "아는 이름(가명일 수 있음)", en: "known name, which an invented one may be")
        }
      text += "\(visible(file))  #\(finding.record)  \(visible(finding.field))  "
      text += "\(finding.start)-\(finding.end)  \(finding.type.rawValue)  \(kind[language])\n"
    }
    for file in unreadable {
      let what = Bilingual(ko: "읽을 수 없음", en: "cannot be read")
      text += "\(visible(file))  \(what[language])\n"
    }
    let types = zip(IdentifierType.allCases, undecided).filter { $0.1 > 0 }
      .map { "\($0.0.rawValue) \($0.1)" }.joined(separator: ", ")
    text +=
      Bilingual(
        ko: "파일 \(files)개, 기록 \(records)건: 발견 \(findings.count)건, 읽지 못한 기록 "
          + "\(unreadableRecords)건; 형식만으로는 가명과 구별되지 않는 값: \(types.isEmpty ? "없음" : types)\n",
        en: "\(files) files, \(records) records: \(findings.count) findings, "
          + "\(unreadableRecords) records unreadable; values whose form does not tell invented from "
          + "real: \(types.isEmpty ? "none" : types)\n")[language]
    return text
  }
}
