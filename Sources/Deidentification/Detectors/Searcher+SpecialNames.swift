/// Names in other forms: a surname with a title, masked, spaced, in Han, behind a glued label.
extension Searcher {
  private static let strongTitles: [[UInt16]] = [
    "교수", "선생", "샘", "쌤", "원장", "씨", "여사", "반장", "간호사", "과장", "박사", "목사", "기사", "팀장", "실장",
    "대리", "주임", "소장", "약사", "의사", "권사", "집사", "할머니", "할아버지", "어르신", "군의관", "변호사", "기공소장", "전임의",
    "주무관",
    "사무관", "경사", "경위", "경장", "순경", "형사", "조사관", "수사관", "복지사", "치료사", "활동가",
  ].map { Array($0.utf16) }

  /// One bit a first syllable: most queries end here.
  private static let strongFirsts: UInt64 = strongTitles.reduce(0) {
    $0 | 1 << UInt64($1[0] & 63)
  }

  private func strongTitle(at start: Int) -> Bool {
    Self.strongFirsts >> UInt64(page.unit(start) & 63) & 1 == 1
      && Self.strongTitles.contains { matches($0, at: start) }
  }

  /// 김교수님, 박씨: a surname and a title in one run.
  mutating func titledSurname(_ word: Word, _ whole: WordClass) -> Bool {
    guard whole.isEmpty || whole == .particle || whole == .common else { return false }
    if let word = lexicon.longest(page, at: word.start, limit: word.end, wanted: .notName),
      !word.classes.isDisjoint(with: [.title, .staffRole, .genericPlace])
    {
      return false
    }
    for count in [2, 1] where word.start + count < word.end {
      let surname =
        count == 2
        ? lexicon.classes(page, word.start..<word.start + 2).contains(.surnameTwo)
        : lexicon.surnameWeight[Int(page.unit(word.start)) - 0xAC00] > 0
      guard surname, strongTitle(at: word.start + count) else { continue }
      let tail = tailOf(word.start + count, word.end)
      guard tail.holds, tail.reasons.contains(.rightCue) else { continue }
      // 부교수, 조교수, 부원장: ranks.
      let rank = count == 1 && [0xBD80, 0xC870, 0xC804, 0xD604].contains(page.unit(word.start))
      let left = leftContext(word.start)
      let permille = rank && left.points == 0 && !page.has(" ", at: word.start - 1) ? 380 : 840
      add(
        .name, word.start..<word.start + count, "name.surname-title", permille,
        [.rightCue, .listWord])
      return true
    }
    return false
  }

  /// 홍 교수, 탁R3, R2 방: one syllable of a surname standing alone.
  mutating func loneSurname(_ word: Word) {
    let weight = Int(lexicon.surnameWeight[Int(page.unit(word.start)) - 0xAC00])
    guard weight > 0, !page.isDigit(word.start - 1), !page.isLatin(word.start - 1) else { return }
    let next = page.skipSpaces(word.end, limit: 1)
    var permille = 0
    var reasons: Evidence = .listWord
    if page.isHangul(next), next > word.end, strongTitle(at: next) {
      let tail = tailOf(next, wordEnd(next))
      if tail.reasons.contains(.rightCue) {
        permille = 780
        reasons.insert(.rightCue)
      }
    }
    if page.folded(next) == 0x72, page.isDigit(next + 1), !isWordGlue(next + 2) {
      permille = 800
      reasons.insert(.rightCue)
    }
    let left = leftContext(word.start)
    if left.points >= 350, !page.has(":", at: page.skipSpacesBack(word.start - 1)) || weight >= 2 {
      let closed =
        page.isBlank(word.end) || word.end >= page.count || page.has(")", at: word.end)
        || page.has(",", at: word.end)
        || page.has("/", at: word.end)
      if closed && !page.isHangul(page.skipSpaces(word.end, limit: 1)) {
        permille = max(permille, weight >= 2 ? 700 : 620)
        reasons.insert(.leftCue)
      }
    }
    if isSex(word.start) && !reasons.contains(.rightCue) { return }
    let kind = lexicon.classes(page, word.start..<word.end)
    if !kind.isDisjoint(with: [.kinship, .department]) && !reasons.contains(.rightCue) && weight < 3
    {
      permille -= 250
    }
    if permille > 0 { add(.name, word.start..<word.end, "name.surname", permille, reasons) }
  }

