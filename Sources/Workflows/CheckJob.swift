internal import Auditing
internal import Compliance
internal import Cryptography
internal import Deidentification
internal import MedaiCore
internal import Presentation
public import SystemPackage

/// What `check` is asked.
public struct CheckRequest: Sendable {
  let outputs: FilePath
  let guidelines: [String]
  let format: String
  let output: FilePath?
  let submission: FilePath?
  let withoutAudit: Bool

  /// A request from the command's options.
  public init(
    outputs: FilePath, guidelines: [String], format: String, output: FilePath?,
    submission: FilePath?, withoutAudit: Bool
  ) {
    self.outputs = outputs
    self.guidelines = guidelines
    self.format = format
    self.output = output
    self.submission = submission
    self.withoutAudit = withoutAudit
  }
}

/// The de-identification engine as Compliance's scan for identifiers.
struct DetectorScan: IdentifierScan {
  let detectors: Detectors

  func identifiers(in text: [UInt8]) -> [IdentifierHit] {
    detectors.spans(in: text).map {
      IdentifierHit(type: $0.type.rawValue, start: $0.start, end: $0.end)
    }
  }
}

/// What checks need besides evidence: wording rules and the identifier scan.
func checkTools(_ library: GuidelineLibrary) throws -> CheckTools {
  CheckTools(wording: try library.wording(), identifiers: DetectorScan(detectors: try Detectors()))
}

/// Checks outputs against guidelines; nothing but the outputs (and a submission, where one is
/// named) is judged.
public func checkOutputs(_ request: CheckRequest, context: JobContext) throws -> JobResult {
  guard ["text", "json", "sarif", "oscal"].contains(request.format) else {
    throw Failure(
      .usage,
      Bilingual(
        ko: "--format 은 text, json, sarif, oscal 중 하나입니다.",
        en: "--format is one of text, json, sarif, oscal."))
  }
  try refuse(
    outputs: [request.output], equalTo: [request.outputs, request.submission], context)
  let library = try guidelineLibrary(context)
  let catalogs = try catalogs(request.guidelines, library, context)
  let evidence = Evidence(
    outputs: try reading(request.outputs) { try OutputRecord.read($0) },
    submission: try request.submission.map { try reading($0) { try SubmissionFile($0) } })
  let assessment = assess(
    guidelines: catalogs, evidence: evidence, tools: try checkTools(library), scope: [.outputs])
  let status = assessment.status
  let rendition: [UInt8] =
    switch request.format {
    case "json": assessment.json.encoded(.pretty) + [0x0A]
    case "sarif":
      assessment.sarif(
        artifact: request.outputs.lastComponent?.string ?? "outputs", version: toolVersion
      ).encoded(.pretty) + [0x0A]
    case "oscal": assessment.oscalAssessmentResults(time: context.now()).encoded(.pretty) + [0x0A]
    default: Array(assessment.summary(context.language).utf8)
    }
  let recorder = try Recorder.open(context, withoutAudit: request.withoutAudit)
  try recorder.append(
    .checkRun(
      outputs: try sha256(of: request.outputs), records: evidence.outputs?.count ?? 0,
      guidelines: catalogs.map { (identifier($0.id), $0.sha256) },
      checks: [(identifier("wording"), assessment.wordingSHA256)],
      verdicts: assessment.findings.map { (identifier($0.verdict.rawValue), 1) },
      controls: assessment.guidelines.flatMap { guideline in
        guideline.controls.filter(\.isInScope).map {
          (identifier("\($0.control.id)/\($0.verdict.rawValue)"), 1)
        }
      }, findings: sha256(rendition), models: modelDigests(evidence.outputs ?? []), egress: .none,
      exitStatus: Int(status.rawValue)))
  try recorder.close()
  guard let output = request.output else {
    return JobResult(output: rendition, statuses: [status])
  }
  try writeDurably(rendition, to: output)
  return JobResult(assessment.summary(context.language), [status])
}

/// The digests of the models that records name, each once, in order of the hexadecimal text.
private func modelDigests(_ records: [OutputRecord]) -> [Digest] {
  Set(records.compactMap { $0.model?.sha256.flatMap { Digest(hex: $0) } })
    .sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
}

extension Assessment {
  /// The exit status that the verdicts in scope amount to.
  var status: ExitStatus {
    // An edition without controls beside one that passes leaves something open all the same.
    let isOpen = guidelines.contains { $0.controls.isEmpty }
    let own = ExitStatus(rawValue: exitStatus) ?? .internalError
    return ExitStatus.worst(isOpen ? [own, .insufficient] : [own])
  }

  /// A table of the controls that were judged, then the counts.
  func summary(_ language: Language) -> String {
    var text = ""
    for guideline in guidelines {
      let catalog = guideline.catalog
      text += "\(catalog.id) (\(catalog.edition))\n"
      text += Bilingual(ko: catalog.notice, en: catalog.noticeEnglish)[language] + "\n\n"
      var table = TextTable([
        TextTable.Column(Bilingual(ko: "판정", en: "verdict")[language]),
        TextTable.Column(Bilingual(ko: "항목", en: "control")[language]),
        TextTable.Column(Bilingual(ko: "소견", en: "findings")[language], .right),
        TextTable.Column(Bilingual(ko: "제목", en: "title")[language], maxWidth: 60),
        TextTable.Column(Bilingual(ko: "이유", en: "reason")[language], maxWidth: 80),
      ])
      for control in guideline.controls where control.isInScope {
        let reason = control.reasons.first.map { Bilingual(ko: $0.korean, en: $0.english) }
        table.append([
          control.verdict.rawValue, control.control.id,
          String(control.findings.count { $0.verdict != .pass }),
          Bilingual(ko: control.control.title, en: control.control.titleEnglish)[language],
          reason?[language] ?? "",
        ])
      }
      text += table.rendered() + "\n"
      text += guideline.counts.map { "\($0.verdict.rawValue) \($0.count)" }.joined(separator: ", ")
      text += "\n"
    }
    return text
  }
}
