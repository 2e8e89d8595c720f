import Inference
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// Tokenizers of every kind against `tokenizers` and `sentencepiece`
/// (see Scripts/engine/make_tokenizers.py).
struct TokenizerFileTests {
  /// The files' folder; another one, of many more lines, in test-peers.
  static let folder: FilePath =
    environmentVariable("MEDAI_TOKENIZERS").map { FilePath($0) }
    ?? goldenFolder().appending("tokenizers")

  static let byteLevel = ["qwen2", "llama3", "deepseek", "deepseek-digits", "gpt2-nfc"]
  static let pieces = ["bpe-prepend", "bpe-first", "unigram-prepend", "unigram-first"]

  private func bytes(_ name: String) throws -> [UInt8] {
    try readFile(Self.folder.appending(name))
  }

  private func vectors(_ name: String) throws -> [TokenizerTests.Vector] {
    let json = try parseJSON(bytes(name + ".vectors.json"))
    return try #require(json.array).map { entry in
      TokenizerTests.Vector(
        text: Array(try #require(entry["text"]?.string).utf8),
        tokens: try #require(entry["tokens"]?.array).map { Int32(try #require($0.int)) })
    }
  }

  private func expectParity(_ tokenizer: Tokenizer, _ name: String) throws {
    let vectors = try vectors(name)
    #expect(vectors.count >= 50)
    var wrong = 0
    for (index, vector) in vectors.enumerated() {
      if tokenizer.encode(vector.text, addBOS: false) != vector.tokens {
        wrong += 1
        if wrong <= 3 {
          Issue.record(
            "\(name) text \(index): \(String(decoding: vector.text, as: UTF8.self).debugDescription)"
          )
        }
      }
    }
    #expect(wrong == 0, "\(name): \(wrong) of \(vectors.count)")
  }

  @Test(arguments: byteLevel + pieces)
  func tokensAreThoseOfTheReference(name: String) throws {
    let tokenizer = try Tokenizer(json: bytes(name + ".json"), vocabulary: 800)
    try expectParity(tokenizer, name)
    #expect(tokenizer.addsBeginToken == (name == "llama3"))
    for vector in try vectors(name) {
      let decoded = tokenizer.decode(vector.tokens)
      if name == "gpt2-nfc" { continue }
      let marked = Array("\u{2581}".utf8)
      if vector.text.indices.contains(where: { vector.text[$0...].starts(with: marked) }) {
        continue
      }
      // The prefix; a Metaspace step spares texts that begin with a space.
      let isBegun = vector.text.isEmpty || (name.hasSuffix("first") && vector.text[0] == 0x20)
      let expected =
        Self.pieces.contains(name) && !isBegun ? [0x20] + vector.text : vector.text
      #expect(decoded == expected)
    }
  }

  @Test(arguments: ["bpe", "unigram"])
  func sentencePieceFilesAreRead(kind: String) throws {
    let model = try Model.open(bytes: bytes("spm-\(kind).gguf"))
    try expectParity(model.tokenizer, "spm-\(kind)")
    #expect(model.tokenizer.kind == (kind == "bpe" ? "llama" : "t5"))
    #expect(model.tokenizer.addsBeginToken == (kind == "bpe"))
    let control = try #require(model.tokenizer.controlToken("</s>"))
    for text in ["</s>", "a</s>b", "<s> <unk> <0x41>"] {
      let tokens = model.tokenizer.encode(text, addBOS: false)
      #expect(!tokens.contains { model.tokenizer.isControl($0) })
      #expect(model.tokenizer.decode(tokens) == Array((" " + text).utf8))
    }
    #expect(model.tokenizer.encode("a</s>", special: true).last == control)
    for count in 0..<300 {  // any bytes at all come back
      let any = (0..<9).map { UInt8(truncatingIfNeeded: count &* 7919 &+ $0 &* 104_729) }
      let tokens = model.tokenizer.encode(any, addBOS: false)
      #expect(model.tokenizer.pieces(of: tokens).flatMap { $0 } == [0x20] + any)
    }
  }

  /// Every part that is not known is refused, never passed over.
  @Test func foreignPartsAreRefused() throws {
    let text = String(decoding: try bytes("qwen2.json"), as: UTF8.self)
    func problem(_ old: String, _ new: String) throws -> ModelProblem? {
      let range = try #require(text.firstRange(of: old))
      var changed = text
      changed.replaceSubrange(range, with: new)
      do throws(ModelProblem) {
        _ = try Tokenizer(json: Array(changed.utf8), vocabulary: 800)
        return nil
      } catch {
        return error
      }
    }
    #expect(try problem(#""normalizer":null"#, #""normalizer":{"type":"NFC"}"#) == nil)
    for (old, new) in [
      (#""normalizer":null"#, #""normalizer":{"type":"Lowercase"}"#),
      (#""normalizer":null"#, #""normalizer":{"type":"NFKC"}"#),
      (#""behavior":"Isolated""#, #""behavior":"Removed""#),
      (#""invert":false"#, #""invert":true"#),
      ("+(?!", "*(?!"),
      (
        #""type":"ByteLevel","add_prefix_space":false"#,
        #""type":"ByteLevel","add_prefix_space":true"#
      ),
      (#""post_processor":null"#, #""post_processor":{"type":"BertProcessing"}"#),
      (#""dropout":null"#, #""dropout":0.1"#),
      (#""continuing_subword_prefix":null"#, ###""continuing_subword_prefix":"##""###),
      (#""type":"BPE""#, #""type":"WordPiece""#),
      (#""id":0"#, #""id":800"#), (#""id":0"#, #""id":-1"#), (#""id":0"#, #""id":5"#),
      (#""special":true"#, #""special":1"#),
    ] {
      #expect(try problem(old, new) != nil, "\(new)")
    }
    let small = try bytes("qwen2.json")
    #expect(throws: ModelProblem.self) { _ = try Tokenizer(json: small, vocabulary: 399) }
  }

  @Test func everyTruncationOfAFileIsRefused() throws {
    let bytes = try bytes("bpe-first.json")
    for count in stride(from: 0, to: bytes.count - 1, by: 211) {
      #expect(throws: ModelProblem.self) {
        _ = try Tokenizer(json: Array(bytes[..<count]), vocabulary: 800)
      }
    }
  }
}

extension String {
  /// Where a text first occurs.
  fileprivate func firstRange(of text: String) -> Range<String.Index>? {
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(text) { return index..<self.index(index, offsetBy: text.count) }
      index = self.index(after: index)
    }
    return nil
  }
}
