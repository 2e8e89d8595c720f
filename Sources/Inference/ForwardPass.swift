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

  private let config: Config
  private let weights: Weights
  private let isa: medai_isa
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

  private let attentionScale: Float

  init(_ config: Config, _ weights: Weights, _ isa: medai_isa, _ cache: Cache, _ scratch: Scratch) {
    self.config = config
    self.weights = weights
    self.isa = isa
    self.cache = cache
    self.scratch = scratch
    tokens.reserveCapacity(scratch.batch)
    // Square root and division are correctly rounded.
    attentionScale = 1 / Float(config.headWidth).squareRoot()
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
      feedForward(layer, columns, &member)
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
    let half = config.rotaryWidth / 2
    member.share(tokens.count) { claimed in
      for column in claimed {
        unsafe weights.embedding.unpack(
          row: Int(tokens[column]), into: scratch.stream + column * scratch.widthStride)
        unsafe medai_rotary_table(
          config.rotaryBase, Int64(config.rotaryWidth), Int64(position + column),
          weights.rotaryFactors, scratch.cosines + column * half, scratch.sines + column * half)
      }
    }
  }

  /// Adds what the last sublayer left to the stream, norms it, and quantises the result.
  private func norm(
    _ weight: UnsafeMutablePointer<Float>, adding: Bool, quantizing: Bool, _ count: Int,
    _ member: inout TeamMember
  ) {
    let stride = scratch.widthStride
    member.share(count) { claimed in
      for column in claimed {
        let stream = unsafe scratch.stream + column * stride
        if adding {
          unsafe medai_add(isa, stream, scratch.added + column * stride, Int64(config.width))
        }
        unsafe medai_rms_norm(
          isa, stream, weight, Int64(config.width), config.epsilon,
          scratch.normed + column * stride)
        if quantizing {
          unsafe scratch.quantize(
            isa, column: column, of: count, scratch.normed, stride: stride)
        }
      }
    }
  }

  /// Multiplies one matrix by the columns of a buffer.
  private func multiply(
    _ matrix: Matrix, _ values: UnsafeMutablePointer<Float>, stride: Int, _ count: Int,
    out: UnsafeMutablePointer<Float>, outStride: Int, _ member: inout TeamMember
  ) {
    if matrix.isQuantized {
      member.share(count) { claimed in
        for column in claimed {
          unsafe scratch.quantize(isa, column: column, of: count, values, stride: stride)
        }
      }
    }
    let x = unsafe scratch.activations(values, stride: stride)
    member.share(matrix.groups, chunk: chunk(matrix.groups, count, member)) { claimed in
      unsafe matrix.multiply(isa, groups: claimed, x, count: count, out: out, stride: outStride)
    }
  }

  private func attention(
    _ index: Int, _ layer: Weights.Layer, _ columns: inout Columns, _ member: inout TeamMember
  ) {
    let quantizing = layer.query.isQuantized || layer.key.isQuantized || layer.value.isQuantized
    unsafe norm(
      layer.attentionNorm, adding: index > 0, quantizing: quantizing, columns.count, &member)
    projectHeads(layer, columns.count, &member)
    turnAndStore(index, columns, &member)
    if index == config.layers - 1, output != .all, columns.count > 1 {
      keepOnlyLast(&columns, &member)
    }
    attend(index, columns, &member)
    unsafe multiply(
      layer.output, scratch.attended, stride: scratch.queryStride, columns.count,
      out: scratch.added, outStride: scratch.widthStride, &member)
  }

  /// Moves the last column to the front: the others have given their keys and values, and nothing
  /// else of theirs is wanted.
  private func keepOnlyLast(_ columns: inout Columns, _ member: inout TeamMember) {
    let last = columns.count - 1
    member.share(1) { _ in
      unsafe scratch.stream.update(
        from: scratch.stream + last * scratch.widthStride, count: config.width)
      unsafe scratch.queries.update(
        from: scratch.queries + last * scratch.queryStride,
        count: config.heads * config.headWidth)
    }
    columns = Columns(count: 1, position: columns.position + last)
  }

  /// Queries, keys and values in one step.
  private func projectHeads(
    _ layer: Weights.Layer, _ count: Int, _ member: inout TeamMember
  ) {
    let x = unsafe scratch.activations(scratch.normed, stride: scratch.widthStride)
    let first = layer.query.groups
    let second = first + layer.key.groups
    let total = second + layer.value.groups
    member.share(total, chunk: chunk(total, count, member)) { claimed in
      let query = claimed.clamped(to: 0..<first)
      let key = claimed.clamped(to: first..<second)
      let value = claimed.clamped(to: second..<total)
      unsafe layer.query.multiply(
        isa, groups: query, x, count: count, out: scratch.queries, stride: scratch.queryStride)
      unsafe layer.key.multiply(
        isa, groups: key.lowerBound - first..<key.upperBound - first, x, count: count,
        out: scratch.keys, stride: scratch.keyStride)
      unsafe layer.value.multiply(
        isa, groups: value.lowerBound - second..<value.upperBound - second, x, count: count,
        out: scratch.values, stride: scratch.keyStride)
    }
  }

  /// Turns queries and keys by their positions and puts keys and values into the cache.
  private func turnAndStore(_ index: Int, _ columns: Columns, _ member: inout TeamMember) {
    let width = config.headWidth
    let half = config.rotaryWidth / 2
    let dimensions = Int64(config.rotaryWidth)
    member.share(columns.count) { claimed in
      for column in claimed {
        let cosines = unsafe scratch.cosines + column * half
        let sines = unsafe scratch.sines + column * half
        for head in 0..<config.heads {
          unsafe medai_rotate(
            isa, scratch.queries + column * scratch.queryStride + head * width, dimensions,
            cosines, sines)
        }
        for head in 0..<config.keyHeads {
          let key = unsafe scratch.keys + column * scratch.keyStride + head * width
          unsafe medai_rotate(isa, key, dimensions, cosines, sines)
          unsafe cache.store(
            key: key, value: scratch.values + column * scratch.keyStride + head * width,
            width: width, layer: index, head: head, position: columns.position + column)
        }
      }
    }
  }

  /// Attention of every (head, query); four queries of one head at a time.
  private func attend(_ index: Int, _ columns: Columns, _ member: inout TeamMember) {
    let width = config.headWidth
    let tiles = (columns.count + 3) / 4
    let shared = config.heads / config.keyHeads
    let own = unsafe scratch.attention(of: member.index)
    member.share(tiles * config.heads) { claimed in
      for piece in claimed {
        let head = piece % config.heads
        // The last queries have the most keys: they go first, so that no member waits for one.
        let column = 4 * (tiles - 1 - piece / config.heads)
        let place = column * scratch.queryStride + head * width
        unsafe medai_attend(
          isa, scratch.queries + place, Int64(scratch.queryStride),
          Int64(min(4, columns.count - column)), Int64(columns.position + column), Int64(width),
          attentionScale, cache.keys(layer: index, head: head / shared),
          cache.values(layer: index, head: head / shared), own, scratch.attended + place,
          Int64(scratch.queryStride))
      }
    }
  }

  private func feedForward(
    _ layer: Weights.Layer, _ columns: Columns, _ member: inout TeamMember
  ) {
    let count = columns.count
    unsafe norm(
      layer.hiddenNorm, adding: true,
      quantizing: layer.gate.isQuantized || layer.up.isQuantized, count, &member)
    let x = unsafe scratch.activations(scratch.normed, stride: scratch.widthStride)
    let stride = scratch.hiddenStride
    let groups = layer.gate.groups
    member.share(groups, chunk: chunk(groups, count, member)) { claimed in
      unsafe layer.gate.multiply(
        isa, groups: claimed, x, count: count, out: scratch.gates, stride: stride)
      unsafe layer.up.multiply(
        isa, groups: claimed, x, count: count, out: scratch.ups, stride: stride)
      for column in 0..<count {
        let place = column * stride + 16 * claimed.lowerBound
        unsafe medai_swiglu(
          isa, scratch.gates + place, scratch.ups + place, Int64(16 * claimed.count),
          scratch.gates + place)
      }
    }
    unsafe multiply(
      layer.down, scratch.gates, stride: stride, count, out: scratch.added,
      outStride: scratch.widthStride, &member)
  }

  /// Adds the last sublayer's part and keeps the last position's stream.
  private func finish(_ columns: Columns, _ member: inout TeamMember) {
    member.share(columns.count) { claimed in
      for column in claimed {
        let place = column * scratch.widthStride
        unsafe medai_add(
          isa, scratch.stream + place, scratch.added + place, Int64(config.width))
        if column == columns.count - 1 {
          unsafe scratch.last.update(from: scratch.stream + place, count: config.width)
        }
      }
    }
  }

  /// Norms streams and quantises them for the output matrix.
  private func normForOutput(
    _ source: UnsafeMutablePointer<Float>, count: Int, _ member: inout TeamMember
  ) {
    let stride = scratch.widthStride
    member.share(count) { claimed in
      for column in claimed {
        unsafe medai_rms_norm(
          isa, source + column * stride, weights.outputNorm, Int64(config.width),
          config.epsilon, scratch.normed + column * stride)
        if weights.output.isQuantized {
          unsafe scratch.quantize(
            isa, column: column, of: count, scratch.normed, stride: stride)
        }
      }
    }
  }

  /// Norms streams and multiplies them by the vocabulary.
  private func project(
    _ source: UnsafeMutablePointer<Float>, count: Int, _ member: inout TeamMember
  ) {
    unsafe normForOutput(source, count: count, &member)
    let x = unsafe scratch.activations(scratch.normed, stride: scratch.widthStride)
    member.share(weights.output.groups, chunk: 8) { claimed in
      unsafe weights.output.multiply(
        isa, groups: claimed, x, count: count, out: scratch.logits, stride: scratch.logitStride)
    }
  }

  /// Logits of some groups of rows at the last position, 16 floats a group.
  private func projectRows(_ member: inout TeamMember) {
    unsafe normForOutput(scratch.last, count: 1, &member)
    let x = unsafe scratch.activations(scratch.normed, stride: scratch.widthStride)
    member.share(rowGroups.count) { claimed in
      for index in claimed {
        unsafe weights.output.group(rowGroups[index]).multiply(
          isa, groups: 0..<1, x, count: 1, out: scratch.rowLogits + 16 * index,
          stride: scratch.logitStride)
      }
    }
  }
}
