/// A de-identification run ended before each generation run began.
struct DeidFirstCheck: Check {
  let id = "trail.deid-before-generation"
  let version = 1
  let title = "생성 전 비식별화"
  let titleEnglish = "De-identification before generation"
  let reads: [EvidenceKind] = [.trail]

  func run(_ evidence: Evidence, _ tools: CheckTools) -> [Finding] {
    var lastEnd: Int?
    var judged: [Int] = []
    var findings: [Finding] = []
    for entry in evidence.trail?.entries ?? [] {
      if entry.isOf(TrailFields.deidEnd) { lastEnd = entry.index }
      guard entry.isOf(TrailFields.generateBegin) else { continue }
      judged.append(entry.index)
      if lastEnd == nil {
        findings.append(Finding(.fail, Reason(.deidNotBefore), entries: [entry.index]))
      }
    }
    if judged.isEmpty { return [Finding(.insufficientEvidence, Reason(.nothingToJudge))] }
    return findings.isEmpty
      ? [Finding(.pass, Reason(.clean, String(judged.count)), entries: judged)] : findings
  }
}
