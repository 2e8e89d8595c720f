/// The answer says that a professional has to review it.
struct ReviewStatementCheck: Check {
  let id = "output.review-statement"
  let version = 1
  let title = "의료인 확인 필요 문구"
  let titleEnglish = "Statement that a professional must review"
  let reads: [EvidenceKind] = [.outputs]

  func run(_ evidence: Evidence, _ tools: CheckTools) -> [Finding] {
    perRecord(evidence) { record in
      tools.wording.matches(of: .reviewStatement, in: record.output).isEmpty
        ? [Finding(.fail, Reason(.reviewStatementMissing), record: record.id)] : []
    }
  }
}
