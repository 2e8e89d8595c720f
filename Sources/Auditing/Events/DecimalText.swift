internal import MedaiCore

/// A decimal number as text, because a leaf admits no floating point: `-?digits(.digits)?`, no
/// leading zeros, no negative zero, at most 40 characters.
public struct DecimalText: Sendable, Equatable {
  /// The text.
  public let text: String

  /// A decimal, where the text is one.
  public init?(_ text: String) {
    guard isDecimal(Array(text.utf8)) else { return nil }
    self.text = text
  }

  init(unchecked text: String) { self.text = text }

  /// A value with a fixed count of decimals.
  ///
  /// - Parameters:
  ///   - value: A finite value whose magnitude times 10^decimals is below 2^63.
  ///   - decimals: Digits after the point, 0 to 15.
  public init(_ value: Double, decimals: Int) { text = fixedPoint(value, decimals: decimals) }

  /// A value of 64 bits, such as a seed, that a JSON number could not hold.
  public init(_ value: UInt64) { text = String(value) }
}

/// Whether bytes spell a decimal in its only form for that count of digits.
func isDecimal(_ bytes: [UInt8]) -> Bool {
  guard (1...40).contains(bytes.count) else { return false }
  let isNegative = bytes[0] == UInt8(ascii: "-")
  let unsigned = bytes[(isNegative ? 1 : 0)...]
  let parts = unsigned.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
  guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0 &- 0x30 < 10 } }),
    parts[0].count == 1 || parts[0].first != 0x30
  else { return false }
  return !isNegative || unsigned.contains { (0x31...0x39).contains($0) }
}
