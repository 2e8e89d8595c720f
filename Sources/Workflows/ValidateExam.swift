internal import Auditing
internal import Cryptography
internal import Examination
internal import MedaiCore
internal import Presentation
public import SystemPackage

/// What `exam validate` is asked; shares are decimal texts.
public struct ExamValidationRequest: Sendable {
  let results: FilePath
  let claim: String?
  let human: String?
  let rule: String?
  let compare: FilePath?
  let claimRatio: String?
  let asJSON: Bool
  let report: FilePath?
  let withoutAudit: Bool

  /// A request from the command's options.
  public init(
    results: FilePath, claim: String?, human: String?, rule: String?, compare: FilePath?,
    claimRatio: String?, asJSON: Bool, report: FilePath?, withoutAudit: Bool
  ) {
    self.results = results
    self.claim = claim
    self.human = human
    self.rule = rule
    self.compare = compare
    self.claimRatio = claimRatio
    self.asJSON = asJSON
    self.report = report
    self.withoutAudit = withoutAudit
  }
}

/// Judges results, logs the judgement, then prints it.
public func validateExam(
  _ request: ExamValidationRequest, context: JobContext
) throws -> JobResult {
  try refuse(
    outputs: [request.report], equalTo: [request.results, request.compare], context)
  let results = try reading(request.results) { try ExamResults(reading: $0) }
  let questions = JudgementQuestions(
    claim: try share(request.claim, "--claim"), human: try share(request.human, "--human"),
    rule: try request.rule.map { try examRule($0) },
    other: try request.compare.map { try reading($0) { try ExamResults(reading: $0) } },
    claimedRatio: try share(request.claimRatio, "--claim-ratio", limit: 9))
  let judgement = try Judgement(results, questions)
  let status: ExitStatus =
    switch judgement.outcome {
    case .positive: .done
    case .negative: .negative
    case .insufficient: .insufficient
    }
  let recorder = try Recorder.open(context, withoutAudit: request.withoutAudit)
  var page: [UInt8]?
  if request.report != nil {
    page = try html(examReport(judgement, source: request.results), context.language)
  }
  try recorder.append(
    event(judgement, status, modelOf: request.results, report: page.map { sha256($0) }))
  if let path = request.report, let page { try writeDurably(page, to: path) }
  try recorder.close()
  if request.asJSON {
    return JobResult(output: judgement.json.encoded(.pretty) + [0x0A], statuses: [status])
  }
  return JobResult(summary(judgement, context.language), [status])
}

private func share(_ text: String?, _ option: String, limit: Int = 1) throws -> DecimalShare? {
  guard let text else { return nil }
  guard let share = DecimalShare(text, limit: limit) else {
    throw Failure(
      .usage,
      Bilingual(
        ko: "\(option) 는 0부터 \(limit)까지의 소수입니다 (예: 0.862).",
        en: "\(option) takes a decimal from 0 to \(limit), for example 0.862."))
  }
  return share
}

/// A pass rule by its name under Guidelines/exams.
private func examRule(_ name: String) throws -> ExamRule {
  do {
    return try ExamGuidelines().rule(name)
  } catch let error as ExamGuidelines.Failure {
    switch error {
    case .folderMissing:
      throw Failure(
        .configuration,
        Bilingual(
          ko: "합격 기준 폴더(Guidelines/exams)를 찾을 수 없습니다.",
          en: "the folder of pass rules (Guidelines/exams) was not found."),
        hint: Bilingual(
          ko: "MEDAI_SHARE 로 설치 자료의 위치를 알려 주십시오.",
          en: "name the installation's data by MEDAI_SHARE."))
    case .badName:
      throw Failure(
        .usage, Bilingual(ko: "그런 합격 기준은 없습니다.", en: "there is no such pass rule."))
    case .unknownRule(let known):
      let names = known.joined(separator: ", ")
      throw Failure(
        .usage,
        Bilingual(
          ko: "그런 합격 기준은 없습니다. 있는 것: \(names).",
          en: "there is no such pass rule; there are \(names)."))
    }
  }
}

