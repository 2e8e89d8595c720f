import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@testable import Examination

private func golden(_ name: String) throws -> JSONValue {
  try parseJSON(try readFile(goldenFolder(beside: #filePath).appending(name)))
}

private func isNear(_ value: Double, _ expected: JSONValue?) -> Bool {
  guard let expected = expected?.double else { return false }
  return abs(value - expected) < 1e-9
}

@Test func intervalsEqualSciPy() throws {
  let cases = try #require(try golden("statistics.json")["intervals"]?.array)
  #expect(cases.count > 20)
  for entry in cases {
    let correct = try #require(entry["correct"]?.int)
    let count = try #require(entry["n"]?.int)
    let wilson = ScoreInterval.wilson(correct: correct, of: count)
    let exact = ScoreInterval.clopperPearson(correct: correct, of: count)
    #expect(isNear(wilson.lower, entry["wilson"]?.array?[0]), "\(correct)/\(count)")
    #expect(isNear(wilson.upper, entry["wilson"]?.array?[1]), "\(correct)/\(count)")
    #expect(isNear(exact.lower, entry["clopper_pearson"]?.array?[0]), "\(correct)/\(count)")
    #expect(isNear(exact.upper, entry["clopper_pearson"]?.array?[1]), "\(correct)/\(count)")
  }
}

@Test func tailsEqualSciPy() throws {
  let cases = try #require(try golden("statistics.json")["tails"]?.array)
  #expect(cases.count > 15)
  for entry in cases {
    let correct = try #require(entry["correct"]?.int)
    let tail = BinomialTail(
      count: try #require(entry["n"]?.int), probability: try #require(entry["p"]?.double))
    #expect(isNear(tail.atLeast(correct), entry["greater"]), "\(entry)")
    #expect(isNear(tail.atMost(correct), entry["less"]), "\(entry)")
    // Far tails keep their relative size, not only their distance from zero.
    let greater = try #require(entry["greater"]?.double)
    if greater > 1e-290 { #expect(abs(tail.atLeast(correct) / greater - 1) < 1e-9, "\(entry)") }
  }
}

@Test func mcnemarEqualsSciPy() throws {
  let cases = try #require(try golden("statistics.json")["mcnemar"]?.array)
  #expect(cases.count > 10)
  for entry in cases {
    let this = try #require(entry["this"]?.int)
    let other = try #require(entry["other"]?.int)
    let expected = try #require(entry["p"]?.double)
    let tail = BinomialTail(count: this + other, probability: 0.5)
    #expect(abs(min(1, 2 * tail.atMost(min(this, other))) - expected) < 1e-9)
  }
}

@Test func resampledIntervalsEqualNumPy() throws {
  let cases = try #require(try golden("statistics.json")["resampled"]?.array)
  #expect(cases.count > 3)
  for entry in cases {
    let counts = try #require(entry["counts"]?.array).compactMap(\.int)
    var this: [Bool] = []
    var other: [Bool] = []
    for (index, count) in counts.enumerated() {
      this += Array(repeating: index < 2, count: count)
      other += Array(repeating: index % 2 == 0, count: count)
    }
    let comparison = PairedComparison(this: this, other: other)
    #expect(comparison.onlyThis == counts[1] && comparison.onlyOther == counts[2])
    for (interval, key) in [
      (comparison.differenceInterval, "difference"), (comparison.ratioInterval, "ratio"),
    ] {
      for (bound, expected) in zip(
        [interval.lower, interval.upper], try #require(entry[key]?.array))
      {
        if case .null = expected {
          #expect(bound == .infinity)
        } else {
          #expect(isNear(bound, expected), "\(counts) \(key)")
        }
      }
    }
  }
}

/// The worked figures of docs/exam.md.
@Test func theClaimOfTheDoctorTest() {
  let wilson = ScoreInterval.wilson(correct: 375, of: 435)
  let exact = ScoreInterval.clopperPearson(correct: 375, of: 435)
  #expect(fixedPoint(375.0 / 435, decimals: 4) == "0.8621")
  #expect(fixedPoint(wilson.lower, decimals: 4) == "0.8265")
  #expect(fixedPoint(wilson.upper, decimals: 4) == "0.8913")
  #expect(fixedPoint(exact.lower, decimals: 4) == "0.8260")
  #expect(fixedPoint(exact.upper, decimals: 4) == "0.8931")
  let tail = BinomialTail(count: 435, probability: 0.7966).atLeast(375)
  #expect(fixedPoint(tail, decimals: 6) == "0.000256")
}

/// 1118 against 1144 of 1273: the unpaired test says .10; pairing says otherwise.
@Test func pairingChangesTheVerdict() {
  let both = 1118 - 67
  let counts = [both, 67, 93, 1273 - both - 160]
  let this = [true, true, false, false].indices.flatMap {
    Array(repeating: $0 < 2, count: counts[$0])
  }
  let other = [0, 1, 2, 3].flatMap { Array(repeating: $0 % 2 == 0, count: counts[$0]) }
  let comparison = PairedComparison(this: this, other: other)
  #expect(comparison.correctThis == 1118 && comparison.correctOther == 1144)
  #expect(fixedPoint(comparison.mcnemar, decimals: 3) == "0.048")
  #expect(comparison.differenceInterval.upper < 0)
}

@Test func intervalsHoldTheScoreAndGrowWithIt() {
  for count in [1, 2, 3, 7, 48, 200] {
    var last: [ScoreInterval] = []
    for correct in 0...count {
      let share = Double(correct) / Double(count)
      let intervals = [
        ScoreInterval.wilson(correct: correct, of: count),
        ScoreInterval.clopperPearson(correct: correct, of: count),
      ]
      for (place, interval) in intervals.enumerated() {
        #expect(interval.lower <= share && share <= interval.upper)
        #expect(0 <= interval.lower && interval.upper <= 1)
        if correct > 0 {
          #expect(interval.lower > last[place].lower || interval.lower == 0)
          #expect(interval.upper > last[place].upper || interval.upper == 1)
        }
      }
      // The two ends mirror each other.
      let mirrored = ScoreInterval.clopperPearson(correct: count - correct, of: count)
      #expect(abs(1 - mirrored.upper - intervals[1].lower) < 1e-12)
      last = intervals
    }
  }
}

@Test func tailsFallWithTheCountAndSumToOne() {
  for probability in [0.0, 1e-6, 0.2, 0.5, 0.7966, 1 - 1e-9, 1.0] {
    let tail = BinomialTail(count: 60, probability: probability)
    #expect(tail.atLeast(0) == 1 && tail.atLeast(61) == 0)
    #expect(tail.atMost(-1) == 0 && tail.atMost(60) == 1)
    for successes in 0...60 {
      #expect(tail.atLeast(successes + 1) <= tail.atLeast(successes))
      #expect(abs(tail.atMost(successes) + tail.atLeast(successes + 1) - 1) < 1e-12)
    }
  }
}

@Test func groupsAreDrawnWhole() {
  // Ten groups of five equal items: the interval must be as wide as that of ten items.
  let pattern = [true, false, true, true, false, true, true, false, true, true]
  let single = PairedComparison(this: pattern, other: pattern.map { !$0 })
  let wide = PairedComparison(
    this: pattern.flatMap { Array(repeating: $0, count: 5) },
    other: pattern.flatMap { Array(repeating: !$0, count: 5) },
    groups: pattern.indices.flatMap { Array(repeating: $0, count: 5) })
  #expect(wide.unit == .group && single.unit == .item)
  #expect(wide.differenceInterval == single.differenceInterval)
}

@Test func comparisonWithItselfShowsNothing() {
  let marks = (0..<50).map { $0 % 3 == 0 }
  let comparison = PairedComparison(this: marks, other: marks)
  #expect(comparison.mcnemar == 1)
  #expect(comparison.differenceInterval == ScoreInterval(lower: 0, upper: 0))
  #expect(comparison.ratio == 1)
}
