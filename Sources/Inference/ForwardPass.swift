internal import CKernels

/// One batch of tokens through the model, run by all members of a team.
///
/// Every member runs `run`; pieces of work are claimed, and a barrier stands wherever one step
/// reads what another wrote. A piece is always a set of whole output elements, so neither the
/// number of members nor the size of the batch can change a bit.
@safe final class ForwardPass: TeamJob, @unchecked Sendable {
  // Sendable: set up by its session while no member works; during a job each element is written by
  // the one member that claimed it.

  /// Which logits a batch gives.
  enum Output { case none, last, all, rows }

  /// What is computed.
  let graph: Graph
  /// What it is computed with.
  let weights: Weights
  /// Which implementation of the kernels.
  let isa: medai_isa
  /// Keys and values.
  let cache: Cache
  /// Working memory.
  let scratch: Scratch
  /// Tokens of this batch.
  var tokens: [Int32] = []
  /// Position of the batch's first token.
  var position = 0
  /// What to compute after the layers; `rows` skips the layers.
  var output = Output.last
  /// Groups of 16 vocabulary rows that `rows` computes, one after the other.
  var rowGroups: [Int] = []

  init(_ graph: Graph, _ weights: Weights, _ isa: medai_isa, _ cache: Cache, _ scratch: Scratch) {
    self.graph = graph
    self.weights = weights
    self.isa = isa
    self.cache = cache
    self.scratch = scratch
    tokens.reserveCapacity(scratch.batch)
  }

  func run(_ member: inout TeamMember) {
    if output == .rows {
      projectRows(&member)
      return
    }
    embed(&member)
    var columns = Columns(count: tokens.count, position: position)
    for (index, layer) in weights.layers.enumerated() {
      attention(index, layer, &columns, &member)
      unsafe norm(
        layer.hiddenNorm, after: layer.afterAttention,
        adding: graph.isParallel ? nil : scratch.added,
        quantizing: layer.up.matrix.isQuantized || layer.gate?.matrix.isQuantized == true,
        columns.count, &member)
      feedForward(layer, columns, &member)
      if graph.isParallel { addParallel(columns, &member) }
    }
    finish(columns, &member)
    if output == .last || output == .all {
      unsafe project(
        output == .all ? scratch.stream : scratch.last, count: columns.count, &member)
    }
  }

  /// The columns that are still computed: all, or in the last layer the last one alone where only
  /// its logits are wanted.
  private struct Columns {
    var count: Int
    /// Position of the first.
    var position: Int
  }

  /// How many groups a member takes at once: of large batches one, of single tokens more.
  private func chunk(_ groups: Int, _ columns: Int, _ member: borrowing TeamMember) -> Int {
    columns >= 8 ? 1 : max(1, groups / (4 * member.teamSize))
  }

  private func embed(_ member: inout TeamMember) {
    let half = graph.rotation.width / 2
    let width = Int64(graph.width)
    let magnitude = graph.rotation.scaling.magnitude
    member.share(tokens.count) { claimed in
      for column in claimed {
        let stream = unsafe scratch.stream + column * scratch.widthStride
        unsafe weights.embedding.unpack(row: Int(tokens[column]), into: stream)
        if graph.embeddingMultiplier != 1 {
          unsafe medai_scale(isa, stream, graph.embeddingMultiplier, width)
        }
        let cosines = unsafe scratch.cosines + column * half
        let sines = unsafe scratch.sines + column * half
        unsafe weights.rotaryDivisors.withUnsafeBufferPointer { divisors in
          unsafe medai_rotary_table(
            graph.rotation.base, Int64(graph.rotation.width), Int64(position + column),
            divisors.isEmpty ? nil : divisors.baseAddress, cosines, sines)
        }
        if magnitude != 1 {
          unsafe medai_scale(isa, cosines, magnitude, Int64(half))
          unsafe medai_scale(isa, sines, magnitude, Int64(half))
        }
      }
    }
  }

