internal import CKernels

/// Where each tensor goes in the packed memory.
struct PackingPlan {
  /// Which rows of a tensor a matrix takes: runs of rows, `stride` rows apart.
  struct Rows: Sendable {
    /// First row in the file.
    var start = 0
    /// Neighbouring rows of one run.
    var run = Int.max
    /// Rows from the beginning of one run to that of the next.
    var stride = 0

    /// The row in the file.
    func source(_ row: Int) -> Int { start + row / run * stride + row % run }
  }

  /// One tensor's place in the file and in memory.
  struct Place: Sendable {
    /// How the file stores it.
    let type: medai_type
    /// How it is packed.
    let packed: medai_type
    let rows: Int
    let columns: Int
    let part: Int
    let fileOffset: Int
    /// Rows of the file's tensor that it takes.
    let taken: Rows
    let offset: Int
    /// Whether it is kept as plain floats instead of packed groups.
    let isVector: Bool
    /// Bytes of the file that nobody needs after this place.
    var released: Range<Int>?

    /// Whether floats become blocks.
    var isQuantizedAtLoad: Bool { packed != medai_packed_type(type) }

    /// The packed matrix.
    func matrix(in memory: AnonymousMemory) -> Matrix {
      unsafe Matrix(
        type: packed, rows: rows, columns: columns,
        base: (memory.base + offset).assumingMemoryBound(to: UInt8.self))
    }

    /// The floats of a vector; zeros up to a multiple of 16.
    func floats(in memory: AnonymousMemory) -> UnsafeMutablePointer<Float> {
      unsafe (memory.base + offset).assumingMemoryBound(to: Float.self)
    }
  }

  private let catalog: TensorCatalog
  private let names: TensorNames
  private var used: [[UInt8]: Int] = [:]
  /// The tensors in the order of use.
  private(set) var places: [Place] = []
  /// Bytes of packed memory.
  private(set) var bytes = 0

  private let quantization: LoadQuantization?

  /// An empty plan.
  init(_ catalog: TensorCatalog, _ names: TensorNames, quantizing: LoadQuantization?) {
    quantization = quantizing
    self.catalog = catalog
    self.names = names
  }

  /// Checks that the files hold all that their headers place in them.
  ///
  /// - Parameters:
  ///   - dataOffsets: Where the data of each file may begin.
  ///   - sizes: Bytes of each file.
  /// - Throws: `ModelProblem.truncated`, or `.limit` where tensors share bytes.
  func checkDataFits(dataOffsets: [Int], sizes: [Int]) throws(ModelProblem) {
    for part in sizes.indices {
      var end = dataOffsets[part]
      var ranges: [Range<Int>] = []
      for tensor in catalog.tensors where tensor.part == part {
        let range = tensor.offset..<tensor.offset + Int(try Self.fileBytes(of: tensor))
        end = max(end, range.upperBound)
        ranges.append(range)
      }
      if end > sizes[part] { throw .truncated(expected: end, found: sizes[part]) }
      // Tensors that share bytes would let a small file ask for memory without bound.
      ranges.sort { $0.lowerBound < $1.lowerBound }
      for (first, second) in zip(ranges, ranges.dropFirst())
      where second.lowerBound < first.upperBound {
        throw .limit(.tensorOffset, offset: second.lowerBound)
      }
    }
  }

  private static func type(of tensor: TensorCatalog.Tensor) throws(ModelProblem) -> medai_type {
    let type = medai_type(rawValue: tensor.typeID)
    guard storageName(of: tensor.typeID) != nil else {
      throw .unsupportedTensorType(shownName(tensor.name), id: tensor.typeID)
    }
    return type
  }

  private static func fileBytes(
    of tensor: TensorCatalog.Tensor
  ) throws(ModelProblem) -> Int64 {
    let columns = tensor.dimensions[0]
    let rowBytes = medai_row_bytes(try type(of: tensor), Int64(columns))
    guard rowBytes > 0 else {
      let unit = medai_row_bytes(try type(of: tensor), 32) > 0 ? 32 : 256
      throw .tensorShape(
        shownName(tensor.name), expected: [(columns + unit - 1) / unit * unit],
        found: tensor.dimensions)
    }
    return rowBytes * Int64(tensor.elements / columns)
  }

