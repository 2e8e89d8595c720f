/// Number plates and ages.
extension Searcher {
  /// 자동차 번호판.
  mutating func plate(_ word: Word) {
    let length = word.end - word.start
    guard length == 2 || length == 3 else { return }
    var index = word.end
    if page.isSpace(index) { index += 1 }
    guard page.isHangul(index), Self.plateSyllables.contains(page.unit(index)),
      !page.isHangul(index + 1)
    else { return }
    index += 1
    if page.isSpace(index) { index += 1 }
    let end = page.digitsEnd(index)
    guard end - index == 4, !isWordGlue(end), !page.has("-", at: end),
      !page.has(".", at: end) || !page.isDigit(end + 1)
    else { return }
    var start = word.start
    var reasons: Evidence = .shape
    // 서울 31 바 7745, 경기 82바 1174, 강원 원주 가 4418
    let before = page.skipSpacesBack(start - 1, limit: 1)
    if page.isHangul(before) {
      var first = before
      while page.isHangul(first - 1) && before - first < 3 { first -= 1 }
      if !page.isHangul(first - 1),
        !lexicon.classes(page, first..<before + 1).isDisjoint(with: [.sido, .place])
      {
        start = first
        reasons.insert(.placeName)
      }
    }
    let after = page.skipSpaces(end, limit: 1)
    if page.isHangul(after), Self.countUnits.contains(page.unit(after)), !page.isHangul(after + 1) {
      add(.plate, start..<end, "plate.shape", 100, reasons, .unitFollows)
      return
    }
    add(.plate, start..<end, "plate.shape", 950, reasons)
  }

  static let plateSyllables: [UInt16] = Array(
    ("가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주바사아자배하허호육해공국합"
      + "외영준기협대").utf16)
  static let countUnits: [UInt16] = Array("원명건개회점장".utf16)

  // MARK: Ages

  /// Ages of 90 and more.
  mutating func age(_ word: Word) {
    let length = word.end - word.start
    guard length == 2 || length == 3 else { return }
    let value = page.value(word.start..<word.end)
    guard value >= 90 && value <= 120, !page.has("-", at: word.start - 1) else { return }
    guard !page.has(".", at: word.end) || !page.isDigit(word.end + 1) else { return }
    let range = word.start..<word.end
    let next = page.skipSpaces(word.end, limit: 1)
    let previous = page.skipSpacesBack(word.start - 1, limit: 1)
    // 92세, 92살
    if page.unit(next) == 0xC138 && page.unit(next + 1) != 0xD2B8 || page.unit(next) == 0xC0B4 {
      add(.age, range, "age.unit", 970, .rightCue)
      return
    }
    // F/92, M / 92, 여/92
    // F95, 여95, F(95)
    let mark =
      page.has("(", at: word.start - 1) && page.has(")", at: word.end)
      ? word.start - 2 : word.start - 1
    if isSex(mark, before: true) || isSex(mark), !isWordGlue(word.end),
      !page.has("/", at: word.end), !page.has("-", at: word.end)
    {
      add(.age, range, "age.sex", 900, .leftCue)
      return
    }
    if isAgeJoin(previous) {
      let sex = page.skipSpacesBack(previous - 1, limit: 1)
      if isSex(sex) && !isWordGlue(word.end) && !page.has("/", at: word.end)
        || isSex(sex)
          && page.folded(word.end) == 0x79
      {
        add(.age, range, "age.sex", 960, .leftCue)
        return
      }
    }
    // 92/F, 92 / 여, 92F, 92Y, 92yo, 92 y.o
    var after = next
    if isAgeJoin(after) { after = page.skipSpaces(after + 1, limit: 1) }
    if isSex(after),
      next == after
        ? after == word.end || !ratioBefore(word.start) && !page.has("-", at: word.start - 1)
        : true,
      !page.has("/", at: word.start - 1)
    {
      add(.age, range, "age.sex", 940, .rightCue)
      return
    }
    if page.folded(next) == 0x79,
      !page.isLatin(next + 1) || page.folded(next + 1) == 0x6F || page.folded(next + 1) == 0x65
        || page.folded(next + 1) == 0x72
    {
      add(.age, range, "age.unit", 940, .rightCue)
      return
    }
    if page.has("-", at: next) && page.folded(next + 1) == 0x79 && page.folded(next + 2) == 0x65 {
      add(.age, range, "age.unit", 950, .rightCue)
      return
    }
    if announced(word.start, .cueAge, reach: 8) && !isWordGlue(word.end)
      && !page.has("/", at: word.end)
    {
      add(.age, range, "age.cue", 930, .leftCue)
      return
    }
    // 모 96 사망, 조모 91,
    if page.isHangul(previous), previous < word.start - 1, !isWordGlue(word.end) {
      var first = previous
      while page.isHangul(first - 1) && previous - first < 6 { first -= 1 }
      let sign = page.unit(word.end)
      let closed =
        sign == 0x2C || sign == 0x29
        || page.isBlank(word.end) && !page.isDigit(next) && !page.isLatin(next)
      if lexicon.classes(page, first..<previous + 1).contains(.kinship), closed {
        add(.age, range, "age.kinship", 760, .leftCue)
        return
      }
    }
    // 신점례(94): in brackets right after a word that can be a person.
    if page.has("(", at: word.start - 1), page.isHangul(word.start - 2),
      page.has(")", at: word.end) || page.has(",", at: word.end) || page.isHangul(word.end)
    {
      var first = word.start - 2
      while page.isHangul(first - 1) && word.start - first < 8 { first -= 1 }
      let kind = lexicon.classes(page, first..<word.start - 1)
      let person = kind.contains(.kinship) || kind.isDisjoint(with: .notName)
      let surname =
        lexicon.surnameWeight[Int(page.unit(first)) - 0xAC00] > 0 && word.start - 1 - first <= 4
      if person && (surname || kind.contains(.kinship)) {
        add(.age, range, "age.bracket", 850, .bracketed)
      }
    }
  }

  /// What stands between sex and age: 여/92, F, 92, 남·93, | F | 95 |.
  private func isAgeJoin(_ index: Int) -> Bool {
    switch page.unit(index) {
    case 0x2F, 0x2C, 0xB7, 0x7C, 0x2502: true
    default: false
    }
  }

  /// F95: a mark of sex glued to the number behind it.
  func isSex(_ index: Int, before: Bool) -> Bool {
    (page.has("M", at: index) || page.has("F", at: index)) && !isWordGlue(index - 1)
      && !page.has("-", at: index - 1)
  }

  /// M, F, 남, 여 standing alone.
  func isSex(_ index: Int) -> Bool {
    switch page.unit(index) {
    case 0x4D, 0x46, 0x6D, 0x66: !page.isLatin(index - 1) && !page.isLatin(index + 1)
    case 0xB0A8, 0xC5EC:
      !page.isHangul(index - 1)
        && (!page.isHangul(index + 1) || page.unit(index + 1) == 0xC131
          || page.unit(index + 1) == 0xC790)
    default: false
    }
  }
}
