/// Addresses in Korean and English.
extension Searcher {
  /// Reads an address that starts at a word.
  ///
  /// - Returns: Its end, where one was found.
  mutating func address(_ wordIndex: Int) -> Int? {
    let word = words[wordIndex]
    guard !page.isDigit(word.start - 1), !page.isHangul(word.start - 1),
      !page.isLatin(word.start - 1)
    else { return nil }
    guard let first = part(at: word.start, after: nil) else { return nil }
    let place = first.place
    switch first.part {
    case .province, .district: break
    case .road where first.isCertain || numberFollows(first.end) || roadFollows(first.end): break
    case .quarter where word.kind == .hangul || word.kind == .digit: break
    default: return nil
    }
    var parts: [AddressPart] = [first.part]
    var end = first.end
    var index = first.end
    var last = first.part
    var ended = first.closed
    while parts.count < 16, !ended {
      guard let next = nextPart(index, parts.count) else { break }
      if let bracket = bracketPart(next, last) {
        end = bracket
        index = bracket
        parts.append(.building)
        last = .building
        continue
      }
      guard let found = part(at: next, after: last) else { break }
      if found.part == .other {
        // A house's name: only where a unit or a number follows.
        guard last == .number || last == .building || last == .quarter || last == .road,
          let beyond = nextPart(found.end, parts.count),
          let unit = part(at: beyond, after: .building),
          unit.part == .unit
            || unit.part == .number && isHouseNumber(beyond) && page.kind(found.end) != .newline
        else { break }
        parts.append(.building)
        index = found.end
        last = .building
        continue
      }
      if (found.part == .number || found.part == .unit) && (last == .province || last == .district)
      {
        break
      }
      if found.part == .number && last == .number && !isHouseNumber(next) { break }
      if found.part == .district && (last == .number || last == .unit) { break }
      if found.part == .province { break }
      parts.append(found.part)
      end = found.end
      index = found.end
      last = found.part
      ended = found.closed
    }
    return judgeAddress(word.start, end, parts, place: place)
  }

  private mutating func judgeAddress(
    _ begin: Int, _ end: Int, _ parts: [AddressPart], place: Bool
  ) -> Int? {
    var start = begin
    let cued = announced(begin, .cueAddress, reach: 12)
    let after = page.skipSpaces(end, limit: 1)
    let lives = Self.livingWords.contains { matches($0, at: after) }
    var reasons: Evidence = .placeName
    if cued { reasons.insert(.leftCue) }
    if lives { reasons.insert(.rightCue) }
    let fine = parts.contains(.quarter) || parts.contains(.road) || parts.contains(.district)
    var permille = 0
    let numbered = parts.contains(.number) || parts.contains(.unit)
    let first = parts.first ?? .other
    switch first {
    case .province:
      permille = parts.count == 1 ? 0 : fine ? 900 : 0
    case .district:
      permille = parts.count > 1 ? (place ? 760 : 900) : 330
      if parts.count == 1 && (cued || lives) { permille = place ? 720 : 850 }
    case .road:
      permille = numbered ? 860 : 300
      if cued { permille = 900 }
    case .quarter:
      permille = numbered && parts.count >= 3 ? 720 : 250
      if numbered && parts.count == 2 { permille = 480 }
      if cued || lives { permille = 760 }
    case .number, .unit, .building, .other:
      permille = 0
    }
    // (48059) 부산…, 우) 12345 서울…
    if permille >= Candidate.threshold {
      let before = page.skipSpacesBack(begin - 1, limit: 1)
      if page.has(")", at: before), page.isDigit(before - 1) {
        var digits = before - 1
        while page.isDigit(digits - 1) { digits -= 1 }
        if before - digits == 5, page.has("(", at: digits - 1) || page.has("[", at: digits - 1) {
          start = digits - 1
        }
      } else if page.isDigit(before), before < begin - 1 {
        var digits = before
        while page.isDigit(digits - 1) { digits -= 1 }
        if before - digits == 4, !isWordGlue(digits - 1), !page.has("-", at: digits - 1),
          !page.has(".", at: digits - 1)
        {
          start = digits
        }
      }
    }
    add(.address, start..<end, "address.parts", permille, reasons)
    return permille >= Candidate.threshold ? end : nil
  }

