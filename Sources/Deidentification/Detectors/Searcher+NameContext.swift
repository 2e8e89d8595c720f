/// What stands before a possible name.
struct LeftContext {
  var points = 0
  var reasons: Evidence = []
  /// A label that is followed by a name and nothing else (성명, 환자명).
  var isLabel = false
}

/// What follows a possible name inside its run of Hangul.
struct Tail {
  var points = 0
  var reasons: Evidence = []
  var holds = false
}

/// The surroundings of a possible name.
extension Searcher {
  /// Reads what is glued behind a name: nothing, a particle, a title or both.
  func tailOf(_ start: Int, _ end: Int) -> Tail {
    if start == end { return Tail(holds: true) }
    let whole = lexicon.classes(page, start..<end)
    let titles: WordClass = [.honorific, .title]
    if !whole.isDisjoint(with: titles) {
      // 양 and 군 end many words.
      if end - start == 1, page.unit(start) == 0xC591 || page.unit(start) == 0xAD70 {
        return Tail(points: 60, reasons: .weakRight, holds: true)
      }
      if matches(Self.patient, at: start) {
        return Tail(points: 110, reasons: .weakRight, holds: true)
      }
      return Tail(points: 340, reasons: .rightCue, holds: true)
    }
    if Self.personParticles.contains(where: { $0.count == end - start && matches($0, at: start) }) {
      return Tail(points: 150, reasons: .particle, holds: true)
    }
    if whole.contains(.particle) {
      // 소나은: 은 does not follow a vowel, so it is no particle there.
      return agrees(start, end) ? Tail(points: 0, reasons: .particle, holds: true) : Tail()
    }
    if let match = lexicon.longest(page, at: start, limit: end, wanted: titles),
      lexicon.classes(page, match.end..<end).contains(.particle)
        || match.end < end && !lexicon.classes(page, match.end..<end).isDisjoint(with: titles)
    {
      return Tail(points: 340, reasons: .rightCue, holds: true)
    }
    return Tail()
  }

  /// Whether a particle of one syllable fits the sound before it: 은 이 을 과 after a consonant,
  /// 는 가 를 와 after a vowel.
  private func agrees(_ start: Int, _ end: Int) -> Bool {
    guard end - start == 1, page.isHangul(start - 1) else { return true }
    let closed = (page.unit(start - 1) - 0xAC00) % 28 != 0
    switch page.unit(start) {
    case 0xC740, 0xC774, 0xC744, 0xACFC: return closed
    case 0xB294, 0xAC00, 0xB97C, 0xC640: return !closed
    default: return true
    }
  }

  /// Reads what stands before a name: labels, roles and relatives, through light punctuation.
  func leftContext(_ start: Int) -> LeftContext {
    var index = start - 1
    var steps = 0
    var spaces = 0
    var comma = false
    while index >= 0, steps < 10 {
      let unit = page.unit(index)
      if page.isSpace(index) {
        spaces += 1
      } else if unit == 0x29 {
        // 보호자(부), 장남(51): a short bracket between.
        var open = index - 1
        while index - open < 9, open > 0, !page.has("(", at: open),
          !page.isBlank(open) || index - open < 8
        { open -= 1 }
        guard page.has("(", at: open), isLightBracket(open + 1..<index) else { break }
        index = open
      } else if unit == 0x2C {
        comma = true
      } else if !isLightSign(unit) {
        break
      }
      index -= 1
      steps += 1
    }
    guard index >= 0, !comma else { return LeftContext() }
    if page.isHangul(index) {
      var first = index
      while page.isHangul(first - 1) && index - first < 12 { first -= 1 }
      return hangulLabel(first, index + 1, spaces: spaces, adjacent: start - index - 1 <= spaces)
    }
    if page.isDigit(index), page.isLatin(index - 1), !isWordGlue(index - 2),
      page.folded(index - 1) == 0x72
        || page.has("J", at: index - 1) || page.has("F", at: index - 1)
    {
      return LeftContext(points: 380, reasons: .leftCue)
    }
    if page.isLatin(index) {
      var first = index
      while page.isLatin(first - 1) { first -= 1 }
      let kind = lexicon.classes(page, first..<index + 1)
      if kind.contains(.englishNameLabel) || page.unit(index) == 0x4E && first == index {
        let count = index - first + 1
        let strong =
          page.has("N", at: index) && count <= 2
          || page.kind(first) == .upper
            && Self.titlesBefore.contains { $0.count == count && matches($0, at: first) }
            && (count < 3 || page.kind(first + 1) == .lower || !matches(Self.mister, at: first))
        let signed = (index + 1..<start).contains { page.has(":", at: $0) || page.has(".", at: $0) }
        if count <= 3 && !strong && !signed { return LeftContext() }
        return LeftContext(points: strong ? 365 : 340, reasons: .leftCue, isLabel: count > 2)
      }
    }
    return LeftContext()
  }

