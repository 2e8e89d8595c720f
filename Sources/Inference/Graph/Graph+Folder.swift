internal import MedaiCore

extension Graph {
  /// Reads and checks the `config.json` of a Hugging Face folder.
  ///
  /// - Parameters:
  ///   - config: The file.
  ///   - catalog: The tensors, for the size of the vocabulary.
  /// - Throws: `ModelProblem` that names the entry.
  init(_ config: JSONValue, _ catalog: TensorCatalog) throws(ModelProblem) {
    guard let type = config["model_type"]?.string else { throw .missingKey("model_type") }
    self.init(try Family(modelType: Array(type.utf8)))
    let reader = ConfigReader(config)
    width = try reader.required("hidden_size", in: 1...65_536)
    // EXAONE's first configuration class has its own words for these.
    let count = try reader.integer("num_layers", in: 1...1_024)
    layers =
      if let count { count } else { try reader.required("num_hidden_layers", in: 1...1_024) }
    heads = try reader.required("num_attention_heads", in: 1...1_024)
    keyHeads = try reader.integer("num_key_value_heads", in: 1...1_024) ?? heads
    hidden = try reader.required("intermediate_size", in: 1...1_048_576)
    context = try reader.required("max_position_embeddings", in: 1...16_777_216)
    let head = try reader.integer("head_dim", in: 1...1_024)
    guard head != nil || width % heads == 0 else { throw .badValue("num_attention_heads") }
    headWidth = head ?? width / heads
    let name =
      family == .gptneox
      ? "layer_norm_eps" : family == .exaone ? "layer_norm_epsilon" : "rms_norm_eps"
    guard let epsilon = try reader.number(name) else { throw .missingKey(name) }
    guard epsilon > 0, epsilon < 1 else { throw .badValue(name) }
    self.epsilon = Float(epsilon)
    try readActivation(reader)
    try readRotation(reader)
    kinds = [LayerKind](repeating: LayerKind(), count: layers)
    attentionMultiplier = plainAttentionMultiplier
    try readSwitches(reader)
    let tied = try reader.flag("tie_word_embeddings")
    // The reference's class of EXAONE 3 was not seen; the others tie only where they say so.
    if tied == nil, family == .exaone { throw .missingKey("tie_word_embeddings") }
    isTied = tied ?? false
    vocabulary = try reader.required("vocab_size", in: 1...(1 << 24))
    let embedding = TensorNames(family, isGGUF: false).name(.embedding) + ".weight"
    if let found = catalog.tensor(embedding), found.dimensions != [width, vocabulary] {
      throw .tensorShape(embedding, expected: [width, vocabulary], found: found.dimensions)
    }
    try check { path in
      switch path {
      case \.keyHeads: "num_key_value_heads"
      case \.rotation.width: "head_dim"
      default: "num_hidden_layers"
      }
    }
  }

  private mutating func readActivation(_ reader: ConfigReader) throws(ModelProblem) {
    let key = family == .exaone ? "activation_function" : "hidden_act"
    let expected = activation == .gelu ? "gelu" : "silu"
    guard let word = try reader.string(key) else { throw .missingKey(key) }
    guard word == Array(expected.utf8) else {
      throw .unsupportedFeature("\(key) \(shownName(word))")
    }
  }

  /// Both forms in use: `rope_parameters` with everything, or `rope_theta` and `rope_scaling`.
  private mutating func readRotation(_ reader: ConfigReader) throws(ModelProblem) {
    let parameters = try reader.object("rope_parameters")
    let scaling = try reader.object("rope_scaling")
    let source = parameters ?? scaling ?? ConfigReader(.object(JSONObject()))
    let key = parameters != nil ? "rope_parameters" : "rope_scaling"
    let oldBase = family == .gptneox ? "rotary_emb_base" : "rope_theta"
    var stated = try parameters?.number("rope_theta")
    for name in ["rope_theta", oldBase] where stated == nil { stated = try reader.number(name) }
    // The reference's own default, which Llama 2 relies on; EXAONE 3's class was not seen.
    if stated == nil, family == .exaone { throw .missingKey(oldBase) }
    let base = stated ?? 10_000
    guard base > 1, base <= 1e12 else { throw .badValue(oldBase) }
    var part = try source.number("partial_rotary_factor")
    if family == .gptneox, part == nil {
      part = try reader.number("rotary_pct")
      guard part != nil else { throw .missingKey("rotary_pct") }
    }
    guard part ?? 1 > 0, part ?? 1 <= 1, family == .gptneox || part ?? 1 == 1 else {
      throw .badValue("partial_rotary_factor")
    }
    rotation = Rotation(
      base: base, width: Int(Double(headWidth) * (part ?? 1)), pairing: .halves)
    let newKind = try source.string("rope_type")
    let oldKind = try source.string("type")
    let kind = newKind ?? oldKind ?? Array("default".utf8)
    if kind != Array("default".utf8) {
      rotation.scaling = try RotaryScaling(
        kind: kind, key: key, truncates: try source.flag("truncate") ?? true
      ) { (name: String) throws(ModelProblem) in
        try source.number(name)
      }
    }
  }

