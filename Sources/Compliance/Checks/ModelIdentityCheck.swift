internal import Cryptography
internal import MedaiCore

/// Each record names its model, and it is the one the submission declares.
struct ModelIdentityCheck: Check {
  let id = "output.model-identity"
  let version = 1
  let title = "기록된 모델과 제출자료의 모델"
  let titleEnglish = "Recorded model against the declared one"
  let reads: [EvidenceKind] = [.outputs]

  func run(_ evidence: Evidence, _ tools: CheckTools) -> [Finding] {
    let submission = evidence.submission
    var findings = perRecord(evidence) { record in
      let model = record.model
      let fields: [(name: String, value: String?)] = [
        ("name", model?.name), ("version", model?.version), ("sha256", model?.sha256),
      ]
      return fields.compactMap { field in
        guard let value = field.value, !value.isEmpty else {
          return Finding(
            .insufficientEvidence, Reason(.modelFieldMissing, field.name), record: record.id)
        }
        let isDigest = field.name == "sha256"
        if isDigest, Digest(hex: value) == nil {
          return Finding(.fail, Reason(.modelFieldMalformed, field.name), record: record.id)
        }
        guard let declared = submission?.text("base_model", field.name) else { return nil }
        let isSame =
          isDigest ? Digest(hex: value) == Digest(hex: declared) : sameBytes(value, declared)
        return isSame
          ? nil : Finding(.fail, Reason(.modelDiffers, field.name), record: record.id)
      }
    }
    for name in ["name", "version", "sha256"]
    where submission?.text("base_model", name) == nil {
      findings.append(Finding(.insufficientEvidence, Reason(.modelUndeclared, name)))
    }
    return findings
  }
}