  /// Plans a matrix of the given shape; `taken` out of a tensor of `fileRows` rows.
  mutating func matrix(
    _ name: String, _ rows: Int, _ columns: Int, taken: Rows = Rows(), fileRows: Int? = nil
  ) throws(ModelProblem) -> Place {
    try place(name + ".weight", [columns, fileRows ?? rows], rows, taken, isVector: false)
  }

  /// Plans a vector of the given length, its elements `taken` as rows are.
  mutating func vector(
    _ name: String, _ count: Int, taken: Rows = Rows(), fileCount: Int? = nil
  ) throws(ModelProblem) -> Place {
    try place(name, [fileCount ?? count], count, taken, isVector: true)
  }

  private mutating func place(
    _ name: String, _ shape: [Int], _ rows: Int, _ taken: Rows, isVector: Bool
  ) throws(ModelProblem) -> Place {
    guard let tensor = catalog.tensor(name) else { throw .missingTensor(name) }
    guard tensor.dimensions == shape else {
      throw .tensorShape(name, expected: shape, found: tensor.dimensions)
    }
    let type = try Self.type(of: tensor)
    if isVector, type != medai_f32, type != medai_f16, type != medai_bf16 {
      throw .unsupportedTensorType(name, id: tensor.typeID)
    }
    // A vector is one row; its elements are what a fused tensor's rows are to a matrix.
    let columns = isVector ? rows : shape[0]
    let isFloat = type == medai_f32 || type == medai_f16 || type == medai_bf16
    let packed =
      quantization == .q8_0 && isFloat && !isVector && columns % 32 == 0
      ? medai_q8_0 : medai_packed_type(type)
    var place = Place(
      type: type, packed: packed, rows: isVector ? 1 : rows, columns: columns, part: tensor.part,
      fileOffset: tensor.offset, taken: taken, offset: bytes, isVector: isVector)
    place.released = tensor.offset..<tensor.offset + Int(try Self.fileBytes(of: tensor))
    // Only the last place that takes from a tensor gives its pages back.
    if let earlier = used[tensor.name] { places[earlier].released = nil }
    let size =
      isVector
      ? 4 * columns
      : (rows + 15) / 16 * Int(medai_group_bytes(packed, Int64(columns)))
    let (end, overflow) = bytes.addingReportingOverflow((size + 63) / 64 * 64)
    guard !overflow else { throw .outOfResources }
    bytes = end
    used[tensor.name] = places.count
    places.append(place)
    return place
  }

  /// Refuses a file with a tensor that nothing uses: running without it would be wrong.
  func checkAllUsed() throws(ModelProblem) {
    for tensor in catalog.tensors where used[tensor.name] == nil && !names.isBuffer(tensor.name) {
      throw .unexpectedTensor(shownName(tensor.name))
    }
  }
}

/// The name of GGUF's way of storing with this number; `nil` where the engine does not read it.
func storageName(of typeID: UInt32) -> String? {
  switch medai_type(rawValue: typeID) {
  case medai_f32: "F32"
  case medai_f16: "F16"
  case medai_bf16: "BF16"
  case medai_q4_0: "Q4_0"
  case medai_q4_1: "Q4_1"
  case medai_q5_0: "Q5_0"
  case medai_q5_1: "Q5_1"
  case medai_q8_0: "Q8_0"
  case medai_q2_k: "Q2_K"
  case medai_q3_k: "Q3_K"
  case medai_q4_k: "Q4_K"
  case medai_q5_k: "Q5_K"
  case medai_q6_k: "Q6_K"
  case medai_iq4_nl: "IQ4_NL"
  case medai_iq4_xs: "IQ4_XS"
  default: nil
  }
}
