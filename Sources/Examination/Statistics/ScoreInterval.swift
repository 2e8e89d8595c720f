/// A 95 % interval.
public struct ScoreInterval: Sendable, Equatable {
  /// The lower bound.
  public let lower: Double
  /// The upper bound.
  public let upper: Double

  /// The 97.5 % point of the standard normal distribution.
  private static let z = 1.959963984540054

  /// Wilson's score interval for a share (Wilson 1927), without continuity correction.
  ///
  /// - Parameters:
  ///   - correct: Successes.
  ///   - count: Trials, at least 1.
  /// - Returns: The interval, which holds the share.
  public static func wilson(correct: Int, of count: Int) -> ScoreInterval {
    precondition(count > 0 && (0...count).contains(correct), "a share needs trials")
    let n = Double(count)
    let share = Double(correct) / n
    let square = z * z
    let centre = (share + square / (2 * n)) / (1 + square / n)
    let spread = share * (1 - share) / n + square / (4 * n * n)
    let half = z / (1 + square / n) * spread.squareRoot()
    // At the ends the bound is the share itself; rounding must not step past it.
    return ScoreInterval(
      lower: correct == 0 ? 0 : max(0, centre - half),
      upper: correct == count ? 1 : min(1, centre + half))
  }

  /// The exact interval (Clopper and Pearson 1934): at each bound the tail beyond the observed
  /// count has a chance of 2.5 %.
  ///
  /// - Parameters:
  ///   - correct: Successes.
  ///   - count: Trials, at least 1.
  /// - Returns: The interval, which holds the share.
  public static func clopperPearson(correct: Int, of count: Int) -> ScoreInterval {
    precondition(count > 0 && (0...count).contains(correct), "a share needs trials")
    let share = Double(correct) / Double(count)
    let lower =
      correct == 0
      ? 0
      : crossing(from: 0, to: share) {
        BinomialTail(count: count, probability: $0).atLeast(correct) < 0.025
      }
    let upper =
      correct == count
      ? 1
      : crossing(from: share, to: 1) {
        BinomialTail(count: count, probability: $0).atMost(correct) > 0.025
      }
    return ScoreInterval(lower: lower, upper: upper)
  }

  /// Where a condition that holds at the left end and fails at the right end stops holding, by
  /// halving until no double lies between.
  private static func crossing(
    from left: Double, to right: Double, _ holds: (Double) -> Bool
  ) -> Double {
    var left = left
    var right = right
    while true {
      let middle = left + (right - left) / 2
      if middle <= left || middle >= right || right - left < 1e-15 { return middle }
      if holds(middle) { left = middle } else { right = middle }
    }
  }
}
