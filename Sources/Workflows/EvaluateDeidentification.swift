internal import Deidentification
internal import Examination
internal import MedaiCore
internal import Presentation
public import SystemPackage

/// What `deid evaluate` is asked.
public struct EvaluateDeidentificationRequest: Sendable {
  let gold: FilePath
  let spans: FilePath
  let field: String
  let asJSON: Bool

  /// A request from the command's options.
  public init(gold: FilePath, spans: FilePath, field: String, asJSON: Bool) {
    self.gold = gold
    self.spans = spans
    self.field = field
    self.asJSON = asJSON
  }
}

/// Compares span lines with marked notes: precision, recall and what leaked, with 95 % intervals.
public func evaluateDeidentification(
  _ request: EvaluateDeidentificationRequest, context: JobContext
) throws -> JobResult {
  let notes = try GoldNote.read(request.gold)
  let found = try FoundSpans(request.spans, of: notes, field: request.field)
  var tally = EvaluationTally()
  for note in notes { tally.add(note, found.spans(of: note)) }
  if found.unknownRecords > 0 {
    context.say(
      Bilingual(
        ko: "정답에 없는 기록의 줄 \(found.unknownRecords)개는 비교하지 않았습니다.",
        en: "\(found.unknownRecords) lines of records that the gold has not were left out."))
  }
  if found.otherFields > 0 {
    context.say(
      Bilingual(
        ko: "\(request.field) 가 아닌 필드의 줄 \(found.otherFields)개는 비교하지 않았습니다.",
        en: "\(found.otherFields) lines of fields other than \(request.field) were left out."))
  }
  if request.asJSON {
    return JobResult(output: json(tally, found).encoded(.pretty) + [0x0A])
  }
  return JobResult(table(tally, context.language))
}

/// A share with its interval; `nil` where there is nothing to share.
private struct Share {
  let value: Double
  let interval: Examination.ScoreInterval

  init?(_ part: Int, of whole: Int) {
    guard whole > 0 else { return nil }
    value = Double(part) / Double(whole)
    interval = .wilson(correct: part, of: whole)
  }
}

/// F1 of exact spans is 2J/(1+J) for J = matches / (gold + found - matches), a share that has an
/// interval; the same function takes its bounds over.
private func f1(_ counts: EvaluationCounts) -> (value: Double, lower: Double, upper: Double)? {
  let union = counts.gold + counts.found - counts.exact
  guard let share = Share(counts.exact, of: union) else { return nil }
  func f1(_ jaccard: Double) -> Double { 2 * jaccard / (1 + jaccard) }
  return (f1(share.value), f1(share.interval.lower), f1(share.interval.upper))
}

/// F1 of overlapping spans: several may meet one, so precision and recall count different things,
/// and their bounds together bound it.
private func overlapF1(
  _ precision: Share?, _ recall: Share?
) -> (value: Double, lower: Double, upper: Double)? {
  guard let precision, let recall else { return nil }
  func mean(_ left: Double, _ right: Double) -> Double {
    left + right == 0 ? 0 : 2 * left * right / (left + right)
  }
  return (
    mean(precision.value, recall.value), mean(precision.interval.lower, recall.interval.lower),
    mean(precision.interval.upper, recall.interval.upper)
  )
}

// MARK: JSON

private func number(_ value: Double) -> JSONValue { .number(JSONNumber(value, decimals: 6)) }

private func put(_ name: String, _ share: Share?, into object: inout JSONObject) {
  object.append(name, share.map { number($0.value) } ?? .null)
  object.append(
    "\(name)_interval",
    share.map { .array([number($0.interval.lower), number($0.interval.upper)]) } ?? .null)
}

private func put(
  _ f1: (value: Double, lower: Double, upper: Double)?, into object: inout JSONObject
) {
  object.append("f1", f1.map { number($0.value) } ?? .null)
  object.append("f1_interval", f1.map { .array([number($0.lower), number($0.upper)]) } ?? .null)
}