  /// One vector brought to unit size; `out` may be `x`.
  func normVector(
    _ norm: Weights.Norm, _ x: UnsafeMutablePointer<Float>, _ count: Int,
    out: UnsafeMutablePointer<Float>
  ) {
    if let bias = unsafe norm.bias {
      unsafe medai_layer_norm(isa, x, norm.weight, bias, Int64(count), graph.epsilon, out)
    } else {
      unsafe medai_rms_norm(isa, x, norm.weight, Int64(count), graph.epsilon, out)
    }
  }

  /// Adds a sublayer's output to the stream: normed and multiplied where the graph says so.
  private func addSublayer(
    _ added: UnsafeMutablePointer<Float>, after: Weights.Norm?,
    to stream: UnsafeMutablePointer<Float>
  ) {
    let width = Int64(graph.width)
    if let after { unsafe normVector(after, added, graph.width, out: added) }
    if graph.residualMultiplier == 1 {
      unsafe medai_add(isa, stream, added, width)
    } else {
      unsafe medai_add_scaled(isa, stream, added, graph.residualMultiplier, width)
    }
  }

  /// Adds what the last sublayer left to the stream, norms it, and quantises the result for a
  /// matrix.
  ///
  /// - Parameters:
  ///   - norm: The norm of what the next sublayer reads; `nil` where it reads the stream itself.
  ///   - after: The norm of what is added.
  ///   - added: What is added; `nil` for nothing.
  ///   - quantizing: Whether a matrix in blocks reads the result.
  ///   - count: Columns.
  ///   - member: Who works.
  private func norm(
    _ norm: Weights.Norm?, after: Weights.Norm?, adding added: UnsafeMutablePointer<Float>?,
    quantizing: Bool, _ count: Int, _ member: inout TeamMember
  ) {
    let stride = scratch.widthStride
    member.share(count) { claimed in
      for column in claimed {
        let stream = unsafe scratch.stream + column * stride
        let normed = unsafe scratch.normed + column * stride
        if let added = unsafe added {
          unsafe addSublayer(added + column * stride, after: after, to: stream)
        }
        if let norm {
          unsafe normVector(norm, stream, graph.width, out: normed)
        } else {
          unsafe normed.update(from: stream, count: graph.width)
        }
        if quantizing {
          unsafe scratch.quantize(
            isa, column: column, of: count, scratch.normed, stride: stride)
        }
      }
    }
  }

  /// Multiplies groups of rows and adds the bias where there is one.
  private func multiply(
    _ linear: Weights.Linear, _ groups: Range<Int>, _ x: medai_activations, _ count: Int,
    out: UnsafeMutablePointer<Float>, stride: Int
  ) {
    guard !groups.isEmpty else { return }
    unsafe linear.matrix.multiply(isa, groups: groups, x, count: count, out: out, stride: stride)
    guard let bias = unsafe linear.bias else { return }
    let first = 16 * groups.lowerBound
    for column in 0..<count {
      unsafe medai_add(
        isa, out + column * stride + first, bias + first, Int64(16 * groups.count))
    }
  }

  /// Multiplies one matrix by the columns of a buffer.
  private func multiply(
    _ linear: Weights.Linear, _ values: UnsafeMutablePointer<Float>, stride: Int, _ count: Int,
    out: UnsafeMutablePointer<Float>, outStride: Int, _ member: inout TeamMember
  ) {
    let matrix = linear.matrix
    if matrix.isQuantized {
      member.share(count) { claimed in
        for column in claimed {
          unsafe scratch.quantize(isa, column: column, of: count, values, stride: stride)
        }
      }
    }
    let x = unsafe scratch.activations(values, stride: stride)
    member.share(matrix.groups, chunk: chunk(matrix.groups, count, member)) { claimed in
      unsafe multiply(linear, claimed, x, count, out: out, stride: outStride)
    }
  }

