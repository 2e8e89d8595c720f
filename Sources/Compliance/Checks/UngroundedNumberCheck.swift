/// Numbers of an answer that neither its context nor its prompt holds.
///
/// A number with a unit is a dose or a measurement and counts in full; a bare one counts in part.
struct UngroundedNumberCheck: Check {
  let id = "output.ungrounded-numbers"
  let version = 1
  let title = "근거에 없는 수치"
  let titleEnglish = "Numbers that the context does not hold"
  let reads: [EvidenceKind] = [.outputs]

  /// Emergency and crisis lines: an answer has to be able to name them.
  private static let lines = ["109", "112", "119", "911", "988", "999"].map {
    $0.unicodeScalars.map(\.value)
  }

  func run(_ evidence: Evidence, _ tools: CheckTools) -> [Finding] {
    perRecord(evidence) { record in
      var given = Set<[UInt32]>()
      for text in record.context + [record.prompt] {
        for number in NumberScan(text).numbers() { given.insert(number.value) }
      }
      let foreign = NumberScan(record.output).numbers().filter {
        !$0.isLabel && !$0.isSmall && !given.contains($0.value)
          && ($0.hasUnit || !Self.lines.contains($0.value))
      }
      if record.context.isEmpty, !foreign.isEmpty {
        return [Finding(.insufficientEvidence, Reason(.contextMissing), record: record.id)]
      }
      return foreign.map { number in
        Finding(
          number.hasUnit ? .fail : .partial,
          Reason(number.hasUnit ? .doseNotInContext : .numberNotInContext), record: record.id,
          start: number.start, end: number.end)
      }
    }
  }
}
