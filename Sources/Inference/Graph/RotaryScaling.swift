internal import CKernels

/// How rotary angles are stretched beyond the context a model was first trained for.
enum RotaryScaling: Sendable, Equatable {
  case none
  /// Every angle is divided by the factor.
  case linear(factor: Double)
  /// The rule of Llama 3.1.
  case llama3(factor: Double, low: Double, high: Double, original: Double)
  /// YaRN: a ramp over the dimensions, and cosines and sines multiplied by `magnitude`.
  case yarn(
    factor: Double, original: Double, fast: Double, slow: Double, truncates: Bool,
    magnitude: Float)

  /// The divisors of the frequencies, half of `width`; empty where nothing is divided.
  func divisors(base: Double, width: Int) -> [Float] {
    var result = [Float](repeating: 1, count: width / 2)
    switch self {
    case .none: return []
    case .linear(let factor): return result.map { _ in Float(factor) }
    case .llama3(let factor, let low, let high, let original):
      unsafe medai_llama3_divisors(
        base, Int64(width), factor, low, high, original, &result)
    case .yarn(let factor, let original, let fast, let slow, let truncates, _):
      unsafe medai_yarn_divisors(
        base, Int64(width), factor, original, fast, slow, truncates ? 1 : 0, &result)
    }
    return result
  }

  /// What cosines and sines are multiplied by.
  var magnitude: Float {
    if case .yarn(_, _, _, _, _, let magnitude) = self { magnitude } else { 1 }
  }

  /// The numbers of a scaling as a file gives them, checked.
  ///
  /// - Parameters:
  ///   - kind: `linear`, `llama3` or `yarn`.
  ///   - key: Name of the entry, for errors.
  ///   - truncates: Whether YaRN's ramp is widened to whole dimensions.
  ///   - number: Reads a number; `nil` where the file has none.
  /// - Throws: `ModelProblem` that names the number.
  init(
    kind: [UInt8], key: String, truncates: Bool = true,
    _ number: (_ name: String) throws(ModelProblem) -> Double?
  ) throws(ModelProblem) {
    func needed(_ name: String, _ range: ClosedRange<Double>) throws(ModelProblem) -> Double {
      guard let value = try number(name) else { throw .missingKey("\(key).\(name)") }
      guard range.contains(value) else { throw .badValue("\(key).\(name)") }
      return value
    }
    let context = 1.0...16_777_216.0
    switch kind {
    case Array("linear".utf8):
      self = .linear(factor: try needed("factor", 1e-6...1e6))
    case Array("llama3".utf8):
      let low = try needed("low_freq_factor", 1e-6...1e6)
      let high = try needed("high_freq_factor", 1e-6...1e6)
      guard high > low else { throw .badValue("\(key).high_freq_factor") }
      self = .llama3(
        factor: try needed("factor", 1e-6...1e6), low: low, high: high,
        original: try needed("original_max_position_embeddings", context))
    case Array("yarn".utf8):
      let factor = try needed("factor", 1e-6...1e6)
      let fast = try number("beta_fast") ?? 32
      let slow = try number("beta_slow") ?? 1
      guard slow >= 1e-6, fast > slow, fast <= 1e6 else { throw .badValue("\(key).beta_fast") }
      let scale = try number("mscale") ?? 0
      let whole = try number("mscale_all_dim") ?? 0
      guard abs(scale) <= 1e3, abs(whole) <= 1e3 else { throw .badValue("\(key).mscale") }
      var magnitude = medai_yarn_magnitude(factor, 1)
      if scale != 0, whole != 0 {
        magnitude = medai_yarn_magnitude(factor, scale) / medai_yarn_magnitude(factor, whole)
      }
      if let stated = try number("attention_factor") { magnitude = stated }
      guard magnitude > 0, magnitude <= 1e3 else { throw .badValue("\(key).attention_factor") }
      self = .yarn(
        factor: factor, original: try needed("original_max_position_embeddings", context),
        fast: fast, slow: slow, truncates: truncates, magnitude: Float(magnitude))
    default: throw .unsupportedFeature("\(key) \(shownName(kind))")
    }
  }
}
