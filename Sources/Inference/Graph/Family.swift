/// The families of models that the one graph serves.
///
/// A family decides where numbers and tensors are found and which switches of `Graph` are set; it
/// has no code of its own in the forward pass.
enum Family: String, CaseIterable, Sendable {
  case llama
  case qwen2
  case qwen3
  case exaone
  case exaone4
  case hyperclovax
  case gptneox

  /// `model_type` in a Hugging Face `config.json`.
  var modelType: String { self == .gptneox ? "gpt_neox" : rawValue }

  /// Architectures with experts, which are recognised and not run: names of GGUF and of
  /// `model_type`.
  private static let mixturesOfExperts = [
    "solar_open", "glm4moe", "exaone_moe", "exaone-moe", "axk1", "axk2", "deepseek2",
    "deepseek_v2", "deepseek_v3", "glm4_moe", "mixtral", "qwen2_moe", "qwen2moe", "qwen3_moe",
    "qwen3moe",
  ]

  /// The family of a GGUF file.
  init(architecture: [UInt8]) throws(ModelProblem) {
    try self.init(name: architecture) { $0.rawValue }
  }

  /// The family of a folder.
  init(modelType: [UInt8]) throws(ModelProblem) {
    try self.init(name: modelType) { $0.modelType }
  }

  private init(name: [UInt8], _ key: (Family) -> String) throws(ModelProblem) {
    if let family = Self.allCases.first(where: { Array(key($0).utf8) == name }) {
      self = family
    } else if Self.mixturesOfExperts.contains(where: { Array($0.utf8) == name }) {
      throw .mixtureOfExperts(shownName(name))
    } else {
      throw .unsupportedArchitecture(shownName(name))
    }
  }
}
