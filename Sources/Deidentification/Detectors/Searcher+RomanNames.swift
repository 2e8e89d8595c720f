/// Names in Latin letters.
extension Searcher {
  /// Reads a name that starts at a Latin word.
  mutating func romanName(_ index: Int) {
    let word = words[index]
    guard word.start >= romanDone, page.kind(word.start) == .upper else { return }
    guard !page.isDigit(word.start - 1), !page.has("@", at: word.start - 1),
      !page.has("'", at: word.start - 1) || !page.isLatin(word.start - 2),
      !page.has(".", at: word.start - 1)
        || page.isBlank(word.start - 2)
    else { return }
    // An underscore or a slash joins parts of file names.
    let glued =
      page.has("_", at: word.start - 1)
      || page.has("/", at: word.start - 1) && page.isLatin(word.start - 2)
    let kind = lexicon.classes(page, word.start..<word.end)
    if !kind.isDisjoint(with: [.englishWord, .eponym, .month, .englishHospital])
      && kind.isDisjoint(with: .romanSurname)
    {
      return
    }
    if kind.contains(.englishNameLabel) && kind.isDisjoint(with: .romanSurname) { return }
    let left = leftContext(word.start)
    let labelled = left.points >= 240
    let span = nameSpan(word, labelled: labelled)
    guard span.parts > 0 else { return }
    var permille = 0
    var reasons: Evidence = [.romanised]
    let surname = span.surname
    if labelled {
      permille = 800
      reasons.insert(.leftCue)
      if kind.contains(.englishNameLabel) { permille = 300 }
      if span.parts == 1 && span.end - word.start <= 3 {
        // Initials: CS R4 HKW, (JYS).
        let initials = (word.start..<span.end).allSatisfy { page.kind($0) == .upper }
        permille = initials && span.end - word.start >= 2 ? 640 : permille - 100
        if initials && left.points < 360 { permille = 300 }
        if surname { permille = 760 }
        if span.end - word.start < 2 { permille = 0 }
      } else if span.parts == 1 && span.allCaps && span.end - word.start <= 5 && !surname
        && left.points < 360 && !left.isLabel
      {
        permille = 300
      } else if span.parts == 1, !surname, !isNamingLabel(word.start) {
        permille = 420
      }
    }
    if surname && (span.given || span.initials) && (span.parts >= 2 || span.given) {
      permille = max(permille, span.parts >= 2 ? 780 : 700)
      reasons.insert(.listWord)
    } else if surname && span.parts >= 2 && span.allCaps {
      permille = max(permille, 560)
    }
    if permille == 0, span.parts >= 2, page.has(",", at: span.end), page.isSpace(span.end + 1),
      Self.degrees.contains(where: { matches($0, at: span.end + 2) })
    {
      permille = 680
      reasons.insert(.rightCue)
    }
    if permille > 0 && permille < 700 && rightContext(span.end).reasons.contains(.rightCue) {
      permille += 120
      reasons.insert(.rightCue)
    }
    if permille == 0, span.parts >= 2 {
      let right = rightContext(span.end)
      if right.points >= 260 {
        permille = 620
        reasons.insert(.rightCue)
      }
    }
    if glued && !surname { return }
    if eponymFollows(span.end) || span.parts == 1 && kind.contains(.eponym) {
      add(.name, word.start..<span.end, "name.roman", 0, reasons, .eponym)
      romanDone = span.end
      return
    }
    if permille >= Candidate.threshold { romanDone = span.end }
    add(.name, word.start..<span.end, "name.roman", permille, reasons)
  }

  /// Whether the word before names a person by itself: a relative, a label, Dr.; not 판독 or 마취.
  private func isNamingLabel(_ start: Int) -> Bool {
    let left = leftContext(start)
    if left.isLabel || left.points >= 360 { return true }
    var index = start - 1
    while index > 0, start - index < 6, !page.isHangul(index) { index -= 1 }
    var first = index
    while page.isHangul(first - 1), index - first < 8 { first -= 1 }
    return page.isHangul(index) && lexicon.classes(page, first..<index + 1).contains(.kinship)
  }

