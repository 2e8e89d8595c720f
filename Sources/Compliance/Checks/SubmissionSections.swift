extension SubmissionSectionCheck {
  /// The sections that are judged, in the order of the file.
  static let all: [SubmissionSectionCheck] = [
    section(
      "submission.licence", "허가·제외 근거", "Licence or the exclusion relied on",
      ["product.device_class", "product.licence|product.exclusion_reason"]),
    section(
      "submission.quality", "품질관리 적합판정", "Quality-system certificate",
      ["product.quality_certificate"]),
    section(
      "submission.intended-use", "사용목적과 역할", "Intended use and role",
      [
        "intended_use.purpose", "intended_use.statement", "intended_use.role",
        "intended_use.patients", "intended_use.setting", "intended_use.tasks",
      ]),
    section(
      "submission.excluded-uses", "제외한 사용", "Excluded uses", ["intended_use.excluded"]),
    section(
      "submission.users", "사용자와 교육", "Users and their training",
      ["users.qualifications", "users.training"]),
    section(
      "submission.base-model", "기반 모델의 출처와 다이제스트", "Base model, origin and digest",
      [
        "base_model.relation", "base_model.name", "base_model.provider", "base_model.version",
        "base_model.origin", "base_model.sha256",
      ]),
    section(
      "submission.principle", "작용원리", "Principle of operation",
      ["base_model.principle", "base_model.fine_tuning"]),
    section(
      "submission.external-calls", "외부 호출 목록", "External calls", ["base_model.external_calls"]),
    section(
      "submission.structure", "구조와 구성요소", "Structure and components",
      [
        "structure.environment", "structure.components[].version",
        "structure.compatible_software", "@structure.diagram",
      ]),
    section(
      "submission.input-output", "입력과 출력 정보", "Input and output information",
      ["structure.inputs", "structure.outputs"]),
    section(
      "submission.training-data", "학습데이터와 비식별화 근거",
      "Training data and evidence of its de-identification",
      [
        "training_data.summary", "training_data.method", "training_data.lawful_basis",
        "training_data.update_cycle", "@training_data.deidentification",
      ]),
    section(
      "submission.extra-inspection", "자유 서술의 추가검수", "Extra inspection of free text",
      ["training_data.extra_inspection"]),
    section(
      "submission.cloud", "클라우드 종류와 구성", "Cloud kind and configuration",
      ["cloud.used", "cloud.kind", "cloud.configuration"]),
    section(
      "submission.metrics", "성능 지표와 시험자료", "Metrics and test data",
      ["performance.metrics", "performance.test_data"]),
    section(
      "submission.clinical", "임상적 유효성", "Clinical evaluation",
      ["clinical.method", "clinical.scale", "clinical.scale_direction", "clinical.raters"]),
    section(
      "submission.risks", "위험과 잔여위험", "Risks and what remains",
      [
        "risks[].hazard", "risks[].cause", "risks[].control", "risks[].residual",
        "risks[].residual_acceptable",
      ]),
    section(
      "submission.security", "보안과 SBOM", "Security and SBOM",
      [
        "security.threats", "security.protection", "security.vulnerability_contact",
        "@security.sbom",
      ]),
    section(
      "submission.change-plan", "변경관리 계획서", "Change plan",
      ["change_plan.items", "change_plan.verification", "@change_plan.plan"]),
    section(
      "submission.label", "표시기재 기본 항목", "Basic label items",
      ["labelling.mark", "labelling.version", "labelling.support_contact"]),
    section(
      "submission.label-training", "학습 방법과 데이터 표시", "Label: training method and data",
      ["labelling.training_information"]),
    section(
      "submission.label-performance", "성능 범위와 한계 표시", "Label: range and limits",
      ["labelling.performance_limits"]),
    section(
      "submission.label-cloud", "클라우드 표시", "Label: cloud", ["labelling.cloud_information"]),
    section(
      "submission.precautions", "사용 시 주의사항", "Precautions",
      ["labelling.precautions", "labelling.review_statement"]),
    section(
      "submission.prior-notice", "인공지능 사전 고지", "Prior notice of AI",
      ["labelling.prior_notice", "labelling.ai_mark"]),
    section(
      "submission.oversight", "사람의 감독과 중지 기준", "Human oversight and stop criteria",
      ["operation.oversight", "operation.stop_criteria"]),
    section(
      "submission.high-impact", "고영향 여부와 설명", "High-impact review and explanation",
      ["operation.high_impact_review", "operation.explanation"]),
    section(
      "submission.equivalence", "기기법 이행 대응표", "Map to device-law duties",
      ["operation.device_law_equivalence"]),
    section(
      "submission.ethics-review", "연구 심의 근거", "Ethics review", ["operation.ethics_review"]),
  ]

  private static func section(
    _ id: String, _ title: String, _ titleEnglish: String, _ fields: [String]
  ) -> SubmissionSectionCheck {
    SubmissionSectionCheck(id: id, title: title, titleEnglish: titleEnglish, fields: fields)
  }
}
