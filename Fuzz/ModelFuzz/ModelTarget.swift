import Cryptography
import FuzzSupport
import Inference
import MedaiCore
import MedaiText
import SystemPackage

/// A reader of a model's files.
enum ModelTarget: String, FuzzTarget {
  /// A GGUF file. What is accepted computes finite logits or says why not.
  case gguf
  /// `model.safetensors` of a folder whose other files are sound.
  case safetensors
  /// `tokenizer.json` of such a folder. What is accepted encodes and decodes.
  case tokenizer
  /// A chat template: rendered the same twice, within its bounds, or refused. Nothing that a
  /// message says becomes a control token.
  case template

  var pieces: [String] {
    switch self {
    case .gguf: ["tokenizer.ggml.", "llama.", "blk.0.", ".weight", "\u{0}\u{0}\u{0}\u{1}"]
    case .safetensors:
      ["\"dtype\":\"F32\"", "\"shape\":[", "\"data_offsets\":[0,", "18446744073709551615"]
    case .tokenizer:
      [
        "\"type\":\"BPE\"", "\"Unigram\"", "\"merges\":[", "\"vocab\":{", "\"added_tokens\":[",
        "\"byte_fallback\":true", "\"normalizer\":{\"type\":\"NFC\"}", "\\uD800",
      ]
    case .template:
      [
        "{% for m in messages %}", "{% endfor %}", "{% if ", "{% else %}", "{% endif %}", "{{- ",
        " -}}", "{% set x = ", "{%- endset %}", "{% macro m(a) %}", "| trim", "| tojson", "[::-1]",
        "namespace(", "range(9999)", ".split('", ".replace('', ", " * 999", " is defined", "not ",
      ]
    }
  }

  func check(_ input: [UInt8], in scratch: FilePath) throws {
    switch self {
    case .gguf:
      guard let model = try? Model.open(bytes: input) else { return }
      try compute(model)
    case .safetensors: try checkFolder("model.safetensors", input, in: scratch)
    case .tokenizer: try checkFolder("tokenizer.json", input, in: scratch)
    case .template: try checkTemplate(input)
    }
  }

  /// What an opened model promises.
  private func compute(_ model: Model) throws {
    try hold(model.info.parameters > 0, "a model has weights")
    let text = Array("a 1 고혈압 <|im_end|> </s> \u{1F600}\r\n".utf8) + [0xFF, 0xED, 0xA0]
    for special in [false, true] {
      let tokens = model.tokenizer.encode(text, special: special)
      try hold(
        tokens.allSatisfy { $0 >= 0 && $0 < model.tokenizer.count }, "a token is of the vocabulary")
      if !special {
        try hold(
          !tokens.dropFirst().contains { model.tokenizer.isControl($0) },
          "no text becomes a control token")
      }
      let decoded = model.tokenizer.decode(tokens)
      try hold(firstInvalidUTF8(in: decoded) == nil, "decoded text is UTF-8")
    }
    // Sizes are the file's word; a session that has no memory for them says so.
    guard model.info.parameters < 1 << 22,
      let session = try? Session(model, capacity: 4, batch: 2)
    else { return }
    guard let logits = try? session.prefill([0, 0, 0]) else { return }
    try hold(logits.allSatisfy(\.isFinite), "logits are finite")
  }

  private func checkFolder(_ name: String, _ input: [UInt8], in scratch: FilePath) throws {
    for (file, bytes) in try Self.folder.get() {
      let path = scratch.appending(file)
      if file != name, fileExists(path) { continue }
      let open = try FileDescriptor.open(
        path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
      _ = try open.closeAfter { try open.writeAll(file == name ? input : bytes) }
    }
    guard let model = try? Model.open(scratch, threads: 1) else { return }
    try compute(model)
  }

  private func checkTemplate(_ input: [UInt8]) throws {
    guard let template = try? ChatTemplate(interpreting: input) else { return }
    let texts = (0..<2).map { _ in
      try? template.text(system: "s {{ x }}", user: " q\n가", thinking: true)
    }
    try hold(texts[0] == texts[1], "a template renders the same twice")
    try hold(
      texts[0].map { firstInvalidUTF8(in: $0) == nil } ?? true, "a rendered template is UTF-8")
  }

  private static let golden = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .removingLastComponent().pushing("Tests/InferenceTests/Golden")

  /// A sound folder's files.
  private static let folder = Result { () throws -> [(String, [UInt8])] in
    let families = golden.appending("families")
    return [
      ("config.json", try readFile(families.appending("llama.json"))),
      ("model.safetensors", try readFile(families.appending("llama.safetensors"))),
      ("tokenizer.json", try readFile(families.appending("tokenizer.json"))),
    ]
  }

  /// Inputs of each target by name, out of the tests' files.
  static func corpus() throws -> [(target: ModelTarget, name: String, bytes: [UInt8])] {
    let families = golden.appending("families")
    var corpus: [(target: ModelTarget, name: String, bytes: [UInt8])] = []
    for name in ["llama", "exaone4", "gptneox"] {
      let file = families.appending(name + ".gguf")
      corpus.append((.gguf, name + ".gguf", try readFile(file)))
    }
    for (name, bytes) in try folder.get() where name != "config.json" {
      corpus.append((name == "tokenizer.json" ? .tokenizer : .safetensors, name, bytes))
    }
    let templates = golden.appending("templates")
    for name in try folderEntries(templates) where name.hasSuffix(".jinja") {
      corpus.append((.template, name, try readFile(templates.appending(name))))
    }
    return corpus
  }
}
