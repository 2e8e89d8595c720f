/// The numbers of a Llama model, checked against each other.
struct Config: Sendable {
  /// Width of the residual stream.
  let width: Int
  let layers: Int
  /// Query heads; a multiple of `keyHeads`.
  let heads: Int
  /// Key and value heads.
  let keyHeads: Int
  /// Width of one head.
  let headWidth: Int
  /// Width of the feed-forward layer.
  let hidden: Int
  let vocabulary: Int
  /// Most positions the model was made for.
  let context: Int
  /// Added to the mean square in RMSNorm.
  let epsilon: Float
  /// Base of the rotary angles.
  let rotaryBase: Double
  /// Leading elements of a head that turn; even.
  let rotaryWidth: Int

  /// Reads and checks the metadata of a `llama` file.
  init(_ header: GGUFHeader) throws(ModelProblem) {
    guard let architecture = try header.string("general.architecture") else {
      throw .missingKey("general.architecture")
    }
    guard architecture == Array("llama".utf8) else {
      throw .unsupportedArchitecture(shownName(architecture))
    }
    width = try header.required("llama.embedding_length", in: 1...65_536)
    layers = try header.required("llama.block_count", in: 1...1_024)
    heads = try header.required("llama.attention.head_count", in: 1...1_024)
    keyHeads = try header.integer("llama.attention.head_count_kv", in: 1...1_024) ?? heads
    hidden = try header.required("llama.feed_forward_length", in: 1...1_048_576)
    context = try header.required("llama.context_length", in: 1...16_777_216)
    guard heads % keyHeads == 0 else { throw .badValue("llama.attention.head_count_kv") }
    let length = try header.integer("llama.attention.key_length", in: 1...1_024)
    guard length != nil || width % heads == 0 else {
      throw .badValue("llama.attention.head_count")
    }
    headWidth = length ?? width / heads
    let values = try header.integer("llama.attention.value_length", in: 1...1_024)
    guard values == nil || values == headWidth else {
      throw .unsupportedFeature("llama.attention.value_length")
    }
    rotaryWidth =
      try header.integer("llama.rope.dimension_count", in: 2...1_024)
      ?? headWidth
    guard rotaryWidth <= headWidth, rotaryWidth % 2 == 0 else {
      throw .badValue("llama.rope.dimension_count")
    }
    let base = try header.number("llama.rope.freq_base") ?? 10_000
    guard base > 1, base <= 1e12 else { throw .badValue("llama.rope.freq_base") }
    rotaryBase = base
    guard let epsilon = try header.number("llama.attention.layer_norm_rms_epsilon") else {
      throw .missingKey("llama.attention.layer_norm_rms_epsilon")
    }
    guard epsilon > 0, epsilon < 1 else {
      throw .badValue("llama.attention.layer_norm_rms_epsilon")
    }
    self.epsilon = Float(epsilon)
    if let scaling = try header.string("llama.rope.scaling.type"), scaling != Array("none".utf8) {
      throw .unsupportedFeature("llama.rope.scaling.type")
    }
    if try header.integer("llama.expert_count", in: 0...65_536) ?? 0 != 0 {
      throw .unsupportedFeature("llama.expert_count")
    }
    guard let embedding = header.tensor("token_embd.weight") else {
      throw .missingTensor("token_embd.weight")
    }
    vocabulary = embedding.dimensions.last ?? 0
    guard embedding.dimensions == [width, vocabulary], vocabulary <= 1 << 24 else {
      throw .tensorShape(
        "token_embd.weight", expected: [width, vocabulary], found: embedding.dimensions)
    }
    if let stated = try header.integer("llama.vocab_size", in: 1...(1 << 24)),
      stated != vocabulary
    {
      throw .badValue("llama.vocab_size")
    }
  }
}
