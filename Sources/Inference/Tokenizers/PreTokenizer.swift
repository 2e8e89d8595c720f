/// Cuts text into the pieces that byte pairs are merged within.
///
/// Each case is one published pattern (or sequence of patterns), matched by hand; a file whose
/// pattern is none of them is refused.
enum PreTokenizer: String, CaseIterable {
  /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
  case gpt2 = "gpt-2"
  /// Every `\p{N}` alone first, then the pattern of `gpt2` within what lies between.
  case smollm
  /// Contractions in any case, a letter run with one sign before it, numbers of up to three digits.
  case llama3 = "llama-bpe"
  /// The same with single digits.
  case qwen2
  /// Every `\p{N}` alone, runs of Chinese signs and kana, then marks and punctuation.
  case deepseekDigits = "deepseek-digits"
  /// The same with numbers of up to three digits.
  case deepseek = "deepseek-v3"

  /// The pattern that byte-level pre-tokenizers carry unless told otherwise.
  static let gpt2Pattern = Array(
    #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#.utf8)

  /// The patterns of a `tokenizer.json`, in order.
  private var patterns: [[UInt8]] {
    let gpt2 = String(decoding: Self.gpt2Pattern, as: UTF8.self)
    func modern(_ digits: String) -> String {
      #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"# + digits
        + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    }
    let signs = "[一-龥\u{3040}-ゟ゠-ヿ]+"
    let words =
      ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"##
      + #"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    let list: [String] =
      switch self {
      case .gpt2: [gpt2]
      case .smollm: [#"\p{N}"#, gpt2]
      case .llama3: [modern(#"\p{N}{1,3}"#)]
      case .qwen2: [modern(#"\p{N}"#)]
      case .deepseekDigits: [#"\p{N}"#, signs, words]
      case .deepseek: [#"\p{N}{1,3}"#, signs, words]
      }
    return list.map { Array($0.utf8) }
  }

  /// The pre-tokenizer with exactly these patterns, each cutting what the one before left.
  init?(patterns: [[UInt8]]) {
    guard let found = Self.allCases.first(where: { $0.patterns == patterns }) else { return nil }
    self = found
  }

  /// The pre-tokenizer that a GGUF file names; only names whose pattern was seen.
  init?(ggufName: [UInt8]) {
    switch String(decoding: ggufName, as: UTF8.self) {
    case "gpt-2", "exaone4", "a.x-4.0", "phi-2": self = .gpt2
    case "smollm", "exaone", "starcoder": self = .smollm
    case "llama-bpe", "midm-2.0": self = .llama3
    case "qwen2", "deepseek-r1-qwen", "solar-open", "kormo": self = .qwen2
    case "deepseek-v3": self = .deepseek
    default: return nil
    }
  }

  /// The byte ranges of the pieces, which cover the text.
  func pieces(of text: [UInt8]) -> [Range<Int>] {
    let text = ClassedText(text)
    var result: [Range<Int>] = []
    func add(_ first: Int, _ end: Int) {
      if first < end { result.append(text.starts[first]..<text.starts[end]) }
    }
    switch self {
    case .gpt2: matchAll(text, 0, text.count, GPT2Pattern.match, add)
    case .llama3, .qwen2:
      let digits = self == .qwen2 ? 1 : 3
      matchAll(
        text, 0, text.count,
        { text, first, last in ModernPattern.match(text, from: first, to: last, digits: digits) },
        add)
    case .smollm:
      cut(text, 0, text.count, { text.runs(from: $0, to: $1, atMost: 1, of: .number) }, add) {
        matchAll(text, $0, $1, GPT2Pattern.match, add)
      }
    case .deepseek, .deepseekDigits:
      let digits = self == .deepseek ? 3 : 1
      cut(text, 0, text.count, { text.runs(from: $0, to: $1, atMost: digits, of: .number) }, add) {
        // A run of signs is cut again by the last pattern, as the sequence of splits does.
        let words = { matchAll(text, $0, $1, WordPattern.match, add) }
        cut(text, $0, $1, { text.signRun(from: $0, to: $1) }, words, words)
      }
    }
    return result
  }

  /// Cuts out what `match` finds and hands what lies between to `rest`.
  private func cut(
    _ text: ClassedText, _ first: Int, _ last: Int, _ match: (Int, Int) -> Int,
    _ found: (Int, Int) -> Void, _ rest: (Int, Int) -> Void
  ) {
    var index = first
    var start = first
    while index < last {
      let end = match(index, last)
      if end > index {
        rest(start, index)
        found(index, end)
        start = end
        index = end
      } else {
        index += 1
      }
    }
    rest(start, last)
  }

  /// Cuts by one pattern; what it does not match stays together as a piece.
  private func matchAll(
    _ text: ClassedText, _ first: Int, _ last: Int,
    _ match: (ClassedText, Int, Int) -> Int?, _ add: (Int, Int) -> Void
  ) {
    var index = first
    var start = first
    while index < last {
      if let end = match(text, index, last) {
        add(start, index)
        add(index, end)
        start = end
        index = end
      } else {
        index += 1
      }
    }
    add(start, last)
  }
}
