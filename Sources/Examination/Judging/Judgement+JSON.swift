internal import Cryptography
public import MedaiCore

extension Judgement {
  /// Digits after the point of every share, bound and p-value.
  private static let decimals = 9

  /// The judgement for machines: every key always there, `null` for what was not asked, every
  /// fraction with nine decimals.
  public var json: JSONValue {
    .object([
      "n": .integer(score.count),
      "correct": .integer(score.correct),
      "invalid": .integer(invalid),
      "score": number(score.value),
      "wilson": pair(score.wilson),
      "clopper_pearson": pair(clopperPearson),
      "baselines": .object([
        "random": random.map(number) ?? .null, "majority": number(majority),
      ]),
      "claim": claimJSON,
      "human": humanJSON,
      "rule": ruleJSON,
      "compare": compareJSON,
      "subjects": .array(
        subjects.map { subject in
          .object([
            "name": .string(subject.name), "n": .integer(subject.score.count),
            "correct": .integer(subject.score.correct), "score": number(subject.score.value),
            "wilson": pair(subject.score.wilson),
          ])
        }),
      "letters": .array(
        letters.map { letter in
          .object([
            "letter": .string(letter.name), "answers": .integer(letter.answers),
            "predictions": .integer(letter.predictions),
          ])
        }),
      "option_orders": orders.map {
        .object(["items": .integer($0.items), "consistent": .integer($0.consistent)])
      } ?? .null,
      "notes": .array(
        notes.map { note in
          .object([
            "code": .string(note.rawValue), "ko": .string(note.korean), "en": .string(note.english),
          ])
        }),
      "results_sha256": .string(resultsSHA256.hex),
    ])
  }

  private var claimJSON: JSONValue {
    guard let claim else { return .null }
    let inside = (clopperPearson.lower...clopperPearson.upper).contains(claim.share.value)
    return .object([
      "value": number(claim.share), "inside_interval": .bool(inside),
      "verdict": .string(claim.verdict.rawValue),
    ])
  }

  private var humanJSON: JSONValue {
    guard let human else { return .null }
    return .object([
      "value": number(human.share), "p_value": number(human.pValue),
      "alternative": .string("greater"),
    ])
  }

  private var ruleJSON: JSONValue {
    guard let (rule, verdict) = rule else { return .null }
    return .object([
      "name": .string(rule.id), "verdict": .string(verdict.rawValue),
      "part": .string(rule.part), "total_minimum_percent": .integer(rule.totalPercent),
      "subject_minimum_percent": .integer(rule.subjectPercent),
      "total_reached": .bool(score.reaches(percent: rule.totalPercent)),
      "subjects": .array(
        subjects.map { subject in
          .object([
            "name": .string(subject.name), "n": .integer(subject.score.count),
            "correct": .integer(subject.score.correct), "score": number(subject.score.value),
            "reached": .bool(subject.score.reaches(percent: rule.subjectPercent)),
          ])
        }),
      "sha256": .string(rule.sha256.hex),
    ])
  }

  private var compareJSON: JSONValue {
    guard let comparison else { return .null }
    var object: JSONObject = [
      "score": number(Double(comparison.correctOther) / Double(comparison.count)),
      "correct": .integer(comparison.correctOther),
      "only_this": .integer(comparison.onlyThis),
      "only_other": .integer(comparison.onlyOther),
      "mcnemar_p": number(comparison.mcnemar),
      "difference": number(comparison.difference),
      "difference_interval": pair(comparison.differenceInterval),
      "ratio": comparison.ratio.map(number) ?? .null,
      "ratio_interval": pair(comparison.ratioInterval),
      "resamples": .integer(PairedComparison.resamples),
      "resampled": .string(comparison.unit.rawValue),
    ]
    if let ratioClaim {
      object["claim"] = .object([
        "value": number(ratioClaim.share), "verdict": .string(ratioClaim.verdict.rawValue),
      ])
    }
    return .object(object)
  }

  /// A share in its own digits.
  private func number(_ share: DecimalShare) -> JSONValue {
    .number(JSONNumber(share.value, decimals: share.decimals))
  }

  private func number(_ value: Double) -> JSONValue {
    value.isFinite ? .number(JSONNumber(value, decimals: Self.decimals)) : .null
  }

  private func pair(_ interval: ScoreInterval) -> JSONValue {
    .array([number(interval.lower), number(interval.upper)])
  }
}
