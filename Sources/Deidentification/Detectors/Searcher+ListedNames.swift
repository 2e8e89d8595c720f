/// Names in lists of relatives, in chat exports and of people from abroad.
extension Searcher {
  mutating func findListedNames() {
    for (index, word) in words.enumerated() where word.kind == .hangul {
      siblingList(word)
      speaker(word)
      foreignName(word, index)
    }
  }

  // MARK: Relatives in brackets

  private static let broods: [[UInt16]] = [
    "남매", "형제", "자매", "자녀", "손주", "손자", "손녀", "아들", "딸", "조카",
  ].map { Array($0.utf16) }

  /// 6남매(종철, 종숙, 종만): given names one after the other behind a word for relatives.
  private mutating func siblingList(_ word: Word) {
    guard page.has("(", at: page.skipSpaces(word.end, limit: 1)),
      Self.broods.contains(where: { brood in
        (word.start..<word.end).contains { matches(brood, at: $0) }
          || page.isSpace(word.start - 1) && matches(brood, at: word.start - 1 - brood.count)
          || page.isSpace(word.start - 1) && matches(brood, at: word.start - 2 - brood.count)
      })
    else { return }
    var items: [Range<Int>] = []
    var index = page.skipSpaces(word.end, limit: 1) + 1
    let limit = min(page.count, index + 60)
    while index < limit {
      let end = wordEnd(index)
      guard end - index >= 2, end - index <= 3, isNameLike(index..<end) else { return }
      items.append(index..<end)
      if page.has(")", at: end) { break }
      guard page.has(",", at: end) || page.unit(end) == 0xB7 else { return }
      index = page.skipSpaces(end + 1, limit: 1)
    }
    guard items.count >= 2 else { return }
    for item in items { add(.name, item, "name.list", 700, [.neighbour, .leftCue]) }
  }

  /// Syllables of names and no word of the lists.
  private func isNameLike(_ range: Range<Int>) -> Bool {
    guard lexicon.classes(page, range).isDisjoint(with: .notName) else { return false }
    let given = range.suffix(2)
    return lexicon.classes(page, range).contains(.givenName)
      || lexicon.firstSyllable[Int(page.unit(given.lowerBound)) - 0xAC00] > 0
        && lexicon.lastSyllable[Int(page.unit(given.upperBound - 1)) - 0xAC00] > 0
      || range.count == 2 && page.unit(range.upperBound - 1) == page.unit(range.lowerBound)
  }

  // MARK: Chat exports

  private static let halves: [[UInt16]] = ["오전", "오후"].map { Array($0.utf16) }

  /// 오전 9:20, 봄봄맘88 : the sender of a message in an exported chat.
  private mutating func speaker(_ word: Word) {
    guard word.end - word.start == 2, Self.halves.contains(where: { matches($0, at: word.start) })
    else { return }
    var index = page.skipSpaces(word.end, limit: 1)
    guard index > word.end, page.isDigit(index) else { return }
    index = page.digitsEnd(index)
    guard page.has(":", at: index), page.digitsEnd(index + 1) - index == 3,
      page.has(",", at: index + 3)
    else { return }
    let start = page.skipSpaces(index + 4, limit: 1)
    var end = start
    var hangul = true
    while end - start < 20, page.isHangul(end) || isWordGlue(end) || page.has("_", at: end) {
      if !page.isHangul(end) { hangul = false }
      end += 1
    }
    guard end - start >= 2, page.isSpace(end), page.has(":", at: end + 1) else { return }
    let kind = lexicon.classes(page, start..<end)
    guard kind.isDisjoint(with: .notName) else { return }
    if hangul && end - start <= 4 {
      if looksLikeName(start..<end) || kind.contains(.givenName) {
        add(.name, start..<end, "name.speaker", 720, [.shape, .timeFollows])
      }
    } else if !hangul {
      add(.sns, start..<end, "sns.speaker", 720, [.shape, .timeFollows])
    }
  }

  // MARK: People from abroad

  /// 통역 쩐티란, 한글: 응웬반득, Korean 리샤오밍: syllables that Korean names do not have.
  private mutating func foreignName(_ word: Word, _ index: Int) {
    guard word.end - word.start >= 3,
      let head = lexicon.longest(page, at: word.start, limit: word.end, wanted: .foreignName)
    else { return }
    var end = word.end
    // A particle or a title stays outside.
    var cut = word.end
    while cut > max(head.end, word.start + 2) {
      if cut < word.end {
        let tail = tailOf(cut, word.end)
        if tail.holds, !tail.reasons.isDisjoint(with: [.particle, .rightCue]) { end = cut }
      }
      cut -= 1
    }
    guard end - word.start >= 3, end - word.start <= 7,
      lexicon.classes(page, word.start..<end).isDisjoint(with: .notName)
    else { return }
    let left = leftContext(word.start)
    let right = rightContext(word.end)
    let script =
      page.isSpace(word.start - 1) && matches(Self.korean, at: word.start - 1 - Self.korean.count)
      || page.has("(", at: word.start - 1) && page.isLatin(page.skipSpacesBack(word.start - 2))
      || page.has(":", at: page.skipSpacesBack(word.start - 1))
    var permille = head.end - word.start >= 2 ? 470 : 300
    permille += max(left.points / 2, script ? 220 : 0) + (right.points > 0 ? 130 : 0)
    add(
      .name, word.start..<end, "name.foreign", min(permille, 900),
      left.reasons.union(right.reasons).union(.foreign))
  }

  private static let korean = Array("korean".utf16)
}
