import Deidentification

/// How likely each tag of each unit is under a chain (forward-backward), and how the weights of the
/// steps should change.
struct ChainChances {
  private typealias Steps = TagSteps<Double>

  /// The probability of each tag, a row a unit.
  private(set) var marginals: [SIMD32<Float>] = []
  /// The derivative of the loss by the weights of the steps.
  private(set) var stepGradient = [Double](repeating: 0, count: TagSteps<Double>.count)
  /// Minus the logarithm of the probability of the right tags, up to what `compare` left out.
  private(set) var loss = 0.0

  private let scores: [SIMD32<Float>]
  private let count: Int
  private let power: [Double]
  private var emission: [Double]
  private var forward: [Double]
  /// What a unit's row of `forward` was divided by.
  private var scale: [Double]

  /// Walks forward and backward.
  init(scores: [SIMD32<Float>], steps: [Double]) {
    self.scores = scores
    count = scores.count
    power = steps.map(exponential)
    emission = [Double](repeating: 0, count: count * TagSet.stride)
    forward = emission
    scale = [Double](repeating: 1, count: count)
    for unit in 0..<count {
      var top = scores[unit][0]
      for tag in 1..<TagSet.count { top = max(top, scores[unit][tag]) }
      for tag in 0..<TagSet.count {
        emission[unit * TagSet.stride + tag] = exponential(Double(scores[unit][tag] - top))
      }
    }
    walkForward()
    walkBackward()
  }

  private mutating func walkForward() {
    var before = [Double](repeating: 0, count: TagSet.stride)
    before[0] = 1
    for unit in 0..<count {
      let base = unit * TagSet.stride
      var ended = 0.0
      for kind in TagSet.kinds.indices {
        ended += before[1 + 2 * kind] * power[Steps.beginEnd(kind)]
        ended += before[2 + 2 * kind] * power[Steps.insideEnd(kind)]
      }
      let entry = before[0] * power[Steps.outBegin] + ended * power[Steps.adjacent]
      forward[base] = (before[0] * power[Steps.outOut] + ended) * emission[base]
      var sum = forward[base]
      for kind in TagSet.kinds.indices {
        let begin = 1 + 2 * kind
        forward[base + begin] = entry * emission[base + begin]
        let more =
          before[begin] * power[Steps.beginInside(kind)]
          + before[begin + 1] * power[Steps.insideInside(kind)]
        forward[base + begin + 1] = more * emission[base + begin + 1]
        sum += forward[base + begin] + forward[base + begin + 1]
      }
      sum = max(sum, 1e-300)
      scale[unit] = sum
      for tag in 0..<TagSet.count {
        forward[base + tag] /= sum
        before[tag] = forward[base + tag]
      }
    }
  }

  private mutating func walkBackward() {
    marginals = [SIMD32<Float>](repeating: .zero, count: count)
    var after = [Double](repeating: 1, count: TagSet.stride)
    for unit in stride(from: count - 1, through: 0, by: -1) {
      let base = unit * TagSet.stride
      var all = 0.0
      for tag in 0..<TagSet.count { all += forward[base + tag] * after[tag] }
      all = max(all, 1e-300)
      for tag in 0..<TagSet.count {
        marginals[unit][tag] = Float(forward[base + tag] * after[tag] / all)
      }
      // Now `after` becomes what the unit before sees: emission times what follows.
      for tag in 0..<TagSet.count { after[tag] *= emission[base + tag] }
      addExpected(unit, after, 1 / (scale[unit] * all))
      var begins = 0.0
      for kind in TagSet.kinds.indices { begins += after[1 + 2 * kind] }
      let over = after[0] + begins * power[Steps.adjacent]
      var next = [Double](repeating: 0, count: TagSet.stride)
      next[0] = after[0] * power[Steps.outOut] + begins * power[Steps.outBegin]
      var top = next[0]
      for kind in TagSet.kinds.indices {
        let begin = 1 + 2 * kind
        next[begin] =
          power[Steps.beginEnd(kind)] * over + power[Steps.beginInside(kind)] * after[begin + 1]
        next[begin + 1] =
          power[Steps.insideEnd(kind)] * over + power[Steps.insideInside(kind)] * after[begin + 1]
        top = max(top, max(next[begin], next[begin + 1]))
      }
      top = max(top, 1e-300)
      for tag in 0..<TagSet.count { after[tag] = next[tag] / top }
    }
  }

  /// Adds how often each step into a unit is expected.
  private mutating func addExpected(_ unit: Int, _ after: [Double], _ share: Double) {
    let base = (unit - 1) * TagSet.stride
    func before(_ tag: Int) -> Double { unit > 0 ? forward[base + tag] : tag == 0 ? 1 : 0 }
    var begins = 0.0
    for kind in TagSet.kinds.indices { begins += after[1 + 2 * kind] }
    stepGradient[Steps.outOut] += before(0) * power[Steps.outOut] * after[0] * share
    stepGradient[Steps.outBegin] += before(0) * power[Steps.outBegin] * begins * share
    let beside = begins * power[Steps.adjacent]
    for kind in TagSet.kinds.indices {
      let begin = 1 + 2 * kind
      let one = before(begin)
      let more = before(begin + 1)
      let oneEnds = one * power[Steps.beginEnd(kind)]
      let moreEnd = more * power[Steps.insideEnd(kind)]
      stepGradient[Steps.beginEnd(kind)] += oneEnds * (after[0] + beside) * share
      stepGradient[Steps.insideEnd(kind)] += moreEnd * (after[0] + beside) * share
      stepGradient[Steps.adjacent] += (oneEnds + moreEnd) * beside * share
      stepGradient[Steps.beginInside(kind)] +=
        one * power[Steps.beginInside(kind)] * after[begin + 1] * share
      stepGradient[Steps.insideInside(kind)] +=
        more * power[Steps.insideInside(kind)] * after[begin + 1] * share
    }
  }

  /// Takes the right tags from the expected ones.
  mutating func compare(with gold: [UInt8]) {
    var previous = 0
    for unit in 0..<count {
      let tag = Int(gold[unit])
      if previous == 0 {
        stepGradient[tag == 0 ? Steps.outOut : Steps.outBegin] -= 1
      } else {
        let kind = (previous - 1) / 2
        let isFirst = previous % 2 == 1
        if tag > 0, tag % 2 == 0 {
          stepGradient[isFirst ? Steps.beginInside(kind) : Steps.insideInside(kind)] -= 1
        } else {
          stepGradient[isFirst ? Steps.beginEnd(kind) : Steps.insideEnd(kind)] -= 1
          if tag > 0 { stepGradient[Steps.adjacent] -= 1 }
        }
      }
      loss += 1 - Double(marginals[unit][tag])
      previous = tag
    }
  }
}

/// The exponential function by halving and a series; made of operations that are exact in their
/// rounding, unlike a system's own.
@inline(__always)
func exponential(_ value: Double) -> Double {
  guard value > -100 else { return 0 }
  let value = min(value, 700)
  let whole = (value * 1.4426950408889634).rounded()
  let rest = value - whole * 0.6931471805599453
  let half = rest * 0.125
  // Four terms of the series at an eighth, squared three times: eight digits, enough for weights.
  var sum =
    1 + half * (1 + half * (0.5 + half * (0.16666666666666666 + half * 0.041666666666666664)))
  sum *= sum
  sum *= sum
  sum *= sum
  return sum * Double(bitPattern: UInt64(Int(whole) + 1023) << 52)
}
