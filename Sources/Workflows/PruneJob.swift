internal import Auditing
internal import Compliance
internal import MedaiCore
internal import Presentation
internal import Settings
internal import SystemPackage

/// How long entries are kept, with the source of each number, as `Guidelines/retention` has it.
struct RetentionRules {
  /// A class with what a person needs to check it.
  struct Rule {
    let retention: RetentionClass
    let title: Bilingual
    let citation: String
  }

  let rules: [Rule]

  /// Reads the file.
  ///
  /// - Throws: `YAMLError`.
  init(yaml bytes: [UInt8]) throws(YAMLError) {
    let root = try parseYAML(bytes)
    try root.checked(allowed: ["classes"], required: ["classes"])
    var rules: [Rule] = []
    for node in try root.requiredList("classes") {
      try node.checked(
        allowed: ["id", "title", "title_en", "years", "citation", "reading", "types"],
        required: ["id", "title", "title_en", "years", "citation", "types"])
      let line = node.place.line
      guard let id = Identifier(try node.requiredText("id")),
        !rules.contains(where: { $0.retention.id == id })
      else { throw YAMLError(.expected("an id of its own"), line: line) }
      guard let years = Int(try node.requiredText("years")), (1...100).contains(years) else {
        throw YAMLError(.expected("years from 1 to 100"), line: line)
      }
      var types: [Identifier] = []
      for element in try node.requiredList("types") {
        guard let type = element.text.flatMap({ Identifier($0) }), !types.contains(type) else {
          throw YAMLError(.expected("a type of entry"), line: element.place.line)
        }
        types.append(type)
      }
      rules.append(
        Rule(
          retention: RetentionClass(id: id, years: years, types: types),
          title: Bilingual(
            ko: try node.requiredText("title"), en: try node.requiredText("title_en")),
          citation: try node.requiredText("citation")))
    }
    self.rules = rules
  }
}

/// Says which prefix of the log could be pruned. Removes nothing.
///
/// - Parameters:
///   - isDryRun: Must be set: this program never removes entries.
///   - day: The day the plan is made for, `2032-01-31`; today where left out.
///   - asJSON: Whether JSON is printed.
///   - context: Settings and language.
/// - Returns: The plan.
/// - Throws: `Failure` 64 without `isDryRun`, or where the day is none; what reading throws.
public func planPruning(
  isDryRun: Bool, day: String?, asJSON: Bool, context: JobContext
) throws -> JobResult {
  guard isDryRun else {
    throw Failure(
      .usage,
      Bilingual(
        ko: "이 프로그램은 감사 기록에서 아무것도 지우지 않습니다. 계획만 보려면 --dry-run 을 쓰십시오.",
        en: "this program removes nothing from an audit log; --dry-run shows what could go."))
  }
  var now = context.now()
  if let day {
    guard let moment = Timestamp(text: "\(day)T00:00:00.000000Z") else {
      throw Failure(
        .usage,
        Bilingual(ko: "--as-of 는 2032-01-31 꼴의 날짜입니다.", en: "--as-of is a day such as 2032-01-31."))
    }
    now = moment
  }
  let library = try guidelineLibrary(context)
  let path = library.folder.appending("retention").appending("retention.yaml")
  let rules = try reading(path) { try RetentionRules(yaml: readFile($0, maxBytes: 1 << 20)).rules }
  let plan = try RetentionPlan(
    log: auditFolder(context), classes: rules.map(\.retention), now: now,
    catalog: try eventCatalog())
  if asJSON { return JobResult(output: plan.json(rules).encoded(.pretty) + [0x0A]) }
  return JobResult(plan.summary(rules, context.language))
}

extension RetentionPlan {
  fileprivate func json(_ rules: [RetentionRules.Rule]) -> JSONValue {
    let held: JSONValue =
      bar.map { bar in
        .object([
          "entry": .integer(bar.entry), "type": .string(bar.type.text),
          "class": bar.heldBy.map { .string($0.text) } ?? .null,
          "until": bar.until.map { .string($0.text) } ?? .null,
        ])
      } ?? .null
    return .object([
      "minimum_index": .integer(minimumIndex), "size": .integer(size),
      "bundles": .integer(bundles), "stays": .array(stays.map(JSONValue.integer)),
      "held": held, "removed": .integer(0),
      "classes": .array(
        zip(rules, expired).map { rule, expired in
          .object([
            "id": .string(rule.retention.id.text), "years": .integer(rule.retention.years),
            "citation": .string(rule.citation), "expired": .integer(expired.entries),
          ])
        }),
    ])
  }

  fileprivate func summary(_ rules: [RetentionRules.Rule], _ language: Language) -> String {
    var table = TextTable([
      TextTable.Column(Bilingual(ko: "보존 종류", en: "class")[language]),
      TextTable.Column(Bilingual(ko: "년", en: "years")[language], .right),
      TextTable.Column(Bilingual(ko: "기한이 지난 항목", en: "expired entries")[language], .right),
      TextTable.Column(Bilingual(ko: "근거", en: "source")[language], maxWidth: 70),
    ])
    for (rule, expired) in zip(rules, expired) {
      table.append([
        rule.title[language], String(rule.retention.years), String(expired.entries), rule.citation,
      ])
    }
    var text = table.rendered() + "\n"
    text +=
      Bilingual(
        ko: "최소 색인 \(minimumIndex) (전체 \(size)): 그 아래 항목 묶음 \(bundles)개를 비울 수 있다.",
        en: "minimum index \(minimumIndex) of \(size): \(bundles) full bundles of entries below it "
          + "could go.")[language] + "\n"
    if !stays.isEmpty {
      text +=
        Bilingual(
          ko: "검증에 필요해 증명과 함께 따로 남길 항목 \(stays.count)개: ",
          en: "\(stays.count) entries to keep beside it with their proofs, for verification: ")[
          language] + stays.prefix(20).map { String($0) }.joined(separator: ", ")
      text += stays.count > 20 ? ", …\n" : "\n"
    }
    if let bar {
      let reason = bar.heldBy.map { "\($0.text)\(bar.until.map { " ≤ \($0.text)" } ?? "")" }
      text +=
        Bilingual(
          ko: "\(bar.entry)번 항목(\(bar.type.text))부터 남는다: \(reason ?? "기한 없음 또는 이어지는 작업")",
          en: "what stays begins with entry \(bar.entry) (\(bar.type.text)): "
            + (reason ?? "no period, or a run that goes on"))[language] + "\n"
    }
    text +=
      Bilingual(
        ko: "아무것도 지우지 않았다. 시각은 기록한 컴퓨터의 주장이며, 소송 보존 같은 사정은 여기서 알 수 없다.",
        en: "nothing was removed. Times are the recording machine's claim; a legal hold cannot be "
          + "seen here.")[language] + "\n"
    return text
  }
}
