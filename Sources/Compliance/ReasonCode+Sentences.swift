extension ReasonCode {
  /// The sentence in both languages, `{0}` and `{1}` standing for details.
  var sentences: (korean: String, english: String) {
    switch self {
    case .clean:
      (
        "판정한 {0}건에서 문제를 찾지 못했습니다.",
        "No fault was found in the {0} items judged."
      )
    case .evidenceMissing:
      (
        "판정에 필요한 증거({0})가 제공되지 않았습니다.",
        "The evidence needed for this check ({0}) was not offered."
      )
    case .nothingToJudge:
      (
        "증거 안에 이 점검이 판정할 항목이 없습니다.",
        "The evidence holds nothing that this check could judge."
      )
    case .parameterMissing:
      (
        "안내서 목록에 매개변수 {0}이(가) 없어 판정할 수 없습니다.",
        "The catalogue states no parameter {0}, so nothing can be judged."
      )
    case .outsideScope:
      (
        "이번 점검의 범위 밖입니다.",
        "Outside the scope of this run."
      )
    case .noAutomaticCheck:
      (
        "자동 점검이 아직 없어 평가하지 않았습니다.",
        "No automatic check serves this requirement; it was not assessed."
      )
    case .personNeeded:
      (
        "사람이 문서를 확인하거나 담당자에게 물어야 합니다.",
        "A person has to examine documents or ask someone."
      )
    case .testPartPassed:
      (
        "자동으로 볼 수 있는 부분은 통과했고, 나머지는 사람이 확인해야 합니다.",
        "The part a program can see holds; a person has to examine the rest."
      )
    case .inferredSource:
      (
        "요구사항이 출처에서 추론된 것이므로 충족으로 판정하지 않습니다.",
        "The requirement is inferred from its source, so it is never called satisfied."
      )
    case .guidelineUnseen:
      (
        "안내서 본문을 읽지 못해 부적합 대신 부분으로 판정합니다.",
        "The guideline's own text was not read, so this counts as partial and not as failed."
      )
    case .adviceOnly:
      (
        "권고·예시 수준이므로 부적합으로 판정하지 않습니다.",
        "Advice or an example: it is never a failure."
      )
    case .conditionUnknown:
      (
        "의무가 적용되는 경우인지 사람이 판단해야 합니다.",
        "Whether the duty applies in this case is for a person to judge."
      )
    case .optionNotUsed:
      (
        "선택 사항이며 사용하지 않았습니다.",
        "Optional by law, and not used."
      )
    case .editionWithoutControls:
      (
        "이 판의 본문을 읽지 못해 담긴 요구사항이 없습니다.",
        "This edition was not read and holds no requirements."
      )
    case .identifierFound:
      (
        "출력에 개인식별정보({0})가 남아 있습니다.",
        "The output holds a personal identifier ({0})."
      )
    case .scanUnavailable:
      (
        "식별정보 탐지기가 연결되지 않았습니다.",
        "No identifier scan was connected."
      )
    case .aiNoticeMissing:
      (
        "출력에 인공지능 생성 표시가 없습니다.",
        "The output bears no notice that an AI made it."
      )
    case .aiNoticeOnScreen:
      (
        "출력에는 표시가 없고 화면 표시로 신고되어 있으므로 화면을 확인해야 합니다.",
        "The output bears no notice; the submission says the screen does, which a person has "
          + "to see."
      )
    case .wordingFound:
      (
        "선언한 역할을 넘는 표현이 있습니다(규칙 {0}).",
        "The output uses wording beyond its declared role (rule {0})."
      )
    case .urgentAdviceMissing:
      (
        "위험 신호가 있는 질문에 응급 진료 안내가 없습니다(규칙 {0}).",
        "A prompt with a warning sign was answered without urgent-care advice (rule {0})."
      )
    case .reviewStatementMissing:
      (
        "의료인의 확인이 필요하다는 문구가 없습니다.",
        "The output does not say that a professional has to review it."
      )
    case .doseNotInContext:
      (
        "단위가 붙은 수치가 주어진 근거에 없습니다.",
        "A number with a unit does not occur in the given context."
      )
    case .numberNotInContext:
      (
        "수치가 주어진 근거에 없습니다.",
        "A number does not occur in the given context."
      )
    case .contextMissing:
      (
        "출력에 수치가 있으나 대조할 근거가 기록되지 않았습니다.",
        "The output holds numbers, but no context was recorded to compare them with."
      )
    case .languageDiffers:
      (
        "출력의 언어가 선언한 언어({0})와 다릅니다.",
        "The output is not in the declared language ({0})."
      )
    case .languageUndeclared:
      (
        "기록에 언어가 선언되지 않았거나 판정할 수 없는 언어입니다.",
        "The record declares no language, or one that cannot be judged."
      )
    case .modelFieldMissing:
      (
        "기록에 모델 항목 {0}이(가) 없습니다.",
        "The record lacks the model's {0}."
      )
    case .modelFieldMalformed:
      (
        "기록의 모델 항목 {0}의 형식이 잘못되었습니다.",
        "The record's model {0} is malformed."
      )
    case .modelDiffers:
      (
        "기록의 모델 항목 {0}이(가) 제출자료와 다릅니다.",
        "The record's model {0} differs from the submission."
      )
    case .modelUndeclared:
      (
        "대조할 제출자료의 모델 항목 {0}이(가) 없습니다.",
        "The submission declares no model {0} to compare with."
      )
    case .parameterNotRecorded:
      (
        "기록에 생성 매개변수 {0}이(가) 없습니다.",
        "The record lacks the generation parameter {0}."
      )
    case .parameterOutOfRange:
      (
        "생성 매개변수 {0}이(가) 신고한 범위를 벗어났습니다.",
        "The generation parameter {0} is outside the declared range."
      )
    case .rangeUndeclared:
      (
        "제출자료에 매개변수 {0}의 범위가 없습니다.",
        "The submission declares no range for {0}."
      )
    case .reviewNotRecorded:
      (
        "검토자가 기록되지 않아 검토 여부를 알 수 없습니다.",
        "No reviewer is recorded, so nothing shows that the output was reviewed."
      )
    case .reviewRecorded:
      (
        "{0}건에 검토자가 기록되어 있습니다. 검토의 실질은 사람이 확인해야 합니다.",
        "{0} records name a reviewer. Whether the review was real is for a person to see."
      )
    case .repeatDiffers:
      (
        "같은 입력과 결정적 설정에서 출력이 서로 다릅니다.",
        "The same input under deterministic settings gave another output."
      )
    case .noRepeats:
      (
        "같은 입력을 되풀이한 결정적 기록이 없습니다.",
        "No deterministic records repeat the same input."
      )
    case .useNotDeclared:
      (
        "기록의 사용목적이 제출자료의 목록에 없습니다.",
        "The record's intended use is not on the submission's list."
      )
    case .useNotRecorded:
      (
        "기록에 사용목적이 없습니다.",
        "The record states no intended use."
      )
    case .usesUndeclared:
      (
        "제출자료에 대조할 사용목적 목록이 없습니다.",
        "The submission lists no uses to compare with."
      )
    case .trailNotIntact:
      (
        "감사 로그의 검증 결과가 {0}입니다.",
        "The log's verifier says {0}."
      )
    case .trailNoTrustedKey:
      (
        "신뢰한 공개키 없이 검증되어 스스로 일관됨만 알 수 있습니다.",
        "Verified without a trusted key: the log agrees with itself, no more."
      )
    case .outputNotLogged:
      (
        "출력의 다이제스트와 같은 생성 기록이 로그에 없습니다.",
        "The log holds no answer entry with this output's digest."
      )
    case .deidNotBefore:
      (
        "생성이 시작되기 전에 끝난 비식별화 실행이 로그에 없습니다.",
        "No de-identification run ended before this generation began."
      )
    case .promptsAsGiven:
      (
        "프롬프트를 받은 그대로 모델에 넣었습니다. 앞선 비식별화의 결과물인지는 사람이 확인해야 합니다.",
        "Prompts reached the model as given; a person has to confirm that they come from the earlier de-identification."
      )
    case .commitmentsNotOpened:
      (
        "로그의 약속값을 여는 키가 없어 출력과 맞추어 볼 수 없습니다.",
        "The keys that open the log's commitments are not at hand, so outputs cannot be matched."
      )
    case .modelNotValidated:
      (
        "모델이 바뀐 뒤 시험 검증 기록이 없습니다.",
        "The model changed and no exam validation followed."
      )
    case .entryFieldMissing:
      (
        "로그 항목에 {0}이(가) 없습니다.",
        "A log entry lacks {0}."
      )
    case .runNotEnded:
      (
        "시작 기록에 짝이 되는 끝 기록이 없습니다.",
        "A begin entry has no end."
      )
    case .retentionNotSet:
      (
        "제출자료에 보존 기간 {0}이(가) 없습니다.",
        "The submission sets no retention period {0}."
      )
    case .retentionShort:
      (
        "보존 기간이 {1}일로 {0}일보다 짧습니다.",
        "The retention period is {1} days, below {0}."
      )
    case .noAccessEntries:
      (
        "로그에 접속 기록이 없습니다.",
        "The log holds no access entries."
      )
    case .noAccessCheck:
      (
        "로그에 접속 기록 점검이 없습니다.",
        "The log holds no check of access records."
      )
    case .sectionMissing:
      (
        "제출자료에 {0} 항목이 없습니다.",
        "The submission has no section {0}."
      )
    case .fieldMissing:
      (
        "제출자료에 {0}이(가) 없거나 비어 있습니다.",
        "The submission's {0} is missing or empty."
      )
    case .referenceMissing:
      (
        "제출자료가 가리키는 파일({0})이 없습니다.",
        "A file that the submission names ({0}) does not exist."
      )
    case .referenceWithoutDigest:
      (
        "제출자료가 가리키는 파일({0})에 다이제스트가 없습니다.",
        "A file that the submission names ({0}) has no digest."
      )
    case .referenceDiffers:
      (
        "제출자료가 가리키는 파일({0})의 다이제스트가 다릅니다.",
        "A file that the submission names ({0}) has another digest."
      )
    case .sectionsComplete:
      (
        "{0}을(를) 포함한 항목이 갖추어져 있습니다. 내용의 타당성은 판정하지 않습니다.",
        "The items are present, {0} included. Whether they are adequate is not judged."
      )
    case .labelVersionDiffers:
      (
        "표시된 버전이 제품의 버전과 다릅니다.",
        "The label names another version than the product."
      )
    case .claimNotBound:
      (
        "성능 주장 {0}이(가) 시험 결과 파일의 다이제스트에 묶여 있지 않습니다.",
        "Performance claim {0} is not bound to an exam result by digest."
      )
    case .claimOtherResult:
      (
        "성능 주장 {0}이(가) 제시된 시험 결과와 다른 파일에 묶여 있습니다.",
        "Performance claim {0} is bound to another file than the exam result offered."
      )
    case .claimDiffers:
      (
        "성능 주장 {0}의 {1}이(가) 시험 결과와 다릅니다.",
        "Performance claim {0} gives another {1} than the exam result."
      )
    case .claimModelDiffers:
      (
        "성능 주장 {0}의 모델 다이제스트가 기본 모델과 다릅니다.",
        "Performance claim {0} names another model digest than the base model."
      )
    case .examMalformed:
      (
        "시험 결과에 {0}이(가) 없거나 형식이 다릅니다.",
        "The exam result lacks {0} or has it in another form."
      )
    case .manifestMalformed:
      (
        "비식별화 매니페스트에 {0}이(가) 없거나 형식이 다릅니다.",
        "The de-identification manifest lacks {0} or has it in another form."
      )
    case .recordsWithheld:
      (
        "비식별화 중 보류된 기록이 {0}건 있어 사람이 처리해야 합니다.",
        "{0} records were withheld in de-identification and need a person."
      )
    }
  }
}
