import CKernels
import Glibc

/// What one thread of this machine gives without a model around it.
///
/// - Returns: Operations a second (a multiplication and an addition count as two) of the Q4_1 kernel
///   on a matrix that stays in the cache, and bytes a second of copying 256 MiB.
func machineRates() -> (kernelOperations: Double, copyBytes: Double) {
  let (rows, columns, count) = (256, 576, 128)
  let isa = medai_best_isa()
  let packed = [UInt8](
    repeating: 0x11, count: rows / 16 * Int(medai_group_bytes(medai_q4_1, Int64(columns))))
  let x = (0..<columns).map { Float($0 % 17) - 8 }
  let blocks = columns / 32 * count
  var quants = [Int8](repeating: 0, count: 64 * blocks)
  var scales = [Float](repeating: 0, count: blocks)
  var sums = scales
  var counts = [Int32](repeating: 0, count: blocks)
  for column in 0..<count {
    unsafe medai_quantize(
      isa, x, Int64(columns), Int64(column), Int64(count), &quants, &scales, &sums, &counts)
  }
  var out = [Float](repeating: 0, count: rows * count)
  var kernelSeconds = Double.infinity
  unsafe quants.withUnsafeBufferPointer { quants in
    unsafe scales.withUnsafeBufferPointer { scales in
      unsafe counts.withUnsafeBufferPointer { counts in
        var input = unsafe medai_activations(
          values: nil, quants: quants.baseAddress, scales: scales.baseAddress,
          sums: scales.baseAddress, counts: counts.baseAddress, stride: Int64(columns))
        for _ in 0..<50 {
          let start = cpuSeconds()
          for _ in 0..<20 {
            unsafe medai_multiply(
              isa, medai_q4_1, packed, Int64(columns), 0, Int64(rows / 16), &input, Int64(count),
              &out, Int64(rows))
          }
          kernelSeconds = min(kernelSeconds, (cpuSeconds() - start) / 20)
        }
      }
    }
  }
  let bytes = 256 << 20
  let source = [UInt8](repeating: 1, count: bytes)
  var target = [UInt8](repeating: 0, count: bytes)
  var copySeconds = Double.infinity
  for _ in 0..<3 {
    let start = cpuSeconds()
    unsafe memcpy(&target, source, bytes)
    copySeconds = min(copySeconds, cpuSeconds() - start)
  }
  return (
    2 * Double(rows * columns * count) / max(kernelSeconds, 1e-9),
    Double(bytes) / max(copySeconds, 1e-9)
  )
}
