/// Dates without a year, which look like ratios, scores, vertebrae and blood pressures.
extension Searcher {
  /// 3/5, 03/05, 3/27~28.
  mutating func slashDate(_ word: Word, _ second: Range<Int>) -> Int? {
    let month = page.value(word.start..<word.end)
    let day = page.value(second)
    var end = second.upperBound
    let after = page.unit(end)
    if after == 0x2F || after == 0x25 || after == 0x2E && page.isDigit(end + 1) {
      return nil
    }
    if isWordGlue(end) && !page.has("T", at: end) { return nil }
    if after == 0x2D && page.isDigit(end + 1), !dateFollows(end + 1) {
      // 88/92-18: vital signs; 3/27-28: days.
      let next = page.digitsEnd(end + 1)
      guard next - end - 1 == 2, page.value(end + 1..<next) > day,
        page.value(end + 1..<next) <= 31, !page.has("-", at: next), !page.has(".", at: next)
      else { return nil }
    }
    let range = word.start..<end
    guard Calendar.exists(month: month, day: day) else {
      if month <= 12 && day <= 60 {
        add(.date, range, "date.slash", 0, .shape, .impossibleDate)
      }
      return nil
    }
    if page.isLatin(word.start - 2) && page.has("-", at: word.start - 1) { return nil }
    var permille = 560
    var reasons: Evidence = [.shape, .calendar]
    var objections: Evidence = []
    let padded = page.has("0", at: word.start) || page.has("0", at: second.lowerBound)
    if padded { permille += 250 }
    if day > 12 { permille += 180 }
    if day > 6 && month <= 12 { permille += 60 }
    if month == day { permille -= 150 }
    if month > 9 && day < 10 && month >= day { permille -= 20 }
    if announced(word.start, [.cueDate, .cueBirth]) {
      permille += 300
      reasons.insert(.leftCue)
    }
    if dateWordFollows(end) {
      permille += 320
      reasons.insert(.timeFollows)
    }
    if page.has("~", at: word.start - 1)
      || page.has("~", at: page.skipSpacesBack(word.start - 1, limit: 1))
    {
      permille += 150
    }
    // (3/12 AM), (2/27), "3/4 서해대": a bracket or a clause boundary around it.
    let opens = page.has("(", at: word.start - 1) || page.has("[", at: word.start - 1)
    let closes = page.has(")", at: end) || page.has("]", at: end)
    if opens && (closes || page.has(",", at: end) || page.isSpace(end)) {
      permille += 130
      reasons.insert(.bracketed)
    }
    if let unit = ratioUnit(end) {
      permille -= unit
      objections.insert(.unitFollows)
    }
    if ratioBefore(word.start) {
      permille -= 420
      objections.insert(.ratioContext)
    }
    if page.isHangul(word.start - 1) && !opens { permille -= 200 }
    if month <= 5 && day <= 5 && day >= month && !padded {
      permille -= 130
      objections.insert(.weakShape)
    }
    // A record that has clear dates of this form has unclear ones too.
    if hasSlashDate && permille < Candidate.threshold && objections == .weakShape
      && page.isBlank(word.start - 1)
    {
      permille += 90
      reasons.insert(.neighbour)
    }
    if permille >= 720 { hasSlashDate = true }
    end = permille >= Candidate.threshold ? daysFollow(end, month) : end
    add(.date, word.start..<end, "date.slash", min(permille, 940), reasons, objections)
    return permille >= Candidate.threshold ? end : nil
  }

  private func daysFollow(_ end: Int, _ month: Int) -> Int {
    guard page.has("~", at: end) || page.has("-", at: end) else { return end }
    let next = page.digitsEnd(end + 1)
    guard next > end + 1, next - end <= 3 else { return end }
    let value = page.value(end + 1..<next)
    let after = page.unit(next)
    guard value >= 1, value <= Calendar.longest(month), after != 0x2F,
      after != 0x2E || !page.isDigit(next + 1),
      after != 0x3A, after != 0xC6D4, !page.isLatin(next)
    else { return end }
    return next
  }

