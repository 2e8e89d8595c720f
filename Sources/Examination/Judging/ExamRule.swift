public import Cryptography
public import Settings

/// When an exam counts as passed, read from `Guidelines/exams/`.
public struct ExamRule: Sendable, Equatable {
  /// The name on the command line.
  public let id: String
  /// What the rule is, in Korean.
  public let titleKorean: String
  /// What the rule is, in English.
  public let title: String
  /// The part of the exam that the rule speaks of; other parts are not judged.
  public let part: String
  /// The least share of the total, in per cent.
  public let totalPercent: Int
  /// The least share of each subject, in per cent.
  public let subjectPercent: Int
  /// Where the rule stands.
  public let sources: [String]
  /// Digest of the file.
  public let sha256: Digest

  /// Reads a rule.
  ///
  /// - Parameter bytes: A file of `Guidelines/exams/`.
  /// - Throws: `YAMLError` with the line.
  public init(_ bytes: [UInt8]) throws(YAMLError) {
    let root = try parseYAML(bytes)
    let keys = [
      "format", "id", "title", "title_ko", "part", "total_minimum_percent",
      "subject_minimum_percent", "sources",
    ]
    try root.checked(allowed: keys + ["notes"], required: keys)
    let format = try root.requiredText("format")
    guard format.utf8.elementsEqual("medai-exam-rule-1".utf8) else {
      throw YAMLError(
        .badValue(key: "format", allowed: "medai-exam-rule-1"),
        line: root["format"]?.place.line ?? 0)
    }
    func percent(_ key: String) throws(YAMLError) -> Int {
      guard let node = root[key] else { throw YAMLError(.missingKey(key), line: root.place.line) }
      let value = try node.requiredInteger()
      guard (0...100).contains(value) else {
        throw YAMLError(.badValue(key: key, allowed: "0 to 100"), line: node.place.line)
      }
      return value
    }
    id = try root.requiredText("id")
    title = try root.requiredText("title")
    titleKorean = try root.requiredText("title_ko")
    part = try root.requiredText("part")
    totalPercent = try percent("total_minimum_percent")
    subjectPercent = try percent("subject_minimum_percent")
    guard let elements = root["sources"]?.elements, !elements.isEmpty else {
      throw YAMLError(.expected("sequence"), line: root["sources"]?.place.line ?? 0)
    }
    var sources: [String] = []
    for element in elements {
      guard let text = element.text else {
        throw YAMLError(.expected("text"), line: element.place.line)
      }
      sources.append(text)
    }
    self.sources = sources
    sha256 = Cryptography.sha256(bytes)
  }
}
