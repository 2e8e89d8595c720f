extension Searcher {
  /// Telephone numbers that their first digits give away.
  ///
  /// - Returns: The end of the number.
  mutating func telephone(_ word: Word) -> Int? {
    if page.has("+", at: word.start - 1), !isWordGlue(word.start - 2) {
      return internationalNumber(word)
    }
    let before = page.unit(word.start - 1)
    if (before == 0x2D || before == 0x2E || before == 0x2F) && isWordGlue(word.start - 2) {
      return nil
    }
    if page.has("1", at: word.start) { return nationwideNumber(word) }
    guard page.has("0", at: word.start) else { return nil }
    let length = word.end - word.start
    if length >= 9 && length <= 12 {
      guard prefixLength(word.start) > 0, fits(word.start, digits: length) else { return nil }
      guard !isWordGlue(word.end), !page.has("-", at: word.end) else { return nil }
      let cued = announced(word.start, [.cuePhone])
      let mobile = page.has("1", at: word.start + 1)
      add(
        .phone, word.start..<word.end, "phone.plain", cued ? 960 : mobile ? 930 : 640,
        cued ? [.shape, .leftCue] : .shape)
      return word.end
    }
    guard length == prefixLength(word.start) else { return nil }
    // Middle of three or four digits, last of four; either may be masked.
    var index = word.end
    guard let middle = part(after: &index, lengths: 3...4) ?? wholeTail(&index) else { return nil }
    var end = middle.upperBound
    if middle.count <= 4 {
      guard let last = part(after: &index, lengths: 4...4) else { return nil }
      end = last.upperBound
      if isWordGlue(end) { return nil }
      // 055-214-1710~2
      if page.has("~", at: end), page.digitsEnd(end + 1) > end + 1,
        page.digitsEnd(end + 1) - end <= 5
      {
        end = page.digitsEnd(end + 1)
      }
    }
    var start = word.start
    if page.has("(", at: start - 1), page.has(")", at: word.end), !page.isHangul(start - 2) {
      start -= 1
    }
    add(.phone, start..<end, "phone.parts", 965, .shape)
    return end
  }

  /// One part of a number after a separator; `index` moves behind it.
  private func part(after index: inout Int, lengths: ClosedRange<Int>) -> Range<Int>? {
    var next = index
    while page.isBlank(next) && next - index < 2 { next += 1 }
    if page.has("-", at: next) || page.has(".", at: next) || page.has(")", at: next)
      || page.has("/", at: next)
    {
      next += 1
      while page.isBlank(next) && next - index < 6 { next += 1 }
    } else if next == index {
      return nil
    }
    var end = next
    while page.isDigit(end) || isMask(end) { end += 1 }
    guard lengths.contains(end - next), !(end - next == 3 && page.isLatin(end)) else { return nil }
    index = end
    return next..<end
  }

  /// 010-12345678.
  private func wholeTail(_ index: inout Int) -> Range<Int>? {
    guard page.has("-", at: index) || page.has(")", at: index) || page.isSpace(index) else {
      return nil
    }
    let end = page.digitsEnd(index + 1)
    guard end - index - 1 == 8 || end - index - 1 == 7 else { return nil }
    let range = index + 1..<end
    index = end
    return range
  }

  /// How many digits the area or service code at a place has; 0 where there is none.
  private func prefixLength(_ start: Int) -> Int {
    let second = page.unit(start + 1) &- 0x30
    let third = page.unit(start + 2) &- 0x30
    switch second {
    case 1: return third < 10 && [0, 1, 6, 7, 8, 9].contains(third) ? 3 : 0
    case 2: return 2
    case 3: return third >= 1 && third <= 3 ? 3 : 0
    case 4: return third >= 1 && third <= 4 ? 3 : 0
    case 5:
      if third == 0 {
        let fourth = page.unit(start + 3) &- 0x30
        return fourth >= 2 && fourth <= 8 ? 4 : 0
      }
      return third >= 1 && third <= 5 ? 3 : 0
    case 6: return third <= 4 ? 3 : 0
    case 7, 8: return third == 0 ? 3 : 0
    default: return 0
    }
  }

  private func fits(_ start: Int, digits: Int) -> Bool {
    let prefix = prefixLength(start)
    return digits - prefix == 7 || digits - prefix == 8
  }

  /// 1588-1234: eight digits, no area code.
  private mutating func nationwideNumber(_ word: Word) -> Int? {
    guard word.end - word.start == 4, page.has("-", at: word.end) || page.has(".", at: word.end)
    else { return nil }
    let second = page.unit(word.start + 1) &- 0x30
    let third = page.unit(word.start + 2) &- 0x30
    guard second == 5 || second == 6 || second == 8, third >= 0 && third <= 9 else { return nil }
    let end = page.digitsEnd(word.end + 1)
    guard end - word.end == 5, !isWordGlue(end), !page.has("-", at: end) else { return nil }
    let cued = announced(word.start, [.cuePhone])
    add(
      .phone, word.start..<end, "phone.nationwide", cued ? 960 : 780,
      cued ? [.shape, .leftCue] : .shape)
    return end
  }

  private mutating func internationalNumber(_ word: Word) -> Int? {
    guard !page.has("0", at: word.start) else { return nil }
    var index = word.end
    var digits = word.end - word.start
    var parts = 1
    while parts < 7 {
      var next = index
      while next - index < 2
        && (page.isSpace(next) || page.has("-", at: next) || page.has("(", at: next)
          || page.has(")", at: next) || page.has(".", at: next))
      {
        next += 1
      }
      let end = page.digitsEnd(next)
      guard next > index, end > next, digits + end - next <= 15, end - next <= 8,
        !page.has(":", at: end), digits < 10 || end - next > 2
      else { break }
      digits += end - next
      index = end
      parts += 1
      if page.has("(", at: next - 1), page.has(")", at: end) { index = end }
    }
    guard digits >= 9, parts > 1 || digits >= 11 else { return nil }
    add(.phone, word.start - 1..<index, "phone.international", 965, .shape)
    return index
  }

  /// A number after a word for a telephone: local numbers, fragments, foreign forms.
  mutating func announcedPhone(_ cue: Cue) {
    guard let start = valueStart(cue.end), page.isDigit(start) || page.has("+", at: start) else {
      return
    }
    var end = start
    var digits = 0
    var index = start
    while index - start < 24 {
      if page.isDigit(index) {
        digits += 1
        index += 1
        end = index
      } else if (page.has("-", at: index) || page.has(".", at: index) || page.has(")", at: index)
        || page.has("+", at: index) && index == start)
        && (page.isDigit(index + 1) || index == start)
      {
        index += 1
      } else {
        break
      }
    }
    guard !page.has(":", at: end), !page.has("/", at: end), !page.has("%", at: end),
      !page.isLatin(end)
    else { return }
    let fragment = digits == 4
    guard digits >= 7 && digits <= 15 || fragment else { return }
    if coversDate(start..<end) { return }
    if fragment {
      let after = page.skipSpaces(end, limit: 1)
      if Self.countUnits.contains(page.unit(after)) || page.unit(end) == 0xB144 { return }
    }
    add(.phone, start..<end, "phone.cue", fragment ? 700 : 900, [.leftCue, .shape])
  }

  /// 내선 7214, ext. 7017, 내선 5501/5502.
  mutating func announcedExtension(_ cue: Cue) {
    guard var start = valueStart(cue.end) else { return }
    for _ in 0..<4 {
      let end = page.digitsEnd(start)
      guard end - start >= 2 && end - start <= 6, !isWordGlue(end), !page.has(":", at: end),
        !page.has("-", at: end) || !page.isDigit(end + 1)
      else { return }
      add(.phone, start..<end, "phone.extension", 940, .leftCue)
      var next = page.skipSpaces(end, limit: 1)
      guard page.has(",", at: next) || page.has("/", at: next) || page.has("~", at: next) else {
        return
      }
      next = page.skipSpaces(next + 1, limit: 1)
      start = next
    }
  }
}