  /// Whether `M/D` stands here.
  private func dateFollows(_ start: Int) -> Bool {
    let end = page.digitsEnd(start)
    return end > start && end - start <= 2 && page.has("/", at: end) && page.isDigit(end + 1)
  }

  /// 10.14: only with a word of time after it, or alone in brackets after one that had it.
  mutating func dotDate(_ word: Word, _ second: Range<Int>) -> Int? {
    let month = page.value(word.start..<word.end)
    let day = page.value(second)
    let end = second.upperBound
    if page.isDigit(end) || page.isLatin(end) || page.has("%", at: end) || page.has("/", at: end) {
      return nil
    }
    if page.has(".", at: end) && page.isDigit(end + 1) { return nil }
    guard Calendar.exists(month: month, day: day) else { return nil }
    guard second.count == 2 || word.end - word.start == 2 else { return nil }
    var permille = 250
    var reasons: Evidence = [.shape, .calendar]
    if dateWordFollows(end, strict: true) {
      permille += 450
      reasons.insert(.timeFollows)
    }
    if announced(word.start, [.cueDate, .cueBirth], reach: 3) {
      permille += 300
      reasons.insert(.leftCue)
    }
    if second.count == 2 && word.end - word.start == 2 && page.has("(", at: word.start - 1)
      && page.has(")", at: end)
    {
      permille += 180
      reasons.insert(.bracketed)
      if hasDotDate { permille += 150 }
    }
    // 2024.2.11 - 2.14
    let before = page.skipSpacesBack(word.start - 1, limit: 1)
    if page.has("-", at: before) || page.has("~", at: before) {
      let last = page.skipSpacesBack(before - 1, limit: 1)
      if let previous = candidates.last, previous.type == .date,
        previous.end == last + 1
          || previous.end == last
      {
        permille = 860
        reasons.insert(.neighbour)
      }
    }
    if ratioUnit(end) != nil && !reasons.contains(.timeFollows) { permille -= 200 }
    if permille >= Candidate.threshold { hasDotDate = true }
    add(.date, word.start..<end, "date.dot", permille, reasons)
    return permille >= Candidate.threshold ? end : nil
  }

  /// 03-05 with a time after it or a word for a date before it.
  mutating func dashDate(_ word: Word, _ second: Range<Int>) -> Int? {
    let end = second.upperBound
    guard word.end - word.start == 2, second.count == 2 else { return nil }
    guard Calendar.exists(month: page.value(word.start..<word.end), day: page.value(second)) else {
      return nil
    }
    guard !isWordGlue(end), !page.has("-", at: end), !page.has("~", at: end) else { return nil }
    let next = page.skipSpaces(end, limit: 2)
    let timed = time(next)
    let cued = announced(word.start, [.cueDate, .cueBirth], reach: 3)
    guard timed || cued else {
      add(.date, word.start..<end, "date.dash", 200, [.shape, .calendar], .weakShape)
      return nil
    }
    add(.date, word.start..<end, "date.dash", timed && cued ? 940 : 820, [.shape, .timeFollows])
    return end
  }

  /// 14:30 or 14시.
  func time(_ start: Int) -> Bool {
    let end = page.digitsEnd(start)
    guard end > start, end - start <= 2, page.value(start..<end) < 25 else { return false }
    if page.has(":", at: end) { return page.isDigit(end + 1) }
    return page.unit(end) == 0xC2DC
  }

  /// (월), 월요일, (화).
  func isWeekday(_ start: Int) -> Bool {
    let index = page.has("(", at: start) ? start + 1 : start
    guard Self.weekdays.contains(page.unit(index)) else { return false }
    return index > start ? page.has(")", at: index + 1) : page.unit(index + 1) == 0xC694
  }