  /// 환자홍길동, 남편황달수: a label glued to the name.
  mutating func gluedLabel(_ word: Word) {
    guard word.end - word.start >= 4,
      let label = lexicon.longest(
        page, at: word.start, limit: word.end - 1, wanted: [.nameLabel, .kinship, .staffRole]),
      label.end - word.start >= 2
    else { return }
    for count in [3, 2, 4] where label.end + count <= word.end {
      let end = label.end + count
      let tail = tailOf(end, word.end)
      guard tail.holds,
        count == 3 || tail.reasons.contains(.rightCue)
          || lexicon.classes(page, label.end..<label.end + 2).contains(.surnameTwo)
      else { continue }
      let shape = shapePoints(label.end, end)
      guard shape.reasons.contains(.syllables) || shape.points > 120,
        lexicon.classes(page, label.end..<end).isDisjoint(with: .notName),
        lexicon.classes(page, word.start..<word.end).isEmpty
      else { continue }
      let permille = 380 + shape.points + tail.points / 2
      add(.name, label.end..<end, "name.glued-label", permille, shape.reasons.union(.leftCue))
      return
    }
  }

  /// 김O수, 김○○, 이OO, 김**, 김모씨.
  mutating func maskedName(_ word: Word) {
    let length = word.end - word.start
    guard lexicon.surnameWeight[Int(page.unit(word.start)) - 0xAC00] > 0 || length == 2 else {
      return
    }
    if length >= 2 && page.unit(word.start + 1) == 0xBAA8 {
      // 김모 (45), 김모씨.
      let tail = tailOf(word.start + 2, word.end)
      let bracket = page.has("(", at: word.end) && page.isDigit(word.end + 1)
      let weight = lexicon.surnameWeight[Int(page.unit(word.start)) - 0xAC00]
      if weight >= 2,
        length == 2 && bracket || length > 2 && tail.reasons.contains(.rightCue) && length <= 4,
        lexicon.classes(page, word.start..<word.end).isEmpty
      {
        add(.name, word.start..<word.start + 2, "name.masked", 720, .masked)
      }
    }
    guard length <= 2 else { return }
    var end = word.end
    while isNameMask(end) && end - word.end < 4 { end += 1 }
    let masks = end - word.end
    guard masks >= 1, !page.isLatin(end), !page.isDigit(end) else { return }
    if length == 2 && !lexicon.classes(page, word.start..<word.end).contains(.surnameTwo) {
      // 홍길*: the last syllable hidden.
      guard masks == 1, !page.isDigit(end),
        page.has("*", at: word.end) || page.unit(word.end) == 0x25CB,
        lexicon.surnameWeight[Int(page.unit(word.start)) - 0xAC00] >= 2,
        lexicon.classes(page, word.start..<word.end).isDisjoint(with: .notName)
      else { return }
    }
    if page.isHangul(end) {
      let stop = wordEnd(end)
      let titled = tailOf(end, stop)
      if masks == 1 && !titled.reasons.contains(.rightCue)
        || masks == 1 && stop - end > 1 && tailOf(end + 1, stop).holds
      {
        let last = Int(page.unit(end)) - 0xAC00
        if lexicon.lastSyllable[last] >= 1, tailOf(end + 1, stop).holds { end += 1 }
      }
    }
    let latin = page.isLatin(word.end)
    if latin && masks == 1 && !page.isHangul(end - 1) { return }
    let bullet =
      page.unit(word.end) == 0x25CB || page.has("*", at: word.end) || page.unit(word.end) == 0x25CF
    guard masks >= 2 || page.isHangul(end - 1) && end > word.end + masks || bullet || length == 2
    else { return }
    add(.name, word.start..<end, "name.masked", latin ? 880 : 900, [.masked, .listWord])
  }

