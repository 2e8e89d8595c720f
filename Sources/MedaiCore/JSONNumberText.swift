/// Writes a finite double as ECMAScript's `Number::toString` does (RFC 8785 section 3.2.2.3).
///
/// Swift's own description already holds the shortest digits that read back; only their layout
/// differs.
///
/// - Parameter value: A finite double.
/// - Returns: A JSON number token.
public func ecmaScriptNumber(_ value: Double) -> String {
  precondition(value.isFinite, "JSON has no infinities")
  if value == 0 { return "0" }
  let sign = value < 0 ? "-" : ""
  let (digits, exponent) = shortestDigits(of: value.magnitude)
  let count = digits.count
  let text: String
  switch exponent {
  case count...21 where exponent >= count:
    text = digits + String(repeating: "0", count: exponent - count)
  case 1..<max(count, 1) where exponent <= 21:
    text = digits.prefix(exponent) + "." + digits.dropFirst(exponent)
  case -5...0:
    text = "0." + String(repeating: "0", count: -exponent) + digits
  default:
    let power = exponent - 1
    let mantissa = count == 1 ? digits : digits.prefix(1) + "." + digits.dropFirst()
    text = mantissa + "e" + (power < 0 ? "-" : "+") + String(power.magnitude)
  }
  return sign + text
}

/// The significant digits of a positive double and the place of its decimal point.
///
/// - Parameter value: A positive finite double.
/// - Returns: Digits `d1d2…dk` without leading or trailing zeros, and `n` such that the value is
///   0.d1d2…dk × 10ⁿ.
private func shortestDigits(of value: Double) -> (digits: String, exponent: Int) {
  var digits: [UInt8] = []
  var exponent = 0
  var point: Int?
  var bytes = Array(value.description.utf8)[...]
  if let mark = bytes.firstIndex(of: UInt8(ascii: "e")) {
    exponent = Int(String(decoding: bytes[(mark + 1)...], as: UTF8.self)) ?? 0
    bytes = bytes[..<mark]
  }
  for byte in bytes {
    if byte == UInt8(ascii: ".") { point = digits.count } else { digits.append(byte) }
  }
  exponent += point ?? digits.count
  let leadingZeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
  digits.removeFirst(leadingZeros)
  exponent -= leadingZeros
  while digits.last == UInt8(ascii: "0") { digits.removeLast() }
  return (String(decoding: digits, as: UTF8.self), exponent)
}

/// Writes a finite double with a fixed count of decimals, rounding half away from zero.
///
/// - Parameters:
///   - value: A finite double whose magnitude times 10^decimals is below 2^63.
///   - decimals: Digits after the point, 0 to 15.
/// - Returns: For example `0.8621`.
public func fixedPoint(_ value: Double, decimals: Int) -> String {
  precondition(value.isFinite && (0...15).contains(decimals), "not a fixed-point number")
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let scaled = Int((value.magnitude * scale).rounded(.toNearestOrAwayFromZero))
  let sign = value < 0 && scaled != 0 ? "-" : ""
  let digits = String(scaled)
  if decimals == 0 { return sign + digits }
  let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
  return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
}