  private static let weekdays: [UInt16] = Array("월화수목금토일".utf16)
  private static let timeWords: [[UInt16]] = [
    "부터", "까지", "경", "에", "일자", "자", "이후", "이전", "오전", "오후", "새벽", "아침", "저녁", "밤", "외래",
    "입원", "퇴원", "수술", "내원", "방문", "시행", "예정", "재", "면담", "f/u", "am", "pm", "생", "전", "후",
    "adm", "op", "d/c", "ct", "mri", "lab", "f/u", "응급", "검사", "추적", "통화", "아기", "분만", "예약", "전화",
    "to ", "은", "는", "로", "의", "기준", "날", "당시", "시작", "타병원", "본원",
  ].map { Array($0.utf16) }
  private static let strictTimeWords: [[UInt16]] = [
    "부터", "까지", "경", "오전", "오후", "새벽", "아침", "저녁", "밤", "외래", "일자", "예정", "방문", "입원", "퇴원",
    "이후",
  ].map { Array($0.utf16) }

  func dateWordFollows(_ end: Int, strict: Bool = false) -> Bool {
    if isWeekday(page.skipSpaces(end, limit: 1)) { return true }
    let next = page.skipSpaces(end, limit: 2)
    if next > end && time(next) { return true }
    if page.has("~", at: next) { return !strict }
    for word in strict ? Self.strictTimeWords : Self.timeWords
    where matches(word, at: page.isHangul(end) ? end : next) {
      return true
    }
    return false
  }

  /// Whether these small units stand here.
  func matches(_ word: [UInt16], at start: Int) -> Bool {
    for offset in word.indices where page.folded(start + offset) != word[offset] { return false }
    return true
  }

  private static let units: [(word: [UInt16], cost: Int)] = [
    ("sm", 600), ("점", 600), ("회", 600), ("cm", 600), ("mm", 600), ("ml", 600), ("mg", 600),
    ("배", 400),
    ("개", 500), ("공기", 500), ("그릇", 500), ("명", 300), ("hpf", 600), ("대", 200), ("이상", 300),
    ("이하", 300),
    ("정도", 250), ("°", 500), ("prompt", 500), ("clear", 400), ("+", 450), ("-", 250),
    ("positive", 400), ("섭취", 500), ("식사", 400),
    ("먹", 450), ("clamp", 500), ("tab", 500), ("정", 300), ("t ", 300), ("통과", 300), ("murmur", 600),
    ("systolic", 600),
    ("ra", 300), ("level", 400), ("쪽", 400), ("grade", 400), ("x", 300), ("except", 500),
    ("grip", 500), ("at night", 500),
    ("pain", 400), ("감소", 350), ("지점", 400), ("disc", 500),
  ].map { (word: Array($0.0.utf16), cost: $0.1) }

  /// How strongly what follows says "ratio".
  func ratioUnit(_ end: Int) -> Int? {
    let next = page.skipSpaces(end, limit: 1)
    for unit in Self.units where matches(unit.word, at: next) { return unit.cost }
    return nil
  }

  /// Whether a word for a ratio or a score stands before, on the same line and close by.
  func ratioBefore(_ start: Int) -> Bool {
    var index = start - 1
    while page.isSpace(index) || page.has(":", at: index) || page.has("(", at: index)
      || page.has(".", at: index) || page.has("=", at: index)
    {
      index -= 1
      if start - index > 6 { return false }
    }
    var first = index
    while page.isLatin(first - 1) || page.has("/", at: first - 1) || page.isHangul(first - 1)
      || page.isDigit(first - 1)
    {
      first -= 1
      if index - first > 12 { return false }
    }
    guard index >= first, index >= 0 else { return false }
    let range = first..<index + 1
    if lexicon.classes(page, range).contains(.ratioWord) { return true }
    // LOC 1 / Q 1: a letter right before.
    return range.count <= 2 && page.kind(index) == .upper && page.isSpace(index + 1)
      && !page.has("H", at: index)
  }
}
