internal import Auditing
internal import Cryptography
internal import Inference
internal import MedaiCore
internal import SystemPackage

/// How a prompt is put into a chat template.
struct ChatForm: Sendable, Equatable {
  /// A template by what it is and how it is rendered.
  struct Template: Sendable, Equatable {
    /// SHA-256 of its text.
    let sha256: Digest
    /// Whether it is coded in the engine and not interpreted.
    let isCoded: Bool
  }

  /// Which template the model is asked to use.
  let choice: ChatTemplateChoice
  /// That template; `nil` where the model has none and the prompt is used as it is.
  let template: Template?
  /// Whether the model is told to think; `nil` for the template's own way.
  let thinking: Bool?
  /// Whether the entry's digest names the template; entries of the first version did not.
  let isNamed: Bool

  /// A form for a model.
  init(_ choice: ChatTemplateChoice, thinking: Bool?, of model: Model) {
    self.choice = choice
    template = model.chatTemplateUse(choice).map {
      Template(sha256: $0.sha256, isCoded: $0.isCoded)
    }
    self.thinking = thinking
    isNamed = true
  }

  private init() {
    choice = .known
    template = nil
    thinking = nil
    isNamed = false
  }

  /// The model's own template, as entries of the first version have it.
  static let unnamed = ChatForm()

  /// Longest template that is read.
  static let maxBytes = 1 << 20

  /// All forms with one choice.
  static func all(_ choice: ChatTemplateChoice, of model: Model) -> [ChatForm] {
    [nil, true, false].map { ChatForm(choice, thinking: $0, of: model) }
  }

  /// The form that options ask for.
  ///
  /// - Parameters:
  ///   - template: `model` for the model's own template, else a file.
  ///   - thinking: `on` or `off`.
  ///   - model: The model.
  /// - Returns: The form.
  /// - Throws: `Failure`, `FileError`.
  static func asked(
    template: String?, thinking: String?, of model: Model
  ) throws -> ChatForm {
    let choice: ChatTemplateChoice =
      switch template {
      case nil: .known
      case "model": .model
      case let path?: .supplied(try readFile(FilePath(path), maxBytes: maxBytes))
      }
    return ChatForm(choice, thinking: thinking.map { $0 == "on" }, of: model)
  }
}

extension Replayer {
  /// The form that a begin entry proves.
  ///
  /// What the log's digests cover is tried in turn: no template named, the model's own, then every
  /// file among the inputs that may be one.
  ///
  /// - Throws: `ReplayCause` where none fits, errors of the model.
  func generationForm(provenBy begin: LogEntry) throws -> GenerationForm {
    if let form = GenerationForm(provenBy: begin, among: [nil, .unnamed]) { return form }
    let model = try model(of: begin, quantizing: opened?.quantizing)
    var chats = ChatForm.all(.known, of: model)
    if let own = model.chatTemplate {
      chats += ChatForm.all(.model, of: model) + ChatForm.all(.supplied(own), of: model)
    }
    if let form = GenerationForm(provenBy: begin, among: chats) { return form }
    for file in inputs.files where file.bytes <= ChatForm.maxBytes {
      guard let bytes = try? readFile(file.path, maxBytes: ChatForm.maxBytes) else { continue }
      let chats = ChatForm.all(.supplied(bytes), of: model)
      if let form = GenerationForm(provenBy: begin, among: chats) { return form }
    }
    throw ReplayCause.settingsUnknown
  }
}
