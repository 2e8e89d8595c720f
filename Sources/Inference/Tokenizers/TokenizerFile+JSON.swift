internal import MedaiCore

extension TokenizerFile {
  /// Reads a `tokenizer.json`.
  ///
  /// Every part of it must be one that is known: a normaliser or pre-tokenizer that was passed over
  /// would give other tokens without a word.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - config: `config.json`, for the begin and end token.
  ///   - vocabulary: Entries of the model's vocabulary, at least those of the file.
  /// - Throws: `ModelProblem` that names the part.
  init(_ file: JSONValue, config: JSONValue, vocabulary: Int) throws(ModelProblem) {
    self.init()
    guard let model = file["model"] else { throw .missingKey("model") }
    try readVocabulary(file, model, vocabulary)
    let cut = try TokenizerParts(file)
    composes = cut.composes
    prefix = cut.prefix
    prefixesSpaces = cut.prefixesSpaces
    switch model["type"]?.string.map({ Array($0.utf8) }) {
    // Old files leave the type out.
    case Array("BPE".utf8), nil: try readPairs(model, cut)
    case Array("Unigram".utf8):
      guard cut.isPieces, model["byte_fallback"]?.bool == true else {
        throw .unsupportedTokenizer("Unigram")
      }
      kind = "t5"
    default: throw .unsupportedTokenizer("model.type")
    }
    let reader = ConfigReader(config)
    beginToken = try reader.integer("bos_token_id", in: 0...vocabulary - 1).map(Int32.init)
    if let ends = reader.value("eos_token_id")?.array {
      guard let first = ends.first?.int, (0..<vocabulary).contains(first) else {
        throw .badValue("eos_token_id")
      }
      endToken = Int32(first)
    } else {
      endToken = try reader.integer("eos_token_id", in: 0...vocabulary - 1).map(Int32.init)
    }
    if let begin = cut.beginText {
      guard let token = tokens.firstIndex(of: begin) else { throw .badValue("post_processor") }
      beginToken = Int32(token)
      addsBeginToken = true
    }
  }

  private mutating func readVocabulary(
    _ file: JSONValue, _ model: JSONValue, _ vocabulary: Int
  ) throws(ModelProblem) {
    tokens = [[UInt8]](repeating: [], count: vocabulary)
    kinds = [Kind](repeating: .none, count: vocabulary)
    if let members = model["vocab"]?.object?.members {
      for (number, member) in members.enumerated() {
        guard let id = member.value.int, id >= 0, id < vocabulary, kinds[id] == .none else {
          throw .badVocabulary(entry: number)
        }
        tokens[id] = Array(member.key.utf8)
        kinds[id] = .plain
      }
    } else if let pieces = model["vocab"]?.array, pieces.count <= vocabulary {
      var scores = [Double](repeating: 0, count: vocabulary)
      for (id, piece) in pieces.enumerated() {
        guard let pair = piece.array, pair.count == 2, let text = pair[0].string,
          let score = pair[1].double
        else { throw .badVocabulary(entry: id) }
        tokens[id] = Array(text.utf8)
        kinds[id] = .plain
        scores[id] = score
      }
      algorithm = .unigram(scores: scores, isSingle: false)
    } else {
      throw .missingKey("model.vocab")
    }
    if let unknown = model["unk_id"]?.int, unknown >= 0, unknown < vocabulary {
      kinds[unknown] = .unknown
    }
    if model["byte_fallback"]?.bool == true {
      for id in 0..<vocabulary where ByteAlphabet.byteOfPiece(tokens[id]) != nil {
        kinds[id] = .byte
      }
    }
    for (number, token) in (file["added_tokens"]?.array ?? []).enumerated() {
      guard let id = token["id"]?.int, id >= 0, id < vocabulary,
        let text = token["content"]?.string.map({ Array($0.utf8) }), !text.isEmpty,
        let isSpecial = token["special"]?.bool, kinds[id] == .none || tokens[id] == text
      else { throw .badVocabulary(entry: number) }
      if !isSpecial {
        for key in ["single_word", "lstrip", "rstrip"] where token[key]?.bool == true {
          throw .unsupportedFeature("added_tokens \(key)")
        }
      }
      tokens[id] = text
      kinds[id] = isSpecial ? .control : .userDefined
    }
  }

  private mutating func readPairs(
    _ model: JSONValue, _ cut: TokenizerParts
  ) throws(ModelProblem) {
    for key in ["dropout", "continuing_subword_prefix", "end_of_word_suffix"] {
      switch model[key] {
      case nil, .null?: break
      case .string(let text)? where text.isEmpty: break
      default: throw .unsupportedFeature("model.\(key)")
      }
    }
    guard let entries = model["merges"]?.array else { throw .missingKey("model.merges") }
    var merges: [(left: [UInt8], right: [UInt8])] = []
    merges.reserveCapacity(entries.count)
    for (rank, entry) in entries.enumerated() {
      if let line = entry.string {
        merges += try Self.pairs([Array(line.utf8)])
      } else if let pair = entry.array, pair.count == 2, let left = pair[0].string,
        let right = pair[1].string
      {
        merges.append((Array(left.utf8), Array(right.utf8)))
      } else {
        throw .badVocabulary(entry: rank)
      }
    }
    let wholeFirst = model["ignore_merges"]?.bool ?? false
    if let cutter = cut.cutter {
      algorithm = .bytePairs(merges: merges, cutter: cutter, wholeFirst: wholeFirst)
      kind = "gpt2/\(cutter.rawValue)"
    } else {
      guard cut.isPieces, model["byte_fallback"]?.bool == true, !wholeFirst else {
        throw .unsupportedTokenizer("BPE without byte_fallback")
      }
      algorithm = .piecePairs(.pairs(merges))
      kind = "llama"
    }
  }
}

