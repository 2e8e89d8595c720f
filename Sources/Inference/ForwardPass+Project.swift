internal import CKernels

/// From the residual stream to logits.
extension ForwardPass {
  /// Norms streams and quantises them for the output matrix.
  private func normForOutput(
    _ source: UnsafeMutablePointer<Float>, count: Int, _ member: inout TeamMember
  ) {
    let stride = scratch.widthStride
    member.share(count) { claimed in
      for column in claimed {
        unsafe normVector(
          weights.outputNorm, source + column * stride, graph.width,
          out: scratch.normed + column * stride)
        if weights.output.isQuantized {
          unsafe scratch.quantize(
            isa, column: column, of: count, scratch.normed, stride: stride)
        }
      }
    }
  }

  /// Norms streams and multiplies them by the vocabulary.
  func project(
    _ source: UnsafeMutablePointer<Float>, count: Int, _ member: inout TeamMember
  ) {
    unsafe normForOutput(source, count: count, &member)
    let x = unsafe scratch.activations(scratch.normed, stride: scratch.widthStride)
    member.share(weights.output.groups, chunk: 8) { claimed in
      unsafe weights.output.multiply(
        isa, groups: claimed, x, count: count, out: scratch.logits, stride: scratch.logitStride)
      for column in 0..<count {
        unsafe scaleLogits(
          scratch.logits + column * scratch.logitStride + 16 * claimed.lowerBound,
          16 * claimed.count)
      }
    }
  }

  /// Logits of some groups of rows at the last position, 16 floats a group.
  func projectRows(_ member: inout TeamMember) {
    unsafe normForOutput(scratch.last, count: 1, &member)
    let x = unsafe scratch.activations(scratch.normed, stride: scratch.widthStride)
    member.share(rowGroups.count) { claimed in
      for index in claimed {
        unsafe weights.output.group(rowGroups[index]).multiply(
          isa, groups: 0..<1, x, count: 1, out: scratch.rowLogits + 16 * index,
          stride: scratch.logitStride)
        unsafe scaleLogits(scratch.rowLogits + 16 * index, 16)
      }
    }
  }

  private func scaleLogits(_ logits: UnsafeMutablePointer<Float>, _ count: Int) {
    if graph.logitMultiplier != 1 {
      unsafe medai_scale(isa, logits, graph.logitMultiplier, Int64(count))
    }
  }
}
