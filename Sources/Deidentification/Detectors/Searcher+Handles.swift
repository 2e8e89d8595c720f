/// Handles of social networks behind the word that announces them.
extension Searcher {
  /// 카톡 ID sky_05, Facebook duc.nguyen, 카카오 boram.lee.
  mutating func announcedHandle(_ cue: Cue) {
    guard !page.isLatin(cue.end - 1) || !page.isLatin(cue.end) else { return }
    guard
      cue.end - cue.start > 2 || page.isHangul(cue.start)
        || page.has(":", at: page.skipSpaces(cue.end, limit: 1))
    else { return }
    var index = cue.end
    for _ in 0..<3 {
      while index - cue.end < 14,
        page.isSpace(index) || page.has(":", at: index) || page.has("(", at: index)
          || page.has("=", at: index) || page.has("@", at: index) || page.has("\"", at: index)
          || page.has("'", at: index) || page.has("/", at: index)
      {
        index += 1
      }
      if matches(Self.handleWords[0], at: index), !page.isLatin(index + 2) { index += 2 }
      if matches(Self.handleWords[1], at: index) { index += 3 }
      if matches(Self.handleWords[2], at: index) { index += 2 }
    }
    let start = page.has("@", at: index - 1) ? index - 1 : index
    guard page.isLatin(index) || page.isDigit(index) || page.has("_", at: index) else {
      nickname(index)
      return
    }
    var end = index
    while isWordGlue(end) || page.has("_", at: end)
      || (page.has(".", at: end) || page.has("-", at: end)) && isWordGlue(end + 1)
    {
      end += 1
    }
    let letters = (index..<end).contains { page.isLatin($0) }
    // A-line (radial): LINE is the network only before what looks like a handle.
    if cue.end - cue.start == 4, page.folded(cue.start) == 0x6C {
      let plain = (index..<end).allSatisfy { page.isLatin($0) || page.has("-", at: $0) }
      if plain || page.has("-", at: cue.start - 1) { return }
    }
    guard end - index >= 4, end - index <= 40, letters, !page.has("@", at: end),
      !lexicon.classes(page, index..<end).contains(.englishWord)
    else { return }
    add(.sns, start..<end, "sns.cue", 930, .leftCue)
  }

  /// 닉네임 '봄날의곰': a handle in Hangul counts in quotes only.
  private mutating func nickname(_ start: Int) {
    let quote = page.unit(start - 1)
    guard quote == 0x22 || quote == 0x27, page.isHangul(start) else { return }
    var end = start
    while end - start < 14, page.isHangul(end) || isWordGlue(end) || page.has("_", at: end) {
      end += 1
    }
    guard end - start >= 2, page.unit(end) == quote else { return }
    add(.sns, start..<end, "sns.nickname", 660, [.leftCue, .bracketed])
  }

  private static let handleWords: [[UInt16]] = ["id", "아이디", "계정"].map { Array($0.utf16) }
}
