internal import MedaiText

/// Text to tokens and back, as a model's files describe it.
public struct Tokenizer: Sendable {
  /// Model and pre-tokenizer, such as `gpt2/smollm`.
  public let kind: String
  /// Token that begins a text; `nil` where the file names none.
  public let beginToken: Int32?
  /// Token that ends a text; `nil` where the file names none.
  public let endToken: Int32?
  /// Whether the file asks for the begin token before every text.
  public let addsBeginToken: Bool
  /// Entries of the vocabulary.
  public var count: Int { starts.count - 1 }

  private enum Encoder {
    /// The token of each byte (-1 for none), the merges, and tokens that are taken whole.
    case bytes(PreTokenizer, [Int32], BytePairs, whole: [[UInt8]: Int32])
    case pieces(PieceEncoder)
  }

  private let encoder: Encoder
  private let composes: Bool
  private let prefix: TokenizerFile.Prefix
  private let prefixesSpaces: Bool
  /// Bytes of all tokens one after the other, and where each begins.
  private let bytes: [UInt8]
  private let starts: [Int]
  private let isControl: [Bool]
  /// Texts and tokens of control tokens, longest text first.
  private let controls: [(text: [UInt8], token: Int32)]

  /// A text that becomes one token wherever it stands.
  private struct Mark {
    let text: [UInt8]
    let token: Int32
    /// A control token; what else is here was added as a plain word, which every text may hold.
    let isControl: Bool
  }

  /// Control tokens and added words by their first byte, longest first.
  private let marks: [[Mark]]
  private let hasAddedWords: Bool

  init(_ file: TokenizerFile) throws(ModelProblem) {
    kind = file.kind
    composes = file.composes
    prefix = file.prefix
    prefixesSpaces = file.prefixesSpaces
    beginToken = file.beginToken
    endToken = file.endToken
    addsBeginToken = file.addsBeginToken
    let isByteLevel = if case .bytePairs = file.algorithm { true } else { false }
    var index: [[UInt8]: Int32] = [:]
    index.reserveCapacity(file.tokens.count)
    var plain: [(text: [UInt8], id: Int32)] = []
    var bytes: [UInt8] = []
    var starts = [0]
    var controls: [(text: [UInt8], token: Int32)] = []
    var marks: [Mark] = []
    for (number, token) in file.tokens.enumerated() {
      let kind = file.kinds[number]
      if kind != .none {
        guard index.updateValue(Int32(number), forKey: token) == nil else {
          throw .badVocabulary(entry: number)
        }
      }
      switch kind {
      case .none: break
      case .control where !token.isEmpty:
        controls.append((token, Int32(number)))
        marks.append(Mark(text: token, token: Int32(number), isControl: true))
      case .userDefined where !token.isEmpty:
        marks.append(Mark(text: token, token: Int32(number), isControl: false))
      case .plain: plain.append((token, Int32(number)))
      case .control, .userDefined, .byte, .unknown: break
      }
      bytes += Self.written(token, kind, isByteLevel: isByteLevel)
      starts.append(bytes.count)
    }
    switch file.algorithm {
    case .bytePairs(let merges, let cutter, let wholeFirst):
      let byteTokens = (UInt8.min...UInt8.max).map { index[ByteAlphabet.letter(of: $0)] ?? -1 }
      var whole: [[UInt8]: Int32] = [:]
      if wholeFirst {
        for token in plain { whole[ByteAlphabet.bytes(of: token.text) ?? token.text] = token.id }
      }
      encoder = .bytes(cutter, byteTokens, try BytePairs(merges, index: index), whole: whole)
    case .piecePairs, .unigram:
      // Control, byte and unknown tokens are no pieces of a text.
      var pieces: [[UInt8]: Int32] = [:]
      for token in plain where !token.text.isEmpty { pieces[token.text] = token.id }
      encoder = .pieces(try PieceEncoder(file, index: pieces, plain: plain))
    }
    self.bytes = bytes
    self.starts = starts
    isControl = file.kinds.map { $0 == .control }
    self.controls = controls.sorted { $0.text.count > $1.text.count }
    hasAddedWords = marks.contains { !$0.isControl }
    var buckets = [[Mark]](repeating: [], count: 256)
    for mark in marks.sorted(by: { $0.text.count > $1.text.count }) {
      buckets[Int(mark.text[0])].append(mark)
    }
    self.marks = buckets
  }

  /// The bytes that a token stands for. Control tokens and added words are written as they read.
  private static func written(
    _ token: [UInt8], _ kind: TokenizerFile.Kind, isByteLevel: Bool
  ) -> [UInt8] {
    switch kind {
    case .none: return []
    case .control, .userDefined: return token
    case .plain, .byte, .unknown: break
    }
    if isByteLevel { return ByteAlphabet.bytes(of: token) ?? token }
    if kind == .byte, let byte = ByteAlphabet.byteOfPiece(token) { return [byte] }
    var result: [UInt8] = []
    var rest = token[...]
    while !rest.isEmpty {
      if rest.starts(with: PieceEncoder.space) {
        result.append(0x20)
        rest = rest.dropFirst(3)
      } else {
        result.append(rest.removeFirst())
      }
    }
    return result
  }

