internal import MedaiCore
internal import Settings

/// Each record states a use that the submission lists.
struct IntendedUseCheck: Check {
  let id = "output.intended-use"
  let version = 1
  let title = "기록된 사용목적과 신고한 목록"
  let titleEnglish = "Recorded use against the declared list"
  let reads: [EvidenceKind] = [.outputs, .submission]

  func run(_ evidence: Evidence, _ tools: CheckTools) -> [Finding] {
    let tasks = evidence.submission?.root[["intended_use", "tasks"]]?.elements ?? []
    if tasks.isEmpty { return [Finding(.insufficientEvidence, Reason(.usesUndeclared))] }
    return perRecord(evidence) { record in
      guard let use = record.intendedUse else {
        return [Finding(.insufficientEvidence, Reason(.useNotRecorded), record: record.id)]
      }
      let isListed = tasks.contains { $0.text.map { sameBytes($0, use) } ?? false }
      return isListed ? [] : [Finding(.fail, Reason(.useNotDeclared), record: record.id)]
    }
  }
}
