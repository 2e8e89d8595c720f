/// Codes and numbers of forms that no other rule reads.
extension Searcher {
  /// Object identifiers and telephone numbers from abroad.
  ///
  /// - Returns: The end of what was found.
  mutating func dottedOrForeign(_ word: Word) -> Int? {
    if let end = objectIdentifier(word) { return end }
    if let end = americanTelephone(word) { return end }
    oldPlate(word)
    return nil
  }

  /// 1.2.840.113619.2.55, 2.16.840.1.113883.3.445: a root and at least five arcs.
  private mutating func objectIdentifier(_ word: Word) -> Int? {
    guard word.end - word.start == 1, page.has(".", at: word.end),
      !page.has(".", at: word.start - 1), !page.has("-", at: word.start - 1)
    else { return nil }
    let root = page.unit(word.start) &- 0x30
    let second = page.value(word.end + 1..<page.digitsEnd(word.end + 1))
    guard root == 1 && (second == 2 || second == 3) || root == 2 && (second == 16 || second == 25)
    else { return nil }
    var end = page.digitsEnd(word.end + 1)
    var arcs = 2
    while page.has(".", at: end), page.isDigit(end + 1), arcs < 40 {
      end = page.digitsEnd(end + 1)
      arcs += 1
    }
    guard arcs >= 6, end - word.start >= 14, !page.isLatin(end) else { return nil }
    add(.id, word.start..<end, "id.oid", 930, .shape)
    return end
  }

  /// T 718-555-0120, (718) 555-0120: three, three and four digits behind a sign for a telephone.
  private mutating func americanTelephone(_ word: Word) -> Int? {
    guard word.end - word.start == 3, !page.has("0", at: word.start),
      !page.has("-", at: word.start - 1)
    else { return nil }
    let bracket = page.has("(", at: word.start - 1) && page.has(")", at: word.end)
    let next = bracket ? page.skipSpaces(word.end + 1, limit: 1) : word.end + 1
    guard bracket || page.has("-", at: word.end) || page.has(".", at: word.end),
      page.digitsEnd(next) - next == 3,
      page.has("-", at: next + 3) || page.has(".", at: next + 3),
      page.digitsEnd(next + 4) - next == 8, !isWordGlue(next + 8), !page.has("-", at: next + 8)
    else { return nil }
    let start = bracket ? word.start - 1 : word.start
    var sign = page.skipSpacesBack(start - 1, limit: 1)
    if page.has(":", at: sign) || page.has(".", at: sign) { sign -= 1 }
    let letter = page.has("T", at: sign) || page.has("F", at: sign) || page.has("P", at: sign)
    guard bracket || announced(start, .cuePhone) || letter && !isWordGlue(sign - 1) else {
      return nil
    }
    add(.phone, start..<next + 8, "phone.american", 900, [.shape, .foreign])
    return next + 8
  }

  /// 강원 원주 가 4418: a plate of a motorcycle, province, town, syllable, four digits.
  private mutating func oldPlate(_ word: Word) {
    guard word.end - word.start == 4, !isWordGlue(word.end), !page.has("-", at: word.end) else {
      return
    }
    let syllable = page.skipSpacesBack(word.start - 1, limit: 1)
    guard page.isHangul(syllable), Self.plateSyllables.contains(page.unit(syllable)),
      page.isSpace(syllable - 1)
    else { return }
    var start = syllable - 1
    var words = 0
    var province = false
    while words < 2, page.isSpace(start), page.isHangul(start - 1) {
      let end = start
      var first = start - 1
      while page.isHangul(first - 1), end - first < 5 { first -= 1 }
      let kind = lexicon.classes(page, first..<end)
      guard !kind.isDisjoint(with: [.sido, .place, .sigungu]) else { break }
      if kind.contains(.sido) { province = true }
      start = first
      words += 1
      if province { break }
      start -= 1
    }
    guard province, words == 2 else { return }
    add(.plate, start..<word.end, "plate.motorcycle", 905, [.shape, .placeName])
  }

  /// E20117744: one to three capitals and six digits or more, alone in brackets.
  mutating func looseCode(_ word: Word) {
    guard word.end - word.start <= 3, page.isDigit(word.end), !isWordGlue(word.start - 1) else {
      return
    }
    for index in word.start..<word.end where page.kind(index) != .upper { return }
    let end = page.digitsEnd(word.end)
    guard end - word.end >= 6, end - word.end <= 10, !isWordGlue(end), !page.has(".", at: end),
      !page.has("-", at: end), !page.has("/", at: end), !page.has("-", at: word.start - 1),
      !page.has("_", at: word.start - 1), !page.has(".", at: word.start - 1),
      !Self.publicCodes.contains(where: { matches($0, at: word.start) })
    else { return }
    guard isBracketed(word.start, end) else { return }
    add(.id, word.start..<end, "id.loose", 590, .bracketed)
  }

  /// Registered studies, articles and parts carry such codes too.
  private static let publicCodes: [[UInt16]] = ["nct", "kct", "irb", "ref", "doi", "pmc"].map {
    Array($0.utf16)
  }

  /// IPv4; four numbers of a version or a section number have a word for it before them.
  mutating func address4(_ word: Word) {
    guard word.end - word.start <= 3, page.has(".", at: word.end) else { return }
    guard !page.has(".", at: word.start - 1) else { return }
    let parts = groups(word.start, separators: [0x2E], limit: 5)
    guard parts.runs.count == 4 else { return }
    for run in parts.runs where run.count > 3 || page.value(run) > 255 { return }
    guard !isWordGlue(parts.end) else { return }
    let small = parts.runs.allSatisfy { $0.count == 1 }
    let before = page.folded(word.start - 1)
    guard before != 0x76, before != 0x2F || page.folded(word.start - 2) == 0x2F else {
      add(.ip, word.start..<parts.end, "ip.v4", 0, .shape, .versionLike)
      return
    }
    var end = parts.end
    // A prefix length or a port belongs to the address only as far as the address goes.
    if page.has(":", at: end) && page.isDigit(end + 1) { end = parts.end }
    add(.ip, word.start..<end, "ip.v4", small ? 300 : 960, .shape, small ? .versionLike : [])
  }
}
