/// Korean names: one scored decision a candidate.
extension Searcher {
  /// Points that every candidate starts with.
  private static let base = 150

  mutating func findNames() {
    var index = 0
    while index < words.count {
      let word = words[index]
      switch word.kind {
      case .hangul:
        if !page.isHangul(word.start - 1) {
          maskedName(word)
          hangulName(word)
          spacedName(index)
        }
      case .upper: romanName(index)
      case .han: hanName(word)
      case .digit, .lower, .space, .newline, .other: break
      }
      index += 1
    }
    findListedNames()
    joinNeighbours()
    repeatNames()
  }

  // MARK: Whole names in one run

  private mutating func hangulName(_ word: Word) {
    let length = word.end - word.start
    let whole = lexicon.classes(page, word.start..<word.end)
    let listed = !whole.isDisjoint(with: .notName)
    let form = listed ? Inflection.none : inflection(word)
    let inflected = form != .none
    if length == 1 {
      loneSurname(word)
      return
    }
    guard length <= 14 else { return }
    if titledSurname(word, whole) { return }
    gluedLabel(word)
    var best: Candidate?
    var context: LeftContext?
    for count in 2...4 where count <= length {
      let end = word.start + count
      let tail = tailOf(end, word.end)
      guard tail.holds else { continue }
      let shape = shapePoints(word.start, end)
      guard shape.points > -250 else { continue }
      let left = context ?? leftContext(word.start)
      context = left
      var candidate = Candidate(
        start: word.start, end: end, type: .name, detector: "name.score",
        permille: Self.base + shape.points + left.points + tail.points,
        reasons: shape.reasons.union(left.reasons).union(tail.reasons))
      if tail.reasons.isDisjoint(with: .rightCue) {
        let right = rightContext(word.end)
        candidate.permille += right.points
        candidate.reasons.formUnion(right.reasons)
      }
      let excused = form == .particle && left.points >= 300 && count == length
      if excused { candidate.permille -= 120 }
      weighStopWords(
        &candidate, whole: listed || inflected && !excused, isLabel: left.isLabel, word: word)
      // 민철은, 민호와: a given name with a particle rather than a name that ends like one.
      if count == 2, tail.reasons.contains(.particle), page.count > end,
        lexicon.classes(page, word.start..<end).contains(.givenName)
          || isGivenPair(word.start)
            && lexicon.surnameWeight[Int(page.unit(word.start)) - 0xAC00] < 3
      {
        candidate.permille += count < length && left.points > 0 ? 110 : 0
      }
      if candidate.permille >= (best?.permille ?? -1) + (count > 3 ? 60 : count == 3 ? -20 : 0) {
        best = candidate
      }
    }
    guard var best else { return }
    if best.objections.isEmpty, best.reasons.contains(.syllables), signs(word) {
      best.permille += 170
      best.reasons.insert(.alone)
    }
    if best.objections.isEmpty, best.reasons.contains(.syllables), best.end - best.start == 3,
      actsLikePerson(word.end)
    {
      best.permille += 80
      best.reasons.insert(.neighbour)
    }
    if isCell(best.start, word.end),
      best.reasons.contains(.syllables) || best.reasons.contains(.leftCue)
    {
      best.permille += best.reasons.contains(.syllables) ? 90 : 40
      best.reasons.insert(.alone)
    }
    let honoured = best.reasons.contains(.rightCue) && !best.reasons.contains(.weakRight)
    if best.objections.isEmpty ? best.reasons.contains(.syllables) : honoured {
      let lead = lineLead(best.start)
      best.permille += lead
      if lead > 0 { best.reasons.insert(.alone) }
    }
    best.permille = min(best.permille, 990)
    if best.permille >= 250 || explaining { add(best) }
    if best.permille >= 300 { pending.append(best) }
  }

  /// Whether two syllables often stand together in given names.
  private func isGivenPair(_ start: Int) -> Bool {
    lexicon.firstSyllable[Int(page.unit(start)) - 0xAC00] == 3
      && lexicon.lastSyllable[Int(page.unit(start + 1)) - 0xAC00] == 3
  }

  private static let personWords: [[UInt16]] = [
    "말함", "말씀", "호소", "요청", "동의", "동행", "내원", "방문", "통화", "서명", "면회", "입회", "참석", "본인",
    "배상", "드림", "올림", "귀하", "외래", "입원", "퇴원", "사망", "출생",
  ].map { Array($0.utf16) }

  /// Whether the next word is what a person does: 내원, 호소, 서명.
  private func actsLikePerson(_ end: Int) -> Bool {
    guard page.isSpace(end), page.isHangul(end + 1) else { return false }
    return Self.personWords.contains { matches($0, at: end + 1) }
  }

