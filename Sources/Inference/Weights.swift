internal import CKernels

/// The weights of a model: packed once, then only read.
@safe final class Weights: @unchecked Sendable {
  // Sendable: written while the model is opened, only read afterwards.

  /// One transformer layer.
  @safe struct Layer {
    let attentionNorm: UnsafeMutablePointer<Float>
    let query: Matrix
    let key: Matrix
    let value: Matrix
    let output: Matrix
    let hiddenNorm: UnsafeMutablePointer<Float>
    let gate: Matrix
    let up: Matrix
    let down: Matrix
  }

  /// Rows are the vocabulary.
  let embedding: Matrix
  let layers: [Layer]
  let outputNorm: UnsafeMutablePointer<Float>
  /// Rows are the vocabulary; the embedding itself where the file has none.
  let output: Matrix
  /// Divisors of the rotary frequencies, half the rotary width; `nil` where the file has none.
  let rotaryFactors: UnsafeMutablePointer<Float>?
  private let memory: AnonymousMemory

  /// Packs the tensors of a file on all members of a team.
  ///
  /// - Parameters:
  ///   - header: The file's header.
  ///   - config: Its checked numbers.
  ///   - contents: The file; its pages are given back as they are packed.
  ///   - team: Who packs.
  /// - Throws: `ModelProblem` that names the tensor.
  init(
    _ header: GGUFHeader, _ config: Config, _ contents: FileContents, on team: WorkerTeam
  ) throws(ModelProblem) {
    var plan = PackingPlan(header, fileBytes: contents.count)
    try plan.checkDataFits()
    let width = config.width
    let queries = config.heads * config.headWidth
    let keys = config.keyHeads * config.headWidth
    let embedding = try plan.matrix("token_embd.weight", config.vocabulary, width)
    let outputNorm = try plan.vector("output_norm.weight", width)
    let output =
      header.tensor("output.weight") == nil
      ? embedding : try plan.matrix("output.weight", config.vocabulary, width)
    let factors =
      header.tensor("rope_freqs.weight") == nil
      ? nil : try plan.vector("rope_freqs.weight", config.rotaryWidth / 2)
    var layers: [[PackingPlan.Place]] = []
    for number in 0..<config.layers {
      let prefix = "blk.\(number)."
      layers.append([
        try plan.vector(prefix + "attn_norm.weight", width),
        try plan.matrix(prefix + "attn_q.weight", queries, width),
        try plan.matrix(prefix + "attn_k.weight", keys, width),
        try plan.matrix(prefix + "attn_v.weight", keys, width),
        try plan.matrix(prefix + "attn_output.weight", width, queries),
        try plan.vector(prefix + "ffn_norm.weight", width),
        try plan.matrix(prefix + "ffn_gate.weight", config.hidden, width),
        try plan.matrix(prefix + "ffn_up.weight", config.hidden, width),
        try plan.matrix(prefix + "ffn_down.weight", width, config.hidden),
      ])
    }
    try plan.checkAllUsed()
    guard let memory = AnonymousMemory(count: plan.bytes, largePages: true) else {
      throw .outOfResources
    }
    self.memory = memory
    self.embedding = embedding.matrix(in: memory)
    unsafe self.outputNorm = outputNorm.floats(in: memory)
    self.output = output.matrix(in: memory)
    unsafe self.rotaryFactors = factors.map { unsafe $0.floats(in: memory) }
    self.layers = layers.map { places in
      unsafe Layer(
        attentionNorm: places[0].floats(in: memory), query: places[1].matrix(in: memory),
        key: places[2].matrix(in: memory), value: places[3].matrix(in: memory),
        output: places[4].matrix(in: memory), hiddenNorm: places[5].floats(in: memory),
        gate: places[6].matrix(in: memory), up: places[7].matrix(in: memory),
        down: places[8].matrix(in: memory))
    }
    _ = team.run(Packing(plan.places, contents: contents, memory: memory))
    if let factors {
      for index in 0..<config.rotaryWidth / 2 {
        let factor = unsafe factors.floats(in: memory)[index]
        guard factor.isFinite, factor > 0 else { throw .badValue("rope_freqs.weight") }
      }
    }
  }
}

/// Where each tensor goes in the packed memory.
struct PackingPlan {
  /// One tensor's place in the file and in memory.
  struct Place: Sendable {
    let type: medai_type
    let rows: Int
    let columns: Int
    let fileOffset: Int
    let offset: Int
    /// Whether it is kept as plain floats instead of packed groups.
    let isVector: Bool

    /// The packed matrix.
    func matrix(in memory: AnonymousMemory) -> Matrix {
      unsafe Matrix(
        type: type, rows: rows, columns: columns,
        base: (memory.base + offset).assumingMemoryBound(to: UInt8.self))
    }

    /// The floats of a vector.
    func floats(in memory: AnonymousMemory) -> UnsafeMutablePointer<Float> {
      unsafe (memory.base + offset).assumingMemoryBound(to: Float.self)
    }
  }

  private let header: GGUFHeader
  private let fileBytes: Int
  private var used: Set<[UInt8]> = []
  /// The tensors in the order of use.
  private(set) var places: [Place] = []
  /// Bytes of packed memory.
  private(set) var bytes = 0

  /// An empty plan.
  init(_ header: GGUFHeader, fileBytes: Int) {
    self.header = header
    self.fileBytes = fileBytes
  }

