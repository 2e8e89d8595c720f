internal import Compliance
internal import MedaiCore
internal import Presentation

extension Strength {
  /// The strength for a reader.
  var label: Bilingual {
    switch self {
    case .law: Bilingual(ko: "법령", en: "law")
    case .guideline: Bilingual(ko: "가이드라인", en: "guideline")
    case .example: Bilingual(ko: "예시", en: "example")
    case .optional: Bilingual(ko: "선택", en: "optional")
    case .advice: Bilingual(ko: "권고 (제3자 해석)", en: "advice (a third party's reading)")
    }
  }
}

extension SourceClass {
  /// The source class for a reader.
  var label: Bilingual {
    switch self {
    case .sourceSeen: Bilingual(ko: "원문 확인", en: "source seen")
    case .secondarySource: Bilingual(ko: "2차 자료", en: "secondary source")
    case .inferred: Bilingual(ko: "추론", en: "inferred")
    }
  }
}

extension Actor {
  /// The addressee for a reader.
  var label: Bilingual {
    switch self {
    case .maker: Bilingual(ko: "제조자", en: "maker")
    case .hospital: Bilingual(ko: "의료기관", en: "hospital")
    case .operator: Bilingual(ko: "인공지능사업자", en: "AI operator")
    }
  }
}

extension Severity {
  /// The severity for a reader.
  var label: Bilingual {
    switch self {
    case .error: Bilingual(ko: "위반", en: "error")
    case .warning: Bilingual(ko: "주의", en: "warning")
    case .advice: Bilingual(ko: "조언", en: "advice")
    case .info: Bilingual(ko: "참고", en: "info")
    }
  }
}

extension ControlAssessment {
  /// How a person repeats the verdict.
  var checkByHand: [Bilingual] {
    var lines: [Bilingual] = []
    if !control.checks.isEmpty {
      let checks = control.checks.joined(separator: ", ")
      lines.append(
        Bilingual(
          ko: "자동 검사 \(checks) 의 설명은 docs/checks.md 에 있다.",
          en: "docs/checks.md describes the automatic checks \(checks)."))
    }
    if !entries.isEmpty {
      lines.append(
        Bilingual(
          ko: "아래 로그 항목을 medai audit prove N 으로 꺼내 증명한다.",
          en: "Take the log entries below with medai audit prove N and check their proofs."))
    }
    if control.methods.contains(.examine) {
      lines.append(
        Bilingual(
          ko: "근거 문서를 읽고 요구사항과 견주어 서명한다.",
          en: "Read the documents against the requirement and sign."))
    }
    if control.methods.contains(.interview) {
      lines.append(
        Bilingual(ko: "담당자에게 묻고 답을 기록한다.", en: "Ask the people in charge and note the answer."))
    }
    return lines
  }
}

extension ExamFigures {
  /// The figures that `medai exam validate --json` wrote; `nil` where they are not there.
  init?(validation value: JSONValue) {
    func interval(_ value: JSONValue?) -> ScoreInterval? {
      guard let pair = value?.array, pair.count == 2, let low = pair[0].double,
        let high = pair[1].double
      else { return nil }
      return ScoreInterval(low: low, high: high)
    }
    guard let count = value["n"]?.int, let correct = value["correct"]?.int,
      let score = value["score"]?.double, let wilson = interval(value["wilson"])
    else { return nil }
    let subjects = (value["subjects"]?.array ?? []).compactMap { subject -> Subject? in
      guard let name = subject["name"]?.string, let n = subject["n"]?.int,
        let right = subject["correct"]?.int, let wilson = interval(subject["wilson"])
      else { return nil }
      return Subject(name: name, n: n, correct: right, wilson: wilson)
    }
    self.init(
      name: "exam.validate", n: count, correct: correct, invalid: value["invalid"]?.int ?? 0,
      score: score, wilson: wilson, clopperPearson: interval(value["clopper_pearson"]),
      randomBaseline: value["baselines"]?["random"]?.double ?? 0,
      majorityBaseline: value["baselines"]?["majority"]?.double,
      claim: value["claim"]?["value"]?.double,
      claimVerdict: value["claim"]?["verdict"]?.string.flatMap { ClaimVerdict(rawValue: $0) },
      human: value["human"]?["value"]?.double, humanPValue: value["human"]?["p_value"]?.double,
      subjects: subjects)
  }
}
