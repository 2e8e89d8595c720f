internal import Auditing
internal import Compliance
internal import Cryptography
internal import MedaiCore
internal import Presentation
public import SystemPackage

/// What `audit report` is asked.
public struct ReportRequest: Sendable {
  let submission: FilePath
  let guidelines: [String]
  let output: FilePath
  let publicKey: FilePath?
  let size: Int?
  let outputs: FilePath?
  let exam: FilePath?
  let manifest: FilePath?
  let oscal: FilePath?
  let sarif: FilePath?
  let csv: FilePath?
  let withoutAudit: Bool

  /// A request from the command's options.
  public init(
    submission: FilePath, guidelines: [String], output: FilePath, publicKey: FilePath?, size: Int?,
    outputs: FilePath?, exam: FilePath?, manifest: FilePath?, oscal: FilePath?, sarif: FilePath?,
    csv: FilePath?, withoutAudit: Bool
  ) {
    self.submission = submission
    self.guidelines = guidelines
    self.output = output
    self.publicKey = publicKey
    self.size = size
    self.outputs = outputs
    self.exam = exam
    self.manifest = manifest
    self.oscal = oscal
    self.sarif = sarif
    self.csv = csv
    self.withoutAudit = withoutAudit
  }
}

/// Writes the report: the log is verified first, and a broken one ends the job; then everything
/// comes from one assessment.
public func writeReport(_ request: ReportRequest, context: JobContext) throws -> JobResult {
  try refuse(
    outputs: [request.output, request.sarif, request.csv]
      + [request.oscal?.appending(resultsName), request.oscal?.appending(planName)],
    equalTo: [
      request.submission, request.outputs, request.exam, request.manifest, request.publicKey,
    ], context)
  let library = try guidelineLibrary(context)
  let catalogs = try catalogs(request.guidelines, library, context)
  // A log that does not hold is left as it is found: opening it to append would add to it.
  if !request.withoutAudit, fileExists(auditFolder(context).appending("log.db")) {
    try requireIntegrity(
      try verifyLog(
        folder: auditFolder(context), trustedKeys: [], catalog: try eventCatalog()))
  }
  let recorder = try Recorder.open(context, withoutAudit: request.withoutAudit)
  try recorder.keepCheckpoint()
  let trail = try TrailReading(
    folder: auditFolder(context), keys: try trustedKeys(request.publicKey), size: request.size)
  let material = try ReportMaterial(request, trail: trail)
  let assessment = assess(
    guidelines: catalogs, evidence: material.evidence, tools: try checkTools(library))
  let builder = ReportBuilder(assessment: assessment, material: material, trail: trail)
  let time = trail.period?.last ?? Timestamp(microseconds: 0)
  var files: [(name: String, path: FilePath, bytes: [UInt8])] = [
    ("html", request.output, try html(builder.report, context.language))
  ]
  if let path = request.sarif {
    let artifact = request.submission.lastComponent?.string ?? "submission"
    let value = assessment.sarif(artifact: artifact, version: toolVersion)
    files.append(("sarif", path, value.encoded(.pretty) + [0x0A]))
  }
  if let path = request.csv { files.append(("csv", path, assessment.csv)) }
  if let folder = request.oscal {
    let results = assessment.oscalAssessmentResults(time: time).encoded(.pretty) + [0x0A]
    let plan = assessment.oscalPlanOfAction(time: time).encoded(.pretty) + [0x0A]
    files.append(("oscal-results", folder.appending(resultsName), results))
    files.append(("oscal-poam", folder.appending(planName), plan))
  }
  let status = ExitStatus.worst([assessment.status, trail.verification.verdict.status])
  try recorder.append(
    .reportIssue(
      size: trail.size, root: trail.root,
      guidelines: catalogs.map { (identifier($0.id), $0.sha256) },
      submission: material.submission.sha256,
      verdicts: assessment.guidelines.flatMap { guideline in
        guideline.controls.map { (identifier($0.verdict.rawValue), 1) }
      }, files: files.map { (identifier($0.name), sha256($0.bytes)) },
      exitStatus: Int(status.rawValue)))
  for file in files {
    try createFolder(file.path.removingLastComponent())
    try writeDurably(file.bytes, to: file.path)
  }
  try recorder.close()
  return JobResult(
    builder.summary(context.language, report: request.output),
    [assessment.status, trail.verification.verdict.status])
}

private let resultsName = "assessment-results.json"
private let planName = "poam.json"

