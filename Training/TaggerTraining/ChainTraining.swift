import Deidentification

/// Trains the chain: the logarithm of the probability of the right tags, one note a step, with
/// AdaGrad (Duchi et al., JMLR 2011).
///
/// Only additions, multiplications, divisions and square roots are used, which IEEE 754 rounds the
/// same way everywhere: the same notes give the same bytes on every machine.
struct ChainTraining {
  private typealias Row = SIMD32<Float>
  private typealias Steps = TagSteps<Double>

  private var weights = [Row](repeating: .zero, count: TaggerFeatures.rows)
  private var squares = [Row](repeating: Row(repeating: 1e-3), count: TaggerFeatures.rows)
  private var steps = [Double](repeating: 0, count: Steps.count)
  private var stepSquares = [Double](repeating: 1e-3, count: Steps.count)
  private var sumOfWeights = [Row](repeating: .zero, count: TaggerFeatures.rows)
  private var sumOfSteps = [Double](repeating: 0, count: Steps.count)
  private var summed = 0
  private let rate: Float
  private let decay: Float

  init(rate: Float, decay: Float) {
    self.rate = rate
    self.decay = decay
  }

  /// One step over one note.
  ///
  /// - Parameters:
  ///   - input: The note's features.
  ///   - tags: The right tags.
  ///   - leavingOut: Places of features that this step does without (dropout).
  /// - Returns: The loss a unit.
  mutating func learn(
    _ input: TaggerInput, _ tags: [UInt8], leavingOut: Set<Int> = []
  ) -> Double {
    let count = input.count
    guard count > 0 else { return 0 }
    let width = TaggerFeatures.width
    let used = (0..<width).filter { !leavingOut.contains($0) }
    let share = Float(width) / Float(used.count)
    var scores = [Row](repeating: .zero, count: count)
    for unit in 0..<count {
      var sum = Row.zero
      for place in used { sum += weights[Int(input.features[unit * width + place])] }
      scores[unit] = sum * share
    }
    var chances = ChainChances(scores: scores, steps: steps)
    chances.compare(with: tags)
    for unit in 0..<count {
      var gradient = chances.marginals[unit]
      gradient[Int(tags[unit])] -= 1
      let size = gradient * gradient
      guard size.max() > 4e-6 else { continue }
      let push = gradient * rate
      for place in used {
        let row = Int(input.features[unit * width + place])
        squares[row] += size
        weights[row] -= (push + weights[row] * decay) / squares[row].squareRoot()
      }
    }
    for place in steps.indices {
      let gradient = chances.stepGradient[place]
      stepSquares[place] += gradient * gradient
      steps[place] -= Double(rate) * gradient / stepSquares[place].squareRoot()
    }
    return chances.loss / Double(count)
  }

  /// Takes the weights of this moment into the mean that the model will be.
  mutating func sum() {
    for row in weights.indices { sumOfWeights[row] += weights[row] }
    for place in steps.indices { sumOfSteps[place] += steps[place] }
    summed += 1
  }

  /// The mean of the summed weights in integers.
  func model(scale: Float) -> TaggerModel {
    let share = Float(max(1, summed))
    var bytes = [Int8](repeating: 0, count: TaggerFeatures.rows * TagSet.stride)
    for row in 0..<TaggerFeatures.rows {
      for tag in 0..<TagSet.count {
        let value = (sumOfWeights[row][tag] / share * scale).rounded()
        bytes[row * TagSet.stride + tag] = Int8(max(-127, min(127, value)))
      }
    }
    return TaggerModel(
      weights: bytes,
      steps: TagSteps(
        values: sumOfSteps.map { Int32(($0 / Double(share) * Double(scale)).rounded()) }))
  }
}
