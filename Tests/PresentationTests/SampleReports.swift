import Presentation

/// A text in both languages that differ in length and script.
private func both(_ ko: String, _ en: String) -> Bilingual { Bilingual(ko: ko, en: en) }

private func hash(_ seed: Int) -> String {
  var state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 | 1
  return String(
    decoding: (0..<64).map { _ in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Array("0123456789abcdef".utf8)[Int(state % 16)]
    }, as: UTF8.self)
}

let sampleExam = ExamFigures(
  name: "kormedmcqa-2023", n: 435, correct: 361, invalid: 2, score: 361.0 / 435,
  wilson: ScoreInterval(low: 0.7919, high: 0.8623),
  clopperPearson: ScoreInterval(low: 0.7913, high: 0.8639), randomBaseline: 0.2,
  majorityBaseline: 0.2276, claim: 0.862, claimVerdict: .notShown, human: 0.7966,
  humanPValue: 0.0438,
  subjects: [
    .init(name: "내과", n: 120, correct: 101, wilson: ScoreInterval(low: 0.766, high: 0.8965)),
    .init(name: "외과", n: 80, correct: 63, wilson: ScoreInterval(low: 0.686, high: 0.863)),
    .init(name: "산부인과", n: 60, correct: 52, wilson: ScoreInterval(low: 0.758, high: 0.931)),
    .init(name: "소아청소년과", n: 65, correct: 55, wilson: ScoreInterval(low: 0.739, high: 0.914)),
    .init(name: "정신건강의학과", n: 30, correct: 27, wilson: ScoreInterval(low: 0.744, high: 0.965)),
    .init(name: "보건의약관계법규", n: 20, correct: 11, wilson: ScoreInterval(low: 0.342, high: 0.742)),
    .init(name: "예방의학", n: 60, correct: 52, wilson: ScoreInterval(low: 0.758, high: 0.931)),
  ])

let sampleDeidentification = DeidentificationFigures(
  records: 59_988, withheld: 12,
  types: [
    ("NAME", "이름", "name", 48_211), ("RRN", "주민등록번호", "resident number", 1_204),
    ("MRN", "환자등록번호", "record number", 60_310), ("PHONE", "전화번호", "telephone", 9_120),
    ("EMAIL", "전자우편", "e-mail", 311), ("ADDRESS", "주소", "address", 7_904),
    ("HOSPITAL", "의료기관", "hospital", 22_140), ("DATE", "날짜", "date", 131_702),
    ("AGE", "나이", "age", 902), ("ACCOUNT", "계좌번호", "bank account", 3),
    ("INSURANCE", "건강보험증번호", "insurance number", 88), ("DEVICE", "기기번호", "device", 0),
  ].map { type, ko, en, count in
    .init(
      type: type, label: both(ko, en), count: count,
      action: type == "DATE"
        ? both("환자별 날짜 이동", "shifted by patient")
        : both("가명으로 대체", "replaced by a surrogate"))
  })

