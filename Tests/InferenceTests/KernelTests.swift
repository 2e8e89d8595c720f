import CKernels
import Testing

/// Each fast kernel against its plain twin, bit for bit.
@Suite(.enabled(if: medai_isa_runs(medai_isa_avx2) == 1, "this processor has no AVX2"))
struct KernelTests {
  private static let types = [
    medai_f32, medai_f16, medai_bf16, medai_q4_0, medai_q4_1, medai_q8_0, medai_q5_0, medai_q5_1,
    medai_q2_k, medai_q3_k, medai_q4_k, medai_q5_k, medai_q6_k, medai_iq4_nl, medai_iq4_xs,
  ]
  /// Where a block of a newer type has its Float16 numbers.
  private static let halves: [UInt32: [Int]] = [
    6: [0], 7: [0, 2], 10: [80, 82], 11: [108], 12: [0, 2], 13: [0, 2], 14: [208], 20: [0],
    23: [0],
  ]

  private func bits(_ values: [Float]) -> [UInt32] { values.map(\.bitPattern) }

  /// Rows as a file holds them, with sane scales and extreme quants.
  private func fileRows(
    _ type: medai_type, rows: Int, columns: Int, _ random: inout TestRandom
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    func append(_ half: UInt16) { bytes += [UInt8(half & 255), UInt8(half >> 8)] }
    for _ in 0..<rows {
      if type == medai_f32 {
        for value in random.floats(columns) {
          bytes += (0..<4).map { UInt8(value.bitPattern >> UInt32(8 * $0) & 255) }
        }
      } else if let halves = Self.halves[type.rawValue] {
        let length = medai_row_bytes(type, 32) > 0 ? 32 : 256
        for _ in 0..<columns / length {
          let extreme = random.below(4)
          var block = (0..<Int(medai_row_bytes(type, Int64(length)))).map { _ in
            extreme == 0 ? 0xFF : extreme == 1 ? 0x11 : UInt8(truncatingIfNeeded: random.next())
          }
          for place in halves { block[place + 1] = block[place + 1] & 0x83 | 0x20 }
          bytes += block
        }
      } else if type == medai_bf16 {
        for value in random.floats(columns) { append(UInt16(value.bitPattern >> 16)) }
      } else if type == medai_f16 {
        // Subnormals, zeros and numbers of both signs.
        for _ in 0..<columns { append(UInt16(random.next() & 0xBFFF) & 0xBBFF) }
      } else {
        for _ in 0..<columns / 32 {
          append(0x2000 | UInt16(random.next() & 0x87FF))
          if type == medai_q4_1 { append(0x2000 | UInt16(random.next() & 0x87FF)) }
          let extreme = random.below(4)
          for _ in 0..<(type == medai_q8_0 ? 32 : 16) {
            let any = UInt8(truncatingIfNeeded: random.next())
            bytes.append(extreme == 0 ? 0x80 : extreme == 1 ? 0xFF : extreme == 2 ? 0x7F : any)
          }
        }
      }
    }
    return bytes
  }

  /// Activations: ordinary, all at the limit, zero, tiny, one giant among dwarfs.
  private func activations(_ columns: Int, _ count: Int, _ random: inout TestRandom) -> [Float] {
    var values: [Float] = []
    for column in 0..<count {
      switch column % 5 {
      case 0, 1: values += random.floats(columns)
      case 2: values += (0..<columns).map { $0 % 3 == 0 ? -3.5 : 3.5 }
      case 3: values += (0..<columns).map { $0 / 32 % 2 == 0 ? 0 : 1e-33 * Float($0) }
      default: values += (0..<columns).map { $0 == 7 ? 1e20 : Float($0) }
      }
    }
    return values
  }

  private static func quantized(
    _ isa: medai_isa, _ x: [Float], _ columns: Int, _ count: Int
  ) -> (quants: [Int8], scales: [Float], sums: [Float], counts: [Int32]) {
    let blocks = columns / 32 * count
    var quants = [Int8](repeating: 0, count: 64 * blocks)
    var scales = [Float](repeating: 0, count: blocks)
    var sums = scales
    var counts = [Int32](repeating: 0, count: blocks)
    for column in 0..<count {
      let row = Array(x[column * columns..<(column + 1) * columns])
      unsafe medai_quantize(
        isa, row, Int64(columns), Int64(column), Int64(count), &quants, &scales, &sums, &counts)
    }
    return (quants, scales, sums, counts)
  }

