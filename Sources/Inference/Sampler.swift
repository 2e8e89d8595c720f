internal import CKernels

/// Chooses the next token from logits; a function of the logits, its settings and its counter.
///
/// First the repetition penalty, in Float32: the logit of every token among the last
/// `repetitionWindow` ones is divided by it where it is above zero, else multiplied, once however
/// often the token occurs. Temperature 0 then is greedy: the largest logit, of equal ones the lowest
/// id. Otherwise, in this order and all in Float64: every logit's distance to the largest is divided by the temperature;
/// tokens more than 30 below the largest (a share under 1e-13 each) are left out; the rest are
/// sorted, largest first, of equal ones the lowest id first; the first `topK` stay; weights are
/// exp(distance); the shortest beginning whose weight reaches `topP` of the whole stays, and of it
/// what weighs at least `minP` of the first; one draw u takes the first token whose running weight exceeds u times the weight of what stayed.
public struct Sampler: Sendable, Equatable {
  /// 0 for greedy, else above 0.
  public let temperature: Double
  /// In (0, 1]; 1 keeps all.
  public let topP: Double
  /// Most tokens to choose from; `nil` for no limit.
  public let topK: Int?
  /// In [0, 1]; 0 keeps all.
  public let minP: Double
  /// 1 for none.
  public let repetitionPenalty: Float
  /// How many of the latest tokens are penalised; `nil` for all, the prompt's among them.
  public let repetitionWindow: Int?
  /// Where the random numbers come from.
  public private(set) var generator: CounterGenerator

  /// The settings are out of their ranges.
  public struct InvalidSettings: Error, Equatable {}

  /// Greedy choice.
  public static let greedy = Sampler()

  private init() {
    temperature = 0
    topP = 1
    topK = nil
    minP = 0
    repetitionPenalty = 1
    repetitionWindow = nil
    generator = CounterGenerator(seed: 0)
  }

  /// A sampler at the beginning of its random numbers.
  ///
  /// - Parameters:
  ///   - temperature: 0 to 100; 0 is greedy.
  ///   - topP: In (0, 1].
  ///   - topK: At least 1, or `nil`.
  ///   - minP: In [0, 1].
  ///   - repetitionPenalty: 0.01 to 100.
  ///   - repetitionWindow: At least 1, or `nil`.
  ///   - seed: Any.
  /// - Throws: `InvalidSettings` where one is out of its range.
  public init(
    temperature: Double, topP: Double = 1, topK: Int? = nil, minP: Double = 0,
    repetitionPenalty: Float = 1, repetitionWindow: Int? = nil, seed: UInt64
  ) throws(InvalidSettings) {
    // Below a millionth the division would overflow what follows; 0 says the same.
    guard temperature == 0 || (temperature >= 1e-6 && temperature <= 100), topP > 0, topP <= 1,
      (topK ?? 1) >= 1, minP >= 0, minP <= 1, repetitionPenalty >= 0.01,
      repetitionPenalty <= 100, (repetitionWindow ?? 1) >= 1
    else { throw InvalidSettings() }
    self.temperature = temperature
    self.topP = topP
    self.topK = topK
    self.minP = minP
    self.repetitionPenalty = repetitionPenalty
    self.repetitionWindow = repetitionWindow
    generator = CounterGenerator(seed: seed)
  }

  /// The next token.
  ///
  /// - Parameters:
  ///   - logits: Finite, one for each token.
  ///   - history: The tokens before it, the latest last.
  /// - Returns: Its id.
  public mutating func choose(_ logits: Span<Float>, after history: [Int32]) -> Int32 {
    guard repetitionPenalty != 1, !history.isEmpty else { return choose(logits) }
    var penalised = unsafe logits.withUnsafeBufferPointer { unsafe Array($0) }
    var seen = [Bool](repeating: false, count: penalised.count)
    for token in history.suffix(repetitionWindow ?? history.count) {
      let index = Int(token)
      guard penalised.indices.contains(index), !seen[index] else { continue }
      seen[index] = true
      let logit = penalised[index]
      penalised[index] = logit > 0 ? logit / repetitionPenalty : logit * repetitionPenalty
    }
    return choose(penalised.span)
  }

  /// The next token, whatever came before.
  ///
  /// - Parameter logits: Finite, one for each token.
  /// - Returns: Its id.
  public mutating func choose(_ logits: Span<Float>) -> Int32 {
    precondition(!logits.isEmpty, "logits of a vocabulary")
    let best = unsafe logits.withUnsafeBufferPointer {
      unsafe Int($0.baseAddress.map { unsafe medai_argmax($0, Int64(logits.count)) } ?? 0)
    }
    if temperature == 0 { return Int32(best) }
    let largest = Double(logits[best])
    var candidates: [(distance: Double, id: Int32)] = []
    for id in 0..<logits.count {
      let distance = (Double(logits[id]) - largest) / temperature
      if distance >= -30 { candidates.append((distance, Int32(id))) }
    }
    candidates.sort { $0.distance != $1.distance ? $0.distance > $1.distance : $0.id < $1.id }
    if let topK, topK < candidates.count { candidates.removeLast(candidates.count - topK) }
    let weights = candidates.map { medai_exp($0.distance) }
    let whole = weights.reduce(0, +)
    var kept = 0.0
    var count = 0
    for weight in weights {
      kept += weight
      count += 1
      if kept >= topP * whole { break }
    }
    if minP > 0, weights[count - 1] < minP * weights[0] {
      while weights[count - 1] < minP * weights[0] { count -= 1 }
      kept = weights[..<count].reduce(0, +)
    }
    let target = generator.nextUnit() * kept
    var running = 0.0
    for index in 0..<count {
      running += weights[index]
      if running > target { return candidates[index].id }
    }
    return candidates[count - 1].id
  }
}
