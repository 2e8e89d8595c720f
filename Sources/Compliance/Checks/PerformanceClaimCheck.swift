internal import Cryptography
internal import MedaiCore
internal import Settings

/// Performance claims are bound to an exam result by digest and repeat its figures.
struct PerformanceClaimCheck: Check {
  let id = "submission.performance-claim"
  let version = 1
  let title = "성능 주장과 시험 결과"
  let titleEnglish = "Performance claims against the exam result"
  let reads: [EvidenceKind] = [.submission, .exam]

  func run(_ evidence: Evidence, _ tools: CheckTools) -> [Finding] {
    guard let submission = evidence.submission, let exam = evidence.exam else { return [] }
    guard let count = exam.value["n"]?.int else {
      return [Finding(.insufficientEvidence, Reason(.examMalformed, "n"))]
    }
    guard let score = exam.value["score"]?.double, (0...1).contains(score) else {
      return [Finding(.insufficientEvidence, Reason(.examMalformed, "score"))]
    }
    let claims = submission.root[["performance", "claims"]]?.elements ?? []
    if claims.isEmpty { return [Finding(.fail, Reason(.sectionMissing, "performance.claims"))] }
    var findings: [Finding] = []
    for (index, claim) in claims.enumerated() {
      let place = "performance.claims[\(index)]"
      guard let file = submission.reference("\(place).exam_result"), let declared = file.declared
      else {
        findings.append(Finding(.fail, Reason(.claimNotBound, place)))
        continue
      }
      if declared != exam.sha256 {
        findings.append(Finding(.insufficientEvidence, Reason(.claimOtherResult, place)))
        continue
      }
      findings += judge(claim, place, count: count, score: score, submission)
    }
    return findings.isEmpty ? [Finding(.pass, Reason(.clean, String(claims.count)))] : findings
  }

  private func judge(
    _ claim: YAMLNode, _ place: String, count: Int, score: Double, _ submission: SubmissionFile
  ) -> [Finding] {
    var findings: [Finding] = []
    if let text = claim["value"]?.text, let value = Double(text) {
      let point = text.utf8.firstIndex(of: UInt8(ascii: "."))
      let written = point.map { text.utf8.distance(from: $0, to: text.utf8.endIndex) - 1 } ?? 0
      let decimals = min(written, 15)
      // A share above one is no score; rounding it could overflow as well.
      let isEqual =
        value <= 1
        && sameBytes(
          fixedPoint(value, decimals: decimals), fixedPoint(score, decimals: decimals))
      if !isEqual { findings.append(Finding(.fail, Reason(.claimDiffers, place, "value"))) }
    } else {
      findings.append(Finding(.fail, Reason(.fieldMissing, "\(place).value")))
    }
    if let text = claim["n"]?.text {
      if Int(text) != count {
        findings.append(Finding(.fail, Reason(.claimDiffers, place, "n")))
      }
    } else {
      findings.append(Finding(.fail, Reason(.fieldMissing, "\(place).n")))
    }
    let model = claim["model_sha256"]?.text.flatMap { Digest(hex: $0) }
    if model == nil {
      findings.append(Finding(.fail, Reason(.fieldMissing, "\(place).model_sha256")))
    } else if model != submission.text("base_model", "sha256").flatMap({ Digest(hex: $0) }) {
      findings.append(Finding(.fail, Reason(.claimModelDiffers, place)))
    }
    return findings
  }
}