/// A report as an integrator fills it, with `count` controls over two guidelines.
func sampleReport(controls count: Int) -> SubmissionReport {
  let scope = SubmissionReport.Scope(
    periodFrom: "2026-03-02T00:12:09Z", periodTo: "2026-06-30T14:55:31Z",
    origin: "hospital.example/audit", entries: 18_204, checkpointSize: 18_204,
    checkpointRoot: hash(1), checkpointCode: "K7QF-2M9D-XR4T", signerName: "hospital.example/audit",
    signerKeyHash: "a1b2c3d4", logVerdict: .intact,
    anchoredThrough: both(
      "항목 17,900까지 외부 시각 인증(2026-06-30), 이후 304개는 고정되지 않음",
      "entry 17,900 by an outside time-stamp (2026-06-30); 304 entries after it are not anchored"),
    guaranteeEnds: both(
      "기록되기 전에 일어난 일과 서명키를 가진 사람의 허위 기록은 이 로그가 막지 못합니다.",
      "The log cannot speak for what happened before it was written, nor against a keyholder who "
        + "writes falsehoods."))
  var report = SubmissionReport(
    productTitle: both("흉부 영상 판독 보조 언어모델", "Chest report assistant"), productVersion: "2.3.1",
    tool: "medai 0.9.0", verdict: .insufficientEvidence,
    verdictSentence: both(
      "반드시 판정해야 하는 통제 가운데 증거가 모자라는 것이 있어, 이 제출자료가 요건을 갖추었다고 말할 수 없습니다.",
      "Some controls that must be judged lack evidence, so it cannot be said that this submission "
        + "meets the requirements."),
    scope: scope)
  report.statements = [
    both(
      "이 보고서는 식품의약품안전처의 허가나 승인이 아니며 법률 자문도 아닙니다.",
      "This report is not an approval by the ministry, and not legal advice."),
    both(
      "통제 목록은 후보 목록이며, 가이드라인 원문과 대조하지 못했습니다.",
      "The catalogue is a candidate catalogue, not verified against the guideline's text."),
  ]
  report.notAssessed = [
    both(
      "임상적 유효성: 임상시험 자료의 존재만 확인했고 내용은 평가하지 않았습니다.",
      "Clinical effectiveness: only the presence of the study files was checked."),
    both(
      "2026년 개정 가이드라인(안내서-1511-01): 본문을 구하지 못했습니다.",
      "The 2026 guideline (1511-01): its text could not be obtained."),
  ]
  report.deidentification = sampleDeidentification
  report.exam = sampleExam
  report.guidelines = [
    .init(
      id: "mfds-genai-2025",
      title: both("생성형 인공지능 의료기기 허가·심사 가이드라인", "Guideline on generative AI medical devices"),
      edition: "안내서-1416-01 (2025-01-24)", digest: hash(2),
      sourceNote: both(
        "보도자료와 2차 자료에서 정리한 후보 목록", "Candidates from the press release and second sources")),
    .init(
      id: "kr-dmpa", title: both("디지털의료제품법", "Digital Medical Products Act"),
      edition: "법률 제20331호 (2025-02-21 시행)", digest: hash(3),
      sourceNote: both("법령 사본과 대조함; 이후 개정은 확인하지 않음", "Compared with a copy of the statute")),
  ]
  report.controls = (0..<count).map(sampleControl)
  let ids = report.controls.map(\.id)
  report.submission = MinistryOutline.sections { place in
    let index = place.key.utf8.reduce(0) { $0 &+ Int($1) }
    return (
      state: index % 5 == 0 ? .missing : index % 7 == 0 ? .partial : .present,
      note: index % 5 == 0
        ? both("제출 파일에 이 항목이 없습니다.", "The submission file lacks this item.") : Bilingual(""),
      controls: ids.isEmpty ? [] : (0..<(index % 4)).map { ids[(index + $0 * 7) % ids.count] }
    )
  }
  report.checklist = [
    both("시험 문항이 학습 자료에 없었음을 확인했습니까?", "Were the exam items kept out of the training data?")
  ]
  report.limits = [
    both("비식별 처리의 재현율은 합성 기록에서 잰 값입니다.", "Recall was measured on synthetic records."),
    both("모델의 출력이 임상적으로 옳은지는 판단하지 않습니다.", "Clinical truth of outputs is not judged."),
  ]
  report.verification = [
    both(
      "medai audit verify --report REPORT.html 을 실행합니다.",
      "Run medai audit verify --report REPORT.html."),
    both("첫 쪽의 짧은 코드를 체크포인트와 대조합니다.", "Compare the short code with the checkpoint."),
  ]
  return report
}

private let verdictCycle: [ReportVerdict] = [
  .pass, .needsPerson, .pass, .insufficientEvidence, .pass, .notAssessed, .fail, .pass, .partial,
  .notApplicable, .pass,
]

