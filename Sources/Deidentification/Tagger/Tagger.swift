/// Tags the units of a page with the best sequence of tags (Viterbi).
struct Tagger: Sendable {
  private let model: TaggerModel
  private let steps: [Int32]
  /// What outside loses at each unit: more finds more and errs more.
  private let outsideLoss: Int16

  init(_ model: TaggerModel, outsideLoss: Int16) {
    self.model = model
    steps = model.steps.values
    self.outsideLoss = outsideLoss
  }

  /// The tags of a text.
  struct Tagging {
    /// One tag a unit.
    var tags: [UInt8]
    /// `TagSet.stride` scores a unit.
    var scores: [Int16]

    /// How much a kind's tags outscore outside over a stretch.
    func margin(_ kind: Int, _ units: Range<Int>) -> Int {
      var sum = 0
      for unit in units {
        let base = unit * TagSet.stride
        let tag = unit == units.lowerBound ? TagSet.begin(kind) : TagSet.inside(kind)
        sum += Int(scores[base + tag]) - Int(scores[base])
      }
      return sum
    }

    /// The stretches that bear a kind.
    var stretches: [(kind: Int, units: Range<Int>)] {
      var found: [(kind: Int, units: Range<Int>)] = []
      var index = 0
      while index < tags.count {
        guard tags[index] != 0 else {
          index += 1
          continue
        }
        let kind = (Int(tags[index]) - 1) / 2
        var end = index + 1
        while end < tags.count, Int(tags[end]) == TagSet.inside(kind) { end += 1 }
        found.append((kind: kind, units: index..<end))
        index = end
      }
      return found
    }
  }

  /// Scores every unit and walks the best path.
  func tag(_ input: TaggerInput) -> Tagging {
    let scores = score(input)
    return Tagging(tags: walk(scores, count: input.count), scores: scores)
  }

  private func score(_ input: TaggerInput) -> [Int16] {
    let width = TaggerFeatures.width
    let stride = TagSet.stride
    return unsafe [Int16](unsafeUninitializedCapacity: input.count * stride) { buffer, filled in
      unsafe model.weights.withUnsafeBytes { weights in
        unsafe input.features.withUnsafeBufferPointer { features in
          for unit in 0..<input.count {
            var sum = SIMD32<Int16>.zero
            for place in 0..<width {
              // Every feature is below the count of rows by its mask.
              let row = unsafe Int(features[unit * width + place])
              sum &+= unsafe weights.loadUnaligned(
                fromByteOffset: row * stride * 2, as: SIMD32<Int16>.self)
            }
            sum[0] &-= outsideLoss
            unsafe UnsafeMutableRawPointer(buffer.baseAddress.unsafelyUnwrapped).storeBytes(
              of: sum, toByteOffset: unit * stride * 2, as: SIMD32<Int16>.self)
          }
        }
      }
      filled = input.count * stride
    }
  }

  private func walk(_ scores: [Int16], count: Int) -> [UInt8] {
    var from = [UInt8](repeating: 0, count: count * TagSet.stride)
    var best = [Int32](repeating: Self.low, count: TagSet.stride)
    var next = best
    best[0] = 0
    unsafe scores.withUnsafeBufferPointer { scores in
      unsafe from.withUnsafeMutableBufferPointer { from in
        for unit in 0..<count {
          let row = unit * TagSet.stride..<(unit + 1) * TagSet.stride
          unsafe best.withUnsafeBufferPointer { best in
            unsafe next.withUnsafeMutableBufferPointer { next in
              unsafe advance(
                best, UnsafeBufferPointer(rebasing: scores[row]), next,
                UnsafeMutableBufferPointer(rebasing: from[row]))
            }
          }
          swap(&best, &next)
        }
      }
    }
    var tags = [UInt8](repeating: 0, count: count)
    guard count > 0 else { return tags }
    var tag = 0
    for candidate in 1..<TagSet.count where best[candidate] > best[tag] { tag = candidate }
    for unit in stride(from: count - 1, through: 0, by: -1) {
      tags[unit] = UInt8(tag)
      tag = Int(from[unit * TagSet.stride + tag])
    }
    return tags
  }

  /// Below every score that occurs.
  private static let low = Int32.min / 4

  /// The best scores after one more unit, and the tag each came from.
  @inline(__always)
  private func advance(
    _ best: UnsafeBufferPointer<Int32>, _ own: UnsafeBufferPointer<Int16>,
    _ next: UnsafeMutableBufferPointer<Int32>, _ from: UnsafeMutableBufferPointer<UInt8>
  ) {
    typealias Steps = TagSteps<Int32>
    unsafe steps.withUnsafeBufferPointer { steps in
      let kinds = TagSet.kinds.count
      var ended = Self.low
      var endedBy: UInt8 = 0
      for kind in 0..<kinds {
        let one = unsafe best[1 + 2 * kind] &+ steps[5 + 4 * kind]
        let more = unsafe best[2 + 2 * kind] &+ steps[6 + 4 * kind]
        if one > ended { (ended, endedBy) = (one, UInt8(truncatingIfNeeded: 1 + 2 * kind)) }
        if more > ended { (ended, endedBy) = (more, UInt8(truncatingIfNeeded: 2 + 2 * kind)) }
      }
      let out = unsafe best[0] &+ steps[0]
      unsafe next[0] = max(out, ended) &+ Int32(own[0])
      unsafe from[0] = out >= ended ? 0 : endedBy
      let fresh = unsafe best[0] &+ steps[1]
      let beside = unsafe ended &+ steps[2]
      let entry = max(fresh, beside)
      let entryFrom: UInt8 = fresh >= beside ? 0 : endedBy
      var top = unsafe next[0]
      for kind in 0..<kinds {
        let begin = 1 + 2 * kind
        unsafe next[begin] = entry &+ Int32(own[begin])
        unsafe from[begin] = entryFrom
        let second = unsafe best[begin] &+ steps[3 + 4 * kind]
        let further = unsafe best[begin + 1] &+ steps[4 + 4 * kind]
        unsafe next[begin + 1] = max(second, further) &+ Int32(own[begin + 1])
        unsafe from[begin + 1] = UInt8(truncatingIfNeeded: second >= further ? begin : begin + 1)
        unsafe top = max(top, max(next[begin], next[begin + 1]))
      }
      // Only differences count; without this a long text would run out of range.
      for tag in 0..<TagSet.count { unsafe next[tag] = max(Self.low, next[tag] &- top) }
    }
  }
}