  /// The tokens of a text.
  ///
  /// A byte that a byte-level vocabulary has no token for is left out, as the reference tokenizers
  /// do; see `unencodableBytes(in:)`.
  ///
  /// - Parameters:
  ///   - text: UTF-8; other bytes are taken one by one.
  ///   - addBOS: Whether the begin token comes first; `nil` for what the file asks for.
  ///   - special: Whether the texts of control tokens in `text` become control tokens. Never set
  ///     it for text that a person or a record supplies.
  /// - Returns: Ids of the vocabulary.
  public func encode(_ text: [UInt8], addBOS: Bool? = nil, special: Bool = false) -> [Int32] {
    var tokens: [Int32] = []
    if addBOS ?? addsBeginToken, let beginToken { tokens.append(beginToken) }
    encode(text, into: &tokens, mayBeMarked: special || hasAddedWords) { _ in special }
    return tokens
  }

  /// The tokens of a prompt that a template made, without a begin token: one that the template
  /// writes is there, and no other. Control tokens are made of the template's own bytes only.
  func encode(_ text: MarkedText) -> [Int32] {
    let isOwn = text.isOwn
    var tokens: [Int32] = []
    encode(text.bytes, into: &tokens, mayBeMarked: true) { isOwn[$0].allSatisfy(\.self) }
    return tokens
  }

  private func encode(
    _ text: [UInt8], into tokens: inout [Int32], mayBeMarked: Bool,
    mayControl: (Range<Int>) -> Bool
  ) {
    var start = 0
    var index = 0
    func encodePart(_ end: Int) {
      if start == 0, end == text.count {
        encodePlain(text, isFirst: true, into: &tokens)
      } else {
        encodePlain(Array(text[start..<end]), isFirst: start == 0, into: &tokens)
      }
    }
    while mayBeMarked, index < text.count {
      let mark = marks[Int(text[index])].first { mark in
        text[index...].starts(with: mark.text)
          && (!mark.isControl || mayControl(index..<index + mark.text.count))
      }
      if let mark {
        encodePart(index)
        tokens.append(mark.token)
        index += mark.text.count
        start = index
      } else {
        index += 1
      }
    }
    encodePart(text.count)
  }

  /// The tokens of a text.
  public func encode(_ text: String, addBOS: Bool? = nil, special: Bool = false) -> [Int32] {
    encode(Array(text.utf8), addBOS: addBOS, special: special)
  }

  private func encodePlain(_ text: [UInt8], isFirst: Bool, into tokens: inout [Int32]) {
    // Bytes that are no text have no composed form.
    let text = composes && firstInvalidUTF8(in: text) == nil ? nfc(text) : text
    switch encoder {
    case .bytes(let cutter, let byteTokens, let pairs, let whole):
      for range in cutter.pieces(of: text) {
        let piece = text[range]
        if !whole.isEmpty, let token = whole[Array(piece)] {
          tokens.append(token)
          continue
        }
        var symbols: [Int32] = []
        symbols.reserveCapacity(piece.count)
        for byte in piece where byteTokens[Int(byte)] >= 0 {
          symbols.append(byteTokens[Int(byte)])
        }
        pairs.merge(symbols, into: &tokens)
      }
    case .pieces(let pieces):
      let isBegun = text.first == 0x20 || text.starts(with: PieceEncoder.space)
      let prefixed =
        (prefix == .everyPart || (prefix == .first && isFirst)) && (prefixesSpaces || !isBegun)
      pieces.encode(text, prefixed: prefixed, into: &tokens)
    }
  }

  /// How many bytes of a text `encode` would leave out.
  public func unencodableBytes(in text: [UInt8]) -> Int {
    guard case .bytes(_, let byteTokens, _, _) = encoder else { return 0 }
    return text.reduce(0) { byteTokens[Int($1)] >= 0 ? $0 : $0 + 1 }
  }

  /// The bytes of one token; a control token gives its text.
  public func bytes(of token: Int32) -> [UInt8] {
    precondition(token >= 0 && token < count, "a token of the vocabulary")
    return Array(bytes[starts[Int(token)]..<starts[Int(token) + 1]])
  }

  /// The bytes of each token.
  public func pieces(of tokens: [Int32]) -> [[UInt8]] { tokens.map { bytes(of: $0) } }

  /// Whether a token is a control token, which stands for no text.
  public func isControl(_ token: Int32) -> Bool { isControl[Int(token)] }

  /// The token whose control text this is.
  public func controlToken(_ text: String) -> Int32? {
    let bytes = Array(text.utf8)
    return controls.first { $0.text == bytes }?.token
  }

  /// The text of tokens as well-formed UTF-8; what is not becomes U+FFFD.
  ///
  /// - Parameters:
  ///   - tokens: Ids of the vocabulary.
  ///   - showingControls: Whether control tokens give their text instead of nothing.
  /// - Returns: UTF-8.
  public func decode(_ tokens: [Int32], showingControls: Bool = false) -> [UInt8] {
    var decoder = StreamingDecoder(self, showingControls: showingControls)
    return tokens.reduce(into: []) { $0 += decoder.append($1) } + decoder.finish()
  }
}