  /// Checks that the file holds all that its header places in it.
  func checkDataFits() throws(ModelProblem) {
    var end = header.dataOffset
    for tensor in header.tensors {
      end = max(end, tensor.offset + Int(try Self.fileBytes(of: tensor)))
    }
    if end > fileBytes { throw .truncated(expected: end, found: fileBytes) }
    // Tensors that share bytes would let a small file ask for memory without bound.
    var ranges: [Range<Int>] = []
    for tensor in header.tensors {
      ranges.append(tensor.offset..<tensor.offset + Int(try Self.fileBytes(of: tensor)))
    }
    ranges.sort { $0.lowerBound < $1.lowerBound }
    for (first, second) in zip(ranges, ranges.dropFirst())
    where second.lowerBound < first.upperBound {
      throw .limit(.tensorOffset, offset: second.lowerBound)
    }
  }

  private static func type(of tensor: GGUFHeader.Tensor) throws(ModelProblem) -> medai_type {
    let type = medai_type(rawValue: tensor.typeID)
    switch type {
    case medai_f32, medai_f16, medai_q4_0, medai_q4_1, medai_q8_0: return type
    default: throw .unsupportedTensorType(shownName(tensor.name), id: tensor.typeID)
    }
  }

  private static func fileBytes(of tensor: GGUFHeader.Tensor) throws(ModelProblem) -> Int64 {
    let columns = tensor.dimensions[0]
    let rowBytes = medai_row_bytes(try type(of: tensor), Int64(columns))
    guard rowBytes > 0 else {
      throw .tensorShape(
        shownName(tensor.name), expected: [(columns + 31) / 32 * 32], found: tensor.dimensions)
    }
    return rowBytes * Int64(tensor.elements / columns)
  }

  /// Plans a matrix of the given shape.
  mutating func matrix(_ name: String, _ rows: Int, _ columns: Int) throws(ModelProblem) -> Place {
    try place(name, [columns, rows], isVector: false)
  }

  /// Plans a vector of the given length.
  mutating func vector(_ name: String, _ count: Int) throws(ModelProblem) -> Place {
    try place(name, [count], isVector: true)
  }

  private mutating func place(
    _ name: String, _ shape: [Int], isVector: Bool
  ) throws(ModelProblem) -> Place {
    guard let tensor = header.tensor(name) else { throw .missingTensor(name) }
    guard tensor.dimensions == shape else {
      throw .tensorShape(name, expected: shape, found: tensor.dimensions)
    }
    let type = try Self.type(of: tensor)
    if isVector, type != medai_f32 && type != medai_f16 {
      throw .unsupportedTensorType(name, id: tensor.typeID)
    }
    let rows = isVector ? 1 : shape[1]
    let place = Place(
      type: type, rows: rows, columns: shape[0], fileOffset: tensor.offset, offset: bytes,
      isVector: isVector)
    let size =
      isVector
      ? 4 * shape[0] : (rows + 15) / 16 * Int(medai_group_bytes(type, Int64(shape[0])))
    let (end, overflow) = bytes.addingReportingOverflow((size + 63) / 64 * 64)
    guard !overflow else { throw .outOfResources }
    bytes = end
    places.append(place)
    used.insert(tensor.name)
    return place
  }

  /// Refuses a file with a tensor that nothing uses: running without it would be wrong.
  func checkAllUsed() throws(ModelProblem) {
    for tensor in header.tensors where !used.contains(tensor.name) {
      throw .unexpectedTensor(shownName(tensor.name))
    }
  }
}

/// Copies tensors from the file into packed groups, one tensor after the other, many members each.
private final class Packing: TeamJob {
  private let places: [PackingPlan.Place]
  private let contents: FileContents
  private let memory: AnonymousMemory

  init(_ places: [PackingPlan.Place], contents: FileContents, memory: AnonymousMemory) {
    self.places = places
    self.contents = contents
    self.memory = memory
  }

  func run(_ member: inout TeamMember) {
    for place in places {
      if place.isVector {
        member.share(1) { _ in copyVector(place) }
      } else {
        let groups = (place.rows + 15) / 16
        member.share(groups, chunk: 4) { claimed in packGroups(place, claimed) }
      }
      // The file's pages are not needed any more.
      if member.index == 0 {
        let bytes = place.rows * Int(medai_row_bytes(place.type, Int64(place.columns)))
        contents.memory.release(place.fileOffset..<place.fileOffset + bytes)
      }
    }
  }

  private func copyVector(_ place: PackingPlan.Place) {
    let source = unsafe contents.memory.base + place.fileOffset
    let target = unsafe place.floats(in: memory)
    for index in 0..<place.columns {
      if place.type == medai_f32 {
        unsafe target[index] = Float(
          bitPattern: source.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
      } else {
        unsafe target[index] = medai_half_value(
          source.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
      }
    }
  }

  private func packGroups(_ place: PackingPlan.Place, _ groups: Range<Int>) {
    let matrix = place.matrix(in: memory)
    let rowBytes = Int(medai_row_bytes(place.type, Int64(place.columns)))
    let source = unsafe (contents.memory.base + place.fileOffset)
      .assumingMemoryBound(to: UInt8.self)
    for group in groups {
      let rows = min(16, place.rows - 16 * group)
      unsafe medai_pack_group(
        place.type, source + 16 * group * rowBytes, Int64(place.columns), Int32(rows),
        matrix.base + group * matrix.groupBytes)
    }
  }
}
