internal import MedaiCore

/// Generation parameters stay inside what the submission declares.
struct ParameterCheck: Check {
  let id = "output.parameters"
  let version = 1
  let title = "생성 매개변수의 범위"
  let titleEnglish = "Generation parameters within the declared range"
  let reads: [EvidenceKind] = [.outputs, .submission]

  func run(_ evidence: Evidence, _ tools: CheckTools) -> [Finding] {
    let limits: [(name: String, limit: Double?)] = [
      ("temperature", number(evidence, "temperature_max")),
      ("top_p", number(evidence, "top_p_max")), ("max_tokens", number(evidence, "max_tokens")),
    ]
    guard limits[0].limit != nil else {
      return [Finding(.insufficientEvidence, Reason(.rangeUndeclared, "temperature"))]
    }
    return perRecord(evidence) { record in
      limits.compactMap { name, limit in
        guard let limit else { return nil }
        guard let value = record.parameters?[name]?.double else {
          return name == "temperature"
            ? Finding(.insufficientEvidence, Reason(.parameterNotRecorded, name), record: record.id)
            : nil
        }
        return value >= 0 && value <= limit
          ? nil : Finding(.fail, Reason(.parameterOutOfRange, name), record: record.id)
      }
    }
  }

  private func number(_ evidence: Evidence, _ name: String) -> Double? {
    evidence.submission?.text("generation", name).flatMap { Double($0) }
  }
}
