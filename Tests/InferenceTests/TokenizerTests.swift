import Inference
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// Tokens against those of Hugging Face's `tokenizers` (see Scripts/engine/make_fixtures.py).
struct TokenizerTests {
  struct Vector {
    let text: [UInt8]
    let tokens: [Int32]
  }

  static func vectors(_ name: String) throws -> [Vector] {
    let json = try parseJSON(readFile(goldenFolder().appending(name)))
    return try #require(json.array).map { entry in
      Vector(
        text: Array(try #require(entry["text"]?.string).utf8),
        tokens: try #require(entry["tokens"]?.array).map { Int32(try #require($0.int)) })
    }
  }

  static func check(_ tokenizer: Tokenizer, against name: String) throws {
    let vectors = try vectors(name)
    #expect(vectors.count > 20)
    for (index, vector) in vectors.enumerated() {
      let tokens = tokenizer.encode(vector.text, addBOS: false)
      #expect(tokens == vector.tokens, "text \(index)")
      if tokenizer.unencodableBytes(in: vector.text) == 0 {
        #expect(tokenizer.decode(tokens) == vector.text, "text \(index)")
        #expect(tokenizer.pieces(of: tokens).flatMap { $0 } == vector.text)
      }
    }
  }

  @Test func digitsApartAsTheReference() throws {
    try Self.check(TinyModel.q41.open().tokenizer, against: "tokens-smollm.json")
  }

  @Test func gpt2AsTheReference() throws {
    try Self.check(TinyModel.f16.open().tokenizer, against: "tokens-gpt-2.json")
  }

  @Test func controlTokensOnlyWhenAskedFor() throws {
    let tokenizer = try TinyModel.q41.open().tokenizer
    let text = "a<|im_start|>b<|im_end|><|im_"
    #expect(!tokenizer.encode(text).contains { tokenizer.isControl($0) })
    let tokens = tokenizer.encode(text, special: true)
    #expect(tokens.filter { tokenizer.isControl($0) } == [1, 2])
    #expect(tokenizer.decode(tokens) == Array("ab<|im_".utf8))
    #expect(tokenizer.decode(tokens, showingControls: true) == Array(text.utf8))
    #expect(tokenizer.controlToken("<|im_end|>") == 2)
    #expect(tokenizer.controlToken("a") == nil)
  }

  @Test func beginTokenAsTheFileAsks() throws {
    let asked = try TinyModel.f16.open().tokenizer
    #expect(asked.addsBeginToken && asked.encode("a").first == 1)
    #expect(asked.encode("a", addBOS: false).first != 1)
    let unasked = try TinyModel.q41.open().tokenizer
    #expect(!unasked.addsBeginToken && unasked.encode("").isEmpty)
    #expect(unasked.encode("", addBOS: true) == [1])
    #expect(unasked.beginToken == 1 && unasked.endToken == 2)
  }

  @Test func aScalarCutInTwoWaits() throws {
    let tokenizer = try TinyModel.q41.open().tokenizer
    // A vocabulary of single bytes for this syllable, whatever merges there are.
    let bytes: [UInt8] = [0xF0, 0x9F, 0x98, 0x80]
    let tokens = bytes.flatMap { tokenizer.encode([$0]) }
    #expect(tokens.count == 4)
    var decoder = StreamingDecoder(tokenizer)
    #expect(tokens.map { decoder.append($0) } == [[], [], [], bytes])
    #expect(decoder.finish().isEmpty)
    #expect(decoder.append(tokens[0]).isEmpty)
    #expect(decoder.append(tokens[1]).isEmpty)
    #expect(decoder.append(tokenizer.encode("a")[0]) == [0xEF, 0xBF, 0xBD, 0xEF, 0xBF, 0xBD, 0x61])
    #expect(decoder.append(tokens[0]).isEmpty)
    #expect(decoder.finish() == [0xEF, 0xBF, 0xBD])
  }

  @Test func anyBytesComeBackAsWellFormedText() throws {
    let tokenizer = try TinyModel.q41.open().tokenizer
    var random = TestRandom(5)
    for _ in 0..<200 {
      let bytes = (0..<40).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      let tokens = tokenizer.encode(bytes)
      #expect(tokenizer.pieces(of: tokens).flatMap { $0 } == bytes)
      // The validating decoder of the language itself is the judge.
      let text = tokenizer.decode(tokens)
      #expect(String(validating: text, as: UTF8.self) != nil)
    }
  }

  @Test(.timeLimit(.minutes(1))) func aLongWordIsNotQuadratic() throws {
    let tokenizer = try TinyModel.q41.open().tokenizer
    let word = [UInt8](repeating: UInt8(ascii: "a"), count: 1 << 20)
    let tokens = tokenizer.encode(word)
    #expect(tokenizer.pieces(of: tokens).flatMap { $0 } == word)
  }
}
