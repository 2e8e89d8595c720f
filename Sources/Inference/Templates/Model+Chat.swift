public import Cryptography

/// A prompt made by a chat template.
public struct RenderedPrompt: Sendable, Equatable {
  /// The tokens; control tokens come from the template only, never from the texts put into it.
  public let tokens: [Int32]
  /// The whole prompt as text, for digests and commitments.
  public let text: [UInt8]
  /// Tokens that end the answer.
  public let stopTokens: [Int32]
}

/// Which chat template a prompt is put into.
public enum ChatTemplateChoice: Sendable, Equatable {
  /// The model's own, where it is one of those that are coded here; every other is refused.
  case known
  /// The model's own, interpreted where it is not coded here.
  case model
  /// A text that the caller supplies, interpreted.
  case supplied([UInt8])
}

extension Model {
  /// The text of the chat template in the model's files; `nil` where they have none.
  public var chatTemplate: [UInt8]? { template }

  /// Whether a prompt is put into a template that is coded here, for one that a choice names.
  ///
  /// - Returns: SHA-256 of the template's text, and whether it is coded; `nil` where the model has
  ///   no template.
  public func chatTemplateUse(
    _ choice: ChatTemplateChoice
  ) -> (sha256: Digest, isCoded: Bool)? {
    switch choice {
    case .known, .model:
      template.map { text in
        let digest = sha256(text)
        return (digest, ChatTemplate(known: digest) != nil)
      }
    case .supplied(let text): (sha256(text), false)
    }
  }

  /// A prompt as it is, without a chat template.
  public func renderPlain(_ text: String) -> RenderedPrompt {
    RenderedPrompt(
      tokens: tokenizer.encode(text), text: Array(text.utf8),
      stopTokens: tokenizer.endToken.map { [$0] } ?? [])
  }

  /// Renders one question with a chat template, up to where the answer begins.
  ///
  /// The tokens are those of transformers' `apply_chat_template`: a begin token only where the
  /// template writes one.
  ///
  /// - Parameters:
  ///   - system: The system message; `nil` for the template's own.
  ///   - user: The question. Texts of control tokens in it stay plain text.
  ///   - choice: Which template.
  ///   - thinking: Whether the model is told to think; `nil` for the template's own way.
  /// - Returns: The prompt, as tokens and as text, and the tokens that end its answer.
  /// - Throws: `TemplateError` where the template is missing, unknown or cannot be rendered.
  public func renderChat(
    system: String?, user: String, template choice: ChatTemplateChoice = .known,
    thinking: Bool? = nil
  ) throws(TemplateError) -> RenderedPrompt {
    let (chat, source) = try chatTemplate(choice)
    if thinking != nil, !chat.hasThinkingSwitch { throw .noThinkingSwitch }
    guard chat.controls.allSatisfy({ tokenizer.controlToken($0) != nil }) else {
      throw .missingControlToken
    }
    let text: MarkedText
    do throws(TemplateFault) {
      text = try chat.render(
        system: system, user: user, thinking: thinking,
        begin: tokenizer.beginToken.map { tokenizer.bytes(of: $0) },
        end: tokenizer.endToken.map { tokenizer.bytes(of: $0) })
    } catch {
      throw .fault(error)
    }
    return RenderedPrompt(
      tokens: tokenizer.encode(text), text: text.bytes, stopTokens: stopTokens(of: source))
  }

  private func chatTemplate(
    _ choice: ChatTemplateChoice
  ) throws(TemplateError) -> (ChatTemplate, text: [UInt8]) {
    let text: [UInt8]
    switch choice {
    case .known, .model:
      guard let template else { throw .missing }
      text = template
      let digest = sha256(text)
      if let known = ChatTemplate(known: digest) { return (known, text) }
      if choice == .known { throw .unknown(sha256: digest) }
    case .supplied(let supplied): text = supplied
    }
    do throws(TemplateFault) {
      return (try ChatTemplate(interpreting: text), text)
    } catch {
      throw .fault(error)
    }
  }

  /// Control tokens that end a turn in the families that are run here.
  private static let turnEnds = [
    "<|im_end|>", "<|eot_id|>", "[|endofturn|]", "<|endoftext|>", "<|end_of_text|>",
  ]
  /// What ends an answer of HyperCLOVA X; its thinking ends with `<|im_end|>` and goes on.
  private static let answerEnds = ["<|stop|>", "<|endofturn|>"]

  /// The file's end token, and those above that are control tokens of the vocabulary.
  ///
  /// `<|endoftext|>` and `<|end_of_text|>` end every text; the others count where the template
  /// writes them.
  private func stopTokens(of source: [UInt8]) -> [Int32] {
    let answerEnds = Self.answerEnds.compactMap { tokenizer.controlToken($0) }
    var stops: [Int32]
    if answerEnds.count == Self.answerEnds.count {
      stops = answerEnds
    } else {
      let text = MarkedText(own: source)
      stops = Self.turnEnds.filter { mark in
        mark.hasPrefix("<|end") || text.first(MarkedText(own: mark)) != nil
      }.compactMap { tokenizer.controlToken($0) }
    }
    if let end = tokenizer.endToken, !stops.contains(end) { stops.append(end) }
    return stops
  }
}
