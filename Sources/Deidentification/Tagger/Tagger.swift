/// Tags the units of a page with the best sequence of tags (Viterbi), and tells how far the second
/// best answer is behind.
struct Tagger: Sendable {
  private let model: TaggerModel
  private let steps: [Int32]

  init(_ model: TaggerModel) {
    self.model = model
    steps = model.steps.values
  }

  /// The tags of a text.
  struct Tagging {
    /// One tag a unit.
    var tags: [UInt8]
    /// By how much the best sequence outscores, for a unit with a tag, the best one that leaves the
    /// unit outside; for a unit outside, the best one that tags it.
    var leads: [Int16]

    /// The least lead over a stretch.
    func lead(_ units: Range<Int>) -> Int { units.reduce(Int.max) { min($0, Int(leads[$1])) } }

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

  /// The rows of one block; reused from block to block.
  private struct Lane {
    /// `TagSet.stride` scores a unit.
    var scores: [Int16]
    /// The best score of a sequence that ends with each tag, and the tag it came from.
    var forward: [Int32]
    var from: [UInt8]

    init(units: Int) {
      scores = [Int16](repeating: 0, count: units * TagSet.stride)
      forward = [Int32](repeating: 0, count: units * TagSet.stride)
      from = [UInt8](repeating: 0, count: units * TagSet.stride)
    }
  }

  /// Scores every unit and walks the best path, block by block, so that memory does not grow with
  /// the length of a text.
  func tag(_ features: TaggerFeatures) -> Tagging {
    var tagging = Tagging(
      tags: [UInt8](repeating: 0, count: features.count),
      leads: [Int16](repeating: 0, count: features.count))
    var lane = Lane(units: min(features.count, TaggerFeatures.blockLimit))
    var start = 0
    while start < features.count {
      let end = features.blockEnd(start)
      score(features, start..<end, &lane)
      walkForward(end - start, &lane)
      walkBack(start..<end, lane, &tagging)
      start = end
    }
    return tagging
  }

  private func score(_ features: TaggerFeatures, _ units: Range<Int>, _ lane: inout Lane) {
    let stride = TagSet.stride
    unsafe lane.scores.withUnsafeMutableBytes { scores in
      unsafe model.weights.withUnsafeBytes { weights in
        var offset = 0
        unsafe features.forEachUnit(in: units) { row in
          var sum = SIMD32<Int16>.zero
          for place in row.indices {
            // Every feature is below the count of rows by its mask.
            sum &+= unsafe weights.loadUnaligned(
              fromByteOffset: Int(row[place]) * stride * 2, as: SIMD32<Int16>.self)
          }
          unsafe scores.storeBytes(of: sum, toByteOffset: offset, as: SIMD32<Int16>.self)
          offset += stride * 2
        }
      }
    }
  }

  /// Below every score that occurs.
  private static let low = Int32.min / 4

  private func walkForward(_ count: Int, _ lane: inout Lane) {
    let stride = TagSet.stride
    unsafe lane.scores.withUnsafeBufferPointer { scores in
      unsafe lane.forward.withUnsafeMutableBufferPointer { forward in
        unsafe lane.from.withUnsafeMutableBufferPointer { from in
          unsafe steps.withUnsafeBufferPointer { steps in
            unsafe withUnsafeTemporaryAllocation(of: Int32.self, capacity: stride) { first in
              unsafe first.initialize(repeating: Self.low)
              unsafe first[0] = 0
              var best = UnsafeBufferPointer(first)
              for unit in 0..<count {
                let row = unit * stride..<(unit + 1) * stride
                unsafe advance(
                  best, UnsafeBufferPointer(rebasing: scores[row]),
                  UnsafeMutableBufferPointer(rebasing: forward[row]),
                  UnsafeMutableBufferPointer(rebasing: from[row]), steps)
                unsafe best = UnsafeBufferPointer(rebasing: forward[row])
              }
            }
          }
        }
      }
    }
  }

  /// The best scores after one more unit, and the tag each came from.
  @inline(__always)
  private func advance(
    _ best: UnsafeBufferPointer<Int32>, _ own: UnsafeBufferPointer<Int16>,
    _ next: UnsafeMutableBufferPointer<Int32>, _ from: UnsafeMutableBufferPointer<UInt8>,
    _ steps: UnsafeBufferPointer<Int32>
  ) {
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

  /// Follows the best path back and weighs it against the others at every unit.
  private func walkBack(_ units: Range<Int>, _ lane: Lane, _ tagging: inout Tagging) {
    let stride = TagSet.stride
    let kinds = TagSet.kinds.count
    unsafe withUnsafeTemporaryAllocation(of: Int32.self, capacity: stride) { after in
      unsafe lane.scores.withUnsafeBufferPointer { scores in
        unsafe lane.forward.withUnsafeBufferPointer { forward in
          unsafe steps.withUnsafeBufferPointer { steps in
            unsafe after.initialize(repeating: 0)
            var tag = 0
            for unit in units.reversed() {
              let base = (unit - units.lowerBound) * stride
              if unit == units.upperBound - 1 {
                for other in 1..<TagSet.count {
                  if unsafe forward[base + other] > forward[base + tag] { tag = other }
                }
              }
              let outside = unsafe forward[base] &+ after[0]
              var inside = Self.low
              for other in 1..<TagSet.count {
                unsafe inside = max(inside, forward[base + other] &+ after[other])
              }
              tagging.tags[unit] = UInt8(tag)
              tagging.leads[unit] = Int16(
                clamping: tag == 0 ? outside &- inside : inside &- outside)
              tag = Int(lane.from[base + tag])
              // Now `after` becomes what the unit before sees.
              var begins = Self.low
              for other in 0..<TagSet.count {
                unsafe after[other] = after[other] &+ Int32(scores[base + other])
              }
              for kind in 0..<kinds { unsafe begins = max(begins, after[1 + 2 * kind]) }
              let over = unsafe max(after[0], begins &+ steps[2])
              unsafe after[0] = max(after[0] &+ steps[0], begins &+ steps[1])
              var top = unsafe after[0]
              for kind in 0..<kinds {
                let begin = 1 + 2 * kind
                let more = unsafe after[begin + 1]
                unsafe after[begin] = max(over &+ steps[5 + 4 * kind], more &+ steps[3 + 4 * kind])
                unsafe after[begin + 1] = max(
                  over &+ steps[6 + 4 * kind], more &+ steps[4 + 4 * kind])
                unsafe top = max(top, max(after[begin], after[begin + 1]))
              }
              for other in 0..<TagSet.count { unsafe after[other] = after[other] &- top }
            }
          }
        }
      }
    }
  }
}
