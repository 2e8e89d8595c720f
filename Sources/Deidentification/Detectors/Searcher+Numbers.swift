/// A run of digits joined to further runs by single separators: `010-1234-5678`.
struct DigitGroups {
  /// Start and end of each run, at most eight.
  var runs: [Range<Int>] = []
  /// The separator after each run but the last.
  var separators: [UInt16] = []
  var start: Int { runs[0].lowerBound }
  var end: Int { runs[runs.count - 1].upperBound }
  func length(_ index: Int) -> Int { index < runs.count ? runs[index].count : 0 }
}

extension Searcher {
  /// Walks over the words and calls the rules of their kind.
  mutating func findValues() {
    var done = 0
    for index in words.indices {
      let word = words[index]
      switch word.kind {
      case .digit:
        guard word.start >= done else { continue }
        done = max(done, number(word))
      case .upper:
        latinValue(word)
      case .hangul:
        hangulValue(word)
      case .han, .lower, .space, .newline, .other:
        break
      }
    }
    for cue in cues { announcedValue(cue) }
    findMailAndHandles()
  }

  /// 남/45, 45세 as marks of a record's head; spoken digits of a telephone number.
  private mutating func hangulValue(_ word: Word) {
    let length = word.end - word.start
    if length == 1,
      isSex(word.start) || page.unit(word.start) == 0xC138 && page.isDigit(word.start - 1)
    {
      headMarks.append(word.start)
    }
    guard length >= 3, length <= 4, page.has("-", at: word.end), page.isDigit(word.end + 1) else {
      return
    }
    for index in word.start..<word.end where !Self.spokenDigits.contains(page.unit(index)) {
      return
    }
    let parts = groups(word.end + 1, separators: [0x2D, 0x20], limit: 2)
    guard parts.runs.count == 2, parts.length(1) == 4, parts.length(0) >= 3 else { return }
    add(.phone, word.start..<parts.end, "phone.spoken", 930, .shape)
  }

  private static let spokenDigits: [UInt16] = Array("공영일이삼사오육칠팔구".utf16)

  /// Every reading of a number that starts at a run of digits.
  ///
  /// - Returns: The index up to which later runs need no look of their own.
  private mutating func number(_ word: Word) -> Int {
    var done = word.end
    // A number glued to a Latin letter is part of a code; cues deal with codes.
    let glued = page.isLatin(word.start - 1) || page.has("_", at: word.start - 1)
    if let end = registrationNumber(word) { done = max(done, end) }
    if !glued || page.has("_", at: word.start - 1) {
      if let end = date(word) { done = max(done, end) }
    }
    if glued {
      if isSex(word.start - 1, before: true) { age(word) }
      return done
    }
    if let end = telephone(word) { done = max(done, end) }
    if let end = paymentCard(word) { done = max(done, end) }
    if let end = driverLicence(word) { done = max(done, end) }
    if let end = dottedOrForeign(word) { done = max(done, end) }
    bloodUnit(word)
    datedSerial(word)
    address4(word)
    plate(word)
    age(word)
    return done
  }

  /// Reads digit runs from `start` joined by one separator each (and blanks where allowed).
  func groups(
    _ start: Int, separators: [UInt16], spaces: Bool = false, limit: Int = 6
  ) -> DigitGroups {
    var result = DigitGroups()
    var index = start
    while result.runs.count < limit {
      let end = page.digitsEnd(index)
      guard end > index else { break }
      result.runs.append(index..<end)
      var next = end
      if spaces { next = page.skipSpaces(next, limit: 1) }
      var separator = page.unit(next)
      if separators.contains(separator) {
        next += 1
        if spaces { next = page.skipSpaces(next, limit: 1) }
      } else if spaces && next > end {
        separator = 0x20
      } else {
        break
      }
      guard page.isDigit(next) else { break }
      result.separators.append(separator)
      index = next
    }
    if result.separators.count >= result.runs.count && !result.separators.isEmpty {
      result.separators.removeLast()
    }
    return result
  }

  // MARK: Registration numbers

