internal import MedaiCore

/// Every run that began has ended; a begin without an end is what a crash leaves behind.
struct RunEndCheck: Check {
  let id = "trail.begin-end"
  let version = 1
  let title = "시작과 끝의 짝"
  let titleEnglish = "Begin entries and their ends"
  let reads: [EvidenceKind] = [.trail]

  func run(_ evidence: Evidence, _ tools: CheckTools) -> [Finding] {
    var open: [(key: [UInt8], index: Int)] = []
    var judged = 0
    var findings: [Finding] = []
    for entry in evidence.trail?.entries ?? [] {
      guard let type = entry.text(TrailFields.type) else { continue }
      let isBegin = hasSuffix(type, TrailFields.beginSuffix)
      guard isBegin || hasSuffix(type, TrailFields.endSuffix) else { continue }
      let link = isBegin ? TrailFields.number : TrailFields.pair
      guard let run = entry.count(link) else {
        findings.append(
          Finding(
            .insufficientEvidence, Reason(.entryFieldMissing, link[0]), entries: [entry.index]))
        continue
      }
      let suffix = isBegin ? TrailFields.beginSuffix : TrailFields.endSuffix
      let key = Array(type.utf8.dropLast(suffix.utf8.count)) + [0] + Array(String(run).utf8)
      if isBegin {
        judged += 1
        open.append((key: key, index: entry.index))
      } else if let place = open.firstIndex(where: { $0.key == key }) {
        open.remove(at: place)
      }
    }
    findings += open.map { Finding(.fail, Reason(.runNotEnded), entries: [$0.index]) }
    if judged == 0, findings.isEmpty {
      return [Finding(.insufficientEvidence, Reason(.nothingToJudge))]
    }
    return findings.isEmpty ? [Finding(.pass, Reason(.clean, String(judged)))] : findings
  }
}