private func sampleControl(_ index: Int) -> SubmissionReport.Control {
  let verdict = verdictCycle[index % verdictCycle.count]
  let isFirst = index % 3 != 2
  let number = String(index + 1)
  let padded = String(repeating: "0", count: 3 - number.count) + number
  var control = SubmissionReport.Control(
    id: (isFirst ? "REQ-" : "DMPA-") + padded, guideline: isFirst ? "mfds-genai-2025" : "kr-dmpa",
    title: both("생성 결과의 사용 전 의료인 검토 표시", "Outputs say that a clinician must review them"),
    statement: both(
      "제품은 생성된 판독문마다 의료인이 검토하기 전에는 쓸 수 없음을 사용자가 알아볼 수 있게 표시하여야 한다.",
      "The product shall tell its user, with every generated report, that it may not be used before "
        + "a clinician has reviewed it."),
    strength: isFirst ? both("지침 (GL)", "guideline (GL)") : both("법률 (LAW)", "statute (LAW)"),
    sourceClass: isFirst ? both("보도자료 요약", "press release") : both("법령 사본", "statute copy"),
    who: both("제조자", "manufacturer"),
    citation: isFirst
      ? both("보도자료 2025-01-24, 사용 시 주의사항", "press release 2025-01-24, precautions")
      : both("디지털의료제품법 제8조제2항", "Digital Medical Products Act, article 8(2)"),
    verdict: verdict,
    reason: verdict == .pass
      ? both("검사한 출력 1,200건 모두에 문구가 있습니다.", "All 1,200 outputs that were checked carry it.")
      : both("출력 1,200건 가운데 37건에 문구가 없습니다.", "37 of 1,200 outputs lack it."))
  if verdict == .fail || verdict == .partial {
    control.findings = (0..<3).map {
      .init(
        record: "out-0\(index)\($0)", check: "review-notice", severity: both("중대", "major"),
        reason: both("검토 문구가 출력에 없습니다.", "The output has no review notice."))
    }
    control.findingCount = 37
  }
  if verdict != .notAssessed && verdict != .notApplicable {
    control.evidence = (0...(index % 2)).map {
      .init(
        entry: index * 190 + $0, type: "generate.output", leafSHA256: hash(index + 10),
        treeSize: 18_204, proof: (0..<15).map { hash(index * 20 + $0) })
    }
    control.checkByHand = [
      both(
        "medai audit prove \(index * 190) --output p.txt 를 실행합니다.",
        "Run medai audit prove \(index * 190) --output p.txt."),
      both("출력 파일에서 검토 문구를 찾습니다.", "Look for the notice in the output file."),
    ]
  }
  return control
}

let sampleExamReport = ExamReport(
  title: both("의사 국가시험형 문항 435개", "435 licensing-exam items"), tool: "medai 0.9.0",
  verdict: .insufficientEvidence,
  verdictSentence: both(
    "주장한 86.2 %는 구간 안에 있으나 점수에는 못 미쳐 입증되지 않았습니다.",
    "The claimed 86.2 % lies inside the interval but above the score: it is not shown."),
  figures: sampleExam,
  rule: .init(
    name: "kmle", verdict: .notEvaluable,
    reason: both("과목 구성이 실제 시험과 달라 과락을 따질 수 없습니다.", "The subjects differ from the exam's.")),
  comparison: .init(
    name: "baseline-7b", score: 0.7241, mcnemarP: 0.00002,
    difference: ScoreInterval(low: 0.061, high: 0.151), ratio: 1.146,
    ratioInterval: ScoreInterval(low: 1.081, high: 1.217)),
  provenance: [
    ReportFact(both("모델 SHA-256", "Model SHA-256"), hash(77)),
    ReportFact(both("결과 SHA-256", "Results SHA-256"), hash(78)),
    ReportFact(both("프리셋", "Preset"), "kormedmcqa"),
  ],
  statements: [both("시험 점수는 임상 성능이 아닙니다.", "An exam score is not clinical performance.")],
  limits: [both("학습 자료에 문항이 있었는지는 알 수 없습니다.", "Whether the items were trained on is not known.")])

let sampleDeidentificationReport = DeidentificationReport(
  title: both("외래 기록 6만 건", "60,000 outpatient notes"), tool: "medai 0.9.0", verdict: .fail,
  verdictSentence: both("기록 12건을 보류했습니다. 나머지는 반출되었습니다.", "12 records were withheld."),
  figures: sampleDeidentification,
  provenance: [
    ReportFact(both("정책", "Policy"), "kr-research"),
    ReportFact(both("정책 SHA-256", "Policy SHA-256"), hash(90)),
    ReportFact(both("가명 키 ID", "Pseudonym key id"), "9f86d081884c7d65"),
  ],
  files: [
    .init(
      name: "notes.ndjson", records: 59_988, withheld: 12, inputSHA256: hash(91),
      outputSHA256: hash(92))
  ],
  withheldReasons: [
    .init(reason: both("글자를 해독할 수 없음", "cannot be decoded"), count: 9),
    .init(reason: both("너무 긺", "too long"), count: 3),
  ],
  statements: [both("식별자가 하나도 남지 않았다는 뜻은 아닙니다.", "It does not mean that nothing is left.")],
  limits: [both("재현율은 합성 기록에서 잰 값입니다.", "Recall was measured on synthetic records.")])