  private func attention(
    _ index: Int, _ layer: Weights.Layer, _ columns: inout Columns, _ member: inout TeamMember
  ) {
    let isFirst = index == 0 || graph.isParallel
    let quantizing =
      layer.query.matrix.isQuantized || layer.key.matrix.isQuantized
      || layer.value.matrix.isQuantized
    unsafe norm(
      layer.attentionNorm, after: isFirst ? nil : weights.layers[index - 1].afterHidden,
      adding: isFirst ? nil : scratch.added, quantizing: quantizing, columns.count, &member)
    projectHeads(layer, columns.count, &member)
    turnAndStore(index, layer, columns, &member)
    if index == graph.layers - 1, output != .all, columns.count > 1 {
      keepOnlyLast(&columns, &member)
    }
    attend(index, columns, &member)
    unsafe multiply(
      layer.output, scratch.attended, stride: scratch.queryStride, columns.count,
      out: graph.isParallel ? scratch.addedBeside : scratch.added, outStride: scratch.widthStride,
      &member)
  }

  /// Moves the last column to the front: the others have given their keys and values, and nothing
  /// else of theirs is wanted.
  private func keepOnlyLast(_ columns: inout Columns, _ member: inout TeamMember) {
    let last = columns.count - 1
    member.share(1) { _ in
      unsafe scratch.stream.update(
        from: scratch.stream + last * scratch.widthStride, count: graph.width)
      unsafe scratch.queries.update(
        from: scratch.queries + last * scratch.queryStride,
        count: graph.heads * graph.headWidth)
    }
    columns = Columns(count: 1, position: columns.position + last)
  }

  /// Queries, keys and values in one step.
  private func projectHeads(
    _ layer: Weights.Layer, _ count: Int, _ member: inout TeamMember
  ) {
    let x = unsafe scratch.activations(scratch.normed, stride: scratch.widthStride)
    let first = layer.query.matrix.groups
    let second = first + layer.key.matrix.groups
    let total = second + layer.value.matrix.groups
    member.share(total, chunk: chunk(total, count, member)) { claimed in
      let query = claimed.clamped(to: 0..<first)
      let key = claimed.clamped(to: first..<second)
      let value = claimed.clamped(to: second..<total)
      unsafe multiply(
        layer.query, query, x, count, out: scratch.queries, stride: scratch.queryStride)
      unsafe multiply(
        layer.key, key.lowerBound - first..<key.upperBound - first, x, count,
        out: scratch.keys, stride: scratch.keyStride)
      unsafe multiply(
        layer.value, value.lowerBound - second..<value.upperBound - second, x, count,
        out: scratch.values, stride: scratch.keyStride)
    }
  }

  /// Norms and turns queries and keys and puts keys and values into the cache.
  private func turnAndStore(
    _ index: Int, _ layer: Weights.Layer, _ columns: Columns, _ member: inout TeamMember
  ) {
    let width = graph.headWidth
    member.share(columns.count) { claimed in
      for column in claimed {
        for head in 0..<graph.heads {
          let query = unsafe scratch.queries + column * scratch.queryStride + head * width
          unsafe turn(query, layer.queryNorm, layer: index, column: column)
        }
        for head in 0..<graph.keyHeads {
          let key = unsafe scratch.keys + column * scratch.keyStride + head * width
          unsafe turn(key, layer.keyNorm, layer: index, column: column)
          unsafe cache.store(
            key: key, value: scratch.values + column * scratch.keyStride + head * width,
            width: width, layer: index, head: head, position: columns.position + column)
        }
      }
    }
  }

  /// Norms and turns one head.
  private func turn(
    _ head: UnsafeMutablePointer<Float>, _ norm: Weights.Norm?, layer: Int, column: Int
  ) {
    if let norm { unsafe normVector(norm, head, graph.headWidth, out: head) }
    guard graph.kinds[layer].turns else { return }
    let rotation = graph.rotation
    let cosines = unsafe scratch.cosines + column * (rotation.width / 2)
    let sines = unsafe scratch.sines + column * (rotation.width / 2)
    switch rotation.pairing {
    case .neighbours: unsafe medai_rotate(isa, head, Int64(rotation.width), cosines, sines)
    case .halves: unsafe medai_rotate_halves(isa, head, Int64(rotation.width), cosines, sines)
    }
  }

