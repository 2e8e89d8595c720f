internal import Cryptography

/// Every answer of the file has an entry of its own in the log.
struct OutputsLoggedCheck: Check {
  let id = "trail.outputs-logged"
  let version = 1
  let title = "출력마다 있는 로그 항목"
  let titleEnglish = "A log entry for every output"
  let reads: [EvidenceKind] = [.outputs, .trail]

  func run(_ evidence: Evidence, _ tools: CheckTools) -> [Finding] {
    var entries: [Digest: [Int]] = [:]
    for entry in evidence.trail?.entries(of: TrailFields.generateAnswer) ?? [] {
      guard let digest = entry.text(TrailFields.outputSHA256).flatMap({ Digest(hex: $0) }) else {
        continue
      }
      entries[digest, default: []].append(entry.index)
    }
    let records = evidence.outputs ?? []
    if records.isEmpty { return [Finding(.insufficientEvidence, Reason(.nothingToJudge))] }
    let found = records.compactMap { entries[$0.outputSHA256]?.first }
    let missing = records.filter { entries[$0.outputSHA256] == nil }
    if missing.isEmpty {
      return [
        Finding(.pass, Reason(.clean, String(records.count)), entries: Set(found).sorted())
      ]
    }
    return missing.map { Finding(.fail, Reason(.outputNotLogged), record: $0.id) }
  }
}
