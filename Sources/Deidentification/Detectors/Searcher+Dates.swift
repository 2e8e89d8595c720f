extension Searcher {
  /// Dates that start with a number.
  ///
  /// - Returns: The end of what was read as a date.
  mutating func date(_ word: Word) -> Int? {
    if let end = writtenDate(word) { return end }
    let length = word.end - word.start
    switch length {
    case 8, 12, 14: return packedDate(word)
    case 6: return shortPackedDate(word)
    case 4: return yearFirstDate(word)
    case 1, 2: return shortDate(word)
    default: return nil
    }
  }

  // MARK: 2024년 3월 5일, 24년 3월, 3월 5일, 2023年 11月 7日

  private mutating func writtenDate(_ word: Word) -> Int? {
    let length = word.end - word.start
    let value = page.value(word.start..<word.end)
    var index = page.skipSpaces(word.end, limit: 2)
    if page.unit(index) == 0xB144 || page.unit(index) == 0x5E74 {
      // Year first.
      guard length == 4 && Calendar.plausible(year: value) || length == 2 else { return nil }
      index = page.skipSpaces(index + 1, limit: 3)
      guard let month = number(at: index, digits: 1...2) else { return nil }
      return monthAndDay(word.start, year: value, month: month)
    }
    guard length <= 2 else {
      // 2024.10월
      return nil
    }
    guard page.unit(index) == 0xC6D4 || page.unit(index) == 0x6708 else { return nil }
    return monthAndDay(word.start, year: nil, month: word.start..<word.end)
  }

  private mutating func monthAndDay(
    _ start: Int, year: Int?, month: Range<Int>
  ) -> Int? {
    var index = page.skipSpaces(month.upperBound, limit: 1)
    guard page.unit(index) == 0xC6D4 || page.unit(index) == 0x6708 else { return nil }
    index += 1
    let monthEnd = index
    let monthValue = page.value(month)
    guard monthValue >= 1 && monthValue <= 12 else {
      add(.date, start..<monthEnd, "date.written", 0, [], .impossibleDate)
      return nil
    }
    let next = page.skipSpaces(index, limit: 3)
    if let day = number(at: next, digits: 1...2) {
      let unit = page.skipSpaces(day.upperBound, limit: 1)
      if page.unit(unit) == 0xC77C || page.unit(unit) == 0x65E5 {
        let value = page.value(day)
        let holds =
          year.map { Calendar.exists(year: $0, month: monthValue, day: value) }
          ?? Calendar.exists(month: monthValue, day: value)
        guard holds else {
          add(.date, start..<unit + 1, "date.written", 0, [], .impossibleDate)
          return nil
        }
        let end = rangeOfDays(unit + 1, month: monthValue, written: true)
        add(.date, start..<end, "date.written", 975, [.shape, .calendar])
        return end
      }
    }
    guard year != nil else { return nil }
    add(.date, start..<monthEnd, "date.month", 950, [.shape, .calendar])
    return monthEnd
  }

  /// A run of digits of an allowed length at a place.
  private func number(at start: Int, digits: ClosedRange<Int>) -> Range<Int>? {
    let end = page.digitsEnd(start)
    return digits.contains(end - start) ? start..<end : nil
  }

  // MARK: 20240305, 20240305143000, 240305

  private mutating func packedDate(_ word: Word) -> Int? {
    let start = word.start
    let length = word.end - start
    let year = page.value(start..<start + 4)
    guard year >= 1900 && year <= 2100,
      Calendar.exists(
        year: year, month: page.value(start + 4..<start + 6),
        day: page.value(start + 6..<start + 8))
    else { return nil }
    if length > 8 {
      let hour = page.value(start + 8..<start + 10)
      let minute = page.value(start + 10..<start + 12)
      guard hour < 24 && minute < 60 else { return nil }
      add(.date, start..<start + 8, "date.packed", 900, [.shape, .calendar, .timeFollows])
      return word.end
    }
    guard !page.has("-", at: start - 1) || !isWordGlue(start - 2) else { return nil }
    guard !page.has("-", at: word.end) || !page.isHangul(word.end + 1) else { return nil }
    var permille = 720
    var reasons: Evidence = [.shape, .calendar]
    if announced(start, [.cueDate, .cueBirth]) {
      permille = 900
      reasons.insert(.leftCue)
    }
    if page.has("-", at: word.end) && isWordGlue(word.end + 1) { permille = 520 }
    add(.date, start..<word.end, "date.packed", permille, reasons)
    return word.end
  }

  private mutating func shortPackedDate(_ word: Word) -> Int? {
    let start = word.start
    let month = page.value(start + 2..<start + 4)
    let day = page.value(start + 4..<start + 6)
    let year = page.value(start..<start + 2)
    guard Calendar.exists(year: year, month: month, day: day) else {
      return packedMonthDate(word)
    }
    guard !page.has("-", at: start - 1), !page.has("-", at: word.end),
      !page.has(",", at: start - 1), !page.has(",", at: word.end),
      !page.has(".", at: start - 1), !page.isHangul(word.end) || startsParticle(word.end)
    else { return nil }
    var permille = 380
    var reasons: Evidence = [.shape, .calendar]
    if announced(start, [.cueDate, .cueBirth], reach: 6) {
      permille = 930
      reasons.insert(.leftCue)
    }
    let next = page.skipSpaces(word.end, limit: 3)
    if isWeekday(next) || time(next) {
      permille = max(permille, 880)
      reasons.insert(.timeFollows)
    }
    let recent = year <= 35
    if page.has("[", at: start - 1) && page.has("]", at: word.end) && recent {
      permille = max(permille, 800)
      reasons.insert(.bracketed)
    }
    if page.has("_", at: start - 1) && recent { permille = max(permille, 700) }
    // Standing alone after a name or at the start of a line.
    let before = page.skipSpacesBack(start - 1, limit: 4)
    let lineStart = before < 0 || page.kind(before) == .newline
    if lineStart && recent { permille = max(permille, 640) }
    if page.isHangul(before) && before < start - 1 && isSpaceOrEnd(word.end) {
      var first = before
      while page.isHangul(first - 1) && before - first < 6 { first -= 1 }
      if looksLikeName(first..<before + 1) { permille = max(permille, 620) }
    }
    add(.date, start..<word.end, "date.packed6", permille, reasons)
    return permille >= Candidate.threshold ? word.end : nil
  }

  private mutating func packedMonthDate(_ word: Word) -> Int? { nil }

  func isSpaceOrEnd(_ index: Int) -> Bool {
    index >= page.count || page.isBlank(index)
  }

  /// Whether a particle starts here that can follow a date or a number.
  func startsParticle(_ index: Int) -> Bool {
    switch page.unit(index) {
    case 0xBD80, 0xAE4C, 0xACBD, 0xC5D0, 0xC77C, 0xC0DD, 0xC790, 0xC740, 0xC744, 0xB85C: true
    default: false
    }
  }

  // MARK: 2024-03-05, 2024.3.5, 2024. 3. 5., 2024/3, 2016.03

  private mutating func yearFirstDate(_ word: Word) -> Int? {
    let year = page.value(word.start..<word.end)
    guard Calendar.plausible(year: year) else { return nil }
    if page.has("-", at: word.start - 1) && isWordGlue(word.start - 2) { return nil }
    if page.has(".", at: word.start - 1) && page.isDigit(word.start - 2) { return nil }
    var index = word.end
    let separator = page.unit(index)
    guard separator == 0x2D || separator == 0x2E || separator == 0x2F else { return nil }
    index = page.skipSpaces(index + 1, limit: 2)
    guard let month = number(at: index, digits: 1...2) else { return nil }
    let monthValue = page.value(month)
    let spaced = index > word.end + 1
    index = month.upperBound
    if page.unit(index) == 0xC6D4 && separator == 0x2E {
      return monthAndDay(word.start, year: year, month: month)
    }
    let second = page.skipSpaces(index, limit: 1)
    if page.unit(second) == separator {
      index = page.skipSpaces(second + 1, limit: 2)
      if let day = number(at: index, digits: 1...2),
        !page.isLatin(day.upperBound)
          || page.folded(day.upperBound) == 0x74
      {
        guard Calendar.exists(year: year, month: monthValue, day: page.value(day)) else {
          add(.date, word.start..<day.upperBound, "date.full", 0, [.shape], .impossibleDate)
          return day.upperBound
        }
        if page.has("-", at: day.upperBound), separator == 0x2D, isWordGlue(day.upperBound + 1) {
          return nil
        }
        let end = rangeOfDays(closingDot(day.upperBound, separator), month: monthValue)
        add(.date, word.start..<end, "date.full", 970, [.shape, .calendar])
        return end
      }
    }
    guard monthValue >= 1 && monthValue <= 12, !spaced, !isWordGlue(month.upperBound) else {
      return nil
    }
    guard !page.has("%", at: month.upperBound), !page.has("-", at: month.upperBound),
      year >= 1950
    else { return nil }
    if separator == 0x2F && month.count < 2 { return nil }
    var permille = 780
    var reasons: Evidence = [.shape, .calendar]
    if announced(word.start, [.cueDate, .cueBirth]) {
      permille = 930
      reasons.insert(.leftCue)
    }
    if page.has("-", at: word.start - 1) || page.has("/", at: word.start - 1) { permille = 300 }
    if separator == 0x2D && month.count == 1 { permille = 300 }
    add(.date, word.start..<month.upperBound, "date.month", permille, reasons)
    return permille >= Candidate.threshold ? month.upperBound : nil
  }

  /// The closing dot of `2024. 3. 5.` belongs to the date where the dots are separators; the end
  /// of a sentence looks the same, so it is taken only before a blank or a bracket.
  private func closingDot(_ end: Int, _ separator: UInt16) -> Int {
    guard separator == 0x2E, page.has(".", at: end), !isWordGlue(end + 1) else { return end }
    return end + 1
  }

  /// Extends a date over `~28`: further days of the same month without a month of their own.
  private func rangeOfDays(_ end: Int, month: Int, written: Bool = false) -> Int {
    guard !written, page.has("~", at: end) || page.has("-", at: end) else { return end }
    guard let day = number(at: end + 1, digits: 1...2) else { return end }
    let value = page.value(day)
    guard value >= 1 && value <= Calendar.longest(month) else { return end }
    let after = page.unit(day.upperBound)
    // A further date, a time, a code or a word.
    if [0x2F, 0x2E, 0x2D, 0x3A, 0x25].contains(after) { return end }
    if isWordGlue(day.upperBound) || after == 0xC6D4 || after == 0xC2DC || after == 0xBD84 {
      return end
    }
    if page.has("-", at: end) && day.count < 2 { return end }
    return day.upperBound
  }

  // MARK: '24.3.5, 24.03.05, 23/10/24, 6-14-2023, 02.05.2024, 3/5, 10.14, 03-05

  private mutating func shortDate(_ word: Word) -> Int? {
    let separator = page.unit(word.end)
    guard separator == 0x2D || separator == 0x2E || separator == 0x2F else { return nil }
    let before = page.unit(word.start - 1)
    // Inside a longer figure: 7.28/34/71, 1,840/3, -2/3.
    if before == 0x2E && page.isDigit(word.start - 2)
      || before == 0x2C && page.isDigit(word.start - 2)
      || before == 0x2F && page.isDigit(word.start - 2)
      || before == 0x2D && isWordGlue(word.start - 2) && dates.last?.upperBound != word.start - 1
      || before == 0x2B || before == 0x3C || before == 0x3E || before == 0x23
      || before == 0x3A
        && page.isDigit(word.start - 2)
    {
      return nil
    }
    if before == 0x2D && !page.isDigit(word.start - 2) && page.isDigit(word.start)
      && !page.isBlank(word.start - 2) && !page.has(")", at: word.start - 2)
      && !page.isDigit(word.start - 2) && separator != 0x2F
    {
      return nil
    }
    let apostrophe = before == 0x27
    let start = apostrophe ? word.start - 1 : word.start
    let gap = separator == 0x2E ? 2 : 0
    let secondStart = page.skipSpaces(word.end + 1, limit: gap)
    guard let second = number(at: secondStart, digits: 1...2) else {
      return monthWithYear(word, separator)
    }
    let first = page.value(word.start..<word.end)
    let middle = page.value(second)
    if page.unit(second.upperBound) == separator {
      let thirdStart = page.skipSpaces(second.upperBound + 1, limit: gap)
      let thirdEnd = page.digitsEnd(thirdStart)
      let third = page.value(thirdStart..<thirdEnd)
      if thirdEnd - thirdStart == 4, Calendar.plausible(year: third), separator != 0x2E || gap == 2
      {
        // Month first or day first, whichever exists.
        guard !isWordGlue(thirdEnd) else { return nil }
        let holds =
          Calendar.exists(year: third, month: first, day: middle)
          || Calendar.exists(year: third, month: middle, day: first)
        add(
          .date, word.start..<thirdEnd, "date.full", holds ? 965 : 0, [.shape, .calendar],
          holds ? [] : .impossibleDate)
        return thirdEnd
      }
      if thirdEnd > thirdStart, thirdEnd - thirdStart <= 2,
        word.end - word.start == 2 || apostrophe
          || separator == 0x2F
      {
        return threePartDate(
          word, start: start, separator: separator, second: second, third: thirdStart..<thirdEnd,
          apostrophe: apostrophe)
      }
      return nil
    }
    if apostrophe && word.end - word.start == 2 && middle >= 1 && middle <= 12
      && !isWordGlue(second.upperBound)
    {
      let end = second.upperBound
      add(.date, start..<end, "date.month", 900, [.shape, .calendar])
      return end
    }
    switch separator {
    case 0x2F: return slashDate(word, second)
    case 0x2E where secondStart == word.end + 1: return dotDate(word, second)
    case 0x2D: return dashDate(word, second)
    default: return nil
    }
  }

  private mutating func threePartDate(
    _ word: Word, start: Int, separator: UInt16, second: Range<Int>, third: Range<Int>,
    apostrophe: Bool
  ) -> Int? {
    let first = page.value(word.start..<word.end)
    let middle = page.value(second)
    let last = page.value(third)
    guard !isWordGlue(third.upperBound) || page.folded(third.upperBound) == 0x74 else { return nil }
    let after = page.unit(third.upperBound)
    // A fourth part makes it another figure: 10.24.118.37, 1-2-3-4, 31.2/4.1.
    if after == separator && isWordGlue(third.upperBound + 1) { return nil }
    if separator == 0x2E && after == 0x2F || separator == 0x2F && after == 0x2E { return nil }
    if separator == 0x2D && after == 0x2D { return nil }
    let yearFirst = Calendar.exists(year: first, month: middle, day: last)
    let monthFirst = Calendar.exists(year: last, month: first, day: middle)
    guard yearFirst || monthFirst && separator != 0x2E else {
      if Calendar.exists(month: first, day: middle) || middle > 12 {
        add(
          .date, word.start..<third.upperBound, "date.short", 0, [.shape], .impossibleDate)
      }
      return third.upperBound
    }
    var permille = 880
    var reasons: Evidence = [.shape, .calendar]
    let cued = announced(word.start, [.cueDate, .cueBirth])
    if cued { reasons.insert(.leftCue) }
    if cued || apostrophe { permille = 960 }
    if separator == 0x2D && !cued {
      // 18-82-16 in vital signs, 3-6-12 rule: only dates with two digits each and a plausible year.
      permille =
        word.end - word.start == 2 && second.count == 2 && third.count == 2 && first <= 35
        ? 820 : 200
      if after == 0x2D || ratioBefore(word.start) { permille = 100 }
    }
    if separator == 0x2F && !yearFirst && !monthFirst { permille = 0 }
    if separator == 0x2F && !cued && ratioBefore(word.start) { permille = 200 }
    if separator == 0x2F && second.count == 1 && third.count == 1 && !cued && first > 35 {
      permille = 300
    }
    let end = rangeOfDays(
      closingDot(third.upperBound, separator), month: yearFirst ? middle : first)
    add(.date, start..<end, "date.short", permille, reasons)
    return end
  }

  /// 6/2019, 11/2024.
  private mutating func monthWithYear(_ word: Word, _ separator: UInt16) -> Int? {
    guard separator == 0x2F || separator == 0x2E,
      let year = number(at: word.end + 1, digits: 4...4)
    else {
      return monthAbbreviation(word, separator)
    }
    let month = page.value(word.start..<word.end)
    let value = page.value(year)
    guard month >= 1, month <= 12, value >= 1950, value <= 2100, separator == 0x2F,
      !isWordGlue(year.upperBound), !page.has("/", at: year.upperBound)
    else { return nil }
    add(.date, word.start..<year.upperBound, "date.month", 800, [.shape, .calendar])
    return year.upperBound
  }

  /// 12/APR/1976, 03-Nov-1988.
  private mutating func monthAbbreviation(_ word: Word, _ separator: UInt16) -> Int? {
    let start = word.end + 1
    guard let month = lexicon.longest(page, at: start, limit: start + 9, wanted: .month),
      !page.isLatin(month.end), page.unit(month.end) == separator
    else { return nil }
    let end = page.digitsEnd(month.end + 1)
    guard end - month.end - 1 == 4 || end - month.end - 1 == 2 else { return nil }
    let day = page.value(word.start..<word.end)
    guard day >= 1 && day <= 31 else { return nil }
    add(.date, word.start..<end, "date.english", 970, [.shape, .calendar])
    return end
  }
}