  /// Attention of every (head, query); four queries of one head at a time.
  private func attend(_ index: Int, _ columns: Columns, _ member: inout TeamMember) {
    let width = graph.headWidth
    let tiles = (columns.count + 3) / 4
    let shared = graph.heads / graph.keyHeads
    let own = unsafe scratch.attention(of: member.index)
    member.share(tiles * graph.heads) { claimed in
      for piece in claimed {
        let head = piece % graph.heads
        // The last queries have the most keys: they go first, so that no member waits for one.
        let column = 4 * (tiles - 1 - piece / graph.heads)
        let place = column * scratch.queryStride + head * width
        let queries = Int64(min(4, columns.count - column))
        let position = Int64(columns.position + column)
        let stride = Int64(scratch.queryStride)
        let keys = unsafe cache.keys(layer: index, head: head / shared)
        let values = unsafe cache.values(layer: index, head: head / shared)
        if let window = graph.kinds[index].window {
          unsafe medai_attend_window(
            isa, scratch.queries + place, stride, queries, position, Int64(window), Int64(width),
            graph.attentionMultiplier, keys, values, own, scratch.attended + place, stride)
        } else {
          unsafe medai_attend(
            isa, scratch.queries + place, stride, queries, position, Int64(width),
            graph.attentionMultiplier, keys, values, own, scratch.attended + place, stride)
        }
      }
    }
  }

  /// Reads `normed`, leaves its output in `added`.
  private func feedForward(
    _ layer: Weights.Layer, _ columns: Columns, _ member: inout TeamMember
  ) {
    let count = columns.count
    let x = unsafe scratch.activations(scratch.normed, stride: scratch.widthStride)
    let stride = scratch.hiddenStride
    let groups = layer.up.matrix.groups
    member.share(groups, chunk: chunk(groups, count, member)) { claimed in
      let size = Int64(16 * claimed.count)
      if let gate = layer.gate {
        unsafe multiply(gate, claimed, x, count, out: scratch.gates, stride: stride)
        unsafe multiply(layer.up, claimed, x, count, out: scratch.ups, stride: stride)
        for column in 0..<count {
          let place = column * stride + 16 * claimed.lowerBound
          unsafe medai_swiglu(
            isa, scratch.gates + place, scratch.ups + place, size, scratch.gates + place)
        }
      } else {
        unsafe multiply(layer.up, claimed, x, count, out: scratch.gates, stride: stride)
        for column in 0..<count {
          unsafe medai_gelu(
            isa, scratch.gates + column * stride + 16 * claimed.lowerBound, size)
        }
      }
    }
    unsafe multiply(
      layer.down, scratch.gates, stride: stride, count, out: scratch.added,
      outStride: scratch.widthStride, &member)
  }

  /// Adds both sublayers of a parallel layer: (feed-forward + attention) + stream.
  private func addParallel(_ columns: Columns, _ member: inout TeamMember) {
    let width = Int64(graph.width)
    member.share(columns.count) { claimed in
      for column in claimed {
        let place = column * scratch.widthStride
        unsafe medai_add(isa, scratch.added + place, scratch.addedBeside + place, width)
        unsafe addSublayer(scratch.added + place, after: nil, to: scratch.stream + place)
      }
    }
  }

  /// Adds the last sublayer's part and keeps the last position's stream.
  private func finish(_ columns: Columns, _ member: inout TeamMember) {
    let after = weights.layers.last?.afterHidden
    member.share(columns.count) { claimed in
      for column in claimed {
        let place = column * scratch.widthStride
        if !graph.isParallel {
          unsafe addSublayer(scratch.added + place, after: after, to: scratch.stream + place)
        }
        if column == columns.count - 1 {
          unsafe scratch.last.update(from: scratch.stream + place, count: graph.width)
        }
      }
    }
  }
}
