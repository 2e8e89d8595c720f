/// Every answer of the file has an entry of its own in the log.
struct OutputsLoggedCheck: Check {
  let id = "trail.outputs-logged"
  let version = 1
  let title = "출력마다 있는 로그 항목"
  let titleEnglish = "A log entry for every output"
  let reads: [EvidenceKind] = [.outputs, .trail]

  func run(_ evidence: Evidence, _ tools: CheckTools) -> [Finding] {
    let records = evidence.outputs ?? []
    if records.isEmpty { return [Finding(.insufficientEvidence, Reason(.nothingToJudge))] }
    // The log holds commitments; without the keys that open them nothing can be said.
    guard let opened = evidence.trail?.openedOutputs else {
      return [Finding(.insufficientEvidence, Reason(.commitmentsNotOpened))]
    }
    let found = records.indices.compactMap { opened[$0] }
    let missing = records.indices.filter { opened[$0] == nil }.map { records[$0] }
    if missing.isEmpty {
      return [
        Finding(.pass, Reason(.clean, String(records.count)), entries: Set(found).sorted())
      ]
    }
    return missing.map { Finding(.fail, Reason(.outputNotLogged), record: $0.id) }
  }
}