/// Ends a job whose log does not hold.
private func requireIntegrity(_ verification: LogVerification) throws {
  guard verification.verdict.status == .integrity else { return }
  throw Failure(
    .integrity,
    Bilingual(
      ko: "감사 기록이 온전하지 않아 보고서를 쓰지 않습니다 (\(verification.verdict.rawValue)).",
      en: "the audit log does not hold (\(verification.verdict.rawValue)); no report is written."),
    hint: Bilingual(
      ko: "medai audit verify 로 어긋난 항목을 확인하십시오.",
      en: "run medai audit verify to see which entry does not hold."))
}

/// The log at one size, verified, as a report needs it.
struct TrailReading {
  let verification: LogVerification
  let origin: String
  let size: Int
  let root: Digest
  let signer: VerifierKey?
  let entries: [LogEntry]
  let leaves: [JSONValue]
  let leafHashes: [Digest]
  let proofs: [[Digest]]

  /// The claimed times of the first and the last entry.
  var period: (first: Timestamp, last: Timestamp)? {
    guard let first = entries.first, let last = entries.last else { return nil }
    return (first.time, last.time)
  }

  /// Verifies the log and reads it up to a size.
  ///
  /// - Throws: `Failure` 3 where the log does not hold: a report over a broken trail would lend it
  ///   weight.
  init(folder: FilePath, keys: [VerifierKey], size wanted: Int?) throws {
    let catalog = try eventCatalog()
    verification = try verifyLog(folder: folder, trustedKeys: keys, catalog: catalog)
    try requireIntegrity(verification)
    var reader = try LogReader.open(folder: folder, catalog: catalog)
    // The log may have grown since; what was not verified is not read.
    let verified = verification.checkpoint
    guard let verified, try reader.root(at: verified.size) == verified.root else {
      throw AuditLogError.headMismatch
    }
    let size = wanted ?? verified.size
    guard (1...verified.size).contains(size) else {
      throw Failure(
        .usage,
        Bilingual(
          ko: "--at 은 1부터 \(verified.size)까지입니다.", en: "--at is from 1 to \(verified.size)."))
    }
    self.size = size
    origin = reader.checkpoint.origin.text
    root = try reader.root(at: size)
    signer = verification.signers.last
    var entries: [LogEntry] = []
    var leaves: [JSONValue] = []
    var hashes: [Digest] = []
    var proofs: [[Digest]] = []
    for number in 0..<size {
      let bytes = try reader.leaf(number)
      entries.append(try reader.entry(number))
      leaves.append(try parseJSON(bytes))
      hashes.append(leafHash(bytes))
      proofs.append(try reader.inclusionProof(of: number, at: size))
    }
    self.entries = entries
    self.leaves = leaves
    leafHashes = hashes
    self.proofs = proofs
  }

  /// The trail as Compliance reads it.
  ///
  /// - Parameter opened: Entries whose commitments were opened, by place of the output record;
  ///   `nil` where no keys were at hand.
  /// - Returns: The verdict and every entry.
  func evidence(opened: [Int: Int]?) -> Trail {
    Trail(
      verdict: TrailVerdict(
        word: verification.verdict.rawValue, size: size, root: root,
        problems: verification.problems.compactMap(\.entry)),
      entries: entries.indices.map {
        TrailEntry(index: $0, leaf: leaves[$0], leafSHA256: leafHashes[$0])
      }, openedOutputs: opened)
  }
}

/// The files a report rests on.
struct ReportMaterial {
  let submission: SubmissionFile
  let outputs: [OutputRecord]?
  let exam: EvidenceDocument?
  let manifest: EvidenceDocument?
  let evidence: Evidence

  /// Reads the files that the request names or, where it names none, the submission does.
  init(_ request: ReportRequest, trail: TrailReading) throws {
    let submission = try reading(request.submission) { try SubmissionFile($0) }
    self.submission = submission
    let folder = request.submission.removingLastComponent()
    func named(_ place: String) -> FilePath? {
      guard let reference = submission.reference(place), reference.actual != nil else {
        return nil
      }
      return folder.pushing(FilePath(reference.path))
    }
    let outputs = try request.outputs.map { try reading($0) { try OutputRecord.read($0) } }
    self.outputs = outputs
    exam = try (request.exam ?? named("performance.claims[0].exam_result")).map {
      try reading($0) { try EvidenceDocument(readFile($0)) }
    }
    manifest = try (request.manifest ?? named("training_data.deidentification")).map {
      try reading($0) { try EvidenceDocument(readFile($0)) }
    }
    evidence = Evidence(
      outputs: outputs,
      trail: trail.evidence(
        opened: try request.outputs.flatMap { path in
          try openedOutputs(outputs ?? [], openings(beside: path), trail)
        }), exam: exam, deidentification: manifest,
      submission: submission)
  }
}
