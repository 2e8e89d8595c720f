import MedaiCore
import Testing

@Test func ecmaScriptNumbers() {
  let cases: [(Double, String)] = [
    (0, "0"), (-0.0, "0"), (1, "1"), (-1.5, "-1.5"), (333333333.33333329, "333333333.3333333"),
    (1e30, "1e+30"), (4.50, "4.5"), (2e-3, "0.002"), (1e-27, "1e-27"), (1e21, "1e+21"),
    (1e20, "100000000000000000000"), (1e-6, "0.000001"), (1e-7, "1e-7"), (123e-9, "1.23e-7"),
    (Double.leastNonzeroMagnitude, "5e-324"), (9007199254740992, "9007199254740992"), (0.1, "0.1"),
    (1.7976931348623157e308, "1.7976931348623157e+308"), (10, "10"), (1e5, "100000"),
  ]
  for (value, text) in cases { #expect(ecmaScriptNumber(value) == text) }
}
