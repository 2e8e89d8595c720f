public import Cryptography

/// What a model file says of itself, for records and reports.
public struct ModelInfo: Sendable, Equatable {
  /// GGUF's name of the architecture, whatever the format.
  public let architecture: String
  /// Number of weights: the sum of all tensors' elements.
  public let parameters: Int
  /// How most of the weights are stored, such as `Q4_1`; `Q8_0 from BF16` where they were turned
  /// into blocks at load.
  public let quantization: String
  /// Most positions the model was made for.
  public let contextLength: Int
  /// Entries of the vocabulary.
  public let vocabSize: Int
  /// Tokenizer model and pre-tokenizer, such as `gpt2/smollm`.
  public let tokenizer: String
  /// The file's licence entry; `nil` where it has none.
  public let license: String?
  /// The file's name entry; `nil` where it has none.
  public let name: String?
  /// Digest of the whole file; of several files, of what `sha256sum` prints for them in byte order
  /// of their names.
  public let sha256: Digest
  /// Size of the files in bytes.
  public let fileBytes: Int

  init(
    _ files: ModelFiles, _ graph: Graph, tokenizer: String, quantizing: LoadQuantization?
  ) throws(ModelProblem) {
    architecture = graph.family.rawValue
    let tensors = files.catalog.tensors
    parameters = tensors.reduce(0) { $0 + $1.elements }
    var most = (elements: -1, name: "")
    var seen: Set<UInt32> = []
    for tensor in tensors where seen.insert(tensor.typeID).inserted {
      let elements = tensors.reduce(0) { $1.typeID == tensor.typeID ? $0 + $1.elements : $0 }
      if elements > most.elements { most = (elements, storageName(of: tensor.typeID) ?? "") }
    }
    let isQuantized = quantizing != nil && ["F32", "F16", "BF16"].contains(most.name)
    quantization = isQuantized ? "Q8_0 from \(most.name)" : most.name
    contextLength = graph.context
    vocabSize = graph.vocabulary
    self.tokenizer = tokenizer
    if case .gguf(let header) = files.description {
      license = try header.string("general.license").map(Self.shownText)
      name = try header.string("general.name").map(Self.shownText)
    } else {
      license = nil
      name = nil
    }
    sha256 = files.digest
    fileBytes = files.bytes
  }

  /// At most 128 printable ASCII characters: the text goes to terminals and reports.
  private static func shownText(_ bytes: [UInt8]) -> String {
    let shown = bytes.prefix(128).map { $0 >= 0x20 && $0 < 0x7F ? $0 : UInt8(ascii: "?") }
    return String(decoding: shown, as: UTF8.self)
  }
}
