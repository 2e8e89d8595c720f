internal import Compliance
internal import MedaiCore
internal import Presentation
public import SystemPackage

/// Compares two reports' machine output: what is new, fixed, unchanged, and which thresholds and
/// rules are not the same any more.
///
/// - Parameters:
///   - old: A file that `check` or `report` wrote (JSON, SARIF, OSCAL assessment results), or a
///     folder of `report --oscal`.
///   - new: The later one, of any of these forms.
///   - asJSON: Whether JSON is printed.
///   - context: Language.
/// - Returns: The changes; status 1 where something got worse.
/// - Throws: `Failure` 65 where a file is no report, 66 where there is none.
public func compareReports(
  old: FilePath, new: FilePath, asJSON: Bool, context: JobContext
) throws -> JobResult {
  let difference = ReportDifference(from: try snapshot(old), to: try snapshot(new))
  let statuses: [ExitStatus] = [difference.isWorse ? .negative : .done]
  if asJSON {
    return JobResult(output: difference.json.encoded(.pretty) + [0x0A], statuses: statuses)
  }
  return JobResult(difference.summary(context.language), statuses)
}

private func snapshot(_ path: FilePath) throws -> ReportSnapshot {
  var file = path
  if (try? fileStatus(path))?.kind == .folder { file = path.appending("assessment-results.json") }
  return try reading(file) { file in
    do {
      return try ReportSnapshot(try parseJSON(try readFile(file, maxBytes: 256 << 20)))
    } catch let fault as ReportSnapshot.Fault {
      switch fault {
      case .unknownForm:
        throw Failure(
          .malformed,
          Bilingual(
            ko: "점검 결과(JSON), SARIF 2.1.0, OSCAL 평가 결과 가운데 어느 것도 아닙니다.",
            en: "this is neither findings (JSON) nor SARIF 2.1.0 nor OSCAL assessment results."),
          hint: Bilingual(
            ko: "medai check --format json 이나 medai audit report --oscal 이 쓴 것을 주십시오.",
            en: "give what medai check --format json or medai audit report --oscal wrote."))
      case .malformed:
        throw Failure(
          .malformed,
          Bilingual(
            ko: "보고서의 형식이 맞지 않습니다.", en: "the report lacks something that it must say."))
      }
    }
  }
}

extension ReportDifference {
  /// The changes in their order, and how many there are of each kind.
  fileprivate var json: JSONValue {
    var counts = JSONObject()
    for item in items {
      counts[item.kind.rawValue] = .integer((counts[item.kind.rawValue]?.int ?? 0) + 1)
    }
    return .object([
      "worse": .bool(isWorse), "counts": .object(counts),
      "items": .array(items.map(\.json)),
    ])
  }

  fileprivate func summary(_ language: Language) -> String {
    var table = TextTable([
      TextTable.Column(" "), TextTable.Column(Bilingual(ko: "변화", en: "change")[language]),
      TextTable.Column(Bilingual(ko: "항목", en: "control")[language]),
      TextTable.Column(Bilingual(ko: "점검", en: "check")[language]),
      TextTable.Column(Bilingual(ko: "이유", en: "reason")[language], maxWidth: 40),
      TextTable.Column(Bilingual(ko: "기록", en: "record")[language]),
      TextTable.Column(Bilingual(ko: "이전", en: "old")[language], maxWidth: 24),
      TextTable.Column(Bilingual(ko: "이후", en: "new")[language], maxWidth: 24),
    ])
    var unchanged = 0
    for item in items {
      if item.kind == .unchanged {
        unchanged += 1
        continue
      }
      table.append(
        [
          item.isWorse ? "!" : " ", item.kind.rawValue, item.control ?? item.guideline ?? "",
          item.check ?? "", item.code ?? item.name ?? "", item.record.map { shortened($0) } ?? "",
          item.old.map { shortened($0) } ?? "", item.new.map { shortened($0) } ?? "",
        ].map { visible($0) })
    }
    let count = items.count - unchanged
    var text = count == 0 ? "" : table.rendered() + "\n"
    text +=
      Bilingual(
        ko: "달라진 것 \(count)건, 그대로인 소견 \(unchanged)건. ",
        en: "\(count) changes, \(unchanged) findings as before. ")[language]
    let worse = items.count(where: \.isWorse)
    text +=
      worse == 0
      ? Bilingual(ko: "나빠진 것 없음.", en: "nothing got worse.")[language]
      : Bilingual(ko: "나빠진 것 \(worse)건.", en: "\(worse) got worse.")[language]
    return text + "\n"
  }

  /// Digests are told by their beginning.
  private func shortened(_ text: String) -> String {
    let isDigest = text.utf8.count == 64 && text.utf8.allSatisfy { hexDigitValue($0) != nil }
    return isDigest ? String(text.prefix(12)) : text
  }
}

extension ReportDifference.Item {
  fileprivate var json: JSONValue {
    var object: JSONObject = ["change": .string(kind.rawValue), "worse": .bool(isWorse)]
    for (name, text) in [
      ("guideline", guideline), ("control", control), ("check", check), ("code", code),
      ("record_sha256", record), ("name", name), ("old", old), ("new", new),
    ] {
      if let text { object[name] = .string(text) }
    }
    return .object(object)
  }
}
