/// A prompt to continue, always greedily.
public struct GenerateRequest: Sendable, Equatable {
  /// The item's id; in another option order, `id#BCDEA`.
  public let id: String
  /// The prompt, without a chat template.
  public let prompt: String
  /// Whether the model's start token comes first; `nil` leaves it to the model file.
  public let bos: Bool?
  /// The most tokens to generate.
  public let maxTokens: Int
  /// Texts that end the continuation; they are no part of it.
  public let stop: [String]

  /// A request from its parts.
  public init(id: String, prompt: String, bos: Bool?, maxTokens: Int, stop: [String]) {
    self.id = id
    self.prompt = prompt
    self.bos = bos
    self.maxTokens = maxTokens
    self.stop = stop
  }
}

/// How a model continued one prompt.
public struct GenerateResult: Sendable, Equatable {
  /// Tokens of the prompt, start token included.
  public let promptTokens: Int
  /// The continuation, without the text that ended it.
  public let text: String
  /// Tokens generated.
  public let tokens: Int

  /// A result from its parts.
  public init(promptTokens: Int, text: String, tokens: Int) {
    self.promptTokens = promptTokens
    self.text = text
    self.tokens = tokens
  }
}