  static func product(
    _ isa: medai_isa, _ type: medai_type, packed: [UInt8], columns: Int, groups: Int, _ x: [Float],
    count: Int, shift: Int
  ) -> [Float] {
    // `shift` bytes before the weights: a mapped tensor need not be aligned for vectors.
    let shifted = [UInt8](repeating: 0, count: shift) + packed
    let q = columns % 32 == 0 ? quantized(isa, x, columns, count) : quantized(isa, [], 0, 0)
    var out = [Float](repeating: 0, count: count * groups * 16)
    unsafe shifted.withUnsafeBufferPointer { weights in
      unsafe x.withUnsafeBufferPointer { values in
        unsafe q.quants.withUnsafeBufferPointer { quants in
          unsafe q.scales.withUnsafeBufferPointer { scales in
            unsafe q.sums.withUnsafeBufferPointer { sums in
              unsafe q.counts.withUnsafeBufferPointer { counts in
                var input = unsafe medai_activations(
                  values: values.baseAddress, quants: quants.baseAddress,
                  scales: scales.baseAddress, sums: sums.baseAddress, counts: counts.baseAddress,
                  stride: Int64(columns))
                unsafe medai_multiply(
                  isa, type, weights.baseAddress.map { unsafe $0 + shift }, Int64(columns), 0,
                  Int64(groups),
                  &input, Int64(count), &out, Int64(groups * 16))
              }
            }
          }
        }
      }
    }
    return out
  }

  @Test(arguments: types.map(\.rawValue), [1, 2, 3, 4, 5, 7, 130])
  func productsAreTheSame(rawType: UInt32, count: Int) {
    let type = medai_type(rawValue: rawType)
    var random = TestRandom(UInt64(rawType) << 32 | UInt64(count))
    let isFloat = type == medai_f32 || type == medai_f16 || type == medai_bf16
    let isSuper = medai_row_bytes(type, 32) == 0
    let target = medai_packed_type(type)
    for columns in isFloat ? [1, 33, 64] : isSuper ? [256] : [32, 96] {
      for rows in [1, 16, 37] {
        let groups = (rows + 15) / 16
        let rowBytes = Int(medai_row_bytes(type, Int64(columns)))
        let groupBytes = Int(medai_group_bytes(target, Int64(columns)))
        let file = fileRows(type, rows: rows, columns: columns, &random)
        var packed: [UInt8] = []
        for group in 0..<groups {
          var bytes = [UInt8](repeating: 0xAA, count: groupBytes)
          let end = min(file.count, (group + 1) * 16 * rowBytes)
          let part = Array(file[group * 16 * rowBytes..<end])
          unsafe medai_pack_group(
            type, part, Int64(columns), Int32(part.count / rowBytes), &bytes)
          packed += bytes
        }
        let x = activations(columns, count, &random)
        let plain = Self.product(
          medai_isa_portable, target, packed: packed, columns: columns, groups: groups, x,
          count: count, shift: 0)
        for shift in [0, 1, 2, 13] where type != medai_f32 || shift == 0 {
          let fast = Self.product(
            medai_isa_avx2, target, packed: packed, columns: columns, groups: groups, x,
            count: count, shift: shift)
          #expect(bits(plain) == bits(fast), "columns \(columns), rows \(rows)")
        }
        #expect(plain.contains { $0 != 0 })
      }
    }
  }

  @Test(arguments: [1, 2, 5])
  func activationsAreTheSame(count: Int) {
    var random = TestRandom(7)
    for special in [Float.zero, .infinity, .nan, -.infinity, 0x1p-100, 0x1.fffffep-101, 3e38] {
      var x = activations(96, count, &random)
      x[33] = special
      let plain = Self.quantized(medai_isa_portable, x, 96, count)
      let fast = Self.quantized(medai_isa_avx2, x, 96, count)
      #expect(plain.quants == fast.quants)
      #expect(bits(plain.scales) == bits(fast.scales))
      #expect(bits(plain.sums) == bits(fast.sums))
      #expect(plain.counts == fast.counts)
      #expect(special.isFinite || plain.scales.contains { $0.isNaN })
    }
  }

  @Test func fifteenBitsRoundHalfToEven() {
    // A maximum of 16256 makes the scale 1: what is rounded is seen directly.
    var x = [Float](repeating: 0, count: 32)
    x[0] = 16256
    x[1] = 0.5
    x[2] = 1.5
    x[3] = -2.5
    x[4] = -16256
    x[5] = 64
    x[6] = 63
    for isa in [medai_isa_portable, medai_isa_avx2] {
      let q = Self.quantized(isa, x, 32, 1)
      let values = (0..<32).map { 128 * Int(q.quants[$0]) + Int(q.quants[$0 + 32]) }
      #expect(Array(values[..<7]) == [16256, 0, 2, -2, -16256, 64, 63])
      #expect(q.quants[5] == 1 && q.quants[37] == -64)
      #expect(q.scales == [1] && q.counts == [127] && q.sums == [127])
    }
  }

