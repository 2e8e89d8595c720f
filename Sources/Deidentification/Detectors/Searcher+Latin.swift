/// Values that a Latin word or `@` gives away: addresses on the net, English dates, codes.
extension Searcher {
  mutating func latinValue(_ word: Word) {
    noteHeadMark(word)
    if page.isHangul(word.start - 1) || !isWordGlue(word.start - 1) { webAddress(word) }
    englishDate(word)
    shapedCode(word)
    looseCode(word)
    address6(word)
    siteNumber(word.start)
  }

  private mutating func noteHeadMark(_ word: Word) {
    guard word.end - word.start == 1, isSex(word.start) else { return }
    let next = page.skipSpaces(word.start + 1, limit: 3)
    let previous = page.skipSpacesBack(word.start - 1, limit: 1)
    if page.has("/", at: next) || page.has("/", at: previous) || page.isDigit(previous)
      || page.isDigit(next)
    {
      headMarks.append(word.start)
    }
  }

  // MARK: Net addresses

  private mutating func webAddress(_ word: Word) {
    let scheme =
      matches(Self.http, at: word.start) && page.has(":", at: word.end)
      && page.has("/", at: word.end + 1)
    let www =
      matches(Self.www, at: word.start) && word.end - word.start == 3 && page.has(".", at: word.end)
    guard scheme || www || bareDomain(word) else { return }
    var end = word.start
    while end < page.count, end - word.start < 2048, isAddressUnit(end) { end += 1 }
    while end > word.start, isTrailing(page.unit(end - 1)) {
      // A closing bracket stays where its opening is inside.
      end -= 1
    }
    if scheme, isMachine(word.end + 3, end) { return }
    guard end - word.start > 5, scheme || www || !page.has("@", at: word.start - 1) else { return }
    add(.url, word.start..<end, "url.shape", scheme || www ? 990 : 640, .shape)
  }

  /// http://10.20.7.15:8080: the address of a machine and no path is read as such.
  private func isMachine(_ start: Int, _ end: Int) -> Bool {
    let parts = groups(start, separators: [0x2E], limit: 4)
    guard parts.runs.count == 4 else { return false }
    var index = parts.end
    if page.has(":", at: index) { index = page.digitsEnd(index + 1) }
    if page.has("/", at: index) { index += 1 }
    return index >= end
  }

  private static let http = Array("http".utf16)
  private static let www = Array("www".utf16)
  private static let endings: [[UInt16]] = ["com", "net", "org", "kr", "jp", "io", "gov", "edu"].map
  {
    Array($0.utf16)
  }

  /// hospital.example.kr/refer: at least two dots' worth of name with a known ending, and a path.
  private func bareDomain(_ word: Word) -> Bool {
    guard page.has(".", at: word.end), !page.has("@", at: word.start - 1),
      !page.has(".", at: word.start - 1), !page.has("-", at: word.start - 1)
    else { return false }
    var index = word.end
    var dots = 0
    var last = index
    while page.isLatin(index) || page.isDigit(index) || page.has(".", at: index)
      || page.has("-", at: index)
    {
      if page.has(".", at: index) {
        guard page.isLatin(index + 1) else { break }
        dots += 1
        last = index + 1
      }
      index += 1
      if index - word.start > 80 { return false }
    }
    guard dots >= 1, !page.has("@", at: index), page.has("/", at: index) || dots >= 2 else {
      return false
    }
    return Self.endings.contains { $0.count == index - last && matches($0, at: last) }
  }

  private func isAddressUnit(_ index: Int) -> Bool {
    let unit = page.unit(index)
    return unit > 0x20 && unit < 0x7F && unit != 0x22 && unit != 0x3C && unit != 0x3E
      && unit != 0x29
      && unit != 0x28 && unit != 0x5D && unit != 0x7C
  }

  private func isTrailing(_ unit: UInt16) -> Bool {
    unit == 0x2E || unit == 0x2C || unit == 0x3B || unit == 0x27 || unit == 0x29 || unit == 0x3A
  }

  /// E-mail addresses, handles behind `@`, and the spelt-out forms `(at)` and `골뱅이`.
  mutating func findMailAndHandles() {
    for index in ats { mail(at: index, width: 1) }
    for word in words {
      if word.kind == .upper, word.end - word.start == 2, page.folded(word.start) == 0x61,
        page.folded(word.start + 1) == 0x74, isOpening(word.start - 1), isClosing(word.end)
      {
        mail(at: word.start - 1, width: 4)
      } else if word.kind == .hangul, matches(Self.at, at: word.start) {
        mail(at: word.start, width: 3)
      }
    }
  }

  private static let at = Array("골뱅이".utf16)

  private func isOpening(_ index: Int) -> Bool {
    page.has("(", at: index) || page.has("[", at: index)
  }
  private func isClosing(_ index: Int) -> Bool {
    page.has(")", at: index) || page.has("]", at: index)
  }

