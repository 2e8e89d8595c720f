public import Cryptography

/// What a model file says of itself, for records and reports.
public struct ModelInfo: Sendable, Equatable {
  /// GGUF's name of the architecture.
  public let architecture: String
  /// Number of weights: the sum of all tensors' elements.
  public let parameters: Int
  /// How most of the weights are stored, such as `Q4_1`.
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
  /// Digest of the whole file.
  public let sha256: Digest
  /// Size of the file in bytes.
  public let fileBytes: Int

  init(_ header: GGUFHeader, _ config: Config, tokenizer: String, _ contents: FileContents)
    throws(ModelProblem)
  {
    architecture = "llama"
    parameters = header.tensors.reduce(0) { $0 + $1.elements }
    let types: [(id: UInt32, name: String)] = [
      (0, "F32"), (1, "F16"), (2, "Q4_0"), (3, "Q4_1"), (8, "Q8_0"),
    ]
    var most = (elements: -1, name: "")
    for type in types {
      let elements = header.tensors.reduce(0) { $1.typeID == type.id ? $0 + $1.elements : $0 }
      if elements > most.elements { most = (elements, type.name) }
    }
    quantization = most.name
    contextLength = config.context
    vocabSize = config.vocabulary
    self.tokenizer = tokenizer
    license = try header.string("general.license").map(Self.shownText)
    name = try header.string("general.name").map(Self.shownText)
    sha256 = contents.digest
    fileBytes = contents.count
  }

  /// At most 128 printable ASCII characters: the text goes to terminals and reports.
  private static func shownText(_ bytes: [UInt8]) -> String {
    let shown = bytes.prefix(128).map { $0 >= 0x20 && $0 < 0x7F ? $0 : UInt8(ascii: "?") }
    return String(decoding: shown, as: UTF8.self)
  }
}
