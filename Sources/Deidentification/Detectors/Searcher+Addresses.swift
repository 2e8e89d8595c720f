/// What a word is in an address.
private enum AddressPart {
  case province, district, quarter, road, number, unit, building, other
}

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

  /// The start of the next part: after one blank or comma, or on the next line.
  private func nextPart(_ end: Int, _ count: Int) -> Int? {
    var index = end
    if page.has(",", at: index) { index += 1 }
    while page.has("^", at: index) { index += 1 }
    var blanks = 0
    var lines = 0
    while page.isBlank(index) {
      if page.kind(index) == .newline { lines += 1 }
      blanks += 1
      index += 1
      if lines > 1 || blanks > 40 { return nil }
    }
    guard index > end || page.has("(", at: index) else { return nil }
    if lines == 0 && blanks > 2 { return nil }
    if lines == 1 {
      // Only what cannot start a new field goes on over a line's end.
      guard count >= 3 else { return nil }
      if page.has("(", at: index) { return index }
      guard let found = part(at: index, after: .number),
        found.part == .unit || found.part == .building
          || found.part == .other && page.isHangul(index) && blanks > 2
      else { return nil }
    }
    return index
  }

  /// (비산동, 한결빌라), (2층): the end of a bracket that belongs to an address.
  private func bracketPart(_ index: Int, _ last: AddressPart) -> Int? {
    guard page.has("(", at: index),
      last == .number || last == .unit || last == .building || last == .quarter
    else { return nil }
    var end = index + 1
    while end - index < 40,
      page.isHangul(end) || page.isDigit(end) || page.isLatin(end) || page.isSpace(end)
        || page.has(",", at: end) || page.has("-", at: end)
    {
      end += 1
    }
    guard page.has(")", at: end), let inside = part(at: index + 1, after: .number) else {
      return nil
    }
    switch inside.part {
    case .quarter, .building, .unit: return end + 1
    case .other:
      return page.unit(inside.end - 1) == 0xB3D9 || page.unit(inside.end - 1) == 0xB9AC
        ? end + 1 : nil
    default: return nil
    }
  }

  private func numberFollows(_ end: Int) -> Bool {
    let index = page.skipSpaces(end, limit: 1)
    guard page.isDigit(index), index > end else { return false }
    let stop = page.digitsEnd(index)
    guard stop - index <= 4 else { return false }
    let unit = page.unit(stop)
    if unit == 0x25 || unit == 0x2E || unit == 0x3A || unit == 0x2F || page.isLatin(stop) {
      return false
    }
    // 경구로 3회, 하루로 2번: quantities.
    return !page.isHangul(stop) || unit == 0xBC88 && page.unit(stop + 1) == 0xAE38 || unit == 0xAC00
      || unit == 0xD638
  }

  /// 302-1504, 102/1803.
  private func isHouseNumber(_ start: Int) -> Bool {
    let end = page.digitsEnd(start)
    return end - start >= 2 && end - start <= 4
      && (page.has("-", at: end) || page.has("/", at: end))
      && page.digitsEnd(end + 1) - end >= 3
  }

  /// The address word at a place, with its end (particles left out).
  private func part(
    at start: Int, after last: AddressPart?
  ) -> (part: AddressPart, end: Int, closed: Bool, isCertain: Bool, place: Bool)? {
    var index = start
    if page.isLatin(index) {
      // B02호, A동.
      guard page.kind(index) == .upper, last != nil else { return nil }
      index += 1
      if page.isHangul(index) { return (.unit, index + 1, false, false, false) }
      let digits = page.digitsEnd(index)
      if digits > index, page.unit(digits) == 0xD638 {
        return (.unit, digits + 1, false, true, false)
      }
    }
    if page.isDigit(index) {
      let digits = page.digitsEnd(index)
      var end = digits
      // 010-…: a telephone.
      if page.has("0", at: index), digits > index + 1 { return nil }
      if page.isHangul(end) { return mixedPart(start, digits) }
      guard last != nil, digits - index <= 5 else { return nil }
      if page.has("-", at: end) || page.has("/", at: end) && isHouseNumber(start) {
        let more = page.digitsEnd(end + 1)
        if more > end + 1, more - end <= 6 { end = more }
        if page.isHangul(end) {
          let unit = page.unit(end)
          if unit == 0xBC88 && page.unit(end + 1) == 0xC9C0 {
            return (.number, end + 2, false, true, false)
          }
          if unit == 0xD638 || unit == 0xB3D9 { return (.unit, end + 1, false, true, false) }
          return (.number, end, true, true, false)
        }
      }
      guard !page.isLatin(end), !page.has("%", at: end), !page.has(":", at: end),
        !page.has(".", at: end) || !page.isDigit(end + 1)
      else { return nil }
      return (.number, end, false, true, false)
    }
    guard page.isHangul(index) else { return nil }
    var end = index
    if last != nil, page.unit(index) == 0xC0B0, !page.isHangul(index + 1) {
      // 산 44-1
      let start = page.skipSpaces(index + 1, limit: 1)
      if let number = part(at: start, after: last), number.part == .number { return number }
    }
    while page.isHangul(end) || page.isDigit(end) || page.has("·", at: end) { end += 1 }
    // 신우A 가동
    if last != nil, page.kind(end) == .upper, !isWordGlue(end + 1), page.isSpace(end + 1) {
      end += 1
    }
    return hangulPart(start, end, last)
  }

  /// 48번길, 112가길, 302호, 7단지, 412번지, 139으로, 28번로.
  private func mixedPart(
    _ start: Int, _ digits: Int
  ) -> (part: AddressPart, end: Int, closed: Bool, isCertain: Bool, place: Bool)? {
    var end = digits
    while page.isHangul(end) { end += 1 }
    if end - digits == 2, lexicon.classes(page, digits..<end).contains(.particle) {
      return (.number, digits, true, false, false)
    }
    for index in digits..<end {
      let unit = page.unit(index)
      let atEnd =
        index + 1 == end || !lexicon.classes(page, index + 1..<end).isDisjoint(with: .particle)
      guard atEnd else { continue }
      let closed = index + 1 < end
      switch unit {
      case 0xAE38: return (.road, index + 1, closed, false, false)
      case 0xB85C where index > digits || page.unit(index - 1) == 0xBC88:
        return (.road, index + 1, closed, false, false)
      case 0xD638, 0xB3D9, 0xCE35, 0xC9C0, 0xCC28, 0xB204: break
      default: continue
      }
      if unit == 0xC9C0, index > digits, page.unit(index - 1) == 0xBC88 {
        return (.number, index + 1, closed, true, false)
      }
      if unit == 0xC9C0, index > digits, page.unit(index - 1) == 0xB2E8 {
        return (.building, index + 1, closed, false, false)
      }
      if index == digits { return (.unit, index + 1, closed, true, false) }
    }
    // 139으로: the number ends where the particle starts.
    if !lexicon.classes(page, digits..<end).isDisjoint(with: .particle), digits - start <= 4 {
      return (.number, digits, true, false, false)
    }
    return nil
  }

  private func hangulPart(
    _ start: Int, _ end: Int, _ last: AddressPart?
  ) -> (part: AddressPart, end: Int, closed: Bool, isCertain: Bool, place: Bool)? {
    let longest = lexicon.longest(page, at: start, limit: end, wanted: [.sido, .sigungu, .place])
    if let longest {
      let tail = longest.end == end || lexicon.classes(page, longest.end..<end).contains(.particle)
      if tail {
        let closed = longest.end < end
        if longest.classes.contains(.sido) { return (.province, longest.end, closed, true, false) }
        if longest.classes.contains(.sigungu) || last == nil || last == .province
          || last == .district
        {
          return (.district, longest.end, closed, true, !longest.classes.contains(.sigungu))
        }
      }
    }
    // The last syllable, or the one before a particle, says what it is.
    var index = end - 1
    while index > start {
      let closed = index + 1 < end
      if closed && lexicon.classes(page, index + 1..<end).isDisjoint(with: .particle) {
        index -= 1
        continue
      }
      let count = index + 1 - start
      switch page.unit(index) {
      case 0xAE38 where count >= 2:
        if last == .district || last == .road || last == .quarter || last == .province
          || numberFollows(index + 1) && count >= 3
        {
          return (.road, index + 1, closed, page.unit(index - 1) == 0xBC88, false)
        }
      case 0xB85C where count >= 2 && !closed:
        if last == .district || last == .quarter || last == .province
          || numberFollows(index + 1) && (count >= 3 || last != nil)
          || last == nil && count >= 3 && roadFollows(index + 1)
        {
          return (.road, index + 1, closed, false, false)
        }
      case 0xB3D9, 0xB9AC, 0xC74D, 0xBA74, 0xAC00:
        let allowed = last == .district || last == .quarter || last == .province
        let alone =
          last == nil && count >= 3 && page.unit(index) != 0xAC00
          && lexicon.classes(page, start..<index + 1).isDisjoint(with: [.clinical, .common])
        if allowed && count >= 2 || alone {
          return (.quarter, index + 1, closed, false, false)
        }
        if last == .number && count == 2 && page.unit(index) == 0xB3D9 {
          return (.unit, index + 1, closed, false, false)
        }
        if last != nil, last != .district, page.unit(index) == 0xB3D9, count == 2 {
          return (.unit, index + 1, closed, true, false)
        }
        if last == .number && count >= 3 && page.unit(index) != 0xAC00 {
          return (.quarter, index + 1, closed, false, false)
        }
      case 0xC2DC, 0xAD70, 0xAD6C:
        if last == .province && count >= 2 { return (.district, index + 1, closed, false, false) }
      default: break
      }
      if !closed || page.unit(index) == 0xAE38 { index -= 1 } else { break }
      if end - index > 3 { break }
    }
    guard last != nil, last != .province else { return nil }
    if matches(Self.basement, at: start) { return (.unit, end, false, false, false) }
    if endsWithBuilding(start, end) { return (.building, end, false, false, false) }
    if !lexicon.classes(page, start..<end).isDisjoint(with: [
      .common, .clinical, .valueCue, .nameLabel, .kinship, .staffRole,
    ]) {
      return nil
    }
    return (.other, end, false, false, false)
  }

  private static let basement = Array("지하".utf16)

  /// 신촌로 12나길: a road and its branch.
  private func roadFollows(_ end: Int) -> Bool {
    let index = page.skipSpaces(end, limit: 1)
    let digits = page.digitsEnd(index)
    guard digits > index else { return false }
    var stop = digits
    while page.isHangul(stop) && stop - digits < 4 {
      if page.unit(stop) == 0xAE38 { return true }
      stop += 1
    }
    return false
  }

  private func endsWithBuilding(_ start: Int, _ end: Int) -> Bool {
    var index = start
    while index < end {
      if let match = lexicon.longest(page, at: index, limit: end, wanted: .building),
        match.end == end || page.isDigit(match.end)
          || lexicon.classes(page, match.end..<end).contains(.particle)
      {
        return true
      }
      index += 1
    }
    return false
  }

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
