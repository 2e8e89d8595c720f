internal import Cryptography

/// Chat templates whose text was seen, each coded here and found by the digest of its Jinja text.
///
/// The digests are those of the published texts with newlines alone; a template that differs in a
/// byte is another one.
enum KnownTemplate: CaseIterable {
  /// ChatML with SmolLM2's system sentence.
  case smollm2
  /// ChatML with Qwen's system sentence: Qwen 2.5 Instruct and what was made of it.
  case qwen25
  /// ChatML without a system sentence, with a thinking switch: Qwen 3.
  case qwen3
  /// EXAONE 3.5.
  case exaone35
  /// EXAONE 4.0, with a thinking switch.
  case exaone4
  /// SOLAR 10.7B Instruct.
  case solar
  /// Llama 2 Chat.
  case llama2
  /// Llama 3 Instruct.
  case llama3

  /// SHA-256 of the template's text.
  var digest: String {
    switch self {
    case .smollm2: "872be49dbb638044ad01b60388f48d469ff2980e5f0dccdc22ec907db54d0788"
    case .qwen25: "cd8e9439f0570856fd70470bf8889ebd8b5d1107207f67a5efb46e342330527f"
    case .qwen3: "87a2728cb8dc9fe424d624542f6060ec05a1d285ebbec578bb078900e33396b5"
    case .exaone35: "627e212836e41c6231988b4ae595a16ddfd7814d2c39fd7bf3105651f8bbeebd"
    case .exaone4: "de64119ec8394ec3619221283a05fc8019c9a319cbdf2a471fe1ee8c36119616"
    case .solar: "b8e5e922a7a4ab5df61a904ef54639a27022fd84eb6b6434f09503afeca60eb4"
    case .llama2: "e8d5b5a546d3f19df16a5320c614fab05bdc4edd50e850f1afd947b503ea41cf"
    case .llama3: "ba03a121d097859c7b5b9cd03af99aafe95275210d2876f642ad9929a150f122"
    }
  }

  /// The template of a digest; `nil` where none is known.
  init?(_ digest: Digest) {
    guard let known = Self.allCases.first(where: { $0.digest == digest.hex }) else { return nil }
    self = known
  }

  /// Whether the template can be told to think or not to.
  var hasThinkingSwitch: Bool { self == .qwen3 || self == .exaone4 }

  /// Control tokens that the model's vocabulary must have.
  var controls: [String] {
    switch self {
    case .smollm2, .qwen25, .qwen3: ["<|im_start|>", "<|im_end|>"]
    case .exaone35, .exaone4: ["[|system|]", "[|user|]", "[|assistant|]", "[|endofturn|]"]
    case .solar, .llama2: []
    case .llama3: ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
    }
  }

  /// The text of a conversation of one question, up to where the answer begins.
  ///
  /// - Parameters:
  ///   - system: The system message; `nil` for what the template puts there.
  ///   - user: The question.
  ///   - thinking: Whether the model is told to think; `nil` for the template's own way.
  ///   - begin: Text of the token that begins a text.
  /// - Returns: The prompt.
  func render(
    system: MarkedText?, user: MarkedText, thinking: Bool?, begin: MarkedText
  ) -> MarkedText {
    var text = MarkedText()
    func add(_ own: String, _ message: MarkedText? = nil, _ after: String = "") {
      text += MarkedText(own: own)
      if let message { text += message }
      text += MarkedText(own: after)
    }
    func stripped(_ text: MarkedText) -> MarkedText {
      text.stripped(left: true, right: true, MarkedText.isSpace)
    }
    switch self {
    case .smollm2, .qwen25, .qwen3:
      if let system {
        add("<|im_start|>system\n", system, "<|im_end|>\n")
      } else if self == .smollm2 {
        add("<|im_start|>system\nYou are a helpful AI assistant named SmolLM, ")
        add("trained by Hugging Face<|im_end|>\n")
      } else if self == .qwen25 {
        add("<|im_start|>system\nYou are Qwen, created by Alibaba Cloud. ")
        add("You are a helpful assistant.<|im_end|>\n")
      }
      add("<|im_start|>user\n", user, "<|im_end|>\n<|im_start|>assistant\n")
      if self == .qwen3, thinking == false { add("<think>\n\n</think>\n\n") }
    case .exaone35:
      add("[|system|]", system, "[|endofturn|]\n[|user|]")
      text += user
      add("\n[|assistant|]")
    case .exaone4:
      if let system { add("[|system|]\n", system, "[|endofturn|]\n") }
      add("[|user|]\n", user, "[|endofturn|]\n[|assistant|]\n<think>\n")
      if thinking != true { add("\n</think>\n\n") }
    case .solar:
      if let system, !system.isEmpty { add("### System:\n", system, "\n\n") }
      add("### User:\n", user, "\n\n### Assistant:\n")
    case .llama2:
      text += begin
      var content = MarkedText()
      if let system {
        content += MarkedText(own: "<<SYS>>\n")
        content += system
        content += MarkedText(own: "\n<</SYS>>\n\n")
      }
      content += user
      add("[INST] ", stripped(content), " [/INST]")
    case .llama3:
      text += begin
      if let system {
        add("<|start_header_id|>system<|end_header_id|>\n\n", stripped(system), "<|eot_id|>")
      }
      add("<|start_header_id|>user<|end_header_id|>\n\n", stripped(user), "<|eot_id|>")
      add("<|start_header_id|>assistant<|end_header_id|>\n\n")
    }
    return text
  }
}
