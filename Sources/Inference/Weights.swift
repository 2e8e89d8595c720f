internal import CKernels

/// The weights of a model: packed once, then only read.
@safe final class Weights: @unchecked Sendable {
  // Sendable: written while the model is opened, only read afterwards.

  /// A norm's vectors.
  @safe struct Norm {
    let weight: UnsafeMutablePointer<Float>
    /// Only of a norm by mean and variance.
    let bias: UnsafeMutablePointer<Float>?
  }

  /// A matrix and what is added to its products.
  @safe struct Linear {
    let matrix: Matrix
    /// Filled up with zeros to whole groups of 16.
    let bias: UnsafeMutablePointer<Float>?
  }

  /// One transformer layer; `nil` where the graph has no such part.
  struct Layer {
    let attentionNorm: Norm?
    let query: Linear
    let key: Linear
    let value: Linear
    let queryNorm: Norm?
    let keyNorm: Norm?
    let output: Linear
    let afterAttention: Norm?
    let hiddenNorm: Norm?
    let gate: Linear?
    let up: Linear
    let down: Linear
    let afterHidden: Norm?
  }

  /// Rows are the vocabulary.
  let embedding: Matrix
  let layers: [Layer]
  let outputNorm: Norm
  /// Rows are the vocabulary; the embedding itself where the model is tied.
  let output: Matrix
  /// Divisors of the rotary frequencies, half the rotary width; empty where nothing is divided.
  let rotaryDivisors: [Float]
  private let memory: AnonymousMemory

  /// Packs the tensors of a model on all members of a team.
  ///
  /// - Parameters:
  ///   - files: The files; their pages are given back as they are packed.
  ///   - graph: Its checked description.
  ///   - quantizing: What floats become.
  ///   - team: Who packs.
  /// - Throws: `ModelProblem` that names the tensor.
  init(
    _ files: ModelFiles, _ graph: Graph, quantizing: LoadQuantization?, on team: WorkerTeam
  ) throws(ModelProblem) {
    let names = TensorNames(graph.family, isGGUF: files.isGGUF)
    var plan = PackingPlan(files.catalog, names, quantizing: quantizing)
    try plan.checkDataFits(dataOffsets: files.dataOffsets, sizes: files.parts.map(\.count))
    var planner = LayerPlanner(graph, names, plan)
    let embedding = try planner.plan.matrix(names.name(.embedding), graph.vocabulary, graph.width)
    let outputNorm = try planner.norm(names.name(.outputNorm), graph.width, graph.norm)
    let output =
      graph.isTied
      ? embedding
      : try planner.plan.matrix(names.name(.output), graph.vocabulary, graph.width)
    let divisors =
      files.isGGUF && files.catalog.tensor("rope_freqs.weight") != nil
      ? try planner.plan.vector("rope_freqs.weight", graph.rotation.width / 2) : nil
    if divisors != nil, graph.rotation.scaling != .none {
      throw .unexpectedTensor("rope_freqs.weight")
    }
    var layers: [LayerPlanner.Places] = []
    for number in 0..<graph.layers { layers.append(try planner.layer(number)) }
    plan = planner.plan
    try plan.checkAllUsed()
    guard let memory = AnonymousMemory(count: plan.bytes, largePages: true) else {
      throw .outOfResources
    }
    self.memory = memory
    self.embedding = embedding.matrix(in: memory)
    self.outputNorm = outputNorm.weights(in: memory)
    self.output = output.matrix(in: memory)
    self.layers = layers.map { $0.weights(in: memory) }
    _ = team.run(Packing(plan.places, files.parts, memory: memory))
    if let divisors {
      rotaryDivisors = (0..<graph.rotation.width / 2).map { index in
        unsafe divisors.floats(in: memory)[index]
      }
      guard rotaryDivisors.allSatisfy({ $0.isFinite && $0 > 0 }) else {
        throw .badValue("rope_freqs.weight")
      }
    } else {
      rotaryDivisors = graph.rotation.scaling.divisors(
        base: graph.rotation.base, width: graph.rotation.width)
    }
  }
}