  /// The stretch of capitalised words, initials, hyphens and commas that can be one name.
  private func nameSpan(
    _ word: Word, labelled: Bool
  ) -> (end: Int, parts: Int, surname: Bool, given: Bool, initials: Bool, allCaps: Bool) {
    var end = word.start
    var parts = 0
    var surname = false
    var given = false
    var initials = false
    var allCaps = true
    var index = word.start
    while parts < 5 {
      guard page.kind(index) == .upper else { break }
      var stop = page.latinEnd(index)
      let length = stop - index
      let kind = lexicon.classes(page, index..<stop)
      if parts > 0, length > 1,
        !kind.isDisjoint(with: [
          .englishWord, .englishNameLabel, .month, .englishHospital, .cueMRN, .cuePhone, .cueBirth,
          .cueID,
        ]), kind.isDisjoint(with: .romanSurname)
      {
        break
      }
      if page.has("'", at: stop), page.isLatin(stop + 1), page.isLatin(stop + 2) {
        stop = page.latinEnd(stop + 1)
      }
      // M.D. closes a name.
      if length == 1, page.has("M", at: index), page.has(".", at: stop), page.has("D", at: stop + 1)
      {
        break
      }
      if length > 1, page.kind(index + 1) == .lower { allCaps = false }
      // Hyphenated given name: Hye-rin, Sun-woo.
      while page.has("-", at: stop) || page.has("_", at: stop) || page.has("^", at: stop),
        page.isLatin(stop + 1), stop - index < 40
      {
        let next = page.latinEnd(stop + 1)
        let part = lexicon.classes(page, stop + 1..<next)
        if part.contains(.romanGiven) { given = true }
        if page.isDigit(next)
          || !part.isDisjoint(with: [.englishWord, .englishNameLabel])
            && !part.contains(.romanGiven)
        {
          break
        }
        stop = next
      }
      if page.isDigit(stop) { break }
      if length <= 2, page.has(".", at: stop), page.kind(stop + 1) != .lower,
        page.kind(index + length - 1) == .upper
      {
        // J., N.R., SJ.
        initials = true
        stop += 1
        while page.kind(stop) == .upper, page.has(".", at: stop + 1) { stop += 2 }
      } else if length <= 3, length >= 1, parts > 0,
        (index..<stop).allSatisfy({ page.kind($0) == .upper }),
        !kind.contains(.romanSurname)
      {
        initials = length >= 1
      }
      if kind.contains(.romanSurname), length > 1 {
        surname = true
      } else if kind.contains(.romanGiven) || isGivenName(index, stop) {
        given = true
      }
      parts += 1
      end = stop
      var next = stop
      if page.has(",", at: next), parts == 1, page.isSpace(next + 1) {
        // HONG, Gil-dong: only a second part that is no list's next name.
        let second = next + 2
        guard page.kind(second) == .upper, surname || labelled && allCaps else { break }
        next = second
      } else if page.isSpace(next), !page.isSpace(next + 1) {
        next += 1
      } else {
        break
      }
      if page.kind(next) == .lower, page.latinEnd(next) - next <= 3, labelled,
        page.isSpace(page.latinEnd(next))
      {
        break
      }
      index = next
    }
    return (end, parts, surname, given, initials, allCaps)
  }

  /// Whether a word splits into romanised name syllables: Sora, BORAM, Gildong.
  private func isGivenName(_ start: Int, _ end: Int) -> Bool {
    guard end - start >= 4, end - start <= 12, page.unit(start) < 0x80 else { return false }
    var index = start
    var count = 0
    while index < end {
      guard let match = lexicon.longest(page, at: index, limit: end, wanted: .romanGiven), count < 3
      else { return false }
      index = match.end
      count += 1
    }
    return count == 2
  }

  private static let degrees: [[UInt16]] = ["md", "m.d", "rn", "phd", "ph.d", "do,", "np"].map {
    Array($0.utf16)
  }
  private static let eponymTails: [[UInt16]] = [
    "disease", "syndrome", "sign", "scale", "tube", "catheter", "classification", "criteria",
    "test", "score", "type",
    "ligament", "node", "body", "cyst", "line", "stage", "grade", "class", "procedure", "operation",
    "op", "method",
    "ratio", "flask", "contracture", "fracture", "maneuver", "view", "triangle", "thyroiditis",
    "palsy", "cell",
    "tumor", "sarcoma", "lymphoma", "nodule", "pouch", "flap", "approach", "retractor", "pin",
    "tongs", "collar",
    "lesion", "phenomenon", "reflex", "law", "curve", "stain", "medium", "solution", "clamp",
    "forceps",
  ].map { Array($0.utf16) }

  private func eponymFollows(_ end: Int) -> Bool {
    var next = end
    if page.has("'", at: next) { next += page.folded(next + 1) == 0x73 ? 2 : 1 }
    if page.isHangul(next) { return false }
    next = page.skipSpaces(next, limit: 1)
    let stop = page.latinEnd(next)
    return stop > next
      && Self.eponymTails.contains { $0.count == stop - next && matches($0, at: next) }
      || page.has("(", at: next) && (page.has("-", at: next + 1) || page.has("+", at: next + 1))
        && !page.isDigit(next + 2)
  }
}
