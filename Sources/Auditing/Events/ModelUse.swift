public import Cryptography

/// What computes, and what a replay must find again.
public struct ModelUse: Sendable {
  /// This program's engine, or an endpoint.
  public var engine: EngineKind
  /// The model's name.
  public var name: Identifier
  /// Digest of the model's file; an endpoint's is unknown.
  public var sha256: Digest?
  /// Digest of the tokenizer, where it is a file of its own.
  public var tokenizer: Digest?
  /// The number of the arithmetic (`numerics`); an endpoint's is unknown.
  public var numerics: Int?
  /// Instruction set: `portable`, `avx2`, `avx512`.
  public var isa: Identifier?
  /// Threads of the engine.
  public var threads: Int?
  /// Tokens computed at once.
  public var batch: Int?
  /// Host and port of an endpoint.
  public var endpoint: Identifier?
  /// Whether anything could leave the machine.
  public var egress: Egress

  /// A model of this program's engine.
  public init(
    native name: Identifier, sha256: Digest, tokenizer: Digest? = nil, numerics: Int,
    isa: Identifier, threads: Int, batch: Int? = nil
  ) {
    engine = .native
    self.name = name
    self.sha256 = sha256
    self.tokenizer = tokenizer
    self.numerics = numerics
    self.isa = isa
    self.threads = threads
    self.batch = batch
    endpoint = nil
    egress = .none
  }

  /// A model behind an endpoint.
  public init(endpoint: Identifier, name: Identifier, egress: Egress) {
    engine = .endpoint
    self.name = name
    self.endpoint = endpoint
    self.egress = egress
  }

  var fields: [(String, FieldValue?)] {
    [
      ("engine", .choice(engine.rawValue)), ("model", .identifier(name)),
      ("model_sha256", sha256.map(FieldValue.digest)),
      ("tokenizer_sha256", tokenizer.map(FieldValue.digest)),
      ("numerics", numerics.map(FieldValue.count)), ("isa", isa.map(FieldValue.identifier)),
      ("threads", threads.map(FieldValue.count)), ("batch", batch.map(FieldValue.count)),
      ("endpoint", endpoint.map(FieldValue.identifier)), ("egress", .choice(egress.rawValue)),
    ]
  }
}

/// How the next token is chosen; what is `nil` does not apply.
public struct SamplingUse: Sendable {
  /// Longest answer.
  public var maxTokens: Int?
  /// 0 takes the best token always.
  public var temperature: DecimalText?
  /// Share of probability that is drawn from.
  public var topP: DecimalText?
  /// Count of tokens that is drawn from.
  public var topK: Int?
  /// Start of the random numbers, 64 bits.
  public var seed: DecimalText?

  /// Settings of a sampler.
  public init(
    maxTokens: Int? = nil, temperature: DecimalText? = nil, topP: DecimalText? = nil,
    topK: Int? = nil, seed: DecimalText? = nil
  ) {
    self.maxTokens = maxTokens
    self.temperature = temperature
    self.topP = topP
    self.topK = topK
    self.seed = seed
  }

  var fields: [(String, FieldValue?)] {
    [
      ("max_tokens", maxTokens.map(FieldValue.count)),
      ("temperature", temperature.map(FieldValue.decimal)),
      ("top_p", topP.map(FieldValue.decimal)), ("top_k", topK.map(FieldValue.count)),
      ("seed", seed.map(FieldValue.decimal)),
    ]
  }
}
