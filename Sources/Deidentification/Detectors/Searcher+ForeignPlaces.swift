/// Foreign cities where somebody lives, by the words before them.
extension Searcher {
  private static let living: [[UInt16]] = [
    "lives in", "lived in", "living in", "resides in", "residing in", "home in", "resident of",
    "returned to", "hometown", "고향", "고향은", "거주지", "본가", "친정", "현주소",
  ].map { Array($0.utf16) }

  /// who lives in Bundang, 미국 Palo Alto), 고향 Nghe An.
  mutating func foreignPlace(_ word: Word) {
    guard page.kind(word.start) == .upper, page.kind(word.start + 1) == .lower,
      page.isSpace(word.start - 1) || page.has(":", at: word.start - 1)
    else { return }
    let before = page.skipSpacesBack(word.start - 1, limit: 2)
    if page.has("-", at: before) || page.has("/", at: before) { return }
    var last = before
    if page.has(":", at: last) { last = page.skipSpacesBack(last - 1, limit: 1) }
    let lives = Self.living.contains {
      matches($0, at: last + 1 - $0.count) && !isWordGlue(last - $0.count)
        && !page.isHangul(last - $0.count)
    }
    let land = !lives && page.isHangul(before) && isCountry(before)
    guard lives || land else { return }
    var end = word.end
    var count = 1
    while count < 4 {
      var next = end
      if page.has(",", at: next) { next += 1 }
      guard page.isSpace(next), page.kind(next + 1) == .upper, page.kind(next + 2) == .lower
      else { break }
      let stop = page.latinEnd(next + 1)
      guard lexicon.classes(page, next + 1..<stop).isDisjoint(with: [.englishWord, .month]) else {
        break
      }
      end = stop
      count += 1
    }
    guard !page.isDigit(end), !page.has("'", at: end), !page.has("-", at: end),
      lexicon.classes(page, word.start..<word.end).isDisjoint(with: [
        .englishWord, .englishHospital, .englishOrg, .country, .month,
      ])
    else { return }
    // A maker from abroad is no place: the city closes a bracket or has a word of place behind it.
    let after = page.skipSpaces(end, limit: 1)
    let closed =
      page.has(")", at: after) || page.has(",", at: after) || page.unit(after) == 0xC5D0
      || matches(Self.resident, at: after)
    guard lives || closed else { return }
    add(
      .address, word.start..<end, "address.foreign", lives ? 740 : 620,
      [.leftCue, .placeName, .foreign])
  }

  private static let resident = Array("거주".utf16)

  private func isCountry(_ last: Int) -> Bool {
    var first = last
    while page.isHangul(first - 1), last - first < 8 { first -= 1 }
    return lexicon.classes(page, first..<last + 1).contains(.country)
  }
}