extension Tokenizer {
  /// Reads a `tokenizer.json` without a model.
  ///
  /// - Parameters:
  ///   - bytes: The file.
  ///   - vocabulary: Entries of the vocabulary, at least those of the file.
  /// - Throws: `ModelProblem` that names the part.
  package init(json bytes: [UInt8], vocabulary: Int) throws(ModelProblem) {
    let file = try parseFolderJSON(bytes, name: "tokenizer.json")
    try self.init(TokenizerFile(file, config: .object(JSONObject()), vocabulary: vocabulary))
  }
}

/// What a `tokenizer.json` does to a text before and after its model.
struct TokenizerParts {
  /// How text is cut; `nil` where it is not.
  private(set) var cutter: PreTokenizer?
  /// Whether spaces become U+2581.
  private(set) var isPieces = false
  /// Whether text is brought to NFC.
  private(set) var composes = false
  private(set) var prefix = TokenizerFile.Prefix.never
  /// Whether a text that begins with a space gets the prefix too.
  private(set) var prefixesSpaces = true
  /// Text of the control token that the file puts before every text.
  private(set) var beginText: [UInt8]?

  /// Reads the parts of a file.
  init(_ file: JSONValue) throws(ModelProblem) {
    for step in Self.steps(file["normalizer"], "normalizers") { try readNormalizer(step) }
    try readCutter(Self.steps(file["pre_tokenizer"], "pretokenizers"))
    for step in Self.steps(file["post_processor"], "processors") { try readProcessor(step) }
    guard (cutter != nil) != isPieces else { throw .unsupportedTokenizer("pre_tokenizer") }
  }

  /// A part's steps: none, itself, or those of a sequence.
  private static func steps(_ part: JSONValue?, _ key: String) -> [JSONValue] {
    guard let part, part.object != nil else { return [] }
    if type(of: part) == Array("Sequence".utf8) { return part[key]?.array ?? [] }
    return [part]
  }

  private static func type(of step: JSONValue) -> [UInt8] { bytes(step["type"]) }

  private static func bytes(_ value: JSONValue?) -> [UInt8] { Array((value?.string ?? "").utf8) }

  private static let mark = Array("\u{2581}".utf8)

  private mutating func readNormalizer(_ step: JSONValue) throws(ModelProblem) {
    switch Self.type(of: step) {
    case Array("NFC".utf8): composes = true
    case Array("Prepend".utf8) where Self.bytes(step["prepend"]) == Self.mark:
      prefix = .everyPart
    case Array("Replace".utf8)
    where Self.bytes(step["pattern"]?["String"]) == [0x20]
      && Self.bytes(step["content"]) == Self.mark:
      isPieces = true
    default: throw .unsupportedTokenizer("normalizer \(shownName(Self.type(of: step)))")
    }
  }

  private mutating func readCutter(_ steps: [JSONValue]) throws(ModelProblem) {
    var patterns: [[UInt8]] = []
    for (index, step) in steps.enumerated() {
      let isLast = index == steps.count - 1
      switch Self.type(of: step) {
      case Array("Split".utf8)
      where Self.bytes(step["behavior"]) == Array("Isolated".utf8)
        && step["invert"]?.bool == false:
        patterns.append(Self.bytes(step["pattern"]?["Regex"]))
      case Array("Digits".utf8) where step["individual_digits"]?.bool == true:
        patterns.append(Array("\\p{N}".utf8))
      case Array("ByteLevel".utf8) where isLast && step["add_prefix_space"]?.bool == false:
        if step["use_regex"]?.bool ?? true { patterns.append(PreTokenizer.gpt2Pattern) }
        guard let cutter = PreTokenizer(patterns: patterns) else {
          throw .unsupportedTokenizer("pre_tokenizer pattern")
        }
        self.cutter = cutter
      case Array("Metaspace".utf8)
      where steps.count == 1 && Self.bytes(step["replacement"]) == Self.mark
        && step["split"]?.bool == false:
        isPieces = true
        prefixesSpaces = false
        switch Self.bytes(step["prepend_scheme"]) {
        case Array("first".utf8): prefix = .first
        case Array("always".utf8): prefix = .everyPart
        case Array("never".utf8): prefix = .never
        default: throw .unsupportedTokenizer("prepend_scheme")
        }
      default: throw .unsupportedTokenizer("pre_tokenizer \(shownName(Self.type(of: step)))")
      }
    }
  }

  private mutating func readProcessor(_ step: JSONValue) throws(ModelProblem) {
    switch Self.type(of: step) {
    case Array("ByteLevel".utf8): break  // moves offsets only
    case Array("TemplateProcessing".utf8):
      for (index, piece) in (step["single"]?.array ?? []).enumerated() {
        if let special = piece["SpecialToken"] {
          guard index == 0 else { throw .unsupportedTokenizer("post_processor") }
          beginText = Self.bytes(special["id"])
        }
      }
    default: throw .unsupportedTokenizer("post_processor \(shownName(Self.type(of: step)))")
    }
  }
}
