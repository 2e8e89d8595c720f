internal import MedaiCore

/// The log's own verifier found it intact.
struct TrailIntegrityCheck: Check {
  let id = "trail.integrity"
  let version = 1
  let title = "감사 로그의 무결성"
  let titleEnglish = "Integrity of the audit log"
  let reads: [EvidenceKind] = [.trail]

  func run(_ evidence: Evidence, _ tools: CheckTools) -> [Finding] {
    guard let verdict = evidence.trail?.verdict else { return [] }
    switch verdict.word {
    case "intact" where verdict.size == 0 && verdict.problems.isEmpty:
      return [Finding(.insufficientEvidence, Reason(.nothingToJudge))]
    case "intact" where verdict.problems.isEmpty:
      return [Finding(.pass, Reason(.clean, String(verdict.size)))]
    case "self-consistent":
      return [Finding(.insufficientEvidence, Reason(.trailNoTrustedKey))]
    case "incomplete":
      return [Finding(.partial, Reason(.trailNotIntact, "incomplete"))]
    default:
      let known = ["intact", "tampered", "rolled-back-or-forked", "untrusted-key"]
      let word = known.first { sameBytes($0, verdict.word) } ?? "unknown"
      return [Finding(.fail, Reason(.trailNotIntact, word), entries: verdict.problems)]
    }
  }
}
