internal import MedaiCore

/// The same input under deterministic settings gives the same answer.
///
/// Records count as repeats where prompt, context, model and parameters are byte for byte alike and
/// the temperature is zero.
struct RepeatCheck: Check {
  let id = "output.repeat-consistency"
  let version = 1
  let title = "같은 입력에 대한 출력 일치"
  let titleEnglish = "Equal outputs for equal inputs"
  let reads: [EvidenceKind] = [.outputs]

  func run(_ evidence: Evidence, _ tools: CheckTools) -> [Finding] {
    var firsts: [[UInt8]: OutputRecord] = [:]
    var repeats = 0
    var findings: [Finding] = []
    for record in evidence.outputs ?? [] {
      guard record.parameters?["temperature"]?.double == 0 else { continue }
      let key = key(of: record)
      guard let first = firsts[key] else {
        firsts[key] = record
        continue
      }
      repeats += 1
      if !sameBytes(first.output, record.output) {
        findings.append(Finding(.fail, Reason(.repeatDiffers), record: record.id))
      }
    }
    if repeats == 0 { return [Finding(.insufficientEvidence, Reason(.noRepeats))] }
    return findings.isEmpty ? [Finding(.pass, Reason(.clean, String(repeats)))] : findings
  }

  private func key(of record: OutputRecord) -> [UInt8] {
    let model = [record.model?.name, record.model?.version, record.model?.sha256]
    return JSONValue.array([
      .string(record.prompt), .array(record.context.map { .string($0) }),
      .array(model.map { $0.map { .string($0) } ?? .null }),
      .object(record.parameters ?? JSONObject()),
    ]).encoded(.canonical)
  }
}
