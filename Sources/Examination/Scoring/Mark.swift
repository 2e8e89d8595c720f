public import Cryptography
internal import MedaiCore

/// One item with the model's answer to it.
public struct Mark: Sendable, Equatable {
  /// The item.
  public let item: Item
  /// The answer in the file's own order, which alone is counted.
  public let answered: Answered
  /// The answers in the further orders.
  public let permutations: [Answered]
  /// Digest of the UTF-8 bytes of the prompt in the file's own order.
  public let promptSHA256: Digest

  init(item: Item, prompt: String, answers: [Answered]) {
    self.item = item
    answered = answers[0]
    permutations = Array(answers.dropFirst())
    promptSHA256 = sha256(Array(prompt.utf8))
  }

  /// Whether the counted answer is right; no answer is wrong.
  public var isCorrect: Bool {
    guard let prediction = answered.prediction else { return false }
    switch item.answer {
    case .option(let index): return sameBytes(prediction, optionLetter(index))
    case .free(let text): return isSameFreeAnswer(prediction, text)
    }
  }

  /// Digest of the scores of the counted answer as little-endian Float32, in option order.
  public var optionLogitsSHA256: Digest? {
    guard let logits = answered.optionLogits else { return nil }
    var bytes: [UInt8] = []
    for logit in logits {
      let bits = logit.bitPattern
      for shift in stride(from: 0, to: 32, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(shift)))
      }
    }
    return sha256(bytes)
  }

  /// The result line without its line break: keys in a fixed order, no clock, so that two runs
  /// compare byte for byte.
  ///
  /// - Parameter model: The model that answered.
  /// - Returns: One JSON object.
  public func line(by model: ModelIdentity) -> [UInt8] {
    var line: JSONObject = [
      "id": .string(item.id),
      "subject": item.subject.map(JSONValue.string) ?? .null,
      "prediction": answered.prediction.map(JSONValue.string) ?? .null,
      "answer": .string(item.answer.text),
      "correct": .bool(isCorrect),
      "option_logits": answered.optionLogits.map(numbers) ?? .null,
      "option_logits_sha256": optionLogitsSHA256.map { .string($0.hex) } ?? .null,
      "prompt_sha256": .string(promptSHA256.hex),
      "prompt_tokens": .integer(answered.promptTokens),
      "model_sha256": model.sha256.map(JSONValue.string) ?? .null,
      "numerics": model.numerics.map(JSONValue.integer) ?? .null,
    ]
    if answered.kind == .logprobSum { line["option_logits_kind"] = .string("logprob-sum") }
    if answered.isTied { line["tied"] = .bool(true) }
    if let tokens = answered.outputTokens { line["output_tokens"] = .integer(tokens) }
    if let exam = item.exam { line["exam"] = .string(exam) }
    if let year = item.year { line["year"] = year.json }
    if let group = item.group { line["group"] = group.json }
    if let logprobs = answered.optionLogprobs { line["option_logprobs"] = numbers(logprobs) }
    if !permutations.isEmpty {
      line["permutations"] = .array(
        permutations.map { other in
          .object([
            "order": .string(other.order.letters),
            "prediction": other.prediction.map(JSONValue.string) ?? .null,
            "option_logits": other.optionLogits.map(numbers) ?? .null,
          ])
        })
    }
    return JSONValue.object(line).encoded()
  }
}

/// Whether two free answers are the same: white space and ASCII case aside, and whichever normal
/// form the Hangul is in.
///
/// The one place where Swift's canonical equivalence of strings is what is wanted.
func isSameFreeAnswer(_ left: String, _ right: String) -> Bool {
  folded(left) == folded(right)
}

private func folded(_ text: String) -> String {
  var scalars = String.UnicodeScalarView()
  for scalar in trimmedText(text).unicodeScalars {
    if isStripped(scalar) {
      if scalars.last != " " { scalars.append(" ") }
    } else if ("A"..."Z").contains(scalar) {
      scalars.append(UnicodeScalar(UInt8(scalar.value) | 0x20))
    } else {
      scalars.append(scalar)
    }
  }
  return String(scalars)
}

/// Float32 values in the fewest digits that read back as the same Float32.
///
/// Those digits are at most nine, so the double nearest to them has the same shortest form.
private func numbers(_ values: [Float]) -> JSONValue {
  .array(values.map { .number(JSONNumber(shortest: Double($0.description) ?? Double($0))) })
}

private func numbers(_ values: [Double]) -> JSONValue {
  .array(values.map { .number(JSONNumber(shortest: $0)) })
}
