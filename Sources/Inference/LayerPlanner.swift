internal import CKernels

/// Plans the tensors of each layer as the graph's switches ask for them.
struct LayerPlanner {
  /// Places of a norm.
  struct NormPlaces {
    let weight: PackingPlan.Place
    let bias: PackingPlan.Place?

    /// The vectors in packed memory.
    func weights(in memory: AnonymousMemory) -> Weights.Norm {
      unsafe Weights.Norm(
        weight: weight.floats(in: memory), bias: bias.map { unsafe $0.floats(in: memory) })
    }
  }

  /// Places of a matrix and its bias.
  struct LinearPlaces {
    let matrix: PackingPlan.Place
    let bias: PackingPlan.Place?

    /// The matrix and vector in packed memory.
    func weights(in memory: AnonymousMemory) -> Weights.Linear {
      unsafe Weights.Linear(
        matrix: matrix.matrix(in: memory), bias: bias.map { unsafe $0.floats(in: memory) })
    }
  }

  /// Places of one layer.
  struct Places {
    let attentionNorm: NormPlaces?
    /// Query, key, value.
    let heads: [LinearPlaces]
    let queryNorm: NormPlaces?
    let keyNorm: NormPlaces?
    let output: LinearPlaces
    let afterAttention: NormPlaces?
    let hiddenNorm: NormPlaces?
    let gate: LinearPlaces?
    let up: LinearPlaces
    let down: LinearPlaces
    let afterHidden: NormPlaces?

    /// The layer in packed memory.
    func weights(in memory: AnonymousMemory) -> Weights.Layer {
      Weights.Layer(
        attentionNorm: attentionNorm?.weights(in: memory), query: heads[0].weights(in: memory),
        key: heads[1].weights(in: memory), value: heads[2].weights(in: memory),
        queryNorm: queryNorm?.weights(in: memory), keyNorm: keyNorm?.weights(in: memory),
        output: output.weights(in: memory), afterAttention: afterAttention?.weights(in: memory),
        hiddenNorm: hiddenNorm?.weights(in: memory), gate: gate?.weights(in: memory),
        up: up.weights(in: memory), down: down.weights(in: memory),
        afterHidden: afterHidden?.weights(in: memory))
    }
  }

  private let graph: Graph
  private let names: TensorNames
  /// What has been planned so far.
  var plan: PackingPlan

  /// A planner at the first layer.
  init(_ graph: Graph, _ names: TensorNames, _ plan: PackingPlan) {
    self.graph = graph
    self.names = names
    self.plan = plan
  }

  /// Plans a norm.
  mutating func norm(
    _ name: String, _ count: Int, _ kind: Graph.Norm
  ) throws(ModelProblem) -> NormPlaces {
    NormPlaces(
      weight: try plan.vector(name + ".weight", count),
      bias: kind == .layer ? try plan.vector(name + ".bias", count) : nil)
  }

  private mutating func linear(
    _ name: String, _ rows: Int, _ columns: Int, bias: Bool,
    taken: PackingPlan.Rows = PackingPlan.Rows(), fileRows: Int? = nil
  ) throws(ModelProblem) -> LinearPlaces {
    LinearPlaces(
      matrix: try plan.matrix(name, rows, columns, taken: taken, fileRows: fileRows),
      bias: bias
        ? try plan.vector(name + ".bias", rows, taken: taken, fileCount: fileRows) : nil)
  }

  /// Plans one layer.
  mutating func layer(_ number: Int) throws(ModelProblem) -> Places {
    let names = names
    func name(_ part: TensorNames.LayerPart) -> String { names.name(part, layer: number) }
    let width = graph.width
    let queries = graph.heads * graph.headWidth
    let hasGate = graph.activation == .gatedSilu
    return Places(
      attentionNorm: graph.normsBefore ? try norm(name(.attentionNorm), width, graph.norm) : nil,
      heads: try heads(number),
      queryNorm: graph.normsHeads ? try norm(name(.queryNorm), graph.headWidth, .rms) : nil,
      keyNorm: graph.normsHeads ? try norm(name(.keyNorm), graph.headWidth, .rms) : nil,
      output: try linear(name(.attentionOutput), width, queries, bias: graph.biases.output),
      afterAttention: graph.normsAfter
        ? try norm(name(.afterAttention), width, graph.norm) : nil,
      hiddenNorm: graph.normsBefore ? try norm(name(.hiddenNorm), width, graph.norm) : nil,
      gate: hasGate
        ? try linear(name(.gate), graph.hidden, width, bias: graph.biases.hidden) : nil,
      up: try linear(name(.up), graph.hidden, width, bias: graph.biases.hidden),
      down: try linear(name(.down), width, graph.hidden, bias: graph.biases.hidden),
      afterHidden: graph.normsAfter ? try norm(name(.afterHidden), width, graph.norm) : nil)
  }

  /// Query, key and value out of three tensors or out of one.
  private mutating func heads(_ number: Int) throws(ModelProblem) -> [LinearPlaces] {
    let head = graph.headWidth
    let counts = [graph.heads * head, graph.keyHeads * head, graph.keyHeads * head]
    var result: [LinearPlaces] = []
    var start = 0
    for (index, part) in [TensorNames.LayerPart.query, .key, .value].enumerated() {
      switch graph.queryKeyValue {
      case .apart:
        result.append(
          try linear(
            names.name(part, layer: number), counts[index], graph.width, bias: graph.biases.heads))
        continue
      case .stacked, .byHead:
        let taken =
          graph.queryKeyValue == .stacked
          ? PackingPlan.Rows(start: start)
          : PackingPlan.Rows(start: index * head, run: head, stride: 3 * head)
        result.append(
          try linear(
            names.name(.queryKeyValue, layer: number), counts[index], graph.width,
            bias: graph.biases.heads, taken: taken, fileRows: counts.reduce(0, +)))
        start += counts[index]
      }
    }
    return result
  }
}
