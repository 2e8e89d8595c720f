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
