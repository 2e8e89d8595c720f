internal import Cryptography
internal import MedaiCore

/// Where a de-identification manifest keeps what is read here.
enum ManifestFields {
  static let outputs = "outputs"
  static let policy = "policy_sha256"
  static let key = "key_id"
  static let counts = "counts"
  static let withheld = "quarantined"
}

/// The manifest binds outputs, policy, key and counts; withheld records wait for a person.
struct DeidManifestCheck: Check {
  let id = "deid.manifest"
  let version = 1
  let title = "비식별화 매니페스트"
  let titleEnglish = "De-identification manifest"
  let reads: [EvidenceKind] = [.deidentification]

  func run(_ evidence: Evidence, _ tools: CheckTools) -> [Finding] {
    guard let manifest = evidence.deidentification?.value else { return [] }
    var findings: [Finding] = []
    func demand(_ field: String, _ holds: Bool) {
      if !holds {
        findings.append(Finding(.insufficientEvidence, Reason(.manifestMalformed, field)))
      }
    }
    let outputs = manifest[ManifestFields.outputs]?.array ?? []
    demand(
      ManifestFields.outputs,
      !outputs.isEmpty && outputs.allSatisfy { $0["sha256"]?.string.map(isDigest) ?? false })
    demand(ManifestFields.policy, manifest[ManifestFields.policy]?.string.map(isDigest) ?? false)
    demand(ManifestFields.key, !(manifest[ManifestFields.key]?.string ?? "").isEmpty)
    demand(ManifestFields.counts, manifest[ManifestFields.counts]?.object != nil)
    let withheld = manifest[ManifestFields.withheld]?.int
    demand(ManifestFields.withheld, withheld != nil)
    if let withheld, withheld > 0 {
      findings.append(Finding(.needsPerson, Reason(.recordsWithheld, String(withheld))))
    }
    return findings.isEmpty
      ? [Finding(.pass, Reason(.clean, String(outputs.count)))] : findings
  }

  private func isDigest(_ text: String) -> Bool { Digest(hex: text) != nil }
}