  /// What only some families have.
  private mutating func readSwitches(_ reader: ConfigReader) throws(ModelProblem) {
    switch family {
    case .llama:
      biases.heads = try reader.flag("attention_bias") ?? false
      biases.output = biases.heads
      biases.hidden = try reader.flag("mlp_bias") ?? false
    case .qwen2, .qwen3:
      if family == .qwen3 {
        biases.heads = try reader.flag("attention_bias") ?? false
        biases.output = biases.heads
      }
      if try reader.flag("use_sliding_window") ?? false { try readWindows(reader, turning: true) }
    case .exaone: break
    case .exaone4: try readWindows(reader, turning: false)
    case .hyperclovax:
      biases.heads = try reader.flag("attention_bias") ?? false
      biases.output = biases.heads
      biases.hidden = try reader.flag("mlp_bias") ?? false
      normsAfter = try reader.flag("use_post_norm") ?? true
      embeddingMultiplier = try reader.multiplier("embedding_multiplier") ?? 1
      residualMultiplier = try reader.multiplier("residual_multiplier") ?? 1
      logitMultiplier = try reader.multiplier("logits_scaling") ?? 1
      attentionMultiplier =
        try reader.multiplier("attention_multiplier") ?? plainAttentionMultiplier
    case .gptneox:
      queryKeyValue = .byHead
      isParallel = try reader.flag("use_parallel_residual") ?? true
      biases.heads = try reader.flag("attention_bias") ?? true
      biases.output = biases.heads
      guard keyHeads == heads else { throw .badValue("num_key_value_heads") }
    }
  }

  /// Windows as `layer_types`, or as EXAONE's pattern (a period or letters), or as Qwen's first
  /// layer with a window.
  private mutating func readWindows(
    _ reader: ConfigReader, turning: Bool
  ) throws(ModelProblem) {
    guard let window = try reader.integer("sliding_window", in: 1...16_777_216) else { return }
    let pattern = "sliding_window_pattern"
    var isLocal: [Bool]
    if let types = try reader.strings("layer_types") {
      isLocal = []
      for type in types {
        switch type {
        case Array("sliding_attention".utf8): isLocal.append(true)
        case Array("full_attention".utf8): isLocal.append(false)
        default: throw .unsupportedFeature("layer_types \(shownName(type))")
        }
      }
      guard isLocal.count == layers else { throw .badValue("layer_types") }
    } else if turning {
      let first = try reader.required("max_window_layers", in: 0...1_024)
      isLocal = (0..<layers).map { $0 >= first }
    } else if case .string(let letters)? = reader.value(pattern) {
      let letters = Array(letters.utf8)
      guard !letters.isEmpty, letters.allSatisfy({ $0 == 0x4C || $0 == 0x47 }) else {
        throw .badValue(pattern)
      }
      isLocal = (0..<layers).map { letters[$0 % letters.count] == 0x4C }
    } else {
      let period = try reader.required(pattern, in: 1...1_024)
      isLocal = (1...layers).map { $0 % period != 0 }
    }
    kinds = isLocal.map { LayerKind(window: $0 ? window : nil, turns: $0 || turning) }
  }
}

/// Checked entries of a configuration file; `null` counts as absent.
struct ConfigReader {
  private let object: JSONValue

  /// Entries of an object.
  init(_ object: JSONValue) { self.object = object }

  /// An entry; `nil` where it is absent.
  func value(_ key: String) -> JSONValue? {
    guard let value = object[key] else { return nil }
    if case .null = value { return nil }
    return value
  }

  /// An integer within a range.
  func integer(_ key: String, in range: ClosedRange<Int>) throws(ModelProblem) -> Int? {
    guard let value = value(key) else { return nil }
    guard let number = value.int, range.contains(number) else { throw .badValue(key) }
    return number
  }

  /// An integer that must be there.
  func required(_ key: String, in range: ClosedRange<Int>) throws(ModelProblem) -> Int {
    guard let number = try integer(key, in: range) else { throw .missingKey(key) }
    return number
  }

  /// A finite number.
  func number(_ key: String) throws(ModelProblem) -> Double? {
    guard let value = value(key) else { return nil }
    guard let number = value.double else { throw .badValue(key) }
    return number
  }

  /// A factor that is neither nothing nor beyond all reason.
  func multiplier(_ key: String) throws(ModelProblem) -> Float? {
    guard let number = try number(key) else { return nil }
    guard abs(number) >= 1e-9, abs(number) <= 1e9 else { throw .badValue(key) }
    return Float(number)
  }

  /// A truth value.
  func flag(_ key: String) throws(ModelProblem) -> Bool? {
    guard let value = value(key) else { return nil }
    guard let flag = value.bool else { throw .badValue(key) }
    return flag
  }

  /// The bytes of a string.
  func string(_ key: String) throws(ModelProblem) -> [UInt8]? {
    guard let value = value(key) else { return nil }
    guard let text = value.string else { throw .badValue(key) }
    return Array(text.utf8)
  }

  /// The bytes of each string of an array.
  func strings(_ key: String) throws(ModelProblem) -> [[UInt8]]? {
    guard let value = value(key) else { return nil }
    guard let elements = value.array else { throw .badValue(key) }
    var result: [[UInt8]] = []
    for element in elements {
      guard let text = element.string else { throw .badValue(key) }
      result.append(Array(text.utf8))
    }
    return result
  }

  /// The entries of an object.
  func object(_ key: String) throws(ModelProblem) -> ConfigReader? {
    guard let value = value(key) else { return nil }
    guard value.object != nil else { throw .badValue(key) }
    return ConfigReader(value)
  }
}