  private func isNameMask(_ index: Int) -> Bool {
    switch page.unit(index) {
    case 0x4F, 0x25CB, 0x25EF, 0x3007, 0x2A, 0x25CF, 0x3147, 0x58, 0x25B3, 0x25A1: true
    default: false
    }
  }

  /// 홍 길 동, 금 수강: a name with spaces inside.
  mutating func spacedName(_ index: Int) {
    let word = words[index]
    guard word.end - word.start <= 2, page.isSpace(word.end), index + 1 < words.count else {
      return
    }
    let two = word.end - word.start == 2
    if two {
      guard lexicon.classes(page, word.start..<word.end).contains(.surnameTwo) else { return }
    } else {
      guard lexicon.surnameWeight[Int(page.unit(word.start)) - 0xAC00] > 0 else { return }
    }
    let next = words[index + 1]
    guard next.kind == .hangul, next.start == word.end + 1, !page.isDigit(next.end) else { return }
    // 모 안나, 형 도준: a relative and a name.
    if next.end - next.start >= 2, lexicon.classes(page, word.start..<word.end).contains(.kinship) {
      return
    }
    let left = leftContext(word.start)
    var end = next.end
    var permille = 215 + left.points
    var reasons = left.reasons
    if next.end - next.start == 1, page.isSpace(next.end), index + 2 < words.count {
      // Three syllables apart.
      let last = words[index + 2]
      if last.kind == .hangul, last.start == next.end + 1, last.end - last.start == 1,
        lexicon.lastSyllable[Int(page.unit(last.start)) - 0xAC00] > 0, left.points > 0
      {
        add(.name, word.start..<last.end, "name.spaced", 360 + left.points, reasons.union(.shape))
        return
      }
    }
    guard next.end - next.start <= 6,
      left.points > 0 || isCell(word.start, word.end) || rightContext(next.end).points >= 250
    else { return }
    var chosen = 0
    for count in [2, 1] where next.start + count <= next.end {
      let tail = tailOf(next.start + count, next.end)
      guard tail.holds else { continue }
      let first = Int(page.unit(next.start)) - 0xAC00
      let last = Int(page.unit(next.start + count - 1)) - 0xAC00
      let fits =
        left.isLabel && next.end - next.start == count
        || (count == 2
          ? lexicon.firstSyllable[first] > 0 && lexicon.lastSyllable[last] > 0
            || lexicon.classes(page, next.start..<next.start + 2).contains(.givenName)
          : lexicon.lastSyllable[last] > 0)
      guard fits else { continue }
      let kind = lexicon.classes(page, next.start..<next.end)
      let closed = !page.isHangul(page.skipSpaces(next.end, limit: 1))
      if !kind.isDisjoint(with: [.title, .staffRole, .honorific, .kinship, .valueCue]) { continue }
      if kind.contains(.particle) && !(closed && left.points >= 300) { continue }
      if !kind.isDisjoint(with: [.clinical, .common]) {
        permille -= left.isLabel ? 60 : rightContext(next.end).points >= 250 ? 120 : 350
      }
      end = next.start + count
      chosen = count
      permille += tail.points
      reasons.formUnion(tail.reasons)
      break
    }
    guard chosen > 0 else { return }
    if !reasons.contains(.rightCue) {
      let right = rightContext(next.end)
      if end == next.end {
        permille += right.points
        reasons.formUnion(right.reasons)
      }
    }
    let weight = Int(lexicon.surnameWeight[Int(page.unit(word.start)) - 0xAC00])
    permille += two ? 150 : weight * 30 - 30
    if chosen == 1 { permille -= 60 }
    if isCell(word.start, next.end) {
      permille += 80
    } else if left.points >= 300, end == next.end,
      !page.isHangul(page.skipSpaces(next.end, limit: 1))
    {
      permille += 70
    }
    // Whole, it outranks the given name alone.
    if permille >= Candidate.threshold { permille = max(permille, 830) }
    add(.name, word.start..<end, "name.spaced", min(permille, 940), reasons.union(.shape))
  }