  /// 주민등록번호 and 외국인등록번호: six digits of a date, the mark of sex and century, six more.
  ///
  /// A failing check digit never drops it (numbers since October 2020 have none); an impossible
  /// date does. Masked and partial forms count whole.
  private mutating func registrationNumber(_ word: Word) -> Int? {
    let length = word.end - word.start
    guard !page.has(".", at: word.start - 1) || !page.isDigit(word.start - 2) else { return nil }
    guard !page.isLatin(word.start - 1) else { return nil }
    if length == 13 {
      return judgeRegistration(word.start, tail: word.start + 6, end: word.end, masked: false)
    }
    if length == 7 && isMask(word.end) {
      return judgeRegistration(
        word.start, tail: word.start + 6, end: maskEnd(word.end), masked: true)
    }
    guard length == 6 else { return nil }
    var next = word.end
    var spaced = false
    while page.isBlank(next) && next - word.end < 8 {
      spaced = true
      next += 1
    }
    var separated = false
    if page.has("-", at: next) || page.has(".", at: next) || page.has("/", at: next) {
      separated = true
      next += 1
      while page.isBlank(next) && next - word.end < 12 { next += 1 }
    }
    guard separated || spaced else {
      if isMask(word.end), maskEnd(word.end) - word.end >= 6 {
        return judgeRegistration(
          word.start, tail: word.end, end: maskEnd(word.end), masked: true)
      }
      return nil
    }
    let tailEnd = page.digitsEnd(next)
    let digits = tailEnd - next
    if digits == 7 && !page.isLatin(tailEnd) {
      return judgeRegistration(word.start, tail: next, end: tailEnd, masked: false)
    }
    if isMask(tailEnd) && digits <= 6 && maskEnd(tailEnd) - next >= 5 {
      // 840817-5*****1: the last digit may be left.
      var end = maskEnd(tailEnd)
      while page.isDigit(end), end - next < 7 { end += 1 }
      return judgeRegistration(word.start, tail: next, end: end, masked: true)
    }
    if digits == 1 && separated, let end = spreadTail(next) {
      return judgeRegistration(word.start, tail: next, end: end, masked: true)
    }
    let coded = page.has("-", at: word.start - 1) && isWordGlue(word.start - 2)
    if digits == 1 && separated && page.has("-", at: word.end) && !isWordGlue(tailEnd) && !coded {
      return judgeRegistration(word.start, tail: next, end: tailEnd, masked: true)
    }
    if digits > 1 && digits < 7 && separated && announced(word.start, .cueRRN) {
      return judgeRegistration(word.start, tail: next, end: tailEnd, masked: true)
    }
    return nil
  }

  /// 2 0 4 1 7 7 2: seven digits with a space between each.
  private func spreadTail(_ start: Int) -> Int? {
    for digit in 0..<7 {
      let index = start + digit * 2
      guard page.isDigit(index), !page.isDigit(index + 1) else { return nil }
      if digit < 6, !page.isSpace(index + 1) { return nil }
    }
    return isWordGlue(start + 13) ? nil : start + 13
  }

  private mutating func judgeRegistration(
    _ start: Int, tail: Int, end: Int, masked: Bool
  ) -> Int? {
    let month = page.value(start + 2..<start + 4)
    let day = page.value(start + 4..<start + 6)
    guard month >= 1, month <= 12, day >= 1, day <= Calendar.longest(month) else {
      add(.rrn, start..<end, "rrn.shape", 0, [], .impossibleDate)
      return nil
    }
    let cued = announced(start, .cueRRN)
    var reasons: Evidence = masked ? [.calendar, .masked] : [.calendar]
    var permille = 930
    if cued {
      reasons.insert(.leftCue)
      permille = 990
    }
    if !masked && end - tail == 7 && checkDigitHolds(start, tail) {
      reasons.insert(.checkDigit)
      permille = 995
    }
    if end - start == 13 && !cued && !reasons.contains(.checkDigit) { permille = 700 }
    add(.rrn, start..<end, "rrn.shape", permille, reasons)
    return end
  }

  private func checkDigitHolds(_ start: Int, _ tail: Int) -> Bool {
    var sum = 0
    for position in 0..<12 {
      let index = position < 6 ? start + position : tail + position - 6
      sum += Int(page.unit(index) &- 0x30) * (position % 8 + 2)
    }
    let last = Int(page.unit(tail + 6) &- 0x30)
    let sex = Int(page.unit(tail) &- 0x30)
    let base = sex >= 5 && sex <= 8 ? 13 : 11
    return (base - sum % 11) % 10 == last
  }

  /// Whether a masking character stands here: `*`, `X`, `O`, `●`, `○`.
  func isMask(_ index: Int) -> Bool {
    switch page.unit(index) {
    case 0x2A, 0x58, 0x78, 0x25CF, 0x25CB, 0x25EF, 0x3007, 0x2022, 0x23, 0x25A0, 0x25A1: true
    default: false
    }
  }

  func maskEnd(_ start: Int) -> Int {
    var end = start
    while isMask(end) && end - start < 16 { end += 1 }
    return end
  }

  /// Whether a digit or a Latin letter goes on here.
  func isWordGlue(_ index: Int) -> Bool { page.isDigit(index) || page.isLatin(index) }

