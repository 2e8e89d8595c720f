internal import MedaiCore

/// The notice that an AI made the answer (인공지능기본법 제31조 제2항).
///
/// A notice on the screen satisfies the law as well, but only a person can see a screen.
struct AINoticeCheck: Check {
  let id = "output.ai-notice"
  let version = 1
  let title = "인공지능 생성 표시"
  let titleEnglish = "Notice that an AI made the output"
  let reads: [EvidenceKind] = [.outputs]

  func run(_ evidence: Evidence, _ tools: CheckTools) -> [Finding] {
    let mark = evidence.submission?.text("labelling", "ai_mark") ?? "in-output"
    let isElsewhere = !sameBytes(mark, "in-output")
    return perRecord(evidence) { record in
      if !tools.wording.matches(of: .aiNotice, in: record.output).isEmpty { return [] }
      return [
        Finding(
          isElsewhere ? .needsPerson : .fail,
          Reason(isElsewhere ? .aiNoticeOnScreen : .aiNoticeMissing), record: record.id)
      ]
    }
  }
}