  /// 金永洙: Han in brackets or behind a label.
  mutating func hanName(_ word: Word) {
    guard word.end - word.start >= 2, word.end - word.start <= 4 else { return }
    let left = leftContext(word.start)
    let label = left.points > 0 || matches(Self.hanja, at: page.skipSpacesBack(word.start - 1) - 1)
    let bracket = page.has("(", at: word.start - 1) && page.isHangul(word.start - 2)
    let after = page.has("(", at: page.skipSpaces(word.end, limit: 1))
    guard label || bracket && nameEnds(at: word.start - 1) else {
      if explaining { add(.name, word.start..<word.end, "name.han", 200, [], .weakShape) }
      return
    }
    add(
      .name, word.start..<word.end, "name.han", label || after ? 850 : 700,
      left.reasons.union(.shape))
  }

  private static let hanja = Array("한자".utf16)

  private func nameEnds(at end: Int) -> Bool {
    candidates.suffix(3).contains { $0.type == .name && $0.end == end }
  }

  /// Names joined by a comma or a slash support each other: 전지수/ 김우연, 엄지, 용하나.
  mutating func joinNeighbours() {
    guard !pending.isEmpty else { return }
    var seen: [UInt64: Int] = [:]
    for weak in pending where weak.objections.isEmpty && weak.reasons.contains(.syllables) {
      seen[key(weak.start..<weak.end), default: 0] += 1
    }
    var accepted = [Bool](repeating: false, count: page.count + 1)
    var starts = [Bool](repeating: false, count: page.count + 1)
    for candidate in candidates where candidate.type == .name {
      accepted[candidate.end] = true
      starts[candidate.start] = true
    }
    for weak in pending where weak.permille < Candidate.threshold {
      var bonus = 0
      let before = page.skipSpacesBack(weak.start - 1, limit: 3)
      if isJoin(before) {
        let end = page.skipSpacesBack(before - 1, limit: 3) + 1
        if end >= 0, end <= page.count, accepted[end] || accepted[bracketStart(end)] { bonus = 230 }
      }
      let after = page.skipSpaces(weak.end, limit: 3)
      if isJoin(after) {
        let start = page.skipSpaces(after + 1, limit: 3)
        if start <= page.count, starts[start] { bonus = max(bonus, 210) }
      }
      // The same strong form twice is a person.
      if weak.objections.isEmpty, weak.reasons.contains(.syllables), weak.end - weak.start == 3,
        seen[key(weak.start..<weak.end), default: 0] > 1
      {
        bonus = max(bonus, 140)
      }
      guard bonus > 0, weak.objections.isEmpty || weak.reasons.contains(.leftCue) else { continue }
      var candidate = weak
      candidate.permille += bonus
      candidate.reasons.insert(.neighbour)
      if candidate.permille >= Candidate.threshold {
        candidates.append(candidate)
        accepted[candidate.end] = true
        starts[candidate.start] = true
      }
    }
  }

  /// 방아름(R2) / 김산: the place before a short bracket that ends at `end`.
  private func bracketStart(_ end: Int) -> Int {
    guard page.has(")", at: end - 1) else { return end }
    var index = end - 2
    while index > 0, end - index < 10, !page.has("(", at: index) { index -= 1 }
    return page.has("(", at: index) ? index : end
  }

  private func isJoin(_ index: Int) -> Bool {
    page.has(",", at: index) || page.has("/", at: index) || page.unit(index) == 0xB7
      || page.unit(index) == 0x2192
      || page.has("&", at: index)
  }
}
