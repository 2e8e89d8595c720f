/// Text to tokens and back: byte-level byte pair encoding as a GGUF file describes it.
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

  private let pieceCutter: PreTokenizer
  private let pairs: BytePairs
  /// Bytes of all tokens one after the other, and where each begins.
  private let bytes: [UInt8]
  private let starts: [Int]
  private let isControl: [Bool]
  /// Texts and tokens of control tokens, longest text first.
  private let controls: [(text: [UInt8], token: Int32)]
  /// Texts of tokens that the file's maker added as plain words: matched in every text.
  private let userDefined: [(text: [UInt8], token: Int32)]

  init(_ header: GGUFHeader, vocabulary: Int) throws(ModelProblem) {
    guard let model = try header.string("tokenizer.ggml.model") else {
      throw .missingKey("tokenizer.ggml.model")
    }
    guard model == Array("gpt2".utf8) else { throw .unsupportedTokenizer(shownName(model)) }
    guard let pre = try header.string("tokenizer.ggml.pre") else {
      throw .missingKey("tokenizer.ggml.pre")
    }
    guard let cutter = PreTokenizer(rawValue: String(decoding: pre, as: UTF8.self)) else {
      throw .unsupportedTokenizer(shownName(pre))
    }
    pieceCutter = cutter
    kind = "gpt2/\(cutter.rawValue)"
    guard case .strings(let tokens)? = header.value("tokenizer.ggml.tokens"),
      tokens.count == vocabulary
    else { throw .badValue("tokenizer.ggml.tokens") }
    guard case .strings(let merges)? = header.value("tokenizer.ggml.merges") else {
      throw .badValue("tokenizer.ggml.merges")
    }
    var types = [Int64](repeating: 1, count: tokens.count)
    switch header.value("tokenizer.ggml.token_type") {
    case .integers(let values)? where values.count == tokens.count: types = values
    case nil: break
    default: throw .badValue("tokenizer.ggml.token_type")
    }
    var index: [[UInt8]: Int32] = [:]
    index.reserveCapacity(tokens.count)
    var bytes: [UInt8] = []
    var starts = [0]
    var controls: [(text: [UInt8], token: Int32)] = []
    var userDefined: [(text: [UInt8], token: Int32)] = []
    for (number, token) in tokens.enumerated() {
      guard index.updateValue(Int32(number), forKey: token) == nil else {
        throw .badVocabulary(entry: number)
      }
      // 3 is a control token, 4 a word its maker added; both are written as they read.
      let isPlain = types[number] == 3 || types[number] == 4
      bytes += isPlain ? token : ByteAlphabet.bytes(of: token) ?? token
      starts.append(bytes.count)
      if isPlain, !token.isEmpty {
        if types[number] == 3 {
          controls.append((token, Int32(number)))
        } else {
          userDefined.append((token, Int32(number)))
        }
      }
    }
    pairs = try BytePairs(merges, index: index)
    self.bytes = bytes
    self.starts = starts
    isControl = types.map { $0 == 3 }
    self.controls = controls.sorted { $0.text.count > $1.text.count }
    self.userDefined = userDefined.sorted { $0.text.count > $1.text.count }
    let last = tokens.count - 1
    beginToken = try header.integer("tokenizer.ggml.bos_token_id", in: 0...last).map(Int32.init)
    endToken = try header.integer("tokenizer.ggml.eos_token_id", in: 0...last).map(Int32.init)
    addsBeginToken = try header.flag("tokenizer.ggml.add_bos_token") ?? false
  }

  /// The tokens of a text.
  ///
  /// A byte that the vocabulary has no token for is left out, as the reference tokenizers do; see
  /// `unencodableBytes(in:)`.
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
    let marks =
      special
      ? (controls + userDefined).sorted { $0.text.count > $1.text.count }
      : userDefined
    var start = 0
    var index = 0
    while !marks.isEmpty, index < text.count {
      if let mark = marks.first(where: { text[index...].starts(with: $0.text) }) {
        encodePlain(Array(text[start..<index]), into: &tokens)
        tokens.append(mark.token)
        index += mark.text.count
        start = index
      } else {
        index += 1
      }
    }
    encodePlain(start == 0 ? text : Array(text[start...]), into: &tokens)
    return tokens
  }

  /// The tokens of a text.
  public func encode(_ text: String, addBOS: Bool? = nil, special: Bool = false) -> [Int32] {
    encode(Array(text.utf8), addBOS: addBOS, special: special)
  }

  private func encodePlain(_ text: [UInt8], into tokens: inout [Int32]) {
    for piece in pieceCutter.pieces(of: text) { pairs.encode(text[piece], into: &tokens) }
  }

  /// How many bytes of a text `encode` would leave out.
  public func unencodableBytes(in text: [UInt8]) -> Int {
    text.reduce(0) { pairs.has($1) ? $0 : $0 + 1 }
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
