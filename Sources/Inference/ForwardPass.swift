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

  func run(_ member: TeamMember) {
    if output == .rows {
      projectRows(member)
      return
    }
    embed(member)
    for (index, layer) in weights.layers.enumerated() {
      attention(index, layer, member)
      feedForward(layer, member)
    }
    addToStream(member)
    member.barrier()
    if member.index == 0 { keepLast() }
    if output != .none { project(member) }
  }

  private var count: Int { tokens.count }

  /// How many groups a claim takes: large batches one, single tokens an eighth of a member's share.
  private func chunk(_ groups: Int, _ member: TeamMember) -> Int {
    count >= 8 ? 1 : max(1, groups / (4 * member.teamSize))
  }

  private func embed(_ member: TeamMember) {
    let half = config.rotaryWidth / 2
    while let claimed = member.claim(1, of: count) {
      for column in claimed {
        unsafe weights.embedding.unpack(
          row: Int(tokens[column]), into: scratch.stream + column * scratch.widthStride)
        unsafe medai_rotary_table(
          config.rotaryBase, Int64(config.rotaryWidth), Int64(position + column),
          weights.rotaryFactors, scratch.cosines + column * half, scratch.sines + column * half)
      }
    }
    member.barrier()
  }

  /// Adds what the last sublayer left to the stream, norms it, and quantises the result.
  private func norm(
    _ weight: UnsafeMutablePointer<Float>, adding: Bool, quantizing: Bool, _ member: TeamMember
  ) {
    let stride = scratch.widthStride
    while let claimed = member.claim(1, of: count) {
      for column in claimed {
        let stream = unsafe scratch.stream + column * stride
        if adding {
          unsafe medai_add(isa, stream, scratch.added + column * stride, Int64(config.width))
        }
        unsafe medai_rms_norm(
          isa, stream, weight, Int64(config.width), config.epsilon,
          scratch.normed + column * stride)
        if quantizing {
          unsafe scratch.quantize(isa, column: column, of: count, scratch.normed, stride: stride)
        }
      }
    }
    member.barrier()
  }

  private func quantize(
    _ values: UnsafeMutablePointer<Float>, stride: Int, _ member: TeamMember
  ) {
    while let claimed = member.claim(1, of: count) {
      for column in claimed {
        unsafe scratch.quantize(isa, column: column, of: count, values, stride: stride)
      }
    }
    member.barrier()
  }

  /// Multiplies one matrix; the claims run over its groups.
  private func multiply(
    _ matrix: Matrix, _ values: UnsafeMutablePointer<Float>, stride: Int,
    out: UnsafeMutablePointer<Float>, outStride: Int, _ member: TeamMember
  ) {
    var x = unsafe scratch.activations(values, stride: stride)
    while let claimed = member.claim(chunk(matrix.groups, member), of: matrix.groups) {
      unsafe matrix.multiply(
        isa, groups: claimed, &x, count: count, out: out, stride: outStride)
    }
    member.barrier()
  }

  private func attention(_ index: Int, _ layer: Weights.Layer, _ member: TeamMember) {
    let quantizing = layer.query.isQuantized || layer.key.isQuantized || layer.value.isQuantized
    unsafe norm(
      layer.attentionNorm, adding: index > 0, quantizing: quantizing, member)
    projectHeads(layer, member)
    turnAndStore(index, member)
    attend(index, member)
    if layer.output.isQuantized {
      unsafe quantize(scratch.attended, stride: scratch.queryStride, member)
    }
    unsafe multiply(
      layer.output, scratch.attended, stride: scratch.queryStride, out: scratch.added,
      outStride: scratch.widthStride, member)
  }

  /// Queries, keys and values in one round of claims.
  private func projectHeads(_ layer: Weights.Layer, _ member: TeamMember) {
    var x = unsafe scratch.activations(scratch.normed, stride: scratch.widthStride)
    let first = layer.query.groups
    let second = first + layer.key.groups
    let total = second + layer.value.groups
    while let claimed = member.claim(chunk(total, member), of: total) {
      let query = claimed.clamped(to: 0..<first)
      let key = claimed.clamped(to: first..<second)
      let value = claimed.clamped(to: second..<total)
      unsafe layer.query.multiply(
        isa, groups: query, &x, count: count, out: scratch.queries, stride: scratch.queryStride)
      unsafe layer.key.multiply(
        isa, groups: key.lowerBound - first..<key.upperBound - first, &x, count: count,
        out: scratch.keys, stride: scratch.keyStride)
      unsafe layer.value.multiply(
        isa, groups: value.lowerBound - second..<value.upperBound - second, &x, count: count,
        out: scratch.values, stride: scratch.keyStride)
    }
    member.barrier()
  }

  /// Turns queries and keys by their positions and puts keys and values into the cache.
  private func turnAndStore(_ index: Int, _ member: TeamMember) {
    let width = config.headWidth
    let half = config.rotaryWidth / 2
    let dimensions = Int64(config.rotaryWidth)
    while let claimed = member.claim(1, of: count) {
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
            width: width, layer: index, head: head, position: position + column)
        }
      }
    }
    member.barrier()
  }

  /// Attention of every (head, query); four queries of one head at a time.
  private func attend(_ index: Int, _ member: TeamMember) {
    let width = config.headWidth
    let tiles = (count + 3) / 4
    let shared = config.heads / config.keyHeads
    while let claimed = member.claim(1, of: tiles * config.heads) {
      for piece in claimed {
        let head = piece % config.heads
        // The last queries have the most keys: they go first, so that no member waits for one.
        let column = 4 * (tiles - 1 - piece / config.heads)
        let place = column * scratch.queryStride + head * width
        unsafe medai_attend(
          isa, scratch.queries + place, Int64(scratch.queryStride),
          Int64(min(4, count - column)), Int64(position + column), Int64(width), attentionScale,
          cache.keys(layer: index, head: head / shared),
          cache.values(layer: index, head: head / shared),
          scratch.attention(of: member.index), scratch.attended + place,
          Int64(scratch.queryStride))
      }
    }
    member.barrier()
  }

  private func feedForward(_ layer: Weights.Layer, _ member: TeamMember) {
    unsafe norm(
      layer.hiddenNorm, adding: true,
      quantizing: layer.gate.isQuantized || layer.up.isQuantized, member)
    var x = unsafe scratch.activations(scratch.normed, stride: scratch.widthStride)
    let stride = scratch.hiddenStride
    let groups = layer.gate.groups
    while let claimed = member.claim(chunk(groups, member), of: groups) {
      unsafe layer.gate.multiply(
        isa, groups: claimed, &x, count: count, out: scratch.gates, stride: stride)
      unsafe layer.up.multiply(
        isa, groups: claimed, &x, count: count, out: scratch.ups, stride: stride)
      let first = 16 * claimed.lowerBound
      for column in 0..<count {
        let place = column * stride + first
        unsafe medai_swiglu(
          isa, scratch.gates + place, scratch.ups + place, Int64(16 * claimed.count),
          scratch.gates + place)
      }
    }
    member.barrier()
    if layer.down.isQuantized { unsafe quantize(scratch.gates, stride: stride, member) }
    unsafe multiply(
      layer.down, scratch.gates, stride: stride, out: scratch.added,
      outStride: scratch.widthStride, member)
  }

  private func addToStream(_ member: TeamMember) {
    while let claimed = member.claim(1, of: count) {
      for column in claimed {
        let place = column * scratch.widthStride
        unsafe medai_add(
          isa, scratch.stream + place, scratch.added + place, Int64(config.width))
      }
    }
  }

  private func keepLast() {
    let place = (count - 1) * scratch.widthStride
    unsafe scratch.last.update(from: scratch.stream + place, count: config.width)
  }

  /// Norms the stream of the last or of every position and multiplies by the vocabulary.
  private func project(_ member: TeamMember) {
    let columns = output == .all ? count : 1
    let source = unsafe output == .all ? scratch.stream : scratch.last
    unsafe normForOutput(source, columns: columns, member)
    var x = unsafe scratch.activations(scratch.normed, stride: scratch.widthStride)
    let matrix = weights.output
    while let claimed = member.claim(8, of: matrix.groups) {
      unsafe matrix.multiply(
        isa, groups: claimed, &x, count: columns, out: scratch.logits,
        stride: scratch.logitStride)
    }
    member.barrier()
  }

  private func normForOutput(
    _ source: UnsafeMutablePointer<Float>, columns: Int, _ member: TeamMember
  ) {
    let stride = scratch.widthStride
    member.barrier()
    while let claimed = member.claim(1, of: columns) {
      for column in claimed {
        unsafe medai_rms_norm(
          isa, source + column * stride, weights.outputNorm, Int64(config.width),
          config.epsilon, scratch.normed + column * stride)
        if weights.output.isQuantized {
          unsafe scratch.quantize(
            isa, column: column, of: columns, scratch.normed, stride: stride)
        }
      }
    }
    member.barrier()
  }

  /// Logits of some groups of rows at the last position, 16 floats a group.
  private func projectRows(_ member: TeamMember) {
    unsafe normForOutput(scratch.last, columns: 1, member)
    var x = unsafe scratch.activations(scratch.normed, stride: scratch.widthStride)
    while let claimed = member.claim(1, of: rowGroups.count) {
      for index in claimed {
        unsafe weights.output.group(rowGroups[index]).multiply(
          isa, groups: 0..<1, &x, count: 1, out: scratch.rowLogits + 16 * index,
          stride: scratch.logitStride)
      }
    }
    member.barrier()
  }
}
