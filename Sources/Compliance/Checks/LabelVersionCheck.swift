internal import MedaiCore

/// The label names the version that the submission is about.
struct LabelVersionCheck: Check {
  let id = "submission.label-version"
  let version = 1
  let title = "표시된 버전과 제품 버전"
  let titleEnglish = "Label version against product version"
  let reads: [EvidenceKind] = [.submission]

  func run(_ evidence: Evidence, _ tools: CheckTools) -> [Finding] {
    guard let submission = evidence.submission,
      let label = submission.text("labelling", "version"),
      let product = submission.text("product", "version")
    else { return [Finding(.fail, Reason(.fieldMissing, "labelling.version"))] }
    return [
      sameBytes(label, product)
        ? Finding(.pass, Reason(.clean, "1")) : Finding(.fail, Reason(.labelVersionDiffers))
    ]
  }
}
