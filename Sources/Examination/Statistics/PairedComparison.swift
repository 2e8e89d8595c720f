internal import MedaiCore

/// Two sets of answers to the same items.
public struct PairedComparison: Sendable, Equatable {
  /// What is drawn again together.
  public enum Unit: String, Sendable {
    case item
    /// Items that share a passage or a case, which are not independent.
    case group
  }

  /// Items that only this model got right.
  public let onlyThis: Int
  /// Items that only the other model got right.
  public let onlyOther: Int
  /// Items that this model got right.
  public let correctThis: Int
  /// Items that the other model got right.
  public let correctOther: Int
  /// Items.
  public let count: Int
  /// What was drawn again.
  public let unit: Unit
  /// 95 % interval of this score minus the other, by resampling.
  public let differenceInterval: ScoreInterval
  /// 95 % interval of this score over the other; a bound is infinite where the other has none
  /// right.
  public let ratioInterval: ScoreInterval

  /// Resamples that an interval is made of.
  public static let resamples = 10_000
  /// Seed of the resampling.
  public static let seed: UInt64 = 20_260_124

  /// This score minus the other.
  public var difference: Double { Double(correctThis - correctOther) / Double(count) }

  /// This score over the other; `nil` where the other has none right.
  public var ratio: Double? {
    correctOther == 0 ? nil : Double(correctThis) / Double(correctOther)
  }

  /// McNemar's test, exact and two-sided: twice the smaller tail of a fair coin thrown for every
  /// item that only one of the two got right.
  public var mcnemar: Double {
    let tail = BinomialTail(count: onlyThis + onlyOther, probability: 0.5)
    return min(1, 2 * tail.atMost(min(onlyThis, onlyOther)))
  }

  /// Compares two lists of marks.
  ///
  /// - Parameters:
  ///   - this: Whether this model got each item right; at least one item.
  ///   - other: Whether the other model did, in the same order.
  ///   - groups: Which group each item is in, numbered from 0; `nil` where there are none.
  init(this: [Bool], other: [Bool], groups: [Int]? = nil) {
    precondition(!this.isEmpty && this.count == other.count, "a comparison needs pairs")
    count = this.count
    correctThis = this.count { $0 }
    correctOther = other.count { $0 }
    onlyThis = zip(this, other).count { $0 && !$1 }
    onlyOther = zip(this, other).count { !$0 && $1 }
    unit = groups == nil ? .item : .group
    let groups = groups ?? Array(this.indices)
    var draws = Array(repeating: Draw(), count: (groups.max() ?? 0) + 1)
    for (index, group) in groups.enumerated() {
      draws[group].add(this: this[index], other: other[index])
    }
    // Sorted, so that the order of a file's lines changes no digit.
    draws.sort { ($0.count, $0.this, $0.other) > ($1.count, $1.this, $1.other) }
    (differenceInterval, ratioInterval) = Self.resample(draws)
  }

  /// What one unit adds to a resample.
  private struct Draw {
    var this = 0
    var other = 0
    var count = 0

    mutating func add(this: Bool, other: Bool) {
      if this { self.this += 1 }
      if other { self.other += 1 }
      count += 1
    }
  }

  /// The paired bootstrap: units are drawn with replacement, both scores are taken of the same
  /// draw, and the interval runs from the 250th to the 9,750th of 10,000 sorted values.
  private static func resample(
    _ draws: [Draw]
  ) -> (difference: ScoreInterval, ratio: ScoreInterval) {
    var generator = SplitMix64(seed: seed)
    var differences: [Double] = []
    var ratios: [Double] = []
    differences.reserveCapacity(resamples)
    ratios.reserveCapacity(resamples)
    for _ in 0..<resamples {
      var sum = Draw()
      for _ in draws.indices {
        let draw = draws[generator.below(draws.count)]
        sum.this += draw.this
        sum.other += draw.other
        sum.count += draw.count
      }
      differences.append(Double(sum.this - sum.other) / Double(sum.count))
      ratios.append(sum.other == 0 ? .infinity : Double(sum.this) / Double(sum.other))
    }
    return (middle(of: differences), middle(of: ratios))
  }

  private static func middle(of values: [Double]) -> ScoreInterval {
    let sorted = values.sorted()
    return ScoreInterval(
      lower: sorted[resamples / 40 - 1], upper: sorted[resamples - resamples / 40 - 1])
  }
}
