import CKernels
import Inference
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// Blocks of every GGUF type against the `gguf` package (see Scripts/engine/make_blocks.py).
struct BlockTests {
  /// Types by GGUF's number.
  static let types: [(name: String, id: UInt32)] = [
    ("F16", 1), ("Q4_0", 2), ("Q4_1", 3), ("Q5_0", 6), ("Q5_1", 7), ("Q8_0", 8), ("Q2_K", 10),
    ("Q3_K", 11), ("Q4_K", 12), ("Q5_K", 13), ("Q6_K", 14), ("IQ4_NL", 20), ("IQ4_XS", 23),
    ("BF16", 30),
  ]
  static let rows = 3
  static let columns = 512

  private func packed(_ type: medai_type, _ blocks: [UInt8]) -> [UInt8] {
    let target = medai_packed_type(type)
    var packed = [UInt8](
      repeating: 0xAA, count: Int(medai_group_bytes(target, Int64(Self.columns))))
    unsafe medai_pack_group(type, blocks, Int64(Self.columns), Int32(Self.rows), &packed)
    return packed
  }

  @Test(arguments: types.map(\.name))
  func blocksStandForTheNumbersOfTheReference(name: String) throws {
    let id = try #require(Self.types.first { $0.name == name }?.id)
    let type = medai_type(rawValue: id)
    let blocks = try readFile(goldenFolder().appending("blocks/\(name).blocks"))
    let expected = try goldenFloats("blocks/\(name).floats")
    #expect(blocks.count == Self.rows * Int(medai_row_bytes(type, Int64(Self.columns))))
    let packed = packed(type, blocks)
    for row in 0..<Self.rows {
      var floats = [Float](repeating: .nan, count: Self.columns)
      unsafe medai_unpack_row(
        medai_packed_type(type), packed, Int64(Self.columns), Int32(row), &floats)
      let wanted = expected[row * Self.columns..<(row + 1) * Self.columns]
      // Bit for bit, but for the sign of zero.
      #expect(zip(floats, wanted).allSatisfy { $0 == $1 }, "\(name) row \(row)")
    }
  }

  @Test(arguments: types.map(\.name))
  func productsAreThoseOfTheNumbers(name: String) throws {
    let id = try #require(Self.types.first { $0.name == name }?.id)
    let type = medai_type(rawValue: id)
    let packed = packed(type, try readFile(goldenFolder().appending("blocks/\(name).blocks")))
    let weights = try goldenFloats("blocks/\(name).floats")
    var random = TestRandom(UInt64(id))
    let x = (0..<Self.columns).map { _ in Float(random.below(2_001) - 1_000) * 0.001 }
    for isa in [medai_isa_portable, medai_isa_avx2] where medai_isa_runs(isa) == 1 {
      let out = KernelTests.product(
        isa, medai_packed_type(type), packed: packed, columns: Self.columns, groups: 1, x, count: 1,
        shift: 0)
      for row in 0..<Self.rows {
        var sum = 0.0
        var size = 0.0
        for column in 0..<Self.columns {
          let product = Double(weights[row * Self.columns + column]) * Double(x[column])
          sum += product
          size += abs(product)
        }
        #expect(abs(Double(out[row]) - sum) <= 1e-4 * size, "\(name) row \(row)")
      }
      #expect(out[Self.rows...].allSatisfy { $0 == 0 })
    }
  }

  @Test(arguments: ["F16", "BF16"])
  func floatsBecomeTheBlocksOfTheReference(name: String) throws {
    let id = try #require(Self.types.first { $0.name == name }?.id)
    let rows = try readFile(goldenFolder().appending("blocks/\(name).blocks"))
    let expected = try readFile(goldenFolder().appending("blocks/\(name).q8_0"))
    var blocks = [UInt8](repeating: 0, count: Self.rows * Self.columns / 32 * 34)
    unsafe medai_quantize_rows(
      medai_type(rawValue: id), rows, Int64(Self.columns), Int32(Self.rows), &blocks)
    #expect(blocks == expected)
  }

  @Test func scalesRoundToTheNearestHalf() {
    var bytes = [UInt8](repeating: 0, count: 32 * 4)
    var blocks = [UInt8](repeating: 0, count: 34)
    for pattern in UInt16(1)..<0x7BFF {
      // The scale is the largest weight over 127; its neighbours' middle goes to the even one.
      let value = medai_half_value(pattern) * 127
      for (weight, allowed) in [(value, pattern...pattern), (value.nextUp, pattern...pattern)] {
        let bits = (-weight).bitPattern
        bytes[12] = UInt8(truncatingIfNeeded: bits)
        bytes[13] = UInt8(truncatingIfNeeded: bits >> 8)
        bytes[14] = UInt8(truncatingIfNeeded: bits >> 16)
        bytes[15] = UInt8(truncatingIfNeeded: bits >> 24)
        unsafe medai_quantize_rows(medai_f32, bytes, 32, 1, &blocks)
        #expect(allowed.contains(UInt16(blocks[0]) | UInt16(blocks[1]) << 8), "\(pattern)")
      }
    }
  }

  @Test func rowsOfPartBlocksHaveNoSize() {
    for (_, id) in Self.types where id != 1 && id != 30 {
      let type = medai_type(rawValue: id)
      let isSuper = medai_row_bytes(type, 32) == 0
      #expect(medai_row_bytes(type, isSuper ? 255 : 31) == 0)
      #expect(medai_row_bytes(type, isSuper ? 288 : 33) == 0)
      #expect(medai_row_bytes(type, 256) > 0)
    }
    for id: UInt32 in [4, 5, 9, 15, 16, 99, 1001, 1004] {
      #expect(medai_row_bytes(medai_type(rawValue: id), 256) == 0)
    }
  }
}
