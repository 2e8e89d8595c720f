extension Graph {
  /// Reads and checks the metadata of a GGUF file.
  init(_ header: GGUFHeader) throws(ModelProblem) {
    guard let architecture = try header.string("general.architecture") else {
      throw .missingKey("general.architecture")
    }
    let family = try Family(architecture: architecture)
    let prefix = family.rawValue + "."
    self.init(family)
    width = try header.required(prefix + "embedding_length", in: 1...65_536)
    layers = try header.required(prefix + "block_count", in: 1...1_024)
    heads = try header.required(prefix + "attention.head_count", in: 1...1_024)
    keyHeads = try header.integer(prefix + "attention.head_count_kv", in: 1...1_024) ?? heads
    hidden = try header.required(prefix + "feed_forward_length", in: 1...1_048_576)
    context = try header.required(prefix + "context_length", in: 1...16_777_216)
    let length = try header.integer(prefix + "attention.key_length", in: 1...1_024)
    guard length != nil || width % heads == 0 else {
      throw .badValue(prefix + "attention.head_count")
    }
    headWidth = length ?? width / heads
    let values = try header.integer(prefix + "attention.value_length", in: 1...1_024)
    guard values == nil || values == headWidth else {
      throw .unsupportedFeature(prefix + "attention.value_length")
    }
    // Files of `llama` and `hyperclovax` hold queries and keys reordered so that neighbours turn.
    rotation = Rotation(
      base: try header.number(prefix + "rope.freq_base") ?? 10_000,
      width: try header.integer(prefix + "rope.dimension_count", in: 2...1_024) ?? headWidth,
      pairing: family == .llama || family == .hyperclovax ? .neighbours : .halves)
    guard rotation.base > 1, rotation.base <= 1e12 else {
      throw .badValue(prefix + "rope.freq_base")
    }
    let name = norm == .rms ? "attention.layer_norm_rms_epsilon" : "attention.layer_norm_epsilon"
    guard let epsilon = try header.number(prefix + name) else { throw .missingKey(prefix + name) }
    guard epsilon > 0, epsilon < 1 else { throw .badValue(prefix + name) }
    self.epsilon = Float(epsilon)
    if let kind = try header.string(prefix + "rope.scaling.type"), kind != Array("none".utf8) {
      rotation.scaling = try Self.scaling(header, prefix, kind)
    }
    if try header.integer(prefix + "expert_count", in: 0...65_536) ?? 0 != 0 {
      throw .mixtureOfExperts(family.rawValue)
    }
    kinds = [LayerKind](repeating: LayerKind(), count: layers)
    attentionMultiplier = plainAttentionMultiplier
    try readSwitches(header, prefix)
    try readVocabulary(header, prefix)
    try check { path in
      switch path {
      case \.keyHeads: prefix + "attention.head_count_kv"
      case \.rotation.width: prefix + "rope.dimension_count"
      default: prefix + "block_count"
      }
    }
  }

  /// `linear` and `yarn`; `llama3` comes as divisors in a tensor instead.
  private static func scaling(
    _ header: GGUFHeader, _ prefix: String, _ kind: [UInt8]
  ) throws(ModelProblem) -> RotaryScaling {
    let key = prefix + "rope.scaling"
    guard kind == Array("linear".utf8) || kind == Array("yarn".utf8) else {
      throw .unsupportedFeature("\(key).type \(shownName(kind))")
    }
    for name in ["yarn_log_multiplier", "attn_factor"] {
      let plain: Double = name == "attn_factor" ? 1 : 0
      if let number = try header.number("\(key).\(name)"), number != plain {
        throw .unsupportedFeature("\(key).\(name)")
      }
    }
    return try RotaryScaling(kind: kind, key: key) { (name: String) throws(ModelProblem) in
      switch name {
      case "original_max_position_embeddings":
        try header.integer(key + ".original_context_length", in: 1...16_777_216).map(Double.init)
      case "beta_fast": try header.number(key + ".yarn_beta_fast")
      case "beta_slow": try header.number(key + ".yarn_beta_slow")
      case "attention_factor", "mscale", "mscale_all_dim": nil
      default: try header.number(key + "." + name)
      }
    }
  }

  /// What only some families have.
  private mutating func readSwitches(
    _ header: GGUFHeader, _ prefix: String
  ) throws(ModelProblem) {
    func has(_ name: String) -> Bool { header.tensor("blk.0.\(name).bias") != nil }
    switch family {
    case .gptneox:
      guard let parallel = try header.flag(prefix + "use_parallel_residual") else {
        throw .missingKey(prefix + "use_parallel_residual")
      }
      isParallel = parallel
      biases.heads = has("attn_qkv")
      biases.output = has("attn_output")
    case .exaone4: try readWindows(header, prefix)
    case .hyperclovax:
      embeddingMultiplier = try Self.multiplier(header, prefix + "embedding_scale")
      residualMultiplier = try Self.multiplier(header, prefix + "residual_scale")
      attentionMultiplier = try Self.multiplier(header, prefix + "attention.scale")
      logitMultiplier = try Self.multiplier(header, prefix + "logit_scale")
      normsAfter = header.tensor("blk.0.post_attention_norm.weight") != nil
      readBiases(has)
    case .llama, .qwen3: readBiases(has)
    case .qwen2, .exaone: break
    }
    let window = prefix + "attention.sliding_window"
    if family != .exaone4, try header.integer(window, in: 0...Int.max) ?? 0 != 0 {
      throw .unsupportedFeature(window)
    }
  }

  /// Biases that a file may have: those of its first layer, then needed in every layer.
  private mutating func readBiases(_ has: (String) -> Bool) {
    biases.heads = has("attn_q")
    biases.output = has("attn_output")
    biases.hidden = has("ffn_up")
  }

  private static func multiplier(
    _ header: GGUFHeader, _ key: String
  ) throws(ModelProblem) -> Float {
    guard let number = try header.number(key) else { throw .missingKey(key) }
    guard abs(number) >= 1e-9, abs(number) <= 1e9 else { throw .badValue(key) }
    return Float(number)
  }

  /// Windows of EXAONE 4: three local layers, then a global one that is not turned.
  private mutating func readWindows(
    _ header: GGUFHeader, _ prefix: String
  ) throws(ModelProblem) {
    let key = prefix + "attention.sliding_window"
    guard let window = try header.integer(key, in: 0...16_777_216), window > 0 else { return }
    let pattern = key + "_pattern"
    var isLocal: [Bool]
    switch header.value(pattern) {
    case .integers(let flags)? where flags.count == layers: isLocal = flags.map { $0 != 0 }
    case .integer(let period)? where period >= 1:
      isLocal = (1...layers).map { $0 % Int(period) != 0 }
    // Files of the published 64-layer model may lack the pattern, which is known for them alone.
    case nil where layers == 64: isLocal = (1...layers).map { $0 % 4 != 0 }
    case nil: throw .missingKey(pattern)
    default: throw .badValue(pattern)
    }
    kinds = isLocal.map { LayerKind(window: $0 ? window : nil, turns: $0) }
  }

  private mutating func readVocabulary(
    _ header: GGUFHeader, _ prefix: String
  ) throws(ModelProblem) {
    guard let embedding = header.tensor("token_embd.weight") else {
      throw .missingTensor("token_embd.weight")
    }
    vocabulary = embedding.dimensions.last ?? 0
    guard embedding.dimensions == [width, vocabulary], vocabulary <= 1 << 24 else {
      throw .tensorShape(
        "token_embd.weight", expected: [width, vocabulary], found: embedding.dimensions)
    }
    if let stated = try header.integer(prefix + "vocab_size", in: 1...(1 << 24)),
      stated != vocabulary
    {
      throw .badValue(prefix + "vocab_size")
    }
    isTied = header.tensor("output.weight") == nil
  }
}
