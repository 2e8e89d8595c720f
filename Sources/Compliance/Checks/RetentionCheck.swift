/// A retention period of the submission against the one the catalogue states.
struct RetentionCheck: Check {
  let id: String
  let version = 1
  let title: String
  let titleEnglish: String
  let reads: [EvidenceKind] = [.submission]
  let parameter: String
  let field: String

  func run(_ evidence: Evidence, _ tools: CheckTools) -> [Finding] {
    guard let needed = tools.integer(parameter) else {
      return [Finding(.insufficientEvidence, Reason(.parameterMissing, parameter))]
    }
    guard let days = evidence.submission?.text("operation", field).flatMap({ Int($0) }) else {
      return [Finding(.insufficientEvidence, Reason(.retentionNotSet, "operation.\(field)"))]
    }
    if days < needed {
      return [Finding(.fail, Reason(.retentionShort, String(needed), String(days)))]
    }
    return [Finding(.pass, Reason(.clean, "1"))]
  }

  /// The periods that are compared.
  static let all: [RetentionCheck] = [
    RetentionCheck(
      id: "trail.access-retention", title: "접속기록 보존 기간",
      titleEnglish: "Retention of access records", parameter: "access-retention-days",
      field: "access_log_retention_days"),
    RetentionCheck(
      id: "trail.evidence-retention", title: "조치 근거의 보존 기간",
      titleEnglish: "Retention of evidence of measures", parameter: "evidence-retention-days",
      field: "evidence_retention_days"),
  ]
}
