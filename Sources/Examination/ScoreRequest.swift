/// A prompt and the texts that may follow it.
public struct ScoreRequest: Sendable, Equatable {
  /// The item's id; in another option order, `id#BCDEA`.
  public let id: String
  /// The prompt, without a chat template.
  public let prompt: String
  /// Whether the model's start token comes first; `nil` leaves it to the model file.
  public let bos: Bool?
  /// What may follow, in option order. Prompt and continuation are tokenised together.
  public let continuations: [String]
  /// Whether log-probabilities over the whole vocabulary are wanted besides.
  public let wantLogprobs: Bool

  /// A request from its parts.
  public init(
    id: String, prompt: String, bos: Bool?, continuations: [String], wantLogprobs: Bool
  ) {
    self.id = id
    self.prompt = prompt
    self.bos = bos
    self.continuations = continuations
    self.wantLogprobs = wantLogprobs
  }
}

/// What a model says of the continuations of one prompt.
public struct ScoreResult: Sendable, Equatable {
  /// What the numbers of `optionLogits` are.
  public enum Kind: String, Sendable {
    /// The logit of each continuation's single token at the prompt's last position.
    case logit
    /// The summed log-probability of each continuation's tokens, where one has several.
    case logprobSum = "logprob-sum"
  }

  /// Tokens of the prompt, start token included.
  public let promptTokens: Int
  /// What the numbers are.
  public let kind: Kind
  /// One number a continuation, in their order.
  public let optionLogits: [Float]
  /// Log-probability of each continuation, where it was asked for.
  public let optionLogprobs: [Double]?

  /// A result from its parts.
  public init(
    promptTokens: Int, kind: Kind, optionLogits: [Float], optionLogprobs: [Double]? = nil
  ) {
    self.promptTokens = promptTokens
    self.kind = kind
    self.optionLogits = optionLogits
    self.optionLogprobs = optionLogprobs
  }
}