  /// Whether a cue of a class ends shortly before `start` with nothing but light matter between.
  func announced(_ start: Int, _ wanted: WordClass, reach: Int = 14) -> Bool {
    var low = 0
    var high = cues.count
    while low < high {
      let middle = (low + high) / 2
      if cues[middle].end <= start { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return false }
    let cue = cues[low - 1]
    guard !cue.classes.isDisjoint(with: wanted), start - cue.end <= reach else { return false }
    for index in cue.end..<start {
      if page.isDigit(index) || page.kind(index) == .newline { return false }
    }
    return true
  }

  // MARK: Cards, licences, addresses of machines

  private mutating func paymentCard(_ word: Word) -> Int? {
    let length = word.end - word.start
    var end = word.end
    var masked = false
    if length == 4 || length == 6 && false {
      // 4-4-4-4 with digits or masks.
      var index = word.start
      var parts = 0
      while parts < 4 {
        var units = 0
        while units < 4 && (page.isDigit(index) || isMask(index)) {
          if isMask(index) { masked = true }
          units += 1
          index += 1
        }
        guard units == 4 else { return americanExpress(word) }
        parts += 1
        guard parts < 4 else { break }
        guard page.has("-", at: index) || page.isSpace(index) else { return americanExpress(word) }
        index += 1
      }
      guard !isWordGlue(index), !page.has("-", at: index) else { return nil }
      end = index
    } else if length < 15 || length > 16 {
      return nil
    }
    let cued = announced(word.start, .cueCard, reach: 20)
    let luhn = !masked && luhnHolds(word.start..<end)
    var reasons: Evidence = [.shape]
    if luhn { reasons.insert(.checkDigit) }
    if cued { reasons.insert(.leftCue) }
    if masked { reasons.insert(.masked) }
    let first = page.unit(word.start) &- 0x30
    var permille = length == 4 ? 900 : 450
    if length != 4 && luhn { permille = 800 }
    if first < 2 || first > 9 { permille -= 200 }
    if cued { permille = max(permille, 930) }
    if luhn && length == 4 { permille = 960 }
    add(.card, word.start..<end, "card.shape", permille, reasons)
    return permille >= Candidate.threshold ? end : nil
  }

  private mutating func americanExpress(_ word: Word) -> Int? {
    let parts = groups(word.start, separators: [0x2D, 0x20], limit: 4)
    guard parts.runs.count == 3, parts.length(1) == 6, parts.length(2) == 5,
      parts.length(0) == 4, page.has("3", at: word.start), luhnHolds(word.start..<parts.end)
    else { return nil }
    add(.card, word.start..<parts.end, "card.shape", 920, [.shape, .checkDigit])
    return parts.end
  }

  private func luhnHolds(_ range: Range<Int>) -> Bool {
    var sum = 0
    var double = false
    for index in range.reversed() where page.isDigit(index) {
      var digit = Int(page.unit(index) &- 0x30)
      if double {
        digit *= 2
        if digit > 9 { digit -= 9 }
      }
      sum += digit
      double.toggle()
    }
    return sum % 10 == 0
  }

  /// 운전면허: region 11 to 28, year, six digits, two more; or a region name, year, six, two.
  private mutating func driverLicence(_ word: Word) -> Int? {
    let parts = groups(word.start, separators: [0x2D], spaces: true, limit: 5)
    if parts.runs.count >= 4, parts.length(0) == 2, parts.length(1) == 2, parts.length(2) == 6,
      parts.length(3) == 2
    {
      let region = page.value(parts.runs[0])
      guard region >= 11 && region <= 28 else { return nil }
      let end = parts.runs[3].upperBound
      add(.driver, word.start..<end, "driver.shape", 955, .shape)
      return end
    }
    if parts.runs.count == 3, parts.length(0) == 2, parts.length(1) == 6, parts.length(2) == 2 {
      var before = word.start - 1
      if page.has("-", at: before) { before -= 1 }
      before = page.skipSpacesBack(before, limit: 2)
      var start = before
      while page.isHangul(start - 1) && before - start < 3 { start -= 1 }
      if page.isHangul(before), lexicon.classes(page, start..<before + 1).contains(.sido) {
        add(.driver, start..<parts.end, "driver.region", 955, [.shape, .placeName])
        return parts.end
      }
    }
    return nil
  }

  /// 17-24-002283: bank, year and serial of a unit of blood.
  private mutating func bloodUnit(_ word: Word) {
    guard word.end - word.start == 2, page.has("-", at: word.end) else { return }
    let parts = groups(word.start, separators: [0x2D], limit: 4)
    guard parts.runs.count == 3, parts.length(1) == 2, parts.length(2) == 6,
      !isWordGlue(parts.end), !page.has("-", at: word.start - 1)
    else { return }
    add(.id, word.start..<parts.end, "id.blood-unit", 720, .shape)
  }

  /// 20240519-0087, 240630-0811: a date and a serial.
  private mutating func datedSerial(_ word: Word) {
    let length = word.end - word.start
    guard length == 8 || length == 6, page.has("-", at: word.end),
      !page.has("-", at: word.start - 1)
    else { return }
    let offset = length - 6
    guard
      Calendar.exists(
        month: page.value(word.start + offset + 2..<word.start + offset + 4),
        day: page.value(word.start + offset + 4..<word.end)),
      length == 6
        ? page.value(word.start..<word.start + 2) <= 35
        : page.value(word.start..<word.start + 4) >= 1990
    else { return }
    let end = codeEnd(word.start, spaced: false)
    let tail = end - word.end - 1
    guard tail >= 2, tail <= 12, tail != 7 || length == 8 else { return }
    for index in word.start..<end where page.has(".", at: index) || page.has("/", at: index) {
      return
    }
    add(
      .id, word.start..<end, "id.dated", length == 8 ? 740 : tail < 7 ? 590 : 0,
      [.shape, .calendar])
  }
}
