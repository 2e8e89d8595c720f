/// What a GGUF file (version 2 or 3) says of itself: metadata and where each tensor lies.
struct GGUFHeader {
  /// A tensor's place.
  struct Tensor {
    let name: [UInt8]
    /// GGUF's number of the way of storing.
    let typeID: UInt32
    /// Sizes, fastest first.
    let dimensions: [Int]
    /// First byte in the file.
    fileprivate(set) var offset: Int
    /// Product of the sizes.
    let elements: Int
  }

  private let metadata: [[UInt8]: GGUFValue]
  private let tensorIndex: [[UInt8]: Int]
  /// The tensors in file order.
  let tensors: [Tensor]
  /// First byte of the tensors' data.
  let dataOffset: Int

  /// The tensors as part of a model.
  func catalogTensors(part: Int) -> [TensorCatalog.Tensor] {
    tensors.map {
      TensorCatalog.Tensor(
        name: $0.name, typeID: $0.typeID, dimensions: $0.dimensions, part: part,
        offset: $0.offset, elements: $0.elements)
    }
  }

  /// Reads a header.
  ///
  /// - Parameter bytes: The whole file; only the header is looked at.
  /// - Throws: `ModelProblem` that names the entry or the place.
  init(_ bytes: Span<UInt8>) throws(ModelProblem) {
    var reader = GGUFReader()
    let magic = try reader.integer(UInt32.self, of: bytes)
    guard magic == 0x4655_4747 else { throw .notGGUF(found: magic) }
    let version = try reader.integer(UInt32.self, of: bytes)
    guard version == 2 || version == 3 else { throw .unsupportedVersion(version) }
    let tensorCount = try reader.count(.tensors, most: 1 << 16, of: bytes)
    let keyCount = try reader.count(.keys, most: 1 << 16, of: bytes)
    var metadata: [[UInt8]: GGUFValue] = [:]
    for _ in 0..<keyCount {
      let key = try reader.string(.keyLength, most: 1 << 16, of: bytes)
      let kind = try reader.integer(UInt32.self, of: bytes)
      let value = try GGUFValue(kind: kind, &reader, bytes)
      guard metadata.updateValue(value, forKey: key) == nil else {
        throw .duplicateKey(shownName(key))
      }
    }
    self.metadata = metadata
    var alignment = 32
    if case .integer(let number)? = metadata[Array("general.alignment".utf8)] {
      guard number >= 8, number <= 1 << 16, number & (number - 1) == 0 else {
        throw .limit(.alignment, offset: reader.offset)
      }
      alignment = Int(number)
    } else if metadata[Array("general.alignment".utf8)] != nil {
      throw .badValue("general.alignment")
    }
    var tensors: [Tensor] = []
    var index: [[UInt8]: Int] = [:]
    for number in 0..<tensorCount {
      let tensor = try Self.tensor(&reader, bytes, alignment: alignment)
      guard index.updateValue(number, forKey: tensor.name) == nil else {
        throw .duplicateTensor(shownName(tensor.name))
      }
      tensors.append(tensor)
    }
    dataOffset = (reader.offset + alignment - 1) / alignment * alignment
    for number in tensors.indices { tensors[number].offset += dataOffset }
    self.tensors = tensors
    tensorIndex = index
  }

  private static func tensor(
    _ reader: inout GGUFReader, _ bytes: Span<UInt8>, alignment: Int
  ) throws(ModelProblem) -> Tensor {
    let name = try reader.string(.tensorName, most: 256, of: bytes)
    let place = reader.offset
    let rank = try reader.integer(UInt32.self, of: bytes)
    guard rank >= 1, rank <= 4 else { throw .limit(.dimensions, offset: place) }
    var dimensions: [Int] = []
    var elements = 1
    for _ in 0..<rank {
      let place = reader.offset
      let size = try reader.integer(UInt64.self, of: bytes)
      // 2^40 elements are a terabyte at least: their byte count cannot overflow.
      guard size >= 1, size <= 1 << 40, elements <= (1 << 40) / Int(size) else {
        throw .limit(.dimension, offset: place)
      }
      elements *= Int(size)
      dimensions.append(Int(size))
    }
    let type = try reader.integer(UInt32.self, of: bytes)
    let offsetPlace = reader.offset
    let offset = try reader.integer(UInt64.self, of: bytes)
    guard offset <= 1 << 50, offset % UInt64(alignment) == 0 else {
      throw .limit(.tensorOffset, offset: offsetPlace)
    }
    return Tensor(
      name: name, typeID: type, dimensions: dimensions, offset: Int(offset), elements: elements)
  }

  /// A tensor by its name.
  func tensor(_ name: String) -> Tensor? {
    tensorIndex[Array(name.utf8)].map { tensors[$0] }
  }

  /// A metadata entry; `nil` where it is absent.
  func value(_ key: String) -> GGUFValue? { metadata[Array(key.utf8)] }

  /// An integer within a range; `nil` where it is absent.
  func integer(_ key: String, in range: ClosedRange<Int>) throws(ModelProblem) -> Int? {
    guard let value = value(key) else { return nil }
    guard case .integer(let number) = value, let result = Int(exactly: number),
      range.contains(result)
    else { throw .badValue(key) }
    return result
  }

  /// An integer that must be there.
  func required(_ key: String, in range: ClosedRange<Int>) throws(ModelProblem) -> Int {
    guard let number = try integer(key, in: range) else { throw .missingKey(key) }
    return number
  }

  /// A finite number; `nil` where it is absent.
  func number(_ key: String) throws(ModelProblem) -> Double? {
    guard let value = value(key) else { return nil }
    guard case .float(let number) = value, number.isFinite else { throw .badValue(key) }
    return number
  }

  /// The bytes of a string; `nil` where it is absent.
  func string(_ key: String) throws(ModelProblem) -> [UInt8]? {
    guard let value = value(key) else { return nil }
    guard case .string(let bytes) = value else { throw .badValue(key) }
    return bytes
  }

  /// A truth value; `nil` where it is absent.
  func flag(_ key: String) throws(ModelProblem) -> Bool? {
    guard let value = value(key) else { return nil }
    guard case .bool(let flag) = value else { throw .badValue(key) }
    return flag
  }
}
