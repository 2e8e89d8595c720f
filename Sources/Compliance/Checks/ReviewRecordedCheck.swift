/// A reviewer is recorded for each answer; a name never proves that the review was real.
struct ReviewRecordedCheck: Check {
  let id = "output.review-recorded"
  let version = 1
  let title = "검토자 기록"
  let titleEnglish = "Recorded reviewer"
  let reads: [EvidenceKind] = [.outputs]

  func run(_ evidence: Evidence, _ tools: CheckTools) -> [Finding] {
    let records = evidence.outputs ?? []
    if records.isEmpty { return [Finding(.insufficientEvidence, Reason(.nothingToJudge))] }
    let missing = records.filter { record in
      !(record.reviewedBy ?? "").utf8.contains { $0 > 0x20 }
    }
    if missing.isEmpty {
      return [Finding(.needsPerson, Reason(.reviewRecorded, String(records.count)))]
    }
    return missing.map {
      Finding(.insufficientEvidence, Reason(.reviewNotRecorded), record: $0.id)
    }
  }
}
