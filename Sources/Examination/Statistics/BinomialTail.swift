/// A binomial distribution, summed exactly as far as Float64 goes.
///
/// No logarithm and no gamma function: every term follows from its neighbour by one multiplication
/// and one division, starting with 1 at the mode, and the sums are divided by their total. Those
/// operations are correctly rounded on every machine, so the digits are too; libm's differ.
struct BinomialTail {
  /// Trials.
  let count: Int
  /// Chance of success in each, 0 to 1.
  let probability: Double

  /// The chance of at least so many successes.
  func atLeast(_ successes: Int) -> Double {
    if successes <= 0 { return 1 }
    if successes > count || probability <= 0 { return 0 }
    if probability >= 1 { return 1 }
    let sums = sums(splitAt: successes)
    return sums.above / (sums.below + sums.above)
  }

  /// The chance of at most so many successes.
  func atMost(_ successes: Int) -> Double {
    if successes < 0 { return 0 }
    if successes >= count || probability <= 0 { return 1 }
    if probability >= 1 { return 0 }
    let sums = sums(splitAt: successes + 1)
    return sums.below / (sums.below + sums.above)
  }

  /// The terms below a count of successes, and those from it on, in units of the largest.
  private func sums(splitAt split: Int) -> (below: Double, above: Double) {
    let odds = probability / (1 - probability)
    let mode = min(count, Int(Double(count + 1) * probability))
    var below = 0.0
    var above = 0.0
    var term = 1.0
    var successes = mode
    while term > 0 {
      if successes < split { below += term } else { above += term }
      if successes == count { break }
      term *= Double(count - successes) / Double(successes + 1) * odds
      successes += 1
    }
    term = 1
    successes = mode
    while successes > 0 {
      term *= Double(successes) / Double(count - successes + 1) / odds
      if term == 0 { break }
      successes -= 1
      if successes < split { below += term } else { above += term }
    }
    return (below, above)
  }
}
