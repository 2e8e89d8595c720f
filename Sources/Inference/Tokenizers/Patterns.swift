/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
enum GPT2Pattern {
  /// Where the piece that begins at `first` ends, within the scalars before `last`.
  static func match(_ text: ClassedText, _ first: Int, _ last: Int) -> Int? {
    if let end = contraction(text, first, last, anyCase: false) { return end }
    let body = text.point(first, before: last) == 0x20 && first + 1 < last ? first + 1 : first
    switch text.classes[body] {
    case .space: return text.spaces(from: first, to: last)
    case .letter, .number: return text.runs(from: body, to: last, of: text.classes[body])
    default: return others(text, from: body, to: last)
    }
  }

  /// Where a run of what is neither letter, number nor space ends.
  static func others(_ text: ClassedText, from first: Int, to last: Int) -> Int {
    var end = first
    while end < last {
      switch text.classes[end] {
      case .letter, .number, .space: return end
      default: end += 1
      }
    }
    return end
  }

  /// Where `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll` or `'d` ends.
  static func contraction(
    _ text: ClassedText, _ first: Int, _ last: Int, anyCase: Bool
  ) -> Int? {
    guard text.point(first, before: last) == 0x27 else { return nil }
    func letter(_ index: Int) -> UInt8 {
      let point = text.point(index, before: last)
      // The long s folds to s.
      if anyCase, point == 0x17F { return UInt8(ascii: "s") }
      let isUpper = anyCase && (0x41...0x5A).contains(point)
      return UInt8(exactly: isUpper ? point + 0x20 : point) ?? 0
    }
    switch letter(first + 1) {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
      return first + 2
    case UInt8(ascii: "r"), UInt8(ascii: "v"):
      return letter(first + 2) == UInt8(ascii: "e") ? first + 3 : nil
    case UInt8(ascii: "l"):
      return letter(first + 2) == UInt8(ascii: "l") ? first + 3 : nil
    default: return nil
    }
  }
}

/// `(?i:'s|…)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,k}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
enum ModernPattern {
  /// Where the piece that begins at `first` ends, within the scalars before `last`; `digits` is k.
  static func match(
    _ text: ClassedText, from first: Int, to last: Int, digits: Int
  ) -> Int? {
    if let end = GPT2Pattern.contraction(text, first, last, anyCase: true) { return end }
    if text.isClass(.letter, first, before: last) {
      return text.runs(from: first, to: last, of: .letter)
    }
    if text.isClass(.number, first, before: last) {
      return text.runs(from: first, to: last, atMost: digits, of: .number)
    }
    if !text.isNewline(first, before: last), text.isClass(.letter, first + 1, before: last) {
      return text.runs(from: first + 1, to: last, of: .letter)
    }
    let body = text.point(first, before: last) == 0x20 ? first + 1 : first
    let end = GPT2Pattern.others(text, from: body, to: last)
    if end > body { return text.newlines(from: end, to: last) }
    return text.spacesWithNewline(from: first, to: last) ?? text.spaces(from: first, to: last)
  }
}

/// `[!-/:-@[-`{-~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*` and spaces as
/// above.
enum WordPattern {
  /// Where the piece that begins at `first` ends; `nil` where none begins.
  static func match(_ text: ClassedText, _ first: Int, _ last: Int) -> Int? {
    let point = text.point(first, before: last)
    if point < 0x7F, text.isClass(.punctuation, first, before: last) {
      var end = first + 1
      while isASCIILetter(text.point(end, before: last)) { end += 1 }
      if end > first + 1 { return end }
    }
    // The sign before the letters may itself be a mark or number, but it need not be there.
    let isSign =
      !text.isNewline(first, before: last) && !text.isClass(.letter, first, before: last)
      && !text.isClass(.punctuation, first, before: last)
    if isSign, isWord(text, first + 1, last) { return words(text, first + 1, last) }
    if isWord(text, first, last) { return words(text, first, last) }
    let body = point == 0x20 ? first + 1 : first
    let end = text.runs(from: body, to: last, of: .punctuation)
    if end > body { return text.newlines(from: end, to: last) }
    guard text.isClass(.space, first, before: last) else { return nil }
    return text.spacesWithNewline(from: first, to: last) ?? text.spaces(from: first, to: last)
  }

  private static func isWord(_ text: ClassedText, _ index: Int, _ last: Int) -> Bool {
    text.isClass(.letter, index, before: last) || text.isClass(.mark, index, before: last)
  }

  private static func words(_ text: ClassedText, _ first: Int, _ last: Int) -> Int {
    var end = first
    while isWord(text, end, last) { end += 1 }
    return end
  }

  private static func isASCIILetter(_ point: UInt32) -> Bool {
    (0x41...0x5A).contains(point) || (0x61...0x7A).contains(point)
  }
}