  /// (부), (51), (딸, 45): relatives and ages, not names.
  private func isLightBracket(_ range: Range<Int>) -> Bool {
    var first = range.lowerBound
    if page.isDigit(first) { return true }
    while page.isHangul(first) && first < range.upperBound { first += 1 }
    let kind = lexicon.classes(page, range.lowerBound..<first)
    return !kind.isDisjoint(with: [.kinship, .department]) || isSex(range.lowerBound)
  }

  private func isLightSign(_ unit: UInt16) -> Bool {
    switch unit {
    case 0x3A, 0x28, 0x2E, 0x2F, 0x22, 0x27, 0x7C, 0x2502, 0x3D, 0x5B, 0x2192, 0x25A0, 0xB7, 0x2A,
      0x5D:
      true
    default: false
    }
  }

  private func hangulLabel(_ start: Int, _ end: Int, spaces: Int, adjacent: Bool) -> LeftContext {
    // The longest ending of the run that is a label, a role or a relative.
    // 성  명: a label with spaces inside.
    if end - start == 1, page.unit(start) == 0xBA85 || page.unit(start) == 0xB984 {
      let before = page.unit(page.skipSpacesBack(start - 1, limit: 4))
      if before == 0xC131 || before == 0xC774 {
        return LeftContext(points: 400, reasons: .leftCue, isLabel: true)
      }
    }
    var particled = end
    if end - start >= 3, lexicon.classes(page, start..<end).isEmpty,
      [0xC740, 0xB294, 0xC774, 0xAC00].contains(page.unit(end - 1))
    {
      particled = end - 1
    }
    for index in start..<end {
      let kind = lexicon.classes(page, index..<particled)
      if index > start && particled - index < 2 { break }
      if particled < end {
        // 이름은 솔롱고, 남편은 조두리: a label as the subject.
        guard !kind.isDisjoint(with: [.nameLabel, .kinship]) else { continue }
        return LeftContext(points: kind.contains(.nameLabel) ? 260 : 110, reasons: .leftCue)
      }
      if kind.contains(.nameLabel) {
        let last = page.unit(end - 1)
        let named = last == 0xBA85 || last == 0xB984 || last == 0xD568 || last == 0xC8FC
        let signed = !adjacent || spaces > 1 || page.has(":", at: end)
        if !named && !signed { return LeftContext(points: 200, reasons: .leftCue) }
        return LeftContext(points: 400, reasons: .leftCue, isLabel: true)
      }
      if kind.contains(.staffRole) {
        return LeftContext(points: 325, reasons: .leftCue)
      }
      if kind.contains(.kinship) {
        return LeftContext(points: adjacent ? 285 : 315, reasons: .leftCue)
      }
      if kind.contains(.title), page.unit(end - 1) != 0xB2D8 {
        return LeftContext(points: 200, reasons: .leftCue)
      }
    }
    return LeftContext()
  }

