import Cryptography
import Inference
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// Folders and split files: what belongs together, and what is refused.
struct FolderTests {
  private func problem(_ change: (FilePath) throws -> Void) throws -> ModelProblem? {
    try problem(.exaone4, change)
  }

  private func problem(
    _ family: FamilyModel, _ change: (FilePath) throws -> Void
  ) throws -> ModelProblem? {
    do {
      _ = try family.openFolder(change)
      return nil
    } catch let error as ModelError {
      return error.problem
    }
  }

  /// The folder's configuration with a piece of text replaced.
  private func config(
    _ family: FamilyModel, _ old: String, _ new: String
  ) throws -> (FilePath) throws -> Void {
    let text = String(decoding: try family.bytes("json"), as: UTF8.self)
    let parts = text.components(around: old)
    try #require(parts.count == 2, "\(old) is in the file once")
    let changed = parts[0] + new + parts[1]
    return { try put(Array(changed.utf8), to: $0.appending("config.json")) }
  }

  private func lastDigest(_ model: Model) throws -> Digest {
    Session.digest(of: try Session(model).prefill(FamilyModel.prompt))
  }

  @Test func everyWordForWindowsMeansTheSame() throws {
    let expected = try lastDigest(FamilyModel.exaone4.openFolder())
    let old = #""sliding_window_pattern": "LLLG""#
    for new in [
      #""sliding_window_pattern": 4"#,
      #""layer_types": ["sliding_attention", "sliding_attention", "sliding_attention", "full_attention"]"#,
    ] {
      let model = try FamilyModel.exaone4.openFolder(config(.exaone4, old, new))
      #expect(try lastDigest(model) == expected)
    }
    let global = try FamilyModel.exaone4.openFolder(
      config(.exaone4, old, #""sliding_window_pattern": "LGLG""#))
    #expect(try lastDigest(global) != expected)
    for new in [#""sliding_window_pattern": "LLXG""#, #""sliding_window_pattern": """#] {
      #expect(
        try problem(config(.exaone4, old, new)) == .badValue("sliding_window_pattern"))
    }
    #expect(
      try problem(config(.exaone4, old, #""sliding_window_pattern": null"#))
        == .missingKey("sliding_window_pattern"))
    #expect(
      try problem(config(.exaone4, old, #""layer_types": ["full_attention"]"#))
        == .badValue("layer_types"))
  }

  @Test(arguments: ["solar_open", "exaone_moe", "axk1"])
  func mixturesOfExpertsAreNamed(type: String) throws {
    #expect(
      try problem(config(.exaone4, #""model_type": "exaone4""#, #""model_type": "\#(type)""#))
        == .mixtureOfExperts(type))
  }

  @Test func unknownThingsAreNamed() throws {
    func expect(
      _ family: FamilyModel, _ old: String, _ new: String, _ expected: ModelProblem
    ) throws {
      let found = try problem(family, config(family, old, new))
      #expect(found == expected, "\(new)")
    }
    try expect(
      .exaone4, #""model_type": "exaone4""#, #""model_type": "mamba""#,
      .unsupportedArchitecture("mamba"))
    try expect(
      .gptneox, #""hidden_act": "gelu""#, #""hidden_act": "gelu_new""#,
      .unsupportedFeature("hidden_act gelu_new"))
    try expect(
      .qwen3, #""rope_type": "yarn""#, #""rope_type": "longrope""#,
      .unsupportedFeature("rope_parameters longrope"))
    try expect(.llama, #""factor": 8.0"#, #""factor": 0"#, .badValue("rope_scaling.factor"))
    try expect(
      .exaone, #""tie_word_embeddings": true"#, #""x": 1"#, .missingKey("tie_word_embeddings"))
    try expect(
      .hyperclovax, #""embedding_multiplier": 7.5"#, #""embedding_multiplier": 0"#,
      .badValue("embedding_multiplier"))
    try expect(
      .hyperclovax, #""use_post_norm": true"#, #""use_post_norm": false"#,
      .unexpectedTensor("model.layers.0.post_norm1.weight"))
    try expect(
      .qwen3, #""attention_bias": false"#, #""attention_bias": true"#,
      .missingTensor("model.layers.0.self_attn.q_proj.bias"))
    try expect(
      .llamaBias, #""attention_bias": true"#, #""attention_bias": false"#,
      .unexpectedTensor("model.layers.0.self_attn.k_proj.bias"))
    try expect(
      .qwen2, #""vocab_size": 270"#, #""vocab_size": 272"#,
      .tensorShape("model.embed_tokens.weight", expected: [24, 272], found: [24, 270]))
    try expect(
      .llama, #""hidden_size": 24"#, #""hidden_size": 99999999"#, .badValue("hidden_size"))
  }

  @Test func shardsAreOneModel() throws {
    let whole = try FamilyModel.exaone4Global.openFolder()
    let parts = ["part-1.safetensors", "part-2.safetensors"]
    func shard(_ folder: FilePath, _ map: [(String, String)]) throws {
      for part in parts {
        let bytes = try readFile(FamilyModel.golden.appending(part))
        try put(bytes, to: folder.appending(part))
      }
      var object = JSONObject()
      for (key, value) in map { object.append(key, .string(value)) }
      try put(
        JSONValue.object(["weight_map": .object(object)]).encoded(),
        to: folder.appending("model.safetensors.index.json"))
    }
    let model = try FamilyModel.exaone4Global.openFolder {
      try shard($0, [("a", parts[1]), ("b", parts[0]), ("c", parts[1])])
    }
    #expect(try lastDigest(model) == lastDigest(whole))
    #expect(model.info.sha256 != whole.info.sha256)
    #expect(model.info.parameters == whole.info.parameters)
    let missing = try problem(.exaone4Global) { try shard($0, [("a", parts[0])]) }
    #expect(missing == .missingTensor("model.norm.weight"))
    for name in ["../model.safetensors", "/etc/passwd", ".safetensors", "model.bin", ""] {
      let found = try problem(.exaone4Global) { try shard($0, [("a", name)]) }
      #expect(found == .badValue("weight_map"), "\(name)")
    }
    let twice = try problem(.exaone4Global) { folder in
      try shard(folder, [("a", parts[0]), ("b", parts[1]), ("c", "part-3.safetensors")])
      let bytes = try readFile(FamilyModel.golden.appending(parts[0]))
      try put(bytes, to: folder.appending("part-3.safetensors"))
    }
    #expect(twice.map { if case .duplicateTensor = $0 { true } else { false } } == true)
  }

  @Test func digestsOfFoldersAreThoseOfTheirFiles() throws {
    let family = FamilyModel.qwen3
    let model = try family.openFolder()
    let tokenizer = try readFile(FamilyModel.golden.appending("tokenizer.json"))
    let text = try """
    \(sha256(family.bytes("json")).hex)  config.json
    \(sha256(family.bytes("safetensors")).hex)  model.safetensors
    \(sha256(tokenizer).hex)  tokenizer.json

    """
    #expect(model.info.sha256 == sha256(Array(text.utf8)))
    #expect(model.tokenizer.endToken == 2)
    #expect(model.info.quantization == "BF16")
  }

  @Test func everyTruncationIsRefused() throws {
    let bytes = try FamilyModel.exaone4Global.bytes("safetensors")
    let length = (0..<8).reversed().reduce(0) { $0 << 8 | Int(bytes[$1]) }
    for count in Array(stride(from: 0, to: 8 + length, by: 23))
      + Array(stride(from: 8 + length, to: bytes.count, by: 997)) + [bytes.count - 1]
    {
      let found = try problem(.exaone4Global) {
        try put(Array(bytes[..<count]), to: $0.appending("model.safetensors"))
      }
      #expect(found.map { if case .truncated = $0 { true } else { false } } == true, "\(count)")
    }
  }

  @Test func hostileHeadersAreRefused() throws {
    func file(_ header: String, _ data: Int = 64) -> [UInt8] {
      let length = UInt64(header.utf8.count)
      return (0..<8).map { UInt8(truncatingIfNeeded: length >> UInt64(8 * $0)) } + header.utf8
        + [UInt8](repeating: 0, count: data)
    }
    func tensor(_ dtype: String, _ shape: String, _ offsets: String) -> [UInt8] {
      file(#"{"a":{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":\#(offsets)}}"#)
    }
    let huge = "[4611686018427387904,4]"
    func limit(_ limit: ModelProblem.Limit) -> (ModelProblem) -> Bool {
      { if case .limit(limit, _) = $0 { true } else { false } }
    }
    let cases: [([UInt8], (ModelProblem) -> Bool)] = [
      (tensor("I64", "[2]", "[0,16]"), { $0 == .unsupportedElementType("a", type: "I64") }),
      (tensor("F8", "[2]", "[0,2]"), { $0 == .unsupportedElementType("a", type: "F8") }),
      (tensor("F32", "[]", "[0,4]"), limit(.dimensions)),
      (tensor("F32", huge, "[0,16]"), limit(.dimension)),
      (tensor("F32", "[-1]", "[0,4]"), limit(.dimension)),
      (tensor("F32", "[2]", "[0,9]"), limit(.tensorOffset)),
      (tensor("F32", "[2]", "[8,0]"), limit(.tensorOffset)),
      (
        tensor("F32", "[2]", "[9223372036854775800,9223372036854775807]"),
        limit(.tensorOffset)
      ),
      (tensor("F32", "[2]", "[-8,0]"), limit(.tensorOffset)),
      (file("[1]"), { $0 == .malformedJSON("model.safetensors", offset: 8) }),
      (file(#"{"a":1}"#), { $0 == .badValue("a") }),
      (file("{"), { if case .malformedJSON = $0 { true } else { false } }),
      (
        file(#"{"a":{},"a":{}}"#), { if case .malformedJSON = $0 { true } else { false } }
      ),
      ([UInt8](repeating: 0xFF, count: 64), { $0 == .limit(.stringLength, offset: 0) }),
    ]
    for (number, (bytes, isExpected)) in cases.enumerated() {
      let found = try problem { try put(bytes, to: $0.appending("model.safetensors")) }
      #expect(found.map(isExpected) == true, "case \(number): \(String(describing: found))")
    }
  }

  @Test func noByteOfTheHeaderCrashesTheLoader() throws {
    let bytes = try FamilyModel.exaone4Global.bytes("safetensors")
    let length = (0..<8).reversed().reduce(0) { $0 << 8 | Int(bytes[$1]) }
    var random = TestRandom(12)
    for _ in 0..<100 {
      var bent = bytes
      for _ in 0..<1 + random.below(3) {
        bent[random.below(8 + length)] = UInt8(truncatingIfNeeded: random.next())
      }
      _ = try problem(.exaone4Global) {
        try put(bent, to: $0.appending("model.safetensors"))
      }
    }
  }

  @Test func floatsBecomeBlocksWhenAsked() throws {
    let family = FamilyModel.gptneox
    let size = FamilyModel.vocabulary
    let expected = try goldenFloats("families/gptneox.logits")[(4 * size)...]
    let largest = expected.map(\.magnitude).max() ?? 0
    let plain = try lastDigest(family.openFolder())
    var digests: [Digest] = []
    for isa in SameBitsTests.implementations {
      for threads in [1, 3] {
        let model = try family.openFolder(isa: isa, threads: threads, quantizing: .q8_0)
        #expect(model.info.quantization == "Q8_0 from BF16")
        let logits = try Session(model, batch: 37).prefill(FamilyModel.prompt)
        let worst = zip(logits, expected).map { ($0 - $1).magnitude }.max() ?? 0
        #expect(worst > 0 && worst < 0.05 * largest, "\(worst / largest)")
        digests.append(Session.digest(of: logits))
      }
    }
    #expect(digests.allSatisfy { $0 == digests[0] && $0 != plain })
  }

  @Test func splitFilesAreOneModel() throws {
    let names = (1...3).map { "exaone-split-0000\($0)-of-00003.gguf" }
    func open(_ change: (FilePath) throws -> Void = { _ in }) throws -> Model {
      try withScratchFolder { folder in
        for name in names {
          try put(
            readFile(FamilyModel.golden.appending(name)), to: folder.appending(name))
        }
        try change(folder)
        return try Model.open(folder.appending(names[0]), threads: 1)
      }
    }
    let model = try open()
    #expect(try lastDigest(model) == lastDigest(FamilyModel.exaone.openGGUF()))
    #expect(try model.info.parameters == FamilyModel.exaone.openGGUF().info.parameters)
    #expect(throws: ModelError.self) {
      try open { folder in
        let second = try readFile(FamilyModel.golden.appending(names[1]))
        try put(second, to: folder.appending(names[2]))
      }
    }
    let second = FamilyModel.golden.appending(names[1])
    #expect(throws: ModelError(path: second, problem: .badPart(1))) {
      _ = try Model.open(second, threads: 1)
    }
  }
}

extension String {
  /// What lies before and after each occurrence of a text.
  fileprivate func components(around text: String) -> [String] {
    var parts: [[UInt8]] = [[]]
    let bytes = Array(utf8)
    let pattern = Array(text.utf8)
    var index = 0
    while index < bytes.count {
      if bytes[index...].starts(with: pattern) {
        parts.append([])
        index += pattern.count
      } else {
        parts[parts.count - 1].append(bytes[index])
        index += 1
      }
    }
    return parts.map { String(decoding: $0, as: UTF8.self) }
  }
}
