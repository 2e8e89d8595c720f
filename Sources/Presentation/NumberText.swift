internal import MedaiCore

/// An integer with commas between groups of three digits, as both languages write it.
package func grouped(_ number: Int) -> String {
  let digits = Array(String(number.magnitude).utf8)
  var text: [UInt8] = number < 0 ? [0x2D] : []
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(0x2C) }
    text.append(digit)
  }
  return String(decoding: text, as: UTF8.self)
}

/// A share as a percentage with one decimal, such as `86.2 %`, whose sign never starts a line.
///
/// - Throws: `notFinite` for a share that is no number.
func percent(_ share: Double, _ figure: String) throws(PresentationError) -> String {
  try decimal(share * 100, decimals: 1, figure) + "\u{A0}%"
}

/// A number with a fixed count of decimals.
///
/// - Throws: `notFinite` for infinities, NaN and magnitudes that no figure has.
func decimal(
  _ value: Double, decimals: Int, _ figure: String
) throws(PresentationError) -> String {
  guard value.isFinite, value.magnitude < 1e9 else { throw .notFinite(figure: figure) }
  return fixedPoint(value, decimals: decimals)
}

/// A p value: four decimals, and a bound below what they can show.
func pValue(_ value: Double, _ figure: String) throws(PresentationError) -> String {
  guard value.isFinite else { throw .notFinite(figure: figure) }
  return value < 0.0001 ? "< 0.0001" : fixedPoint(value, decimals: 4)
}
