/// Access entries show account, time, place, data subject and task.
struct AccessFieldsCheck: Check {
  let id = "trail.access-fields"
  let version = 1
  let title = "접속기록의 다섯 항목"
  let titleEnglish = "The five facts of an access record"
  let reads: [EvidenceKind] = [.trail]

  func run(_ evidence: Evidence, _ tools: CheckTools) -> [Finding] {
    let entries = evidence.trail?.entries(of: TrailFields.access) ?? []
    if entries.isEmpty { return [Finding(.insufficientEvidence, Reason(.noAccessEntries))] }
    let findings = entries.flatMap { entry in
      TrailFields.accessFields.filter { (entry.text($0) ?? "").isEmpty }.map { path in
        Finding(
          .fail, Reason(.entryFieldMissing, path.joined(separator: ".")), entries: [entry.index])
      }
    }
    return findings.isEmpty
      ? [Finding(.pass, Reason(.clean, String(entries.count)), entries: entries.map(\.index))]
      : findings
  }
}
