internal import Cryptography

/// Between the last use of a model and the first use of another, an exam of the new one was
/// validated, and nothing that was asked of it failed.
struct ModelChangeCheck: Check {
  let id = "trail.model-change-validated"
  let version = 1
  let title = "모델 변경 후 시험 검증"
  let titleEnglish = "Exam validation after a model change"
  let reads: [EvidenceKind] = [.trail]

  func run(_ evidence: Evidence, _ tools: CheckTools) -> [Finding] {
    let trail = evidence.trail?.entries ?? []
    var current: Digest?
    var lastUse = -1
    var judged = 0
    var findings: [Finding] = []
    for entry in trail
    where entry.isOf(TrailFields.generateBegin) || entry.isOf(TrailFields.generateAnswer) {
      guard let model = entry.text(TrailFields.modelSHA256).flatMap({ Digest(hex: $0) }) else {
        if entry.isOf(TrailFields.generateBegin) {
          findings.append(
            Finding(
              .insufficientEvidence, Reason(.entryFieldMissing, "model_sha256"),
              entries: [entry.index]))
        }
        continue
      }
      judged += 1
      if let current, current != model {
        let isValidated = trail.contains {
          $0.index > lastUse && $0.index < entry.index && $0.isOf(TrailFields.examValidate)
            && $0.count(TrailFields.exitStatus) != 1
            && $0.text(TrailFields.modelSHA256).flatMap { Digest(hex: $0) } == model
        }
        if !isValidated {
          findings.append(Finding(.fail, Reason(.modelNotValidated), entries: [entry.index]))
        }
      }
      current = model
      lastUse = entry.index
    }
    if judged == 0, findings.isEmpty {
      return [Finding(.insufficientEvidence, Reason(.nothingToJudge))]
    }
    return findings.isEmpty ? [Finding(.pass, Reason(.clean, String(judged)))] : findings
  }
}
