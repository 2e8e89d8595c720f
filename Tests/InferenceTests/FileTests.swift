import Cryptography
import Inference
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// The loader against files that are cut, bent or foreign.
struct FileTests {
  private func problem(_ bytes: [UInt8]) -> ModelProblem? {
    do throws(ModelError) {
      _ = try Model.open(bytes: bytes)
      return nil
    } catch {
      return error.problem
    }
  }

  private func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    (0..<MemoryLayout<Number>.size).map { UInt8(truncatingIfNeeded: number >> Number(8 * $0)) }
  }

  private func string(_ text: String) -> [UInt8] { little(UInt64(text.utf8.count)) + text.utf8 }

  /// Where a string with its length before it ends in a file.
  private func end(of text: String, in bytes: [UInt8]) throws -> Int {
    let pattern = string(text)
    let start = try #require(
      bytes.indices.first { bytes[$0...].starts(with: pattern) }, "\(text) is in the file")
    return start + pattern.count
  }

  /// The file with bytes replaced some way after a name.
  private func patched(
    _ name: String, skipping skipped: Int, with new: [UInt8]
  ) throws -> [UInt8] {
    var bytes = try TinyModel.q4.bytes()
    let start = try end(of: name, in: bytes) + skipped
    bytes.replaceSubrange(start..<start + new.count, with: new)
    return bytes
  }

  @Test func everyTruncationIsRefused() throws {
    let bytes = try TinyModel.q4.bytes()
    #expect(problem(bytes) == nil)
    let header = try end(of: "blk.1.ffn_down.weight", in: bytes) + 100
    // Every length within the header; from there on the data, in steps that no block divides.
    for count in Array(0..<header) + Array(stride(from: header, to: bytes.count, by: 17)) {
      guard case .truncated(let expected, let found)? = problem(Array(bytes[..<count])) else {
        Issue.record("length \(count) was not called truncated")
        continue
      }
      #expect(found == count && expected > count)
      if count > header { #expect(expected == bytes.count) }
    }
  }

  @Test func aTruncatedFileIsNamed() throws {
    try withScratchFolder { folder in
      let bytes = try TinyModel.q4.bytes()
      let path = folder.appending("cut.gguf")
      try writeDurably(Array(bytes[..<(bytes.count - 1)]), to: path)
      let expected = ModelError(
        path: path, problem: .truncated(expected: bytes.count, found: bytes.count - 1))
      #expect(throws: expected) { _ = try Model.open(path, threads: 1) }
      #expect(throws: ModelError.self) { _ = try Model.open(folder, threads: 1) }
      let missing = folder.appending("none.gguf")
      #expect(
        throws: ModelError(
          path: missing, problem: .file(FileError(.open, missing, .noSuchFileOrDirectory)))
      ) { _ = try Model.open(missing, threads: 1) }
      try writeDurably(bytes, to: path)
      #expect(try Model.open(path, threads: 2).info.fileBytes == bytes.count)
    }
  }

  @Test func foreignFilesAreRefused() throws {
    #expect(problem(Array("PK\u{3}\u{4} and more".utf8)) == .notGGUF(found: 0x0403_4B50))
    var bytes = try TinyModel.q4.bytes()
    for version: UInt32 in [0, 1, 4, 0x0300_0000] {
      bytes.replaceSubrange(4..<8, with: little(version))
      #expect(problem(bytes) == .unsupportedVersion(version))
    }
    bytes.replaceSubrange(4..<8, with: little(UInt32(2)))
    #expect(problem(bytes) == nil)
  }

  @Test(arguments: [UInt64.max, 1 << 63, 1 << 32, 65_537])
  func hostileCountsAreRefused(count: UInt64) throws {
    var bytes = try TinyModel.q4.bytes()
    bytes.replaceSubrange(8..<16, with: little(count))
    #expect(problem(bytes) == .limit(.tensors, offset: 8))
    bytes = try TinyModel.q4.bytes()
    bytes.replaceSubrange(16..<24, with: little(count))
    #expect(problem(bytes) == .limit(.keys, offset: 16))
    bytes = try TinyModel.q4.bytes()
    bytes.replaceSubrange(24..<32, with: little(count))
    #expect(problem(bytes) == .limit(.keyLength, offset: 24))
    // The length of an array of strings: its kind and its elements' kind stand before it.
    bytes = try patched("tokenizer.ggml.tokens", skipping: 8, with: little(count))
    switch problem(bytes) {
    case .limit(.arrayLength, _)?, .truncated?: break
    case let other: Issue.record("\(String(describing: other))")
    }
  }

  @Test func bentMetadataAreRefused() throws {
    #expect(
      try problem(patched("general.architecture", skipping: 12, with: Array("gemma".utf8)))
        == .unsupportedArchitecture("gemma"))
    #expect(
      try problem(patched("general.architecture", skipping: 12, with: [27, 91, 50, 74, 7]))
        == .unsupportedArchitecture("??2J?"))
    #expect(
      try problem(patched("general.architecture", skipping: 0, with: little(UInt32(13))))
        .map { if case .unknownValueKind(13, _) = $0 { true } else { false } } == true)
    for (key, value) in [
      ("llama.block_count", UInt32(0)), ("llama.block_count", .max),
      ("llama.embedding_length", 0), ("llama.attention.head_count", 0),
      ("llama.attention.head_count_kv", 3), ("llama.rope.dimension_count", 7),
      ("llama.rope.dimension_count", 18), ("llama.context_length", 0),
      ("llama.vocab_size", 396), ("tokenizer.ggml.eos_token_id", 397),
    ] {
      #expect(try problem(patched(key, skipping: 4, with: little(value))) == .badValue(key))
    }
    for value in [Float.nan, 0, -1, 1, .infinity] {
      let key = "llama.attention.layer_norm_rms_epsilon"
      #expect(
        try problem(patched(key, skipping: 4, with: little(value.bitPattern))) == .badValue(key))
    }
    #expect(
      try problem(patched("tokenizer.ggml.pre", skipping: 12, with: Array("qwen2!".utf8)))
        == .unsupportedTokenizer("qwen2?"))
    // One name instead of another of its length: the first is missing then, or there twice.
    var bytes = try TinyModel.q4.bytes()
    let name = try end(of: "llama.block_count", in: bytes)
    bytes.replaceSubrange(name - 1..<name, with: Array("s".utf8))
    #expect(problem(bytes) == .missingKey("llama.block_count"))
  }

  @Test func bentTensorsAreRefused() throws {
    let name = "blk.0.attn_k.weight"
    // After the name: number of dimensions, two sizes, type, offset.
    #expect(
      try problem(patched(name, skipping: 4, with: little(UInt64(32))))
        == .tensorShape(name, expected: [64, 32], found: [32, 32]))
    #expect(
      try problem(patched(name, skipping: 4, with: little(UInt64(48)))).map {
        if case .tensorShape = $0 { true } else { false }
      } == true)
    for size in [UInt64.max, 1 << 62, 0, 1 << 41] {
      let found = try problem(patched(name, skipping: 12, with: little(size)))
      #expect(
        found.map { if case .limit(.dimension, _) = $0 { true } else { false } } == true, "\(size)")
    }
    for rank: UInt32 in [0, 5, .max] {
      let found = try problem(patched(name, skipping: 0, with: little(rank)))
      #expect(found.map { if case .limit(.dimensions, _) = $0 { true } else { false } } == true)
    }
    for type: UInt32 in [4, 16, 24, 39, 99, .max] {
      #expect(
        try problem(patched(name, skipping: 20, with: little(type)))
          == .unsupportedTensorType(name, id: type))
    }
    for offset in [UInt64.max, 1 << 51, 33] {
      let found = try problem(patched(name, skipping: 24, with: little(offset)))
      #expect(found.map { if case .limit(.tensorOffset, _) = $0 { true } else { false } } == true)
    }
    let beyond = try problem(patched(name, skipping: 24, with: little(UInt64(1) << 40)))
    #expect(beyond.map { if case .truncated = $0 { true } else { false } } == true)
    let shared = try problem(patched(name, skipping: 24, with: little(UInt64(0))))
    #expect(shared.map { if case .limit(.tensorOffset, _) = $0 { true } else { false } } == true)
  }

  @Test func missingDoubleAndForeignTensorsAreRefused() throws {
    func renamed(_ old: String, _ new: String) throws -> [UInt8] {
      var bytes = try TinyModel.q4.bytes()
      let end = try end(of: old, in: bytes)
      bytes.replaceSubrange(end - new.utf8.count..<end, with: Array(new.utf8))
      return bytes
    }
    #expect(
      try problem(renamed("blk.0.attn_k.weight", "blk.0.attn_x.weight"))
        == .missingTensor("blk.0.attn_k.weight"))
    #expect(
      try problem(renamed("blk.0.attn_k.weight", "blk.1.attn_k.weight"))
        == .duplicateTensor("blk.1.attn_k.weight"))
    // One layer fewer than there are tensors for.
    #expect(
      try problem(patched("llama.block_count", skipping: 4, with: little(UInt32(1))))
        == .unexpectedTensor("blk.1.attn_norm.weight"))
    #expect(
      try problem(patched("llama.block_count", skipping: 4, with: little(UInt32(3))))
        == .missingTensor("blk.2.attn_norm.weight"))
  }

  @Test func noByteOfTheHeaderCrashesTheLoader() throws {
    let bytes = try TinyModel.q4.bytes()
    let header = try end(of: "blk.1.ffn_down.weight", in: bytes) + 32
    var random = TestRandom(11)
    var refused = 0
    for _ in 0..<1_500 {
      var bent = bytes
      for _ in 0...random.below(3) {
        bent[random.below(header)] = [0, 1, 0x7F, 0x80, 0xFF][random.below(5)]
      }
      if problem(bent) != nil { refused += 1 }
    }
    #expect(refused > 100)
  }

  @Test func unknownTemplatesAreRefused() throws {
    #expect(throws: TemplateError.missing) {
      _ = try TinyModel.q4.open().renderChat(system: nil, user: "x")
    }
    #expect(throws: TemplateError.unknown(sha256: sha256(Array("{{ messages }}".utf8)))) {
      _ = try TinyModel.q8.open().renderChat(system: nil, user: "x")
    }
  }
}
