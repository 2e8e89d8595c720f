/// A tokenizer as a model's files describe it, whatever their format.
struct TokenizerFile {
  /// How text becomes tokens.
  enum Algorithm {
    /// Byte-level pairs: merges in descending order of priority, each two tokens.
    case bytePairs(
      merges: [(left: [UInt8], right: [UInt8])], cutter: PreTokenizer, wholeFirst: Bool)
    /// SentencePiece pairs over characters, with a token for each byte of what has none.
    case piecePairs(PieceMerges)
    /// The sequence of pieces with the largest sum of scores.
    case unigram(scores: [Double], isSingle: Bool)
  }

  /// Where the priorities of SentencePiece pairs come from.
  enum PieceMerges {
    /// Larger scores first; every two tokens that join to a token may be merged.
    case scores([Double])
    /// In descending order of priority.
    case pairs([(left: [UInt8], right: [UInt8])])
  }

  /// What a token is.
  enum Kind { case plain, control, userDefined, byte, unknown, none }

  /// When U+2581 is put before a text of SentencePiece.
  enum Prefix { case never, first, everyPart }

  /// Model and pre-tokenizer, such as `gpt2/smollm`.
  var kind = ""
  /// Tokens as the file writes them; the number of entries is that of the vocabulary.
  var tokens: [[UInt8]] = []
  var kinds: [Kind] = []
  var algorithm = Algorithm.unigram(scores: [], isSingle: false)
  /// Whether text is brought to NFC first.
  var composes = false
  var prefix = Prefix.never
  /// Whether a text that begins with a space gets the prefix too.
  var prefixesSpaces = true
  var beginToken: Int32?
  var endToken: Int32?
  var addsBeginToken = false

  /// An empty description.
  init() {}

  /// Reads the metadata of a GGUF file.
  init(_ header: GGUFHeader, vocabulary: Int, family: Family) throws(ModelProblem) {
    guard let model = try header.string("tokenizer.ggml.model") else {
      throw .missingKey("tokenizer.ggml.model")
    }
    guard case .strings(let tokens)? = header.value("tokenizer.ggml.tokens"),
      tokens.count == vocabulary
    else { throw .badValue("tokenizer.ggml.tokens") }
    self.tokens = tokens
    var types = [Int64](repeating: 1, count: tokens.count)
    switch header.value("tokenizer.ggml.token_type") {
    case .integers(let values)? where values.count == tokens.count: types = values
    case nil: break
    default: throw .badValue("tokenizer.ggml.token_type")
    }
    kinds = types.map { type in
      switch type {
      case 2: .unknown
      case 3: .control
      case 4: .userDefined
      case 6: .byte
      default: .plain
      }
    }
    switch model {
    case Array("gpt2".utf8): try readBytePairs(header, family: family)
    case Array("llama".utf8), Array("t5".utf8):
      try readPieces(header, isUnigram: model == Array("t5".utf8))
    default: throw .unsupportedTokenizer(shownName(model))
    }
    let last = tokens.count - 1
    beginToken = try header.integer("tokenizer.ggml.bos_token_id", in: 0...last).map(Int32.init)
    endToken = try header.integer("tokenizer.ggml.eos_token_id", in: 0...last).map(Int32.init)
    addsBeginToken =
      try header.flag("tokenizer.ggml.add_bos_token") ?? (model == Array("llama".utf8))
    if try header.flag("tokenizer.ggml.add_eos_token") ?? false {
      throw .unsupportedFeature("tokenizer.ggml.add_eos_token")
    }
  }

  private mutating func readBytePairs(
    _ header: GGUFHeader, family: Family
  ) throws(ModelProblem) {
    guard let pre = try header.string("tokenizer.ggml.pre") else {
      throw .missingKey("tokenizer.ggml.pre")
    }
    guard let cutter = PreTokenizer(ggufName: pre) else {
      throw .unsupportedTokenizer(shownName(pre))
    }
    guard case .strings(let lines)? = header.value("tokenizer.ggml.merges") else {
      throw .badValue("tokenizer.ggml.merges")
    }
    kind = "gpt2/\(shownName(pre))"
    // GPT-NeoX's tokenizer composes always; GGUF has no entry that says so.
    composes = family == .gptneox
    algorithm = .bytePairs(
      merges: try Self.pairs(lines), cutter: cutter, wholeFirst: cutter == .llama3)
  }

  private mutating func readPieces(
    _ header: GGUFHeader, isUnigram: Bool
  ) throws(ModelProblem) {
    guard case .floats(let scores)? = header.value("tokenizer.ggml.scores"),
      scores.count == tokens.count, scores.allSatisfy(\.isFinite)
    else { throw .badValue("tokenizer.ggml.scores") }
    for key in ["remove_extra_whitespaces", "precompiled_charsmap"] {
      let name = "tokenizer.ggml." + key
      if let value = header.value(name) {
        guard case .bool(false) = value else { throw .unsupportedFeature(name) }
      }
    }
    prefix = try header.flag("tokenizer.ggml.add_space_prefix") ?? true ? .everyPart : .never
    kind = isUnigram ? "t5" : "llama"
    algorithm = isUnigram ? .unigram(scores: scores, isSingle: true) : .piecePairs(.scores(scores))
  }

  /// Merges written `left right`.
  static func pairs(
    _ lines: [[UInt8]]
  ) throws(ModelProblem) -> [(left: [UInt8], right: [UInt8])] {
    var result: [(left: [UInt8], right: [UInt8])] = []
    result.reserveCapacity(lines.count)
    for (rank, line) in lines.enumerated() {
      guard let space = line.firstIndex(of: 0x20) else { throw .badVocabulary(entry: rank) }
      result.append((Array(line[..<space]), Array(line[(space + 1)...])))
    }
    return result
  }
}