  private mutating func mail(at index: Int, width: Int) {
    let spelt = width > 1
    var left = index
    if spelt { while page.isSpace(left - 1) && index - left < 2 { left -= 1 } }
    var start = left
    while left - start < 64, isLocalUnit(start - 1) { start -= 1 }
    var right = index + width
    if spelt { while page.isSpace(right) && right - index - width < 2 { right += 1 } }
    var end = right
    var dots = 0
    while end - right < 120 {
      if isWordGlue(end) || page.has("-", at: end) && isWordGlue(end + 1) {
        end += 1
      } else if page.has(".", at: end), isWordGlue(end + 1) {
        dots += 1
        end += 1
      } else if spelt, let next = spokenDot(end) {
        dots += 1
        end = next
      } else {
        break
      }
    }
    while start < left, page.has(".", at: start) || page.has("-", at: start) { start += 1 }
    var lastLabel = end
    while lastLabel > right, !page.has(".", at: lastLabel - 1) { lastLabel -= 1 }
    if start < left, end > right, dots > 0 && page.isLatin(lastLabel) || spelt {
      add(.email, start..<end, spelt ? "email.spelt" : "email.shape", 990, .shape)
    } else if start == left, !spelt, end - index > 3, !isWordGlue(index - 1) {
      // @handle; a rate such as 0.75V@0.4ms or 7cm@lip has something before it.
      var stop = index + 1
      while isWordGlue(stop) || page.has("_", at: stop)
        || page.has(".", at: stop) && isWordGlue(stop + 1)
      {
        stop += 1
      }
      let letters = (index + 1..<stop).contains { page.isLatin($0) }
      if letters && !page.isDigit(index + 1) {
        add(.sns, index..<stop, "sns.at", 720, .shape)
      }
    }
  }

  /// ` 점 com`, `(dot)com`.
  private func spokenDot(_ index: Int) -> Int? {
    var next = page.skipSpaces(index, limit: 1)
    if page.unit(next) == 0xC810 || page.unit(next) == 0xB2F7 {
      next = page.skipSpaces(next + 1, limit: 1)
      return page.isLatin(next) ? next : nil
    }
    if isOpening(next), page.folded(next + 1) == 0x64, page.folded(next + 2) == 0x6F,
      page.folded(next + 3) == 0x74, isClosing(next + 4)
    {
      return page.isLatin(next + 5) ? next + 5 : nil
    }
    return nil
  }

  private func isLocalUnit(_ index: Int) -> Bool {
    if isWordGlue(index) { return page.unit(index) < 0x80 }
    switch page.unit(index) {
    case 0x2E, 0x5F, 0x2D, 0x2B, 0x25: return true
    default: return false
    }
  }

  // MARK: Machines

  private mutating func address6(_ word: Word) {
    var start = word.start
    while isHexadecimal(start - 1) || page.has(":", at: start - 1) && word.start - start < 40 {
      start -= 1
    }
    guard page.has(":", at: word.end) || page.has(":", at: word.start - 1) || start < word.start
    else { return }
    var end = start
    var colons = 0
    var pairs = 0
    var letters = 0
    while isHexadecimal(end) || page.has(":", at: end) {
      if page.has(":", at: end) {
        colons += 1
        if page.has(":", at: end + 1) { pairs += 1 }
      } else if page.isLatin(end) {
        letters += 1
      }
      end += 1
      if end - start > 46 { return }
    }
    guard !isWordGlue(end), colons == 7 || pairs == 1 && colons >= 3 && letters > 0 else {
      if colons == 5, end - start == 17, letters > 0 {
        add(.device, start..<end, "device.mac", 850, .shape)
      }
      return
    }
    add(.ip, start..<end, "ip.v6", 970, .shape)
  }

  private func isHexadecimal(_ index: Int) -> Bool {
    page.isDigit(index) || page.folded(index) &- 0x61 < 6
  }

  // MARK: Codes by shape

  /// Accession numbers with a letter and a year (S24-003318) and Korean passports.
  private mutating func shapedCode(_ word: Word) {
    let letters = word.end - word.start
    letteredSerial(word)
    guard letters <= 4, page.kind(word.start) == .upper, page.isDigit(word.end),
      !isWordGlue(word.start - 1), !page.has("-", at: word.start - 1)
    else { return }
    let end = page.digitsEnd(word.end)
    let digits = end - word.end
    if letters == 1, "MSROD".unicodeScalars.contains(where: { page.has($0, at: word.start) }) {
      if digits == 8 && !isWordGlue(end) && !page.has("-", at: end) {
        let cued = announced(word.start, .cuePassport, reach: 20)
        add(.passport, word.start..<end, "passport.shape", cued ? 975 : 720, .shape)
      } else if digits == 3, page.kind(end) == .upper, page.digitsEnd(end + 1) - end == 5,
        !isWordGlue(end + 5)
      {
        let cued = announced(word.start, .cuePassport, reach: 20)
        add(.passport, word.start..<end + 5, "passport.shape", cued ? 975 : 650, .shape)
      }
    }
    guard letters <= 3, page.has("-", at: end), page.isDigit(end + 1) else { return }
    var last = page.digitsEnd(end + 1)
    let serial = last - end - 1
    let year = page.value(word.end..<min(end, word.end + 2))
    if page.has("-", at: last), page.isDigit(last + 1) { last = page.digitsEnd(last + 1) }
    guard !isWordGlue(last), serial >= 3 || serial == 2 && digits == 6, serial <= 8, year <= 35,
      year >= 10,
      digits == 2 || digits == 4 || digits == 6
    else { return }
    add(.id, word.start..<last, "id.accession", serial >= 4 || digits == 6 ? 720 : 560, .shape)
  }

