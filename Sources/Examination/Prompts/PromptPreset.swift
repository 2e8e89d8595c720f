public import Cryptography
internal import MedaiCore

/// How items become prompts: fixed text with places for the item's parts.
///
/// A published score holds only for the bytes that were asked. So a preset has a version and a
/// digest, and both go into the audit entry; any change of a template is a new version.
public struct PromptPreset: Sendable {
  /// The name on the command line.
  public let name: String
  /// Counts changes of the text.
  public let version: Int
  /// The prompt of an item with options. Places: `{question}`, `{options}`, `{letters}`.
  let template: String
  /// The prompt of an item with a passage, `{paragraph}`.
  let passageTemplate: String
  /// The prompt of an item without options.
  let freeTemplate: String
  /// One option. Places: `{letter}`, `{text}`.
  let option: String
  /// The first option, where it is written differently.
  let firstOption: String
  /// Between two options.
  let separator: String
  /// Whether white space around the question is dropped.
  let stripsQuestion: Bool
  /// How many options are printed; more are asked for without being shown.
  let printsAtMost: Int
  /// Between a prompt and its letter.
  let answerLead: String
  /// After the letter of an example.
  let shotEnd: String
  /// Which cascade finds the letter in generated text.
  public let cascade: String
  /// What ends a generated answer.
  public let stop: [String]
  /// The most tokens of a generated answer.
  public let maxTokens: Int

  /// The digest of everything that decides the prompt's bytes.
  public var sha256: Digest {
    let parts: JSONObject = [
      "name": .string(name), "version": .integer(version), "template": .string(template),
      "passage_template": .string(passageTemplate), "free_template": .string(freeTemplate),
      "option": .string(option), "first_option": .string(firstOption),
      "separator": .string(separator),
      "strips_question": .bool(stripsQuestion), "prints_at_most": .integer(printsAtMost),
      "answer_lead": .string(answerLead), "shot_end": .string(shotEnd),
      "cascade": .string(cascade), "stop": .array(stop.map(JSONValue.string)),
      "max_tokens": .integer(maxTokens),
    ]
    return Cryptography.sha256(JSONValue.object(parts).encoded(.canonical))
  }

  /// The prompt of one item.
  ///
  /// - Parameters:
  ///   - item: The item.
  ///   - order: Which option stands at each place; `nil` for the file's order.
  /// - Returns: The prompt, without examples.
  public func prompt(for item: Item, order: OptionOrder? = nil) -> String {
    let options = order.map { $0.places.map { item.options[$0] } } ?? item.options
    let template =
      item.options.isEmpty ? freeTemplate : item.paragraph == nil ? self.template : passageTemplate
    var question = item.question
    if stripsQuestion { question = trimmedText(question) }
    if let paragraph = item.paragraph, !template.utf8.elementsEqual(passageTemplate.utf8) {
      question = paragraph + "\n" + question
    }
    let shown = options.prefix(printsAtMost)
    let lines = shown.enumerated().map { place, text in
      filled(
        place == 0 ? firstOption : option, [("letter", optionLetter(place)), ("text", text)])
    }
    return filled(
      template,
      [
        ("question", question), ("paragraph", item.paragraph ?? ""),
        ("options", lines.joined(separator: separator)),
        ("letters", (0..<shown.count).map(optionLetter).joined(separator: ", ")),
      ])
  }

  /// The prompt of an example and its answer.
  public func shot(_ item: Item) -> String {
    prompt(for: item) + answerLead + item.answer.text + shotEnd
  }

  /// What may follow the prompt of an item with so many options, in their order.
  public func continuations(count: Int) -> [String] {
    (0..<count).map { answerLead + optionLetter($0) }
  }
}

/// Fills the places of a template; what is filled in is not looked at again, so that braces in an
/// item stay what they are.
private func filled(_ template: String, _ values: [(name: String, text: String)]) -> String {
  var bytes: [UInt8] = []
  var rest = Array(template.utf8)[...]
  while let byte = rest.first {
    if byte == UInt8(ascii: "{"), let end = rest.firstIndex(of: UInt8(ascii: "}")),
      let value = values.first(where: { value in
        value.name.utf8.elementsEqual(rest[(rest.startIndex + 1)..<end])
      })
    {
      bytes += value.text.utf8
      rest = rest[(end + 1)...]
    } else {
      bytes.append(byte)
      rest = rest.dropFirst()
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}
