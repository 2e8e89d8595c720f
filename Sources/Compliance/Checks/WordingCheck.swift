/// Wording that a tool in a supporting role must not use; the phrases are data.
struct WordingCheck: Check {
  let id: String
  let version = 1
  let title: String
  let titleEnglish: String
  let reads: [EvidenceKind] = [.outputs]
  let category: WordingRules.Category

  func run(_ evidence: Evidence, _ tools: CheckTools) -> [Finding] {
    perRecord(evidence) { record in
      tools.wording.matches(of: category, in: record.output).map { match in
        Finding(
          .fail, Reason(.wordingFound, match.rule), record: record.id, start: match.start,
          end: match.end)
      }
    }
  }

  /// The categories that are checked one by one.
  static let all: [WordingCheck] = [
    WordingCheck(
      id: "output.definitive-diagnosis", title: "확정적 진단 표현",
      titleEnglish: "Wording that settles a diagnosis", category: .definitiveDiagnosis),
    WordingCheck(
      id: "output.treatment-order", title: "처방·용량 지시 표현",
      titleEnglish: "Wording that prescribes or orders a dose", category: .treatmentOrder),
    WordingCheck(
      id: "output.discourages-care", title: "진료를 막는 표현",
      titleEnglish: "Wording that keeps someone from care", category: .discouragesCare),
    WordingCheck(
      id: "output.overclaim", title: "과장된 성능·허가 표현",
      titleEnglish: "Inflated claims of accuracy or approval", category: .overclaim),
  ]
}
