/// Prompts were de-identified: by the generation run itself, or before it began.
///
/// That a run ended before does not show that its outputs are what was asked about; then a person
/// has to say so.
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
      if entry.text(TrailFields.promptTreatment) == TrailFields.deidentified { continue }
      if let lastEnd {
        findings.append(
          Finding(.needsPerson, Reason(.promptsAsGiven), entries: [lastEnd, entry.index]))
      } else {
        findings.append(Finding(.fail, Reason(.deidNotBefore), entries: [entry.index]))
      }
    }
    if judged.isEmpty { return [Finding(.insufficientEvidence, Reason(.nothingToJudge))] }
    return findings.isEmpty
      ? [Finding(.pass, Reason(.clean, String(judged.count)), entries: judged)] : findings
  }
}
