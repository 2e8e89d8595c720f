/// Something the numbers of a judgement do not show.
public enum JudgementNote: String, Sendable, CaseIterable {
  case textOnly = "text-only"
  case writtenPartOnly = "written-part-only"
  case subjectsMissing = "subjects-missing"
  case totalBelowRule = "total-below-rule"
  case subjectsAsNamed = "subjects-as-named"
  case humanMeanIsSample = "human-mean-is-sample"
  case promptChoice = "prompt-choice"
  case maybeSeen = "maybe-seen"
  case sampleItems = "sample-items"
  case fewItems = "few-items"
  case invalidIsWrong = "invalid-is-wrong"
  case tiesGoFirst = "ties-go-first"
  case supportedByRounding = "supported-by-rounding"
  case claimNotExcluded = "claim-not-excluded"
  case groupsNotIndependent = "groups-not-independent"
  case manySubjects = "many-subjects"
  case optionsInferred = "options-inferred"

  /// The sentence in English.
  public var english: String {
    switch self {
    case .textOnly:
      "The items are text only; a licensing examination also asks about images and recordings."
    case .writtenPartOnly:
      "The rule is applied to the written part only; the practical part is not judged."
    case .subjectsMissing:
      "Items carry no subject, so the least score of every subject cannot be checked and the rule "
        + "is not decided; this is no pass."
    case .totalBelowRule: "The total alone is already below the rule's least share."
    case .subjectsAsNamed:
      "Subjects are those that the items name; they need not be those of the examination."
    case .humanMeanIsSample:
      "The mean of people is itself measured on a sample, often on other items; the p-value "
        + "treats it as exact."
    case .promptChoice:
      "Another prompt, other examples or another order of options can move the score; the result "
        + "holds for the recorded prompt."
    case .maybeSeen:
      "A public test set may have been part of the model's training; a score cannot tell "
        + "knowledge from memory."
    case .sampleItems:
      "These are sample items written to show the format; a score on them says nothing about an "
        + "examination or about clinical use."
    case .fewItems:
      "There are fewer than one hundred items; read the interval, not the score."
    case .invalidIsWrong: "Items without a usable answer count as wrong."
    case .tiesGoFirst:
      "Some scores were exactly equal; the option shown first counted as the answer."
    case .supportedByRounding:
      "The claim is above the exact score and equals it only after rounding to the claim's decimals."
    case .claimNotExcluded:
      "The claim is above the score but within the exact interval: neither shown nor excluded."
    case .groupsNotIndependent:
      "Items of one group share a passage or a case; the intervals of single scores treat them as "
        + "independent and are too narrow."
    case .manySubjects:
      "Among several subjects some look high or low by chance; their intervals are not adjusted "
        + "for that."
    case .optionsInferred:
      "The results do not tell how many options the items have; the random baseline assumes as "
        + "many as letters occur."
    }
  }

  /// The sentence in Korean.
  public var korean: String {
    switch self {
    case .textOnly:
      "글로만 된 문항이다. 실제 국가시험에는 영상과 그림을 보고 푸는 문항도 있다."
    case .writtenPartOnly: "필기시험에만 적용한 기준이다. 실기시험은 판정하지 않는다."
    case .subjectsMissing:
      "문항에 과목이 적혀 있지 않아 과목별 최저 점수를 확인할 수 없으므로 판정하지 않는다. 합격이 아니다."
    case .totalBelowRule: "총점만으로도 이미 기준에 못 미친다."
    case .subjectsAsNamed: "과목은 문항에 적힌 이름을 따르며, 실제 시험 과목과 다를 수 있다."
    case .humanMeanIsSample:
      "사람의 평균도 표본에서 잰 값이고 다른 문항에서 나왔을 수 있다. p값은 이를 오차 없는 값으로 본다."
    case .promptChoice:
      "지시문, 예시, 보기 순서가 바뀌면 점수도 달라질 수 있다. 결과는 기록된 지시문에 대해서만 성립한다."
    case .maybeSeen:
      "공개된 시험 문항은 모델이 학습 때 보았을 수 있다. 점수만으로는 지식과 암기를 가를 수 없다."
    case .sampleItems:
      "형식을 보여 주려고 만든 예시 문항이다. 점수는 실제 시험이나 임상 사용에 대해 아무것도 말해 주지 않는다."
    case .fewItems: "문항이 백 개가 안 된다. 점수보다 신뢰구간을 보아야 한다."
    case .invalidIsWrong: "쓸 수 있는 답이 없는 문항은 오답으로 세었다."
    case .tiesGoFirst: "점수가 똑같은 보기가 있어 먼저 제시된 보기를 답으로 세었다."
    case .supportedByRounding:
      "주장한 값은 실제 점수보다 높고, 주장한 자릿수로 반올림했을 때에만 같아진다."
    case .claimNotExcluded:
      "주장한 값은 점수보다 높지만 정확 신뢰구간 안에 있다. 입증되지도 배제되지도 않는다."
    case .groupsNotIndependent:
      "한 묶음의 문항은 지문이나 증례를 함께 쓴다. 개별 점수의 신뢰구간은 이를 독립으로 보아 실제보다 좁다."
    case .manySubjects:
      "과목이 여럿이면 우연히 높거나 낮아 보이는 과목이 생긴다. 신뢰구간은 이를 보정하지 않았다."
    case .optionsInferred:
      "결과 파일에 보기 수가 없어, 나타난 글자의 수를 보기 수로 보고 무작위 기준을 셈했다."
    }
  }

  /// The notes that apply, in the order of their declaration.
  static func all(
    tally: ResultTally, questions: JudgementQuestions, rule: RuleVerdict?, claim: ClaimVerdict?
  ) -> [JudgementNote] {
    let score = tally.score
    let isRounded =
      claim == .supported
      && questions.claim?.isAtMost(score.correct, of: score.count) == false
    return allCases.filter { note in
      switch note {
      case .textOnly: rule != nil || questions.human != nil
      case .writtenPartOnly: rule != nil
      case .subjectsMissing: rule == .notEvaluable
      case .totalBelowRule:
        rule == .notEvaluable
          && !(questions.rule.map { score.reaches(percent: $0.totalPercent) } ?? true)
      case .subjectsAsNamed: rule == .pass || rule == .fail
      case .humanMeanIsSample: questions.human != nil
      case .promptChoice, .maybeSeen: true
      case .sampleItems: tally.isSample
      case .fewItems: score.count < 100
      case .invalidIsWrong: tally.invalid > 0
      case .tiesGoFirst: tally.tied > 0
      case .supportedByRounding: isRounded
      case .claimNotExcluded: claim == .notShown
      case .groupsNotIndependent: tally.hasGroups
      case .manySubjects: tally.subjects.count > 1
      case .optionsInferred: tally.infersOptions
      }
    }
  }
}
