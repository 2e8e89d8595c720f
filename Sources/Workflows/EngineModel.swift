internal import Cryptography
internal import Examination
internal import Inference
internal import MedaiCore

/// The engine as a language model of an exam.
///
/// Requests run one after another in their order and reuse the cache of the prompt before, as far
/// as it is the same; the engine's bits do not depend on that.
final class EngineModel: LanguageModel {
  let identity: Examination.ModelIdentity
  private let model: Model
  private var session: Session?

  private let batch: Int

  /// A model under the name its file gives it, else the architecture's.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - batch: Positions computed together; no bit depends on it.
  init(_ model: Model, batch: Int = 128) {
    self.model = model
    self.batch = batch
    identity = Examination.ModelIdentity(
      name: shownName(of: model), sha256: model.info.sha256.hex,
      numerics: numerics, parameters: model.info.parameters)
  }

  /// A prompt with its continuations as tokens.
  private struct Tokenized {
    /// Tokens that all continuations share.
    var prompt: [Int32]
    /// What each continuation adds.
    var continuations: [[Int32]]
  }

  func score(_ requests: [ScoreRequest], progress: ExamProgress) throws -> [ScoreResult] {
    var results: [ScoreResult] = []
    for (index, request) in requests.enumerated() {
      results.append(try score(tokenized(request), request))
      progress(index + 1, requests.count)
    }
    return results
  }

  /// Prompt and continuation are tokenised together; what differs from the prompt's own tokens is
  /// the continuation.
  private func tokenized(_ request: ScoreRequest) -> Tokenized {
    let prompt = model.tokenizer.encode(request.prompt, addBOS: request.bos)
    let whole = request.continuations.map {
      model.tokenizer.encode(request.prompt + $0, addBOS: request.bos)
    }
    var shared = prompt.count
    for tokens in whole {
      var common = 0
      while common < min(shared, tokens.count), tokens[common] == prompt[common] { common += 1 }
      shared = min(common, tokens.count - 1)
    }
    return Tokenized(
      prompt: Array(prompt.prefix(shared)), continuations: whole.map { Array($0[shared...]) })
  }

  private func score(_ tokens: Tokenized, _ request: ScoreRequest) throws -> ScoreResult {
    let longest = tokens.prompt.count + (tokens.continuations.map(\.count).max() ?? 0)
    let session = try session(capacity: longest)
    let firsts = tokens.continuations.compactMap(\.first)
    let isSingle = tokens.continuations.allSatisfy { $0.count == 1 }
    if isSingle, !request.wantLogprobs {
      try session.prefill(reusingPrefixOf: tokens.prompt)
      return ScoreResult(
        promptTokens: tokens.prompt.count, kind: .logit,
        optionLogits: try session.logitRows(firsts))
    }
    let logprobs = try session.scoreContinuations(of: tokens.prompt, tokens.continuations)
      .map(\.total)
    var logits = logprobs.map { Float($0) }
    if isSingle {
      try session.prefill(reusingPrefixOf: tokens.prompt)
      logits = try session.logitRows(firsts)
    }
    return ScoreResult(
      promptTokens: tokens.prompt.count, kind: isSingle ? .logit : .logprobSum,
      optionLogits: logits, optionLogprobs: request.wantLogprobs ? logprobs : nil)
  }

  func generate(_ requests: [GenerateRequest], progress: ExamProgress) throws -> [GenerateResult] {
    var results: [GenerateResult] = []
    for (index, request) in requests.enumerated() {
      let prompt = model.tokenizer.encode(request.prompt, addBOS: request.bos)
      let session = try session(capacity: prompt.count + request.maxTokens)
      let generation = try session.generate(
        prompt, maxTokens: request.maxTokens,
        stopTokens: [model.tokenizer.endToken].compactMap(\.self))
      let text = String(
        decoding: generation.text[..<firstStop(request.stop, in: generation.text)], as: UTF8.self)
      results.append(
        GenerateResult(promptTokens: prompt.count, text: text, tokens: generation.tokens.count))
      progress(index + 1, requests.count)
    }
    return results
  }

  /// Where the first of the stop texts begins; the text's end where none occurs.
  private func firstStop(_ stops: [String], in text: [UInt8]) -> Int {
    let stops = stops.map { Array($0.utf8) }.filter { !$0.isEmpty }
    return text.indices.first { start in stops.contains { text[start...].starts(with: $0) } }
      ?? text.count
  }

  /// Whether the model file asks for a start token.
  var addsStart: Bool { model.tokenizer.addsBeginToken }

  /// A session that holds at least so many positions; a larger one replaces a smaller.
  private func session(capacity: Int) throws -> Session {
    if let session, session.capacity >= capacity { return session }
    let rounded = min(max(capacity, 1024), max(capacity, model.info.contextLength))
    let made = try Session(model, capacity: rounded, batch: batch)
    session = made
    return made
  }
}
