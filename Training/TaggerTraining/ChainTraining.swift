import Deidentification
import Glibc

/// Trains the chain: the logarithm of the probability of the right tags, one note a step, with
/// AdaGrad (Duchi et al., JMLR 2011).
struct ChainTraining {
  private typealias Row = SIMD32<Float>
  private typealias Steps = TagSteps<Float>

  private var weights = [Row](repeating: .zero, count: TaggerFeatures.rows)
  private var squares = [Row](repeating: Row(repeating: 1e-3), count: TaggerFeatures.rows)
  private var steps = [Float](repeating: 0, count: Steps.count)
  private var stepSquares = [Float](repeating: 1e-3, count: Steps.count)
  private let rate: Float
  private let decay: Float
  /// What missing an identifier costs more than marking what is none.
  private let care: Float

  init(rate: Float, decay: Float, care: Float) {
    self.rate = rate
    self.decay = decay
    self.care = care
  }

  /// One step over one note.
  ///
  /// - Parameter leavingOut: Places of features that this step does without (dropout).
  /// - Returns: The loss a unit.
  mutating func learn(
    _ input: TaggerInput, _ tags: [UInt8], leavingOut: Set<Int> = []
  ) -> Float {
    let count = input.count
    guard count > 0 else { return 0 }
    let width = TaggerFeatures.width
    let used = (0..<width).filter { !leavingOut.contains($0) }
    let share = Float(width) / Float(used.count)
    var scores = [Row](repeating: .zero, count: count)
    for unit in 0..<count {
      var sum = Row.zero
      for place in used { sum += weights[Int(input.features[unit * width + place])] }
      sum *= share
      // Softmax-margin (Gimpel and Smith, NAACL 2010): outside must win by more where it is wrong.
      if tags[unit] != 0 { sum[0] += care }
      scores[unit] = sum
    }
    var stepGradient = [Float](repeating: 0, count: Steps.count)
    let (marginals, loss) = chances(scores, tags, &stepGradient)
    for unit in 0..<count {
      var gradient = marginals[unit]
      gradient[Int(tags[unit])] -= 1
      let size = gradient * gradient
      guard size.max() > 1e-7 else { continue }
      for place in used {
        let row = Int(input.features[unit * width + place])
        squares[row] += size
        weights[row] -=
          (gradient * rate + weights[row] * decay) / squares[row].squareRoot()
      }
    }
    for place in steps.indices {
      stepSquares[place] += stepGradient[place] * stepGradient[place]
      steps[place] -= rate * stepGradient[place] / stepSquares[place].squareRoot()
    }
    return loss / Float(count)
  }

  /// Marginals of each unit's tags, and what the steps' weights should change by.
  private func chances(
    _ scores: [Row], _ gold: [UInt8], _ stepGradient: inout [Float]
  ) -> ([Row], Float) {
    let count = scores.count
    let tags = TagSet.count
    var forward = [Row](repeating: Row(repeating: -1e30), count: count)
    for unit in 0..<count {
      for tag in 0..<tags {
        var best = [Float]()
        if unit == 0 {
          if tag == 0 || tag % 2 == 1 { best.append(step(0, tag)) }
        } else {
          for from in sources(tag) { best.append(forward[unit - 1][from] + step(from, tag)) }
        }
        forward[unit][tag] = sumOfPowers(best) + scores[unit][tag]
      }
    }
    var backward = [Row](repeating: .zero, count: count)
    if count > 1 {
      for unit in stride(from: count - 2, through: 0, by: -1) {
        for tag in 0..<tags {
          var best = [Float]()
          for to in targets(tag) {
            best.append(step(tag, to) + scores[unit + 1][to] + backward[unit + 1][to])
          }
          backward[unit][tag] = sumOfPowers(best)
        }
      }
    }
    let all = sumOfPowers((0..<tags).map { forward[count - 1][$0] })
    var marginals = [Row](repeating: .zero, count: count)
    var goldScore: Float = 0
    for unit in 0..<count {
      for tag in 0..<tags {
        marginals[unit][tag] = expf(forward[unit][tag] + backward[unit][tag] - all)
      }
      let previous = unit > 0 ? Int(gold[unit - 1]) : 0
      goldScore += scores[unit][Int(gold[unit])] + step(previous, Int(gold[unit]))
      addSteps(previous, Int(gold[unit]), -1, &stepGradient)
      for tag in 0..<tags {
        if unit == 0 {
          if tag == 0 || tag % 2 == 1 { addSteps(0, tag, marginals[0][tag], &stepGradient) }
        } else {
          for from in sources(tag) {
            let chance = expf(
              forward[unit - 1][from] + step(from, tag) + scores[unit][tag]
                + backward[unit][tag] - all)
            addSteps(from, tag, chance, &stepGradient)
          }
        }
      }
    }
    return (marginals, all - goldScore)
  }

  private func sources(_ tag: Int) -> [Int] {
    if tag == 0 || tag % 2 == 1 { return Array(0..<TagSet.count) }
    return [tag - 1, tag]
  }

  private func targets(_ tag: Int) -> [Int] {
    var targets = [0] + TagSet.kinds.indices.map { TagSet.begin($0) }
    if tag > 0 { targets.append(tag % 2 == 1 ? tag + 1 : tag) }
    return targets
  }

  private func places(_ from: Int, _ to: Int) -> (Int, Int?) {
    if from == 0 { return (to == 0 ? Steps.outOut : Steps.outBegin, nil) }
    let kind = (from - 1) / 2
    let isBegin = from % 2 == 1
    if to > 0, to % 2 == 0 {
      return (isBegin ? Steps.beginInside(kind) : Steps.insideInside(kind), nil)
    }
    return (isBegin ? Steps.beginEnd(kind) : Steps.insideEnd(kind), to == 0 ? nil : Steps.adjacent)
  }

  private func step(_ from: Int, _ to: Int) -> Float {
    let (one, other) = places(from, to)
    return steps[one] + (other.map { steps[$0] } ?? 0)
  }

  private func addSteps(_ from: Int, _ to: Int, _ value: Float, _ gradient: inout [Float]) {
    let (one, other) = places(from, to)
    gradient[one] += value
    if let other { gradient[other] += value }
  }

  private func sumOfPowers(_ values: [Float]) -> Float {
    guard let top = values.max(), top > -1e29 else { return -1e30 }
    var sum: Float = 0
    for value in values { sum += expf(value - top) }
    return top + logf(sum)
  }

  /// The model in integers.
  func model(scale: Float) -> TaggerModel {
    var bytes = [Int8](repeating: 0, count: TaggerFeatures.rows * TagSet.stride)
    for row in 0..<TaggerFeatures.rows {
      for tag in 0..<TagSet.count {
        let value = (weights[row][tag] * scale).rounded()
        bytes[row * TagSet.stride + tag] = Int8(max(-127, min(127, value)))
      }
    }
    return TaggerModel(
      weights: bytes, steps: TagSteps(values: steps.map { Int32(($0 * scale).rounded()) }))
  }
}