  private enum Inflection { case none, particle, ending }

  /// Whether a run is a word of the lists with a particle or a verb's ending behind it.
  private func inflection(_ word: Word) -> Inflection {
    guard
      let stem = lexicon.longest(page, at: word.start, limit: word.end, wanted: .notName),
      stem.end - word.start >= 2, stem.end < word.end
    else { return .none }
    if Self.endings.contains(page.unit(stem.end)) { return .ending }
    if lexicon.classes(page, stem.end..<word.end).contains(.particle) { return .particle }
    let compound =
      stem.end - word.start >= 3
      || word.end - stem.end >= 2
        && !lexicon.classes(page, stem.end..<word.end).isDisjoint(with: .notName)
    return compound ? .ending : .none
  }

  private static let endings: [UInt16] = Array("하함한되됨된적했해중".utf16)

  private func weighStopWords(
    _ candidate: inout Candidate, whole: Bool, isLabel: Bool, word: Word
  ) {
    let name = lexicon.classes(page, candidate.start..<candidate.end)
    if whole || !name.isDisjoint(with: .notName) {
      // A word of the language is a name only where two sides say so, or a label does.
      let clinical = name.contains(.clinical)
      candidate.objections.insert(clinical ? .clinicalWord : .commonWord)
      let supported =
        !(whole && candidate.end < word.end) && candidate.reasons.contains(.rightCue)
        && !candidate.reasons.contains(.weakRight)
      candidate.permille -= isLabel ? 180 : supported ? 140 : 480
      if !name.isDisjoint(with: [.nameLabel, .staffRole, .kinship, .title, .valueCue, .department])
      {
        candidate.permille -= 350
      }
    }
  }

  /// Points for the look of a name: surname, syllables, lists.
  func shapePoints(_ start: Int, _ end: Int) -> (points: Int, reasons: Evidence) {
    let count = end - start
    var reasons: Evidence = []
    let first = Int(page.unit(start)) - 0xAC00
    var points = -260
    let two = count >= 3 && lexicon.classes(page, start..<start + 2).contains(.surnameTwo)
    let weight = Int(lexicon.surnameWeight[first])
    if two {
      points = 150
      reasons.insert(.listWord)
      let last = Int(page.unit(end - 1)) - 0xAC00
      points += Int(lexicon.lastSyllable[last]) * 20
      if count == 3 { points -= 30 }
      if count == 4 {
        points += 60 + Int(lexicon.firstSyllable[Int(page.unit(start + 2)) - 0xAC00]) * 20
      }
      reasons.insert(.syllables)
      if count >= 3 { return (points, reasons) }
    }
    if weight > 0 {
      points = [0, 20, 90, 140][weight]
      let given = start + 1..<end
      let known = lexicon.classes(page, given).contains(.givenName)
      switch count {
      case 2:
        points += Int(lexicon.lastSyllable[Int(page.unit(end - 1)) - 0xAC00]) * 20 - 70
        if known { points += 30 }
        if lexicon.classes(page, start..<end).contains(.givenName) { points = max(points + 60, 80) }
      case 3:
        let one = Int(lexicon.firstSyllable[Int(page.unit(start + 1)) - 0xAC00])
        let last = Int(lexicon.lastSyllable[Int(page.unit(start + 2)) - 0xAC00])
        points += (one + last - 3) * 35
        if (one == 0 || last == 0) && !known { points -= 90 }
        if one >= 2 && last >= 2 { reasons.insert(.syllables) }
        if known {
          points = max(points, 90) + 90
          reasons.insert(.syllables)
        }
      default:
        points += known ? 150 : -230
        if known { reasons.insert(.syllables) }
      }
    } else if lexicon.classes(page, start..<end).contains(.givenName) {
      points = 80
    } else if count == 2 {
      let one = Int(lexicon.firstSyllable[first])
      let last = Int(lexicon.lastSyllable[Int(page.unit(end - 1)) - 0xAC00])
      points = one >= 2 && last >= 2 ? -40 : -150
    } else if count >= 3, lexicon.longest(page, at: start, limit: end, wanted: .notName) == nil {
      // A foreign name in Hangul: only strong surroundings make it one.
      points = -90
    }
    return (points, reasons)
  }

  /// Whether a stretch has a surname and given-name syllables and is no word of the lists.
  func looksLikeName(_ range: Range<Int>) -> Bool {
    guard range.count >= 2, range.count <= 4, page.isHangul(range.lowerBound) else { return false }
    return shapePoints(range.lowerBound, range.upperBound).points > 60
      && lexicon.classes(page, range).isDisjoint(with: .notName)
  }
}
