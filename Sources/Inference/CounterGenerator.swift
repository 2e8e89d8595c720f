/// Random numbers that are a function of a seed and a counter: SplitMix64 (Steele, Lea and Flood,
/// 2014) in its counter form, so that draw n needs no draw before it.
public struct CounterGenerator: Sendable, Equatable {
  /// The seed.
  public let seed: UInt64
  /// Draws made.
  public private(set) var counter: UInt64

  /// A generator that goes on after `counter` draws.
  public init(seed: UInt64, counter: UInt64 = 0) {
    self.seed = seed
    self.counter = counter
  }

  /// The next 64 bits: mix(seed + (counter + 1) * 0x9E3779B97F4A7C15).
  public mutating func next() -> UInt64 {
    counter &+= 1
    var z = seed &+ counter &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  /// The next number in [0, 1): the upper 53 bits.
  public mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
