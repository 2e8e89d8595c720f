internal import Cryptography
internal import Examination
internal import MedaiCore
internal import Presentation
internal import SystemPackage

extension ExamFigures {
  /// The figures of a judgement.
  init(_ judgement: Judgement, name: String) {
    let score = judgement.score
    self.init(
      name: name, n: score.count, correct: score.correct, invalid: judgement.invalid,
      score: score.value, wilson: Presentation.ScoreInterval(score.wilson),
      clopperPearson: Presentation.ScoreInterval(judgement.clopperPearson),
      randomBaseline: judgement.random ?? 0, majorityBaseline: judgement.majority,
      claim: judgement.claim?.share.value,
      claimVerdict: judgement.claim.flatMap { ClaimVerdict(rawValue: $0.verdict.rawValue) },
      human: judgement.human?.share.value, humanPValue: judgement.human?.pValue,
      subjects: judgement.subjects.map {
        Subject(
          name: $0.name, n: $0.score.count, correct: $0.score.correct,
          wilson: Presentation.ScoreInterval($0.score.wilson))
      })
  }
}

extension Presentation.ScoreInterval {
  init(_ interval: Examination.ScoreInterval) {
    self.init(low: interval.lower, high: interval.upper)
  }
}

/// The page of `exam validate --report`.
func examReport(_ judgement: Judgement, source: FilePath) -> ExamReport {
  let verdict: ReportVerdict
  let sentence: Bilingual
  switch judgement.outcome {
  case .positive:
    verdict = .pass
    sentence = Bilingual(
      ko: "물은 것은 모두 성립한다. 점수는 아래 신뢰구간과 함께 읽어야 한다.",
      en: "Everything that was asked holds. Read the score with its interval.")
  case .negative:
    verdict = .fail
    sentence = Bilingual(
      ko: "주장이 반박되었거나 합격 기준에 미치지 못한다.",
      en: "A claim is refuted, or the pass rule is not met.")
  case .insufficient:
    verdict = .insufficientEvidence
    sentence = Bilingual(
      ko: "주장이나 기준을 판정하기에 자료가 부족하다.",
      en: "The data do not suffice to judge a claim or the rule.")
  }
  return ExamReport(
    title: Bilingual(ko: "시험 점수 검증 보고서", en: "Exam score validation"),
    tool: "medai \(toolVersion)", verdict: verdict, verdictSentence: sentence,
    figures: ExamFigures(judgement, name: source.lastComponent?.string ?? "results"),
    rule: judgement.rule.map { rule, verdict in
      ExamReport.Rule(
        name: rule.id,
        verdict: ExamReport.Rule.Verdict(rawValue: verdict.rawValue) ?? .notEvaluable,
        reason: Bilingual(ko: rule.titleKorean, en: rule.title))
    },
    provenance: [
      ReportFact(
        Bilingual(ko: "결과 파일 SHA-256", en: "SHA-256 of the results"),
        judgement.resultsSHA256.hex)
    ],
    statements: [
      Bilingual(
        ko: "이 보고서는 허가나 승인을 뜻하지 않는다.",
        en: "This report is not an approval of any kind.")
    ],
    limits: judgement.notes.map { Bilingual(ko: $0.korean, en: $0.english) })
}
