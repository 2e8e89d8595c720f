/// Text to tokens as SentencePiece does: spaces are U+2581, and a character that no piece has is
/// spelled in tokens of its bytes.
struct PieceEncoder: Sendable {
  private enum Search: Sendable {
    case pairs(BytePairs)
    /// Scores of pieces, the length of the longest, and the score of a character that none has.
    /// `isSingle` rounds every sum to a Float32: SentencePiece adds so, `tokenizers` in Float64, and
    /// between ways of nearly one score that decides.
    case best(scores: [Double], longest: Int, missing: Double, isSingle: Bool)
  }

  private let search: Search
  private let index: [[UInt8]: Int32]
  private let byteTokens: [Int32]

  /// Bytes of the longest piece that is read; SentencePiece's trainer stops at 16 characters.
  static let longestPiece = 1_024

  /// U+2581, which stands for a space.
  static let space: [UInt8] = [0xE2, 0x96, 0x81]

  /// Reads the pieces of a description whose algorithm is one of SentencePiece's.
  init(
    _ file: TokenizerFile, index: [[UInt8]: Int32], plain: [(text: [UInt8], id: Int32)]
  ) throws(ModelProblem) {
    // Longer pieces would make a hostile file's merges, and every text, slow without bound.
    if let long = plain.first(where: { $0.text.count > Self.longestPiece }) {
      throw .badVocabulary(entry: Int(long.id))
    }
    self.index = index
    var byteTokens = [Int32](repeating: -1, count: 256)
    for (id, kind) in file.kinds.enumerated() where kind == .byte {
      guard let byte = ByteAlphabet.byteOfPiece(file.tokens[id]) else {
        throw .badVocabulary(entry: id)
      }
      byteTokens[Int(byte)] = Int32(id)
    }
    guard !byteTokens.contains(-1) else {
      throw .unsupportedTokenizer("\(file.kind) without byte tokens")
    }
    self.byteTokens = byteTokens
    switch file.algorithm {
    case .piecePairs(.scores(let scores)):
      search = .pairs(BytePairs(scores: scores, tokens: plain, index: index))
    case .piecePairs(.pairs(let pairs)):
      search = .pairs(try BytePairs(pairs, index: index))
    case .unigram(let scores, let isSingle):
      // SentencePiece's penalty: ten below the lowest score.
      let lowest = plain.map { scores[Int($0.id)] }.min() ?? 0
      search = .best(
        scores: scores, longest: plain.map(\.text.count).max() ?? 0, missing: lowest - 10,
        isSingle: isSingle)
    case .bytePairs:
      preconditionFailure("an algorithm of SentencePiece")
    }
  }

  /// Appends the tokens of a text whose spaces are still spaces.
  func encode(_ text: [UInt8], prefixed: Bool, into tokens: inout [Int32]) {
    guard !text.isEmpty else { return }
    var marked: [UInt8] = prefixed ? Self.space : []
    marked.reserveCapacity(text.count + 3)
    for byte in text {
      if byte == 0x20 { marked += Self.space } else { marked.append(byte) }
    }
    switch search {
    case .pairs(let pairs):
      var symbols: [Int32] = []
      var start = 0
      while start < marked.count {
        let end = start + scalarOrByte(in: marked, at: start).width
        append(marked[start..<end], to: &symbols)
        start = end
      }
      pairs.merge(symbols, into: &tokens)
    case .best(let scores, let longest, let missing, let isSingle):
      encodeBest(
        marked, scores, longest: longest, missing: missing, isSingle: isSingle, into: &tokens)
    }
  }

  /// One character: its token, else those of its bytes.
  private func append(_ character: ArraySlice<UInt8>, to symbols: inout [Int32]) {
    if let token = index[Array(character)] {
      symbols.append(token)
    } else {
      for byte in character { symbols.append(byteTokens[Int(byte)]) }
    }
  }

  /// The sequence of pieces with the largest sum of scores; of equal ones the one whose last piece
  /// is the longest.
  private func encodeBest(
    _ text: [UInt8], _ scores: [Double], longest: Int, missing: Double, isSingle: Bool,
    into tokens: inout [Int32]
  ) {
    // Best way to reach each byte position: sum, where its last piece begins, its token.
    var best = [(sum: Double, start: Int, token: Int32)](
      repeating: (-.infinity, 0, -1), count: text.count + 1)
    best[0].sum = 0
    // The sum of two Float32 in Float64, rounded, is their sum in Float32.
    func sum(_ one: Double, _ other: Double) -> Double {
      isSingle ? Double(Float(one + other)) : one + other
    }
    var start = 0
    while start < text.count {
      let width = scalarOrByte(in: text, at: start).width
      let before = best[start].sum
      var hasSingle = false
      var end = start + width
      while end <= text.count, end - start <= longest {
        if let token = index[Array(text[start..<end])] {
          let reached = sum(before, scores[Int(token)])
          if reached > best[end].sum { best[end] = (reached, start, token) }
          if end == start + width { hasSingle = true }
        }
        if end == text.count { break }
        end += scalarOrByte(in: text, at: end).width
      }
      if !hasSingle, sum(before, missing) > best[start + width].sum {
        best[start + width] = (sum(before, missing), start, -1)
      }
      start += width
    }
    var pieces: [(start: Int, end: Int, token: Int32)] = []
    var end = text.count
    while end > 0 {
      pieces.append((best[end].start, end, best[end].token))
      end = best[end].start
    }
    for piece in pieces.reversed() {
      if piece.token >= 0 {
        tokens.append(piece.token)
      } else {
        for byte in text[piece.start..<piece.end] { tokens.append(byteTokens[Int(byte)]) }
      }
    }
  }
}
