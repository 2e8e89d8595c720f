/// Somebody checked the access records and the log says so.
struct AccessReviewCheck: Check {
  let id = "trail.access-check"
  let version = 1
  let title = "접속기록 점검"
  let titleEnglish = "Check of access records"
  let reads: [EvidenceKind] = [.trail]

  func run(_ evidence: Evidence, _ tools: CheckTools) -> [Finding] {
    let entries = evidence.trail?.entries(of: TrailFields.accessCheck) ?? []
    if entries.isEmpty { return [Finding(.insufficientEvidence, Reason(.noAccessCheck))] }
    return [Finding(.pass, Reason(.clean, String(entries.count)), entries: entries.map(\.index))]
  }
}