private func figures(_ counts: EvaluationCounts, into object: inout JSONObject) {
  object.append("gold", .integer(counts.gold))
  object.append("found", .integer(counts.found))
  var exact = JSONObject()
  exact.append("matches", .integer(counts.exact))
  put("precision", Share(counts.exact, of: counts.found), into: &exact)
  put("recall", Share(counts.exact, of: counts.gold), into: &exact)
  put(f1(counts), into: &exact)
  object.append("exact", .object(exact))
  var overlap = JSONObject()
  let precision = Share(counts.overlapping, of: counts.found)
  let recall = Share(counts.overlapped, of: counts.gold)
  put("precision", precision, into: &overlap)
  put("recall", recall, into: &overlap)
  put(overlapF1(precision, recall), into: &overlap)
  object.append("overlap", .object(overlap))
  // A prediction that touches no identifier is wrong, whatever its type.
  put("touching_precision", Share(counts.touching, of: counts.found), into: &object)
  put("fully_covered_recall", Share(counts.covered, of: counts.gold), into: &object)
}

private func leaked(_ counts: EvaluationCounts, into object: inout JSONObject) {
  put("leaked_characters", Share(counts.leaked, of: counts.characters), into: &object)
  object.append("leaked_characters_count", .integer(counts.leaked))
  object.append("characters", .integer(counts.characters))
}

private func json(_ tally: EvaluationTally, _ found: FoundSpans) -> JSONValue {
  var types: [JSONValue] = []
  for type in IdentifierType.allCases {
    let counts = tally.counts(of: type)
    if counts.gold == 0, counts.found == 0 { continue }
    var object: JSONObject = [
      "type": .string(type.rawValue), "direct": .bool(type.isDirect),
    ]
    figures(counts, into: &object)
    leaked(counts, into: &object)
    types.append(.object(object))
  }
  var overall = JSONObject()
  figures(tally.all, into: &overall)
  var direct = JSONObject()
  figures(tally.direct, into: &direct)
  var result: JSONObject = ["notes": .integer(tally.notes)]
  result.append("overall", .object(overall))
  result.append("direct", .object(direct))
  leaked(tally.direct, into: &result)
  result.append("types", .array(types))
  result.append("lines_of_unknown_records", .integer(found.unknownRecords))
  result.append("lines_of_other_fields", .integer(found.otherFields))
  return .object(result)
}

// MARK: Table

private func table(_ tally: EvaluationTally, _ language: Language) -> String {
  func shown(_ value: Double?, _ lower: Double?, _ upper: Double?, _ decimals: Int) -> String {
    guard let value, let lower, let upper else { return "-" }
    return fixedPoint(value, decimals: decimals) + " ["
      + fixedPoint(lower, decimals: decimals) + ", " + fixedPoint(upper, decimals: decimals) + "]"
  }
  func shown(_ share: Share?, _ decimals: Int = 3) -> String {
    shown(share?.value, share?.interval.lower, share?.interval.upper, decimals)
  }
  let titles: [Bilingual] = [
    Bilingual(ko: "유형", en: "type"), Bilingual(ko: "정답", en: "gold"),
    Bilingual(ko: "검출", en: "found"), Bilingual(ko: "정밀도", en: "precision"),
    Bilingual(ko: "재현율", en: "recall"), Bilingual("F1"),
    Bilingual(ko: "겹침 정밀도", en: "P overlap"), Bilingual(ko: "겹침 재현율", en: "R overlap"),
    Bilingual(ko: "닿음", en: "touching"), Bilingual(ko: "완전 포함", en: "covered"),
    Bilingual(ko: "누출 글자", en: "leaked"),
  ]
  var table = TextTable(
    titles.enumerated().map { TextTable.Column($1[language], $0 == 0 ? .left : .right) })
  func row(_ name: String, _ counts: EvaluationCounts) {
    let f1 = f1(counts)
    table.append([
      name, "\(counts.gold)", "\(counts.found)", shown(Share(counts.exact, of: counts.found)),
      shown(Share(counts.exact, of: counts.gold)), shown(f1?.value, f1?.lower, f1?.upper, 3),
      shown(Share(counts.overlapping, of: counts.found)),
      shown(Share(counts.overlapped, of: counts.gold)),
      shown(Share(counts.touching, of: counts.found)),
      shown(Share(counts.covered, of: counts.gold)),
      shown(Share(counts.leaked, of: counts.characters), 4),
    ])
  }
  for type in IdentifierType.allCases {
    let counts = tally.counts(of: type)
    if counts.gold > 0 || counts.found > 0 { row(type.rawValue, counts) }
  }
  row(Bilingual(ko: "전체", en: "all")[language], tally.all)
  row(Bilingual(ko: "직접 식별자", en: "direct")[language], tally.direct)
  return table.rendered()
}
