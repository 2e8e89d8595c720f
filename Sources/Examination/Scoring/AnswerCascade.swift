public import Cryptography
public import Settings

/// Finds the chosen letter in generated text by steps that are data.
///
/// The steps are tried in turn; the first that matches anywhere decides, by its last match. One
/// published model scored 45 points or none by these steps alone, so they carry a name and a
/// source in `Guidelines/exams/answer-extraction.yaml`.
public struct AnswerCascade: Sendable {
  /// What may stand between a step's text and the letter.
  enum Gap: String, Sendable, CaseIterable {
    case none
    case space
    case colonOrSpace = "colon-or-space"
  }

  /// One way of naming the letter.
  struct Step: Sendable {
    let before: [Unicode.Scalar]
    let gap: Gap
    let letterStartsWord: Bool
    let letterEndsWord: Bool
    let gapAfter: Gap
    let after: [Unicode.Scalar]
    let anyCase: Bool
  }

  /// The name a preset asks for.
  public let name: String
  /// Digest of the file of cascades, for the audit entry.
  public let sha256: Digest
  private let steps: [Step]

  /// The cascade of a name in a file of cascades.
  ///
  /// - Parameters:
  ///   - name: The cascade.
  ///   - bytes: `answer-extraction.yaml`.
  /// - Throws: `YAMLError` with the line.
  public init(_ name: String, from bytes: [UInt8]) throws(YAMLError) {
    let root = try parseYAML(bytes)
    try root.checked(allowed: ["format", "source", "cascades"], required: ["format", "cascades"])
    guard let cascades = root["cascades"] else {
      throw YAMLError(.missingKey("cascades"), line: root.place.line)
    }
    guard let node = cascades[name] else {
      throw YAMLError(.missingKey(name), line: cascades.place.line)
    }
    guard let elements = node.elements, !elements.isEmpty else {
      throw YAMLError(.expected("sequence"), line: node.place.line)
    }
    var steps: [Step] = []
    for element in elements { steps.append(try Self.step(element)) }
    self.name = name
    sha256 = Cryptography.sha256(bytes)
    self.steps = steps
  }

  private static func step(_ node: YAMLNode) throws(YAMLError) -> Step {
    try node.checked(
      allowed: [
        "before", "gap", "letter_starts_word", "letter_ends_word", "gap_after", "after", "any_case",
      ], required: ["any_case"])
    func gap(_ key: String) throws(YAMLError) -> Gap {
      guard let value = node[key] else { return .none }
      guard let gap = value.text.flatMap(Gap.init(rawValue:)) else {
        let allowed = Gap.allCases.map(\.rawValue).joined(separator: ", ")
        throw YAMLError(.badValue(key: key, allowed: allowed), line: value.place.line)
      }
      return gap
    }
    func flag(_ key: String) throws(YAMLError) -> Bool { try node[key]?.requiredBool() ?? false }
    func text(_ key: String) throws(YAMLError) -> [Unicode.Scalar] {
      node[key] == nil ? [] : Array(try node.requiredText(key).unicodeScalars)
    }
    return Step(
      before: try text("before"), gap: try gap("gap"),
      letterStartsWord: try flag("letter_starts_word"),
      letterEndsWord: try flag("letter_ends_word"), gapAfter: try gap("gap_after"),
      after: try text("after"), anyCase: try flag("any_case"))
  }

  /// The option whose letter the text names, counted from 0; `nil` where none is named.
  ///
  /// - Parameters:
  ///   - text: Generated text.
  ///   - count: Options of the item; later letters are no answer.
  /// - Returns: The option.
  func option(in text: String, of count: Int) -> Int? {
    let scalars = Array(text.unicodeScalars)
    for step in steps {
      var last: Int?
      var position = 0
      while position < scalars.count {
        if let (option, end) = step.match(scalars, at: position, count: count) {
          last = option
          position = end
        } else {
          position += 1
        }
      }
      if let last { return last }
    }
    return nil
  }
}

extension AnswerCascade.Step {
  /// The option a match at a position names, and where the match ends.
  fileprivate func match(
    _ text: [Unicode.Scalar], at start: Int, count: Int
  ) -> (option: Int, end: Int)? {
    guard text[start...].starts(with: before) else { return nil }
    var position = start + before.count
    skip(gap, in: text, &position)
    guard position < text.count, let option = letter(text[position], count: count) else {
      return nil
    }
    if letterStartsWord, position > 0, isWord(text[position - 1]) { return nil }
    position += 1
    if letterEndsWord, position < text.count, isWord(text[position]) { return nil }
    skip(gapAfter, in: text, &position)
    guard text[position...].starts(with: after) else { return nil }
    return (option, position + after.count)
  }

  private func skip(_ gap: AnswerCascade.Gap, in text: [Unicode.Scalar], _ position: inout Int) {
    while position < text.count {
      let scalar = text[position]
      switch gap {
      case .none: return
      case .space where isStripped(scalar): position += 1
      case .colonOrSpace where scalar == ":" || isStripped(scalar): position += 1
      default: return
      }
    }
  }

  private func letter(_ scalar: Unicode.Scalar, count: Int) -> Int? {
    let value = anyCase && ("a"..."z").contains(scalar) ? scalar.value - 0x20 : scalar.value
    guard (0x41..<0x41 + UInt32(count)).contains(value) else { return nil }
    return Int(value - 0x41)
  }

  /// A letter, a number or an underscore, as Python's `\w`: a Hangul syllable directly after a
  /// Latin letter is part of the same word.
  private func isWord(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == "_" { return true }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber:
      return true
    default: return false
    }
  }
}