  /// Reads what follows a name behind its run: titles, marks of sex and age, numbers.
  func rightContext(_ end: Int) -> (points: Int, reasons: Evidence) {
    let next = page.skipSpaces(end, limit: 3)
    let gap = next - end
    if page.isHangul(next), gap >= 1, gap <= 2 {
      let stop = wordEnd(next)
      guard let match = lexicon.longest(page, at: next, limit: stop, wanted: [.honorific, .title])
      else {
        return (0, [])
      }
      guard
        match.end == stop
          || !lexicon.classes(page, match.end..<stop).isDisjoint(with: [
            .particle, .title, .honorific,
          ])
      else { return (0, []) }
      if matches(Self.patient, at: next) { return (110, [.rightCue, .weakRight]) }
      if match.classes.contains(.kinship) && !match.classes.contains(.honorific) {
        return (80, [.rightCue, .weakRight])
      }
      return (
        match.classes.contains(.honorific) ? 340 : match.classes.contains(.staffRole) ? 190 : 290,
        match.classes.contains(.honorific) ? .rightCue : [.rightCue, .weakRight]
      )
    }
    if page.isLatin(next) {
      // R2, RN, M.D., M/63, F
      if page.folded(next) == 0x72, page.isDigit(next + 1), !isWordGlue(next + 2) {
        return (320, .rightCue)
      }
      if page.folded(next) == 0x72, page.folded(next + 1) == 0x6E, !page.isLatin(next + 2) {
        return (320, .rightCue)
      }
      if page.has("M", at: next), page.has(".", at: next + 1) || page.has("D", at: next + 1),
        page.has("D", at: next + 2) || page.has("D", at: next + 1)
      {
        return (320, .rightCue)
      }
      if isSex(next) { return (300, [.rightCue, .headerLine]) }
      return (0, [])
    }
    if page.has("(", at: next), gap <= 1 || gap <= 2 {
      let inside = page.skipSpaces(next + 1, limit: 1)
      if isSex(inside) { return (330, .rightCue) }
      let digits = page.digitsEnd(inside)
      if digits > inside, digits - inside <= 2 {
        let after = page.unit(digits)
        if after == 0x29 || after == 0x2C || after == 0xC138 || after == 0x2F {
          return (270, .rightCue)
        }
      }
      if page.folded(inside) == 0x72, page.isDigit(inside + 1) { return (330, .rightCue) }
      if page.isLatin(inside),
        lexicon.classes(page, inside..<page.latinEnd(inside)).contains(.englishNameLabel)
      {
        return (250, .rightCue)
      }
      if page.has("0", at: inside), digits - inside >= 2 { return (280, .rightCue) }
      if isRecordNumber(inside) { return (240, [.rightCue, .weakRight]) }
      if page.isHangul(inside) {
        let stop = wordEnd(inside)
        let kind = lexicon.classes(page, inside..<stop)
        if !kind.isDisjoint(with: [.kinship, .staffRole, .title, .cueLicense, .country]) {
          return (240, .rightCue)
        }
        if matches(Self.alone, at: inside) { return (260, .rightCue) }
      }
      return (0, [])
    }
    if page.isDigit(next), gap >= 1 {
      // 홍길동 010-…, 홍길동 900101-…, 홍길동 82F
      let digits = page.digitsEnd(next)
      if page.has("0", at: next), digits - next >= 2, digits - next <= 4, page.has("-", at: digits)
      {
        return (230, .rightCue)
      }
      if digits - next == 6, page.has("-", at: digits), page.isDigit(digits + 1) {
        return (260, .rightCue)
      }
      if digits - next == 6,
        Calendar.exists(
          month: page.value(next + 2..<next + 4), day: page.value(next + 4..<next + 6))
      {
        return (200, .rightCue)
      }
      if digits - next <= 2,
        isSex(page.skipSpaces(digits, limit: 1)) || page.unit(digits) == 0xC138
          || page.folded(digits) == 0x79
      {
        return (300, .rightCue)
      }
      if isRecordNumber(next) { return (200, [.rightCue, .weakRight]) }
    }
    if page.unit(next) == 0x2642 || page.unit(next) == 0x2640 { return (300, .rightCue) }
    if page.has("/", at: next) {
      let inside = page.skipSpaces(next + 1, limit: 1)
      if isSex(inside) { return (320, .rightCue) }
      let digits = page.digitsEnd(inside)
      if digits > inside, digits - inside <= 3,
        isSex(page.skipSpaces(digits, limit: 1)) || page.unit(digits) == 0xC138
      {
        return (320, .rightCue)
      }
      if isRecordNumber(inside) { return (240, [.rightCue, .weakRight]) }
    }
    if page.unit(next) == 0x260E || page.unit(next) == 0x260F || page.unit(next) == 0x329E {
      return (240, .rightCue)
    }
    return (0, [])
  }

  private static let personParticles: [[UInt16]] = [
    "에게", "께", "께서", "한테", "에게서", "께서는", "이네", "에게는", "한테서",
  ].map { Array($0.utf16) }
  private static let mister = Array("mr".utf16)
  private static let titlesBefore: [[UInt16]] = [
    "dr", "mrs", "ms", "prof", "cpt", "sgt", "ssg", "maj", "col", "lt", "miss", "sw", "pa", "rt",
  ].map { Array($0.utf16) }
  private static let patient = Array("환자".utf16)
  private static let alone = Array("인)".utf16)

  /// Points for standing first on a line, after a time, a bed or a number of a list.
  func lineLead(_ start: Int) -> Int {
    var index = start - 1
    var digits = 0
    var bed = false
    while index >= 0, start - index < 14 {
      if page.kind(index) == .newline { break }
      if page.isDigit(index) {
        digits += 1
      } else if page.unit(index) == 0xD638 {
        bed = true
      } else if !page.isSpace(index), !page.has(":", at: index), !page.has(".", at: index),
        !page.has(")", at: index), !page.has("|", at: index), !page.has("-", at: index),
        !page.has("#", at: index)
      {
        return 0
      }
      index -= 1
    }
    guard start - index < 14 else { return 0 }
    return bed && digits > 0 ? 190 : digits > 0 ? 130 : 70
  }

  /// Whether a run stands in a cell of its own: wide gaps, bars, brackets or ends of line around.
  func isCell(_ start: Int, _ end: Int) -> Bool {
    let left =
      start == 0 || page.kind(start - 1) == .newline
      || page.isSpace(start - 1) && page.isSpace(start - 2)
      || page.has("|", at: start - 1) || page.has("/", at: start - 1)
      || page.has("(", at: start - 1)
      || page.isSpace(start - 1)
        && (page.has("/", at: start - 2) || page.has("|", at: start - 2)
          || page.has(")", at: start - 2))
    let right =
      end >= page.count || page.kind(end) == .newline || page.isSpace(end) && page.isSpace(end + 1)
      || page.has("|", at: end) || page.has("/", at: end) || page.has(")", at: end)
      || page.has(",", at: end)
      || page.isSpace(end)
        && (page.has("/", at: end + 1) || page.has("|", at: end + 1) || page.has("(", at: end + 1))
    return left && right
  }
}