  @Test(arguments: [1, 7, 8, 9, 64, 577])
  func vectorsAreTheSame(count: Int) {
    var random = TestRandom(UInt64(count))
    var x = random.floats(count)
    let y = random.floats(count)
    x[count / 2] = -100
    var norms = [[Float]](repeating: [Float](repeating: 0, count: count), count: 2)
    var gates = norms
    var sums = [x, x]
    var scaled = sums
    var products = sums
    var layers = norms
    for (index, isa) in [medai_isa_portable, medai_isa_avx2].enumerated() {
      unsafe medai_rms_norm(isa, x, y, Int64(count), 1e-5, &norms[index])
      unsafe medai_swiglu(isa, x, y, Int64(count), &gates[index])
      unsafe medai_add(isa, &sums[index], y, Int64(count))
      unsafe medai_add_scaled(isa, &scaled[index], y, 0.37, Int64(count))
      unsafe medai_scale(isa, &products[index], 0.37, Int64(count))
      unsafe medai_layer_norm(isa, x, y, x, Int64(count), 1e-5, &layers[index])
    }
    #expect(bits(scaled[0]) == bits(scaled[1]) && scaled[0] != x)
    #expect(bits(products[0]) == bits(products[1]) && products[0] != x)
    #expect(bits(layers[0]) == bits(layers[1]))
    // Far from one another, but the same mathematics.
    let mean = x.reduce(0.0) { $0 + Double($1) } / Double(count)
    let variance = x.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(count)
    for index in x.indices {
      let unit = (Double(x[index]) - mean) / (variance + 1e-5).squareRoot()
      let expected = unit * Double(y[index]) + Double(x[index])
      #expect(abs(Double(layers[0][index]) - expected) <= 1e-4 * (1 + abs(expected)))
    }
    #expect(bits(norms[0]) == bits(norms[1]))
    #expect(bits(gates[0]) == bits(gates[1]))
    #expect(bits(sums[0]) == bits(sums[1]))
  }

  @Test(arguments: [8, 16, 20, 64, 80], [0, 1, 61, 63, 64, 130])
  func attentionIsTheSame(width: Int, position: Int) {
    var random = TestRandom(UInt64(width * 1000 + position))
    let chunks = (position + 4 + 63) / 64
    var keys = [Float](repeating: .nan, count: chunks * Int(medai_key_chunk_floats(Int64(width))))
    var values = [Float](
      repeating: 0, count: chunks * Int(medai_value_chunk_floats(Int64(width))))
    for place in 0..<position + 4 {
      let key = random.floats(width)
      let value = random.floats(width)
      unsafe keys.withUnsafeMutableBufferPointer { keys in
        unsafe values.withUnsafeMutableBufferPointer { values in
          unsafe medai_store_pair(
            key, value, Int64(width), Int64(place % 64),
            keys.baseAddress! + place / 64 * Int(medai_key_chunk_floats(Int64(width))),
            values.baseAddress! + place / 64 * Int(medai_value_chunk_floats(Int64(width))))
        }
      }
    }
    let queries = random.floats(4 * width)
    func attend(_ isa: medai_isa, tile: Int, window: Int? = nil) -> [Float] {
      var out = [Float](repeating: 0, count: 4 * width)
      var scratch = [Float](repeating: .nan, count: 4 * 64 + 4 * (width + 16))
      for first in stride(from: 0, to: 4, by: tile) {
        let part = Array(queries[first * width..<(first + tile) * width])
        var result = [Float](repeating: 0, count: tile * width)
        if let window {
          unsafe medai_attend_window(
            isa, part, Int64(width), Int64(tile), Int64(position + first), Int64(window),
            Int64(width), 0.3, keys, values, &scratch, &result, Int64(width))
        } else {
          unsafe medai_attend(
            isa, part, Int64(width), Int64(tile), Int64(position + first), Int64(width), 0.3, keys,
            values, &scratch, &result, Int64(width))
        }
        out.replaceSubrange(first * width..<(first + tile) * width, with: result)
      }
      return out
    }
    let plain = attend(medai_isa_portable, tile: 4)
    #expect(plain.allSatisfy { $0.isFinite })
    for tile in [1, 2, 4] { #expect(bits(plain) == bits(attend(medai_isa_avx2, tile: tile))) }
    for window in [1, 5, 63, 64, 65, 100] {
      let plain = attend(medai_isa_portable, tile: 4, window: window)
      #expect(plain.allSatisfy { $0.isFinite })
      for tile in [1, 4] {
        #expect(bits(plain) == bits(attend(medai_isa_avx2, tile: tile, window: window)))
      }
      // A window of one key sees its own value.
      if window == 1, position > 0 {
        let place = position / 64 * Int(medai_value_chunk_floats(Int64(width)))
        let start = place + position % 64 * ((width + 15) / 16 * 16)
        #expect(Array(plain[..<width]) == Array(values[start..<start + width]))
      }
    }
    #expect(bits(plain) == bits(attend(medai_isa_portable, tile: 4, window: position + 4)))
  }
}
