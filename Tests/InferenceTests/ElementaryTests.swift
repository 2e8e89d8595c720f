import CKernels
import Glibc
import Testing

/// Our exp, log, sine and cosine against the C library's.
struct ElementaryTests {
  @Test func expInDoubleIsWithinTwoUnits() {
    for step in -7_000...7_000 {
      let x = Double(step) * 0.1 + 0.0123
      let expected = exp(x)
      #expect(abs(medai_exp(x) - expected) <= 2 * expected.ulp, "\(x)")
    }
    #expect(medai_exp(0) == 1)
    #expect(medai_exp(-.infinity) == 0)
    #expect(medai_exp(.infinity) == .infinity)
    #expect(medai_exp(.nan).isNaN)
  }

  @Test func expInFloatIsWithinTwoUnits() {
    for step in -8_700...8_800 {
      let x = Float(step) * 0.01
      let expected = Float(exp(Double(x)))
      #expect(abs(medai_exp_float(x) - expected) <= 2 * expected.ulp, "\(x)")
    }
    #expect(medai_exp_float(0) == 1)
    #expect(medai_exp_float(-100) == 0)
    #expect(medai_exp_float(100) == .infinity)
    #expect(medai_exp_float(.nan).isNaN)
  }

  @Test func logIsWithinTwoUnits() {
    for step in 1...20_000 {
      let x = Double(step) * 0.00371
      #expect(abs(medai_log(x) - log(x)) <= 2 * max(log(x).magnitude, 0.01).ulp, "\(x)")
    }
    #expect(medai_log(1) == 0)
    #expect(medai_log(0) == -.infinity)
    #expect(medai_log(-1).isNaN)
    #expect(abs(medai_log(0x1p-1070) - log(0x1p-1070)) < 1e-12)
  }

  @Test func errorFunctionAndGELUAreExact() {
    for step in -70_000...70_000 {
      let x = Double(step) * 1e-4
      #expect(abs(medai_erf(x) - erf(x)) <= 4 * Double.ulpOfOne, "\(x)")
    }
    #expect(medai_erf(0) == 0 && medai_erf(9) == 1 && medai_erf(-.infinity) == -1)
    #expect(medai_erf(.nan).isNaN)
    var values = stride(from: Float(-9), through: 9, by: 0.001).map { $0 }
    let inputs = values
    unsafe medai_gelu(medai_isa_portable, &values, Int64(values.count))
    for (x, y) in zip(inputs, values) {
      let expected = Double(x) * 0.5 * erfc(-Double(x) / 2.0.squareRoot())
      #expect(abs(Double(y) - expected) <= 1e-7 * max(abs(expected), 1e-8), "\(x)")
    }
  }

  /// Values of transformers 5.23 (`ROPE_INIT_FUNCTIONS`), base 10,000, 16 dimensions.
  @Test func stretchedFrequenciesAreThoseOfTheReference() {
    var divisors = [Float](repeating: 0, count: 8)
    unsafe medai_llama3_divisors(10_000, 16, 8, 1, 4, 64, &divisors)
    let llama3: [Float] = [
      1, 1.293976, 7.667385, 7.999999, 8, 7.999999, 8, 7.999999,
    ]
    #expect(zip(divisors, llama3).allSatisfy { abs($0 - $1) <= 2e-6 * $1 }, "\(divisors)")
    unsafe medai_yarn_divisors(10_000, 16, 4, 256, 32, 1, 1, &divisors)
    let yarn: [Float] = [
      1, 1.230769, 1.6, 2.285714, 4, 4, 4, 4,
    ]
    #expect(zip(divisors, yarn).allSatisfy { abs($0 - $1) <= 2e-6 * $1 }, "\(divisors)")
    #expect(abs(medai_yarn_magnitude(4, 1) - 1.138629436111989) < 1e-12)
    #expect(medai_yarn_magnitude(1, 1) == 1 && medai_yarn_magnitude(0.5, 1) == 1)
  }

  @Test func rotaryTableIsRightlyRounded() {
    for position in [0, 1, 63, 4_095, 1_000_000] {
      var cosines = [Float](repeating: 0, count: 32)
      var sines = cosines
      unsafe medai_rotary_table(100_000, 64, Int64(position), nil, &cosines, &sines)
      for pair in 0..<32 {
        let angle = Double(position) * pow(100_000, -Double(2 * pair) / 64)
        // A last bit of the frequency is worth `position` last bits of the angle.
        let slack = 1e-7 + Double(position) * 3e-16
        #expect(abs(Double(cosines[pair]) - cos(angle)) < slack)
        #expect(abs(Double(sines[pair]) - sin(angle)) < slack)
      }
    }
  }

  @Test func halvesAreExact() {
    for pattern in UInt16.min...UInt16.max {
      let ours = medai_half_value(pattern)
      let exponent = Int(pattern >> 10 & 31)
      let fraction = Double(pattern & 1023)
      let magnitude =
        exponent == 0
        ? fraction * 0x1p-24
        : (1 + fraction / 1024) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
      if exponent == 31 {
        #expect(pattern & 1023 == 0 ? ours.isInfinite : ours.isNaN)
      } else {
        #expect(ours == Float(pattern & 0x8000 == 0 ? magnitude : -magnitude))
        #expect((ours.sign == .minus) == (pattern & 0x8000 != 0))
      }
    }
  }

  @Test func thisThreadRoundsAsIEEE() {
    #expect(medai_float_environment_is_default() == 1)
  }

  @Test func largestTakesTheLowestIndex() {
    #expect(unsafe medai_argmax([1, 3, 3, 2], 4) == 1)
    #expect(unsafe medai_all_finite([1, .nan], 2) == 0)
    #expect(unsafe medai_all_finite([1, -.infinity], 2) == 0)
    #expect(unsafe medai_all_finite([.greatestFiniteMagnitude, -0.0], 2) == 1)
  }
}
