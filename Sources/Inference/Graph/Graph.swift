/// A decoder as numbers and switches: everything the forward pass needs to know of a model.
///
/// One description serves every family. A switch at its plain value costs nothing and changes no
/// bit: a multiplier of 1 is not multiplied by.
struct Graph: Sendable {
  /// How a vector is brought to unit size.
  enum Norm: Sendable {
    /// By its mean square; one weight vector.
    case rms
    /// By its mean and variance; a weight and a bias vector.
    case layer
  }

  /// What stands between the two matrices of the feed-forward layer.
  enum Activation: Sendable {
    /// silu(gate x) * (up x).
    case gatedSilu
    /// The exact GELU of (up x), with the error function.
    case gelu
  }

  /// Which elements of a head turn together.
  enum Pairing: Sendable {
    /// (2i, 2i + 1), as `llama` GGUF files keep them.
    case neighbours
    /// (i, half + i).
    case halves
  }

  /// How queries and keys are turned by their positions.
  struct Rotation: Sendable {
    /// Base of the angles.
    var base: Double
    /// Leading elements of a head that turn; even.
    var width: Int
    /// Which of them turn together.
    var pairing: Pairing
    /// How the angles are stretched for long contexts.
    var scaling = RotaryScaling.none
  }

  /// What differs between layers.
  struct LayerKind: Sendable, Equatable {
    /// Keys a query sees, itself among them; `nil` for all.
    var window: Int?
    /// Whether queries and keys are turned.
    var turns = true
  }

  /// How queries, keys and values lie in the file.
  enum QueryKeyValue: Sendable {
    /// Three matrices.
    case apart
    /// One matrix: all queries, all keys, all values.
    case stacked
    /// One matrix: query, key and value of each head in turn.
    case byHead
  }

  /// Which projections add a bias vector.
  struct Biases: Sendable {
    /// Queries, keys and values.
    var heads = false
    /// The projection after attention.
    var output = false
    /// The feed-forward matrices.
    var hidden = false
  }

  let family: Family
  /// Width of the residual stream.
  var width = 0
  var layers = 0
  /// Query heads; a multiple of `keyHeads`.
  var heads = 0
  /// Key and value heads.
  var keyHeads = 0
  /// Width of one head.
  var headWidth = 0
  /// Width of the feed-forward layer.
  var hidden = 0
  var vocabulary = 0
  /// Most positions the model was made for.
  var context = 0
  /// Added to the mean square or variance in norms.
  var epsilon: Float = 0
  var norm = Norm.rms
  /// Whether a sublayer reads the normed stream; else the stream itself.
  var normsBefore = true
  /// Whether a sublayer's output is normed before it is added.
  var normsAfter = false
  /// Whether each query and key head is normed before it is turned.
  var normsHeads = false
  /// Whether attention and feed-forward layer read the same stream and are added together.
  var isParallel = false
  var activation = Activation.gatedSilu
  var rotation = Rotation(base: 10_000, width: 0, pairing: .halves)
  /// One for each layer.
  var kinds: [LayerKind] = []
  var queryKeyValue = QueryKeyValue.apart
  var biases = Biases()
  /// The embedding is multiplied by it.
  var embeddingMultiplier: Float = 1
  /// A sublayer's output is multiplied by it before it is added.
  var residualMultiplier: Float = 1
  /// Scores of attention are multiplied by it.
  var attentionMultiplier: Float = 0
  /// Logits are multiplied by it.
  var logitMultiplier: Float = 1
  /// Whether the output matrix is the embedding.
  var isTied = false

  /// The plain switches of a family; the numbers are still to be filled in.
  init(_ family: Family) {
    self.family = family
    switch family {
    case .llama, .exaone: break
    case .qwen2: biases.heads = true
    case .qwen3: normsHeads = true
    case .exaone4:
      normsBefore = false
      normsAfter = true
      normsHeads = true
    case .hyperclovax: normsAfter = true
    case .gptneox:
      norm = .layer
      isParallel = true
      activation = .gelu
      queryKeyValue = .stacked
      biases = Biases(heads: true, output: true, hidden: true)
    }
  }

  /// The plain scale of attention: one over the square root of a head's width. Square root and
  /// division are correctly rounded.
  var plainAttentionMultiplier: Float { 1 / Float(headWidth).squareRoot() }

  /// Checks the numbers against each other.
  ///
  /// - Parameter key: The name of a number in the file, for the error.
  /// - Throws: `ModelProblem.badValue`.
  func check(_ key: (KeyPath<Graph, Int>) -> String) throws(ModelProblem) {
    guard keyHeads >= 1, heads % keyHeads == 0 else { throw .badValue(key(\.keyHeads)) }
    guard rotation.width >= 2, rotation.width <= headWidth, rotation.width % 2 == 0 else {
      throw .badValue(key(\.rotation.width))
    }
    guard kinds.count == layers else { throw .badValue(key(\.layers)) }
    // A parallel layer is never normed after its parts: no family has that.
    precondition(!isParallel || (normsBefore && !normsAfter), "a known place of the norms")
  }
}