private func event(
  _ judgement: Judgement, _ status: ExitStatus, modelOf results: FilePath, report: Digest?
) throws -> Event {
  func decimal(_ value: Double) -> DecimalText { DecimalText(value, decimals: 9) }
  return .examValidate(
    results: judgement.resultsSHA256, n: judgement.score.count, correct: judgement.score.correct,
    invalid: judgement.invalid, score: decimal(judgement.score.value),
    wilson: [judgement.score.wilson.lower, judgement.score.wilson.upper].map(decimal),
    clopperPearson: [judgement.clopperPearson.lower, judgement.clopperPearson.upper].map(decimal),
    exitStatus: Int(status.rawValue), model: try modelDigest(of: results),
    claim: judgement.claim.flatMap { DecimalText($0.share.text) },
    claimVerdict: judgement.claim.flatMap { Auditing.ClaimVerdict(rawValue: $0.verdict.rawValue) },
    human: judgement.human.flatMap { DecimalText($0.share.text) },
    humanP: judgement.human.map { decimal($0.pValue) },
    rule: judgement.rule.map { identifier($0.rule.id) }, ruleDigest: judgement.rule?.rule.sha256,
    ruleVerdict: judgement.rule.flatMap { Auditing.RuleVerdict(rawValue: $0.verdict.rawValue) },
    comparedScore: judgement.comparison.map {
      decimal(Double($0.correctOther) / Double($0.count))
    },
    mcnemarP: judgement.comparison.map { decimal($0.mcnemar) }, report: report)
}

/// The digest of the model that every result line names; `nil` where they differ or name none.
private func modelDigest(of results: FilePath) throws -> Digest? {
  var reader = try LineReader(results)
  var digest: Digest?
  while let line = try reader.next() {
    if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
    guard let found = try parseJSON(line)["model_sha256"]?.string.flatMap({ Digest(hex: $0) }),
      digest == nil || digest == found
    else { return nil }
    digest = found
  }
  return digest
}

private func percent(_ value: Double) -> String { fixedPoint(100 * value, decimals: 1) + " %" }

private func summary(_ judgement: Judgement, _ language: Language) -> String {
  let score = judgement.score
  var lines = [
    Bilingual(
      ko: "점수 \(percent(score.value)) (\(score.correct)/\(score.count)), 95 % 신뢰구간 "
        + "\(percent(score.wilson.lower))–\(percent(score.wilson.upper)) (Wilson), 무효 \(judgement.invalid)",
      en: "score \(percent(score.value)) (\(score.correct)/\(score.count)), 95 % interval "
        + "\(percent(score.wilson.lower))–\(percent(score.wilson.upper)) (Wilson), "
        + "\(judgement.invalid) invalid"),
    Bilingual(
      ko: "기준선: 무작위 \(judgement.random.map(percent) ?? "-"), 최빈 답 \(percent(judgement.majority))",
      en: "baselines: random \(judgement.random.map(percent) ?? "-"), most frequent answer "
        + percent(judgement.majority)),
  ]
  if let claim = judgement.claim {
    lines.append(
      Bilingual(
        ko: "주장 \(claim.share.text): \(claim.verdict.rawValue)",
        en: "claim \(claim.share.text): \(claim.verdict.rawValue)"))
  }
  if let human = judgement.human {
    let p = fixedPoint(human.pValue, decimals: 6)
    lines.append(
      Bilingual(
        ko: "사람 평균 \(human.share.text) 이하라는 가설의 단측 정확 p = \(p)",
        en: "one-sided exact p = \(p) against the human mean \(human.share.text)"))
  }
  if let rule = judgement.rule {
    lines.append(
      Bilingual(
        ko: "합격 기준 \(rule.rule.titleKorean): \(rule.verdict.rawValue) (필기시험에 한함)",
        en: "rule \(rule.rule.title): \(rule.verdict.rawValue) (written part only)"))
  }
  if let comparison = judgement.comparison {
    lines.append(
      Bilingual(
        ko: "비교: McNemar 정확 p = \(fixedPoint(comparison.mcnemar, decimals: 4))",
        en: "comparison: exact McNemar p = \(fixedPoint(comparison.mcnemar, decimals: 4))"))
  }
  var text = lines.map { $0[language] + "\n" }.joined()
  if !judgement.subjects.isEmpty {
    var table = TextTable([
      TextTable.Column(Bilingual(ko: "과목", en: "subject")[language]),
      TextTable.Column(Bilingual(ko: "문항", en: "items")[language], .right),
      TextTable.Column(Bilingual(ko: "정답", en: "right")[language], .right),
      TextTable.Column(Bilingual(ko: "95 % 신뢰구간", en: "95 % interval")[language], .right),
    ])
    for subject in judgement.subjects {
      let interval = subject.score.wilson
      table.append([
        visible(subject.name), String(subject.score.count), String(subject.score.correct),
        "\(percent(interval.lower))–\(percent(interval.upper))",
      ])
    }
    text += "\n" + table.rendered()
  }
  text += "\n"
  for note in judgement.notes {
    text += "· " + Bilingual(ko: note.korean, en: note.english)[language] + "\n"
  }
  return text
}