  private static let livingWords: [[UInt16]] = [
    "거주", "사는", "사시는", "살고", "출신", "집", "자택", "에 거주", "에서 거주", "에 사", "에서 지내", "에 살", "의 고시원",
    "현장", "에서 혼자", "으로 이사", "로 이사", "이사", "소재", "이라 가정", "에서 출발", "에 있음",
  ].map { Array($0.utf16) }

  // MARK: English

  private static let romanEnds: [[UInt16]] = [
    "ro", "gil", "daero", "gu", "si", "do", "dong", "eup", "myeon", "ri", "gun",
  ].map { Array($0.utf16) }

  /// 32 Dasan-ro 14-gil, Jung-gu, Seoul.
  mutating func englishAddress(_ word: Word) {
    guard page.has("-", at: word.start - 1), isWordGlue(word.start - 2),
      Self.romanEnds.contains(where: {
        $0.count == word.end - word.start && matches($0, at: word.start)
      }),
      page.kind(word.start) == .lower
    else { return }
    if let last = candidates.last, last.type == .address, last.end >= word.end { return }
    var start = word.start - 1
    while start > 0, word.start - start < 80, isAddressText(start - 1) {
      if page.isSpace(start - 1) && page.isSpace(start - 2) { break }
      start -= 1
    }
    while start < word.start, page.isSpace(start) || page.has(",", at: start) { start += 1 }
    var end = word.end
    while end - word.end < 100, isAddressText(end) {
      if page.isSpace(end)
        && (page.isSpace(end + 1) || !page.has(",", at: end - 1) && page.kind(end + 1) == .lower)
      {
        break
      }
      end += 1
    }
    while end > word.end,
      page.isSpace(end - 1) || page.has(",", at: end - 1) || page.has("-", at: end - 1)
    { end -= 1 }
    // A given name such as Gil-dong has a capital before and no comma or number around.
    var numbers = 0
    var commas = 0
    for index in start..<end {
      if page.isDigit(index) { numbers += 1 }
      if page.has(",", at: index) { commas += 1 }
    }
    guard numbers > 0 && commas > 0 || commas > 1 || announced(start, .cueAddress) else { return }
    add(.address, start..<end, "address.english", 880, [.shape, .foreign])
  }

  private func isAddressText(_ index: Int) -> Bool {
    isWordGlue(index) || page.isSpace(index) || page.has(",", at: index) || page.has("-", at: index)
      || page.has("#", at: index) || page.has("'", at: index)
  }

  /// Home address 14 Larkspur Close, Harrogate: what follows an English word for an address.
  mutating func announcedEnglishAddress(_ cue: Cue) {
    guard page.isLatin(cue.start) else { return }
    var start = cue.end
    while start - cue.end < 4, page.isSpace(start) || page.has(":", at: start) { start += 1 }
    guard page.isDigit(start) || page.kind(start) == .upper else { return }
    var end = start
    var commas = 0
    var numbers = 0
    while end - start < 100, isAddressText(end) || page.has(".", at: end) {
      if page.isSpace(end), page.isSpace(end + 1) { break }
      if page.has(",", at: end) { commas += 1 }
      if page.isDigit(end) { numbers += 1 }
      end += 1
    }
    if let phone = lexiconStop(start, end) { end = phone }
    while end > start, !isWordGlue(end - 1) { end -= 1 }
    guard commas > 0, numbers > 0, end - start > 8 else { return }
    add(.address, start..<end, "address.cue", 800, [.leftCue, .foreign])
  }

  private func lexiconStop(_ start: Int, _ end: Int) -> Int? {
    var low = 0
    var high = cues.count
    while low < high {
      let middle = (low + high) / 2
      if cues[middle].start < start { low = middle + 1 } else { high = middle }
    }
    while low < cues.count, cues[low].start < end {
      if cues[low].classes.contains(.cuePhone) { return cues[low].start }
      low += 1
    }
    return nil
  }
}
