/// What a model answered to one item in one order, told in the file's order.
public struct Answered: Sendable, Equatable {
  /// The order the options were shown in.
  public let order: OptionOrder
  /// The letter in the file's order, or a free answer; `nil` where no answer was found.
  public let prediction: String?
  /// Whether another option scored exactly as high.
  public let isTied: Bool
  /// Tokens of the prompt.
  public let promptTokens: Int
  /// What the scores are; `nil` for a generated answer.
  public let kind: ScoreResult.Kind?
  /// One score an option, in the file's order.
  public let optionLogits: [Float]?
  /// One log-probability an option, in the file's order.
  public let optionLogprobs: [Double]?
  /// Tokens generated; `nil` for scores.
  public let outputTokens: Int?

  /// The answer with the highest score. A tie goes to the letter shown first, as an argmax does
  /// everywhere; it is counted, so that a model that says nothing cannot pass for one that says A.
  init(scores: ScoreResult, order: OptionOrder) {
    var best = 0
    for (place, score) in scores.optionLogits.enumerated() where score > scores.optionLogits[best] {
      best = place
    }
    let top = scores.optionLogits[best]
    self.order = order
    prediction = optionLetter(order.option(atPlace: best))
    isTied = scores.optionLogits.count { $0 == top } > 1
    promptTokens = scores.promptTokens
    kind = scores.kind
    // Adding zero turns −0 into 0, which decimal digits cannot tell apart: the digest of a line
    // must follow from its numbers.
    optionLogits = order.inFileOrder(scores.optionLogits.map { $0 + 0 })
    optionLogprobs = scores.optionLogprobs.map(order.inFileOrder)
    outputTokens = nil
  }

  init(text: GenerateResult, item: Item, order: OptionOrder, cascade: AnswerCascade) {
    self.order = order
    if item.options.isEmpty {
      let line = text.text.unicodeScalars.split(separator: "\n").lazy
        .map { trimmedText(String($0)) }.first { !$0.isEmpty }
      prediction = line
    } else {
      prediction = cascade.option(in: text.text, of: item.options.count).map {
        optionLetter(order.option(atPlace: $0))
      }
    }
    isTied = false
    promptTokens = text.promptTokens
    kind = nil
    optionLogits = nil
    optionLogprobs = nil
    outputTokens = text.tokens
  }
}
