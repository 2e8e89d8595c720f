/// A share that somebody states, with as many decimals as it was stated with.
///
/// Kept as digits: 0.862 claims less than 0.8620, and no binary fraction equals either.
public struct DecimalShare: Sendable, Equatable {
  /// The digits without the point.
  public let digits: Int
  /// Digits after the point, at most 9.
  public let decimals: Int

  /// Reads `0`, `1` or `0.862`; `nil` for anything else, for more than nine decimals, and above
  /// the limit.
  ///
  /// - Parameters:
  ///   - text: Digits with an optional point; no sign, no exponent, no percent.
  ///   - limit: The largest value allowed, in whole units.
  public init?(_ text: String, limit: Int = 1) {
    let bytes = Array(text.utf8)
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count <= 2, parts[0].count == 1 else { return nil }
    let fraction = parts.count == 2 ? parts[1] : []
    guard parts.count == 1 || !fraction.isEmpty, fraction.count <= 9 else { return nil }
    var digits = 0
    for byte in parts[0] + fraction {
      guard byte &- 0x30 < 10 else { return nil }
      digits = digits * 10 + Int(byte - 0x30)
    }
    self.digits = digits
    decimals = fraction.count
    if digits > limit * scale { return nil }
  }

  /// Ten to the power of the decimals.
  private var scale: Int {
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    return scale
  }

  /// The nearest double.
  public var value: Double { Double(digits) / Double(scale) }

  /// The share as it was stated.
  public var text: String {
    let padded =
      String(repeating: "0", count: max(0, decimals + 1 - String(digits).count))
      + String(digits)
    return decimals == 0 ? padded : padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }

  /// Whether the share is at most a fraction rounded to the share's decimals, half away from
  /// zero; in integers, so that no rounding of ours decides.
  func isAtMostRounded(_ numerator: Int, of denominator: Int) -> Bool {
    let rounded = (2 * numerator * scale + denominator) / (2 * denominator)
    return digits <= rounded
  }

  /// Whether the share is at most a fraction as it is.
  func isAtMost(_ numerator: Int, of denominator: Int) -> Bool {
    digits * denominator <= numerator * scale
  }
}
