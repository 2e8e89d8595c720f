internal import Cryptography

/// A prompt made by a chat template.
public struct RenderedPrompt: Sendable, Equatable {
  /// The tokens; control tokens come from the template only, never from the texts put into it.
  public let tokens: [Int32]
  /// The whole prompt as text, for digests and commitments.
  public let text: [UInt8]
  /// Tokens that end the answer.
  public let stopTokens: [Int32]
}

/// The chat templates that the engine knows, each by the digest of its Jinja text.
enum ChatTemplate {
  /// ChatML with SmolLM2's default system sentence.
  case smollm2

  private static let smollm2Digest =
    "872be49dbb638044ad01b60388f48d469ff2980e5f0dccdc22ec907db54d0788"

  /// The sentence that SmolLM2's template puts in where there is no system message.
  static let smollm2System = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"

  init(_ text: [UInt8]?) throws(TemplateError) {
    guard let text else { throw .missing }
    let digest = sha256(text)
    guard digest.hex == Self.smollm2Digest else { throw .unknown(sha256: digest) }
    self = .smollm2
  }
}

extension Model {
  /// A prompt as it is, without a chat template.
  public func renderPlain(_ text: String) -> RenderedPrompt {
    RenderedPrompt(
      tokens: tokenizer.encode(text), text: Array(text.utf8),
      stopTokens: tokenizer.endToken.map { [$0] } ?? [])
  }

  /// Renders one question with the model's own chat template, up to where the answer begins.
  ///
  /// - Parameters:
  ///   - system: The system message; `nil` for the template's own.
  ///   - user: The question. Texts of control tokens in it stay plain text.
  /// - Returns: The prompt, as tokens and as text, and the tokens that end its answer.
  /// - Throws: `TemplateError` where the template is missing or unknown.
  public func renderChat(
    system: String?, user: String
  ) throws(TemplateError) -> RenderedPrompt {
    switch try ChatTemplate(template) {
    case .smollm2:
      guard let begin = tokenizer.controlToken("<|im_start|>"),
        let end = tokenizer.controlToken("<|im_end|>")
      else { throw .missingControlToken }
      var tokens: [Int32] = []
      var text: [UInt8] = []
      func add(_ part: String) {
        tokens += tokenizer.encode(part, addBOS: false)
        text += Array(part.utf8)
      }
      func mark(_ token: Int32) {
        tokens.append(token)
        text += tokenizer.bytes(of: token)
      }
      for (role, content) in [("system", system ?? ChatTemplate.smollm2System), ("user", user)] {
        mark(begin)
        add("\(role)\n\(content)")
        mark(end)
        add("\n")
      }
      mark(begin)
      add("assistant\n")
      var stopTokens = [end]
      if let endOfText = tokenizer.controlToken("<|endoftext|>") { stopTokens.append(endOfText) }
      return RenderedPrompt(tokens: tokens, text: text, stopTokens: stopTokens)
    }
  }
}
