package import Cryptography

/// A chat template: one that is coded here, or one that is interpreted.
package struct ChatTemplate: Sendable {
  private enum Form {
    case coded(KnownTemplate)
    case interpreted([TemplateNode])
  }

  /// SHA-256 of the template's text.
  package let sha256: Digest
  private let form: Form

  /// Whether the template is coded here and not interpreted.
  package var isCoded: Bool { if case .coded = form { true } else { false } }

  /// The coded template of a digest; `nil` where none is known.
  package init?(known digest: Digest) {
    guard let known = KnownTemplate(digest) else { return nil }
    sha256 = digest
    form = .coded(known)
  }

  /// A template whose text is interpreted.
  ///
  /// - Throws: `TemplateFault` at what the interpreter does not know.
  package init(interpreting text: [UInt8]) throws(TemplateFault) {
    sha256 = Cryptography.sha256(text)
    guard text.count <= 1 << 20 else { throw TemplateFault(line: 1, problem: .limit) }
    form = .interpreted(try TemplateParser.nodes(of: text))
  }

  /// Digests of the templates that are coded here.
  package static var knownDigests: [String] { KnownTemplate.allCases.map(\.digest) }

  /// Control tokens that the vocabulary must have.
  var controls: [String] { if case .coded(let known) = form { known.controls } else { [] } }

  /// Whether the template can be told to think or not to.
  var hasThinkingSwitch: Bool {
    switch form {
    case .coded(let known): known.hasThinkingSwitch
    case .interpreted(let nodes): TemplateNode.read(Self.thinkingName, in: nodes)
    }
  }

  private static let thinkingName = "enable_thinking"

  /// The text of a conversation of one question, up to where the answer begins.
  ///
  /// - Parameters:
  ///   - system: The system message; `nil` for what the template puts there.
  ///   - user: The question.
  ///   - thinking: Whether the model is told to think; `nil` for the template's own way.
  ///   - begin: Text of the token that begins a text.
  ///   - end: Text of the token that ends a text.
  /// - Returns: UTF-8.
  /// - Throws: `TemplateFault`.
  package func text(
    system: String?, user: String, thinking: Bool? = nil, begin: [UInt8]? = nil,
    end: [UInt8]? = nil
  ) throws(TemplateFault) -> [UInt8] {
    try render(system: system, user: user, thinking: thinking, begin: begin, end: end).bytes
  }

  func render(
    system: String?, user: String, thinking: Bool?, begin: [UInt8]?, end: [UInt8]?
  ) throws(TemplateFault) -> MarkedText {
    switch form {
    case .coded(let known):
      return known.render(
        system: system.map { MarkedText(message: $0) }, user: MarkedText(message: user),
        thinking: thinking, begin: MarkedText(own: begin ?? []))
    case .interpreted(let nodes):
      // The names that transformers gives a template, and no others.
      var values: [String: TemplateValue] = [
        "messages": .list(
          [("system", system), ("user", user)].compactMap { role, content in
            content.map { content in
              .map([
                (MarkedText(own: "role"), .own(role)),
                (MarkedText(own: "content"), .text(MarkedText(message: content))),
              ])
            }
          }),
        "add_generation_prompt": .bool(true), "tools": .none, "documents": .none,
      ]
      if let begin { values["bos_token"] = .text(MarkedText(own: begin)) }
      if let end { values["eos_token"] = .text(MarkedText(own: end)) }
      if let thinking { values[Self.thinkingName] = .bool(thinking) }
      return try TemplateRenderer.render(nodes, values)
    }
  }

  /// Renders any conversation, for comparison with the reference.
  ///
  /// - Parameters:
  ///   - messages: Roles and texts.
  ///   - generating: Whether an answer begins at the end.
  ///   - thinking: Whether the model is told to think; `nil` says nothing of it.
  ///   - begin: Text of the token that begins a text.
  ///   - end: Text of the token that ends a text.
  /// - Returns: UTF-8.
  /// - Throws: `TemplateFault`; nothing that is coded takes more than one question.
  package func text(
    messages: [(role: String, content: String)], generating: Bool, thinking: Bool?,
    begin: String, end: String
  ) throws(TemplateFault) -> [UInt8] {
    guard case .interpreted(let nodes) = form else {
      throw TemplateFault(line: 1, problem: .unsupported("conversation"))
    }
    var values: [String: TemplateValue] = [
      "messages": .list(
        messages.map { message in
          .map([
            (MarkedText(own: "role"), .own(message.role)),
            (MarkedText(own: "content"), .text(MarkedText(message: message.content))),
          ])
        }),
      "add_generation_prompt": .bool(generating), "tools": .none, "documents": .none,
      "bos_token": .own(begin), "eos_token": .own(end),
    ]
    if let thinking { values[Self.thinkingName] = .bool(thinking) }
    return try TemplateRenderer.render(nodes, values).bytes
  }
}
