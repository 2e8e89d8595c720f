public import Cryptography
internal import MedaiCore
public import Settings

/// Phrases that outputs must or must not hold, as data (`Guidelines/wording/rules.yaml`).
public struct WordingRules: Sendable {
  /// What the phrases of a rule mean.
  public enum Category: String, Sendable, CaseIterable {
    /// Says that an AI made the text.
    case aiNotice = "ai-notice"
    /// Says that a professional has to review it.
    case reviewStatement = "review-statement"
    /// States a diagnosis as settled.
    case definitiveDiagnosis = "definitive-diagnosis"
    /// Prescribes, or orders a dose or its change.
    case treatmentOrder = "treatment-order"
    /// Keeps a patient away from care.
    case discouragesCare = "discourages-care"
    /// Claims more than any licence says.
    case overclaim
    /// A warning sign in a prompt.
    case redFlag = "red-flag"
    /// Sends the reader to urgent care.
    case urgentAdvice = "urgent-advice"
  }

  /// One rule.
  public struct Rule: Sendable {
    /// Unique id.
    public let id: String
    /// What its phrases mean.
    public let category: Category
    /// `ko` phrases ignore spaces; `en` phrases need word boundaries.
    public let isKorean: Bool
    /// Any of these; ` * ` stands for up to 24 scalars inside the sentence.
    let phrases: [Phrase]
    /// Any of these in the same sentence takes the match back.
    let unless: [Phrase]
  }

  /// The rules in file order.
  public let rules: [Rule]
  /// SHA-256 of the canonical JSON form of the file.
  public let sha256: Digest

  /// Reads rules.
  public init(yaml bytes: [UInt8]) throws(YAMLError) {
    try self.init(try parseYAML(bytes))
  }

  init(_ root: YAMLNode) throws(YAMLError) {
    try root.checked(allowed: ["version", "rules"], required: ["version", "rules"])
    sha256 = Cryptography.sha256(root.json.encoded(.canonical))
    var rules: [Rule] = []
    for node in try root.requiredList("rules") { rules.append(try Self.rule(node)) }
    var ids = Set<[UInt8]>()
    for (index, rule) in rules.enumerated() where !ids.insert(Array(rule.id.utf8)).inserted {
      let line = root["rules"]?.elements?[index].place.line ?? 0
      throw YAMLError(.badValue(key: "id", allowed: "an unused id"), line: line)
    }
    self.rules = rules
  }

  private static func rule(_ node: YAMLNode) throws(YAMLError) -> Rule {
    let keys = ["id", "category", "language", "phrases", "unless"]
    try node.checked(allowed: keys, required: Array(keys.prefix(4)))
    let isKorean = try node.requiredWord("language", of: ["ko", "en"]) == "ko"
    let word = try node.requiredWord("category", of: Category.allCases.map(\.rawValue))
    guard let category = Category(rawValue: word) else {
      throw YAMLError(.missingKey("category"), line: node.place.line)
    }
    func phrases(_ key: String) throws(YAMLError) -> [Phrase] {
      var phrases: [Phrase] = []
      for element in try node[key] == nil ? [] : node.requiredList(key) {
        guard let text = element.text, let phrase = Phrase(text, isKorean: isKorean) else {
          throw YAMLError(.expected("phrase"), line: element.place.line)
        }
        phrases.append(phrase)
      }
      return phrases
    }
    return Rule(
      id: try node.requiredText("id"), category: category, isKorean: isKorean,
      phrases: try phrases("phrases"), unless: try phrases("unless"))
  }
}