  /// C-2024-0007712, MW-24-0529-3: letters, a year or a date, a serial.
  private mutating func letteredSerial(_ word: Word) {
    guard word.end - word.start <= 4, page.kind(word.start) == .upper, page.has("-", at: word.end),
      !isWordGlue(word.start - 1), !page.has("-", at: word.start - 1)
    else { return }
    let digits = page.digitsEnd(word.end + 1)
    let count = digits - word.end - 1
    let value = page.value(word.end + 1..<digits)
    let year =
      count == 2 && value >= 10 && value <= 35 || count == 4 && value >= 1990 && value <= 2040
      || count == 8 && value / 10000 >= 1990 && value / 10000 <= 2040
      || count == 6 && value / 10000 >= 10 && value / 10000 <= 35
    guard year, page.has("-", at: digits), page.isDigit(digits + 1) else { return }
    let end = codeEnd(word.start, spaced: false)
    guard end - digits >= 3 else { return }
    add(.id, word.start..<end, "id.dated", 700, .shape)
  }

  /// A number in one of the hospital's own shapes.
  mutating func siteNumber(_ start: Int) {
    for shape in site.recordNumberShapes.prefix(16) where !shape.isEmpty && shape.count <= 32 {
      guard !isWordGlue(start - 1) else { return }
      var holds = true
      for (offset, byte) in shape.enumerated() {
        switch byte {
        case 0x23: holds = page.isDigit(start + offset)
        case 0x40: holds = page.isLatin(start + offset)
        default: holds = page.unit(start + offset) == UInt16(byte)
        }
        if !holds { break }
      }
      if holds && !isWordGlue(start + shape.count) {
        add(.mrn, start..<start + shape.count, "mrn.site", 925, .siteShape)
      }
    }
  }

  // MARK: English dates

  /// June 4, 2024; 25 May; Aug. 2023; 07MAR2024; 14 FEB 2024; May/5.
  private mutating func englishDate(_ word: Word) {
    guard word.end - word.start >= 3, word.end - word.start <= 9,
      page.kind(word.start) == .upper || page.isDigit(word.start - 1),
      lexicon.classes(page, word.start..<word.end).contains(.month)
    else { return }
    // Day before: 25 May, 07MAR, 03-Nov.
    var start = word.start
    var day = 0
    var left = word.start - 1
    if page.isSpace(left) || page.has("-", at: left) || page.has(".", at: left) { left -= 1 }
    if page.isLatin(left), page.isLatin(left - 1), page.isDigit(left - 2) { left -= 2 }
    if page.isDigit(left) {
      var first = left
      while page.isDigit(first - 1) { first -= 1 }
      if left - first < 2, !isWordGlue(first - 1), !page.has(".", at: first - 1),
        !page.has("/", at: first - 1)
      {
        let value = page.value(first..<left + 1)
        if value >= 1 && value <= 31 {
          day = value
          start = first
        }
      }
    }
    var index = word.end
    if page.has(".", at: index) { index += 1 }
    var right = index
    while right - index < 2,
      page.isSpace(right) || page.has("-", at: right) || page.has(",", at: right)
        || page.has("/", at: right) || page.has("'", at: right)
    {
      right += 1
    }
    var end = word.end
    var year = false
    let numberEnd = page.digitsEnd(right)
    let count = numberEnd - right
    if count == 4, Calendar.plausible(year: page.value(right..<numberEnd)), !page.isLatin(numberEnd)
    {
      end = numberEnd
      year = true
    } else if count == 2, day > 0,
      page.has("-", at: right - 1) || page.has("'", at: right - 1)
        || right == word.end
    {
      end = numberEnd
      year = true
    } else if count >= 1, count <= 2, day == 0, right > word.end {
      let value = page.value(right..<numberEnd)
      guard value >= 1, value <= 31, !page.has(":", at: numberEnd) || !page.isDigit(numberEnd + 1)
      else { return }
      day = value
      end = numberEnd
      if page.isLatin(end), page.isLatin(end + 1), !page.isLatin(end + 2) { end += 2 }
      var tail = end
      if page.has(",", at: tail) { tail += 1 }
      tail = page.skipSpaces(tail, limit: 1)
      let yearEnd = page.digitsEnd(tail)
      if yearEnd - tail == 4, Calendar.plausible(year: page.value(tail..<yearEnd)) {
        end = yearEnd
        year = true
      }
    }
    guard day > 0 || year else { return }
    guard !isWordGlue(end) else { return }
    add(.date, start..<end, "date.english", year ? 970 : 900, [.shape, .calendar])
  }
}
