import Inference
import Testing

struct SamplerTests {
  /// The first numbers of SplitMix64 as published for the seed 1234567.
  @Test func numbersAreSplitMix64() {
    var generator = CounterGenerator(seed: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ]
    #expect(expected.map { _ in generator.next() } == expected)
    var later = CounterGenerator(seed: 1_234_567, counter: 3)
    #expect(later.next() == expected[3])
  }

  private func choose(_ sampler: inout Sampler, _ logits: [Float]) -> Int32 {
    sampler.choose(logits.span)
  }

  @Test func greedyTakesTheLowestOfEqualOnes() {
    var greedy = Sampler.greedy
    #expect(choose(&greedy, [0, 2, 1, 2]) == 1)
    #expect(choose(&greedy, [-1]) == 0)
  }

  @Test func limitsLeaveTheFirstOnly() throws {
    for seed in UInt64(0)..<50 {
      var one = try Sampler(temperature: 5, topK: 1, seed: seed)
      #expect(choose(&one, [1, 3, 2, 3]) == 1)
      var narrow = try Sampler(temperature: 1, topP: 0.01, seed: seed)
      #expect(choose(&narrow, [0, 0, 0.5]) == 2)
    }
  }

  @Test func minimumIsAShareOfTheFirst() throws {
    // Weights 5, 2, 1 of ln 5, ln 2, ln 1.
    let logits: [Float] = [0, 1.609438, 0.6931472]
    var counts = [0, 0, 0]
    var all = try Sampler(temperature: 1, minP: 0.19, seed: 3)
    var two = try Sampler(temperature: 1, minP: 0.3, seed: 3)
    var one = try Sampler(temperature: 1, minP: 1, seed: 3)
    for _ in 0..<2_000 {
      counts[Int(choose(&two, logits))] += 1
      #expect(choose(&one, logits) == 1)
    }
    #expect(counts[0] == 0 && abs(counts[1] - 1_429) < 100)
    #expect((0..<200).contains { _ in choose(&all, logits) == 0 })
    // Equal weights are all of the first's share.
    #expect((0..<99).contains { _ in choose(&one, [1, 1]) == 1 })
  }

  @Test func repetitionIsPenalisedOnce() throws {
    var sampler = try Sampler(temperature: 0, repetitionPenalty: 2, repetitionWindow: 2, seed: 0)
    func choose(_ logits: [Float], _ history: [Int32]) -> Int32 {
      sampler.choose(logits.span, after: history)
    }
    #expect(choose([3, 2, 1], []) == 0)
    #expect(choose([3, 2, 1], [0]) == 1)
    #expect(choose([3, 1.4, 1], [0, 0]) == 0, "once, not twice")
    #expect(choose([3, 2, 1], [0, 1, 2]) == 0, "out of the window")
    #expect(choose([-1, -1.5, -3], [0, 2]) == 1, "negative ones grow")
    #expect(choose([3, 2, 1], [7, -1]) == 0, "no token of the vocabulary")
    #expect(sampler.generator.counter == 0)
  }

  @Test func sharesAreThoseOfTheSoftmax() throws {
    var sampler = try Sampler(temperature: 1, seed: 9)
    var counts = [0, 0, 0]
    // ln 1, ln 2, ln 5.
    for _ in 0..<8_000 { counts[Int(choose(&sampler, [0, 0.6931472, 1.609438]))] += 1 }
    #expect(abs(counts[0] - 1_000) < 120)
    #expect(abs(counts[1] - 2_000) < 160)
    #expect(abs(counts[2] - 5_000) < 180)
  }

  @Test(
    arguments: [
      (-1.0, 1.0, nil), (.nan, 1, nil), (1, 0, nil), (1, 1.1, nil), (1, .nan, nil), (1, 1, 0),
      (1e-9, 1, nil), (.infinity, 1, nil),
    ] as [(Double, Double, Int?)])
  func refusesSettingsOutOfRange(temperature: Double, topP: Double, topK: Int?) {
    #expect(throws: Sampler.InvalidSettings.self) {
      _ = try Sampler(temperature: temperature, topP: topP, topK: topK, seed: 1)
    }
  }

  @Test(
    arguments: [
      (-0.1, 1, nil), (1.1, 1, nil), (.nan, 1, nil), (0, 0, nil), (0, -1, nil), (0, .nan, nil),
      (0, 1, 0),
    ] as [(Double, Float, Int?)])
  func refusesPenaltiesOutOfRange(minP: Double, penalty: Float, window: Int?) {
    #expect(throws: Sampler.InvalidSettings.self) {
      _ = try Sampler(
        temperature: 1, minP: minP, repetitionPenalty: penalty, repetitionWindow: window, seed: 1)
    }
  }
}
