internal import Cryptography
internal import MedaiCore

/// Where a de-identification manifest keeps what is read here.
enum ManifestFields {
  static let files = ["files"]
  /// In a file; null where the file as a whole was withheld.
  static let output = "output"
  static let digest = "sha256"
  static let policy = ["policy", "sha256"]
  static let key = ["key_id"]
  static let counts = ["totals", "counts"]
  static let withheld = [["totals", "records_withheld"], ["totals", "files_withheld"]]
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
    func demand(_ field: [String], _ holds: Bool) {
      if !holds {
        findings.append(
          Finding(
            .insufficientEvidence, Reason(.manifestMalformed, field.joined(separator: "."))))
      }
    }
    let files = manifest.at(ManifestFields.files)?.array ?? []
    let outputs = files.compactMap { $0[ManifestFields.output] }.filter { $0.object != nil }
    demand(
      ManifestFields.files,
      !outputs.isEmpty
        && outputs.allSatisfy { $0[ManifestFields.digest]?.string.map(isDigest) ?? false })
    demand(
      ManifestFields.policy, manifest.at(ManifestFields.policy)?.string.map(isDigest) ?? false)
    demand(ManifestFields.key, !(manifest.at(ManifestFields.key)?.string ?? "").isEmpty)
    demand(ManifestFields.counts, manifest.at(ManifestFields.counts)?.object != nil)
    var withheld = 0
    for field in ManifestFields.withheld {
      let count = manifest.at(field)?.int
      demand(field, count != nil)
      withheld =
        max(0, count ?? 0).addingReportingOverflow(withheld).overflow
        ? .max : withheld + max(0, count ?? 0)
    }
    if withheld > 0 {
      findings.append(Finding(.needsPerson, Reason(.recordsWithheld, String(withheld))))
    }
    return findings.isEmpty
      ? [Finding(.pass, Reason(.clean, String(outputs.count)))] : findings
  }

  private func isDigest(_ text: String) -> Bool { Digest(hex: text) != nil }
}

extension JSONValue {
  /// The value at a path of member names.
  fileprivate func at(_ path: [String]) -> JSONValue? {
    var value: JSONValue? = self
    for key in path { value = value?[key] }
    return value
  }
}
