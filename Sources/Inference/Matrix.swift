internal import CKernels

/// A matrix of weights, packed in groups of 16 rows.
///
/// Its bytes belong to the `Weights` that made it, and do not change after packing.
@safe struct Matrix: @unchecked Sendable {
  // Sendable: the bytes are written before the model is handed out, and only read afterwards.

  /// How the elements are packed.
  let type: medai_type
  /// Outputs.
  let rows: Int
  /// Inputs.
  let columns: Int
  /// First byte of the packed groups.
  let base: UnsafeMutablePointer<UInt8>

  /// Groups of 16 rows; the last one may be filled up with zeros.
  var groups: Int { (rows + 15) / 16 }
  /// Bytes of one group.
  var groupBytes: Int { Int(medai_group_bytes(type, Int64(columns))) }
  /// Whether it is multiplied by quantised activations.
  var isQuantized: Bool { type != medai_f32 && type != medai_f16 && type != medai_bf16 }

  /// One group as a matrix of its own.
  func group(_ number: Int) -> Matrix {
    precondition(number >= 0 && number < groups, "a group of the matrix")
    return unsafe Matrix(type: type, rows: 16, columns: columns, base: base + number * groupBytes)
  }

  /// Multiplies groups of rows by `count` columns.
  ///
  /// - Parameters:
  ///   - isa: Which implementation.
  ///   - groups: Which groups.
  ///   - x: The columns.
  ///   - count: How many columns.
  ///   - out: `count` rows of `stride` floats; element (c, row) goes to `c * stride + row`.
  ///   - stride: Floats from one column of `out` to the next.
  func multiply(
    _ isa: medai_isa, groups: Range<Int>, _ x: medai_activations, count: Int,
    out: UnsafeMutablePointer<Float>, stride: Int
  ) {
    var x = unsafe x
    unsafe medai_multiply(
      isa, type, base, Int64(columns), Int64(groups.lowerBound), Int64(groups.upperBound), &x,
      Int64(count), out, Int64(stride))
  }

  /// Reads one row as floats.
  func unpack(row: Int, into out: UnsafeMutablePointer<Float>) {
    precondition(row >= 0 && row < rows, "a row of the matrix")
    unsafe medai_unpack_row(
      type, base + row / 16 * groupBytes, Int64(columns), Int32(row % 16), out)
  }
}
