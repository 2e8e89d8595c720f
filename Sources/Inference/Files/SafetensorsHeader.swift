internal import MedaiCore

/// Where the tensors of a safetensors file lie: eight bytes of length, that many of JSON, the data.
struct SafetensorsHeader {
  /// The tensors, in the order of the header.
  let tensors: [TensorCatalog.Tensor]
  /// First byte of the data.
  let dataOffset: Int

  /// Longest header: a hundred thousand tensors.
  static let longestHeader = 32 << 20

  /// Reads a header.
  ///
  /// - Parameters:
  ///   - bytes: The whole file; only the header is looked at.
  ///   - name: The file's name, for errors.
  ///   - part: Which of the model's files it is.
  /// - Throws: `ModelProblem` that names the tensor or the place.
  init(_ bytes: Span<UInt8>, name: String, part: Int) throws(ModelProblem) {
    guard bytes.count >= 8 else { throw .truncated(expected: 8, found: bytes.count) }
    var length: UInt64 = 0
    for index in (0..<8).reversed() { length = length << 8 | UInt64(bytes[index]) }
    guard length <= UInt64(Self.longestHeader) else { throw .limit(.stringLength, offset: 0) }
    let dataOffset = 8 + Int(length)
    guard dataOffset <= bytes.count else {
      throw .truncated(expected: dataOffset, found: bytes.count)
    }
    var text: [UInt8] = []
    text.reserveCapacity(Int(length))
    for index in 8..<dataOffset { text.append(bytes[index]) }
    guard let members = try parseFolderJSON(text, name: name).object?.members else {
      throw .malformedJSON(name, offset: 8)
    }
    var tensors: [TensorCatalog.Tensor] = []
    for (key, value) in members where !sameBytes(key, "__metadata__") {
      tensors.append(
        try Self.tensor(Array(key.utf8), value, part: part, dataOffset: dataOffset))
    }
    self.tensors = tensors
    self.dataOffset = dataOffset
  }

  private static func tensor(
    _ name: [UInt8], _ value: JSONValue, part: Int, dataOffset: Int
  ) throws(ModelProblem) -> TensorCatalog.Tensor {
    let shown = shownName(name)
    guard let word = value["dtype"]?.string, let shape = value["shape"]?.array,
      let offsets = value["data_offsets"]?.array, offsets.count == 2,
      let begin = offsets[0].int, let end = offsets[1].int
    else { throw .badValue(shown) }
    let type: (id: UInt32, bytes: Int)
    switch Array(word.utf8) {
    case Array("F32".utf8): type = (0, 4)
    case Array("F16".utf8): type = (1, 2)
    case Array("BF16".utf8): type = (30, 2)
    default: throw .unsupportedElementType(shown, type: shownName(word.utf8))
    }
    guard !shape.isEmpty, shape.count <= 4 else { throw .limit(.dimensions, offset: begin) }
    var elements = 1
    var dimensions: [Int] = []
    for size in shape.reversed() {
      guard let size = size.int, size >= 1, size <= 1 << 40, elements <= (1 << 40) / size else {
        throw .limit(.dimension, offset: begin)
      }
      elements *= size
      dimensions.append(size)
    }
    guard begin >= 0, begin <= 1 << 50, end >= begin, end - begin == elements * type.bytes else {
      throw .limit(.tensorOffset, offset: begin)
    }
    return TensorCatalog.Tensor(
      name: name, typeID: type.id, dimensions: dimensions, part: part,
      offset: dataOffset + begin, elements: elements)
  }
}

/// Parses a JSON file of a model folder.
func parseFolderJSON(_ bytes: [UInt8], name: String) throws(ModelProblem) -> JSONValue {
  do throws(JSONError) {
    return try parseJSON(bytes)
  } catch {
    throw .malformedJSON(name, offset: error.offset)
  }
}
