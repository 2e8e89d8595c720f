/// Values that a word before them announces.
extension Searcher {
  /// Reads the value after a cue.
  mutating func announcedValue(_ cue: Cue) {
    let kinds = cue.classes
    if kinds.contains(.cueExtension) { announcedExtension(cue) }
    if kinds.contains(.cuePhone) { announcedPhone(cue) }
    if kinds.contains(.cueSNS) { announcedHandle(cue) }
    if kinds.contains(.cueLicense) { announcedLicence(cue) }
    if kinds.contains(.cueAccount) { announcedAccount(cue) }
    if kinds.contains(.cueRRN) { announcedRegistration(cue) }
    if kinds.contains(.cuePassport) {
      announcedCode(cue, .passport, "passport.cue", 960, digits: 6...10, length: 7...12)
    }
    if kinds.contains(.cueDriver) {
      announcedCode(cue, .driver, "driver.cue", 940, digits: 6...14, length: 8...20)
    }
    if kinds.contains(.cueInsurance) {
      announcedCode(cue, .insurance, "insurance.cue", 945, digits: 7...16, length: 8...24)
    }
    if kinds.contains(.cueDevice) {
      announcedCode(cue, .device, "device.cue", 940, digits: 2...20, length: 4...30)
    }
    if kinds.contains(.cueID) {
      announcedCode(cue, .id, "id.cue", 920, digits: 2...24, length: 3...40)
    }
    if kinds.contains(.cueMRN) {
      announcedCode(cue, .mrn, "mrn.cue", 915, digits: 3...14, length: 3...20)
    }
  }

  private static let connectives: [[UInt16]] = [
    "번호", "number", "no.", "no", "num", "id", "증", "제", "사본", "는", "은", "가", "이", "을", "를", "코드",
    "뒷자리", "앞자리", "확인", "기호", "당시", "바우처", "ref", "로", "라벨",
    "임시", "환자",
  ].map { Array($0.utf16) }

  /// The first unit of the value behind a cue: blanks, signs and connecting words are passed over.
  func valueStart(_ end: Int) -> Int? {
    var index = end
    var passed = false
    while index - end < 24 {
      let unit = page.unit(index)
      if page.isDigit(index) { return index }
      if page.isHangul(index) || page.isLatin(index) {
        if passed || index > end || page.isHangul(index) {
          var matched = 0
          for word in Self.connectives where matches(word, at: index) {
            let next = index + word.count
            let wholeLatin =
              !page.isLatin(index)
              || !page.isLatin(next) && !page.isDigit(next) && !page.has("-", at: next)
            if wholeLatin && (!page.isHangul(index) || word.count > 1 || !page.isHangul(next)) {
              matched = word.count
              break
            }
          }
          if matched > 0 {
            index += matched
            passed = true
            continue
          }
        }
        return page.isLatin(index) && index > end ? index : nil
      }
      switch unit {
      case 0x20, 0x09, 0x3A, 0x2E, 0x23, 0x3D, 0x28, 0x29, 0x5B, 0x22, 0x27, 0x7C, 0x2502, 0x261E,
        0x260E, 0x260F, 0x2706, 0x5D, 0x25A0, 0x2192, 0x3014, 0x3E:
        index += 1
      case 0x2D where index > end || !page.isDigit(index + 1):
        index += 1
      case 0x2B, 0x40:
        return index
      case 0x0A where index - end <= 2 && page.has(":", at: index - 1):
        index += 1
      case let other where isMask(index) && other != 0x23:
        return index
      default:
        return nil
      }
    }
    return nil
  }

  /// The code that starts at a place: letters, digits and joiners between them.
  func codeEnd(_ start: Int, spaced: Bool) -> Int {
    var index = start
    while index - start < 64 {
      if isWordGlue(index) || page.has("*", at: index) {
        index += 1
      } else if isJoiner(index), isWordGlue(index + 1) || page.has("*", at: index + 1) {
        index += 1
      } else if page.isHangul(index), page.has("-", at: index - 1), hangulPartEnd(index) > index {
        index = hangulPartEnd(index)
      } else if page.has("-", at: index), page.isHangul(index + 1), hangulPartEnd(index + 1) > 0 {
        index += 1
      } else if spaced, page.isSpace(index), digitGroupFollows(index + 1, from: start) {
        index = page.digitsEnd(index + 1)
      } else {
        break
      }
    }
    return index
  }

  private func isJoiner(_ index: Int) -> Bool {
    switch page.unit(index) {
    case 0x2D, 0x5F, 0x2F, 0x2E: true
    default: false
    }
  }

  /// 2023-원주-018842: the end of a short Hangul part between hyphens; 0 where it is none.
  private func hangulPartEnd(_ start: Int) -> Int {
    var end = start
    while page.isHangul(end) && end - start < 5 { end += 1 }
    return page.has("-", at: end) && page.isDigit(end + 1) ? end : 0
  }

  /// Whether a group of two to four digits follows a code of such groups.
  private func digitGroupFollows(_ start: Int, from first: Int) -> Bool {
    let end = page.digitsEnd(start)
    guard end - start >= 2, end - start <= 7, !page.isLatin(end), !page.isHangul(end) else {
      return false
    }
    switch page.unit(end) {
    case 0x2D, 0x2E, 0x2F, 0x3A, 0x25: return false
    default: break
    }
    var before = start - 2
    while page.isDigit(before) { before -= 1 }
    let group = start - 2 - before
    return group >= 2 && group <= 4 && !page.has("-", at: before)
      || page.isLatin(start - 2)
        && start - 1 - first <= 4
  }

  private mutating func announcedCode(
    _ cue: Cue, _ type: IdentifierType, _ detector: StaticString, _ permille: Int,
    digits: ClosedRange<Int>, length: ClosedRange<Int>
  ) {
    guard var start = valueStart(cue.end) else { return }
    let spaced = type != .id && type != .driver
    for position in 0..<12 {
      let end = codeEnd(start, spaced: spaced)
      guard end > start, judgeCode(start..<end, cue, type, detector, permille, digits, length)
      else { return }
      // Further values of the same kind.
      var next = page.skipSpaces(end, limit: 2)
      guard page.has(",", at: next) || page.has("/", at: next) || page.has("~", at: next),
        position < 11
      else { return }
      next = page.skipSpaces(next + 1, limit: 2)
      guard isWordGlue(next), sameShape(start..<end, next) else { return }
      start = next
    }
  }

  private func sameShape(_ first: Range<Int>, _ start: Int) -> Bool {
    let end = codeEnd(start, spaced: false)
    guard abs(end - start - first.count) <= 1 else { return false }
    return page.isDigit(first.lowerBound) == page.isDigit(start) || first.count == end - start
  }

  private mutating func judgeCode(
    _ range: Range<Int>, _ cue: Cue, _ type: IdentifierType, _ detector: StaticString,
    _ permille: Int, _ digits: ClosedRange<Int>, _ length: ClosedRange<Int>
  ) -> Bool {
    var range = range
    // A sentence's full stop or a path's slash at the end is none of the code.
    var count = 0
    var dots = 0
    for index in range {
      if page.isDigit(index) { count += 1 }
      if page.has(".", at: index) || page.has("/", at: index) { dots += 1 }
    }
    if type == .mrn && dots > 0 || type == .device && dots > 0 {
      // 30219945/M: the code ends at the first slash or dot.
      if let cut = range.first(where: { page.has("/", at: $0) || page.has(".", at: $0) }) {
        range = range.lowerBound..<cut
        count = range.reduce(0) { $0 + (page.isDigit($1) ? 1 : 0) }
      }
    }
    guard digits.contains(count), length.contains(range.count) else { return false }
    var permille = permille
    let numbered = cueSaysNumber(cue)
    let after = page.unit(range.upperBound)
    if after == 0x25 || after == 0x3A
      || page.isHangul(range.upperBound) && isCounter(range.upperBound)
    {
      return false
    }
    if coversDate(range) {
      // A date in place of the number, unless the word itself says number.
      permille = numbered && type != .device ? 925 : 300
      if page.has(".", at: range.lowerBound + 4) { permille = 300 }
    } else if !numbered {
      // A bare word (검체, 접수, 문서, 차트) needs a code and not a quantity.
      let bare =
        range.count == count && count < 5
        || range.count <= 6 && page.isDigit(range.lowerBound) && page.isLatin(range.upperBound - 1)
      permille = bare ? (type == .mrn && count == 4 ? 700 : 350) : permille - 130
      if isPhone(range) { permille = 300 }
    }
    if type == .mrn && range.count == count && count == 3 { permille = 520 }
    if cue.end - cue.start <= 3, page.folded(cue.start) == 0x6E, type == .mrn {
      permille = bareNumber(range, cue)
      if permille == 0 { return false }
    }
    if type == .id, isDiseaseCode(range) { return false }
    if type == .insurance, isPhone(range) { permille = 350 }
    add(type, range, detector, permille, .leftCue)
    return permille >= Candidate.threshold
  }

  /// K80.0, I50: a code of the classification of diseases.
  private func isDiseaseCode(_ range: Range<Int>) -> Bool {
    let start = range.lowerBound
    guard page.kind(start) == .upper, page.digitsEnd(start + 1) - start == 3 else { return false }
    return range.count == 3
      || page.has(".", at: start + 3) && range.count <= 6
        && page.digitsEnd(start + 4) == range.upperBound
  }

  /// `No. X`: a code with a letter and a year is an event's, the rest is a chart number.
  private mutating func bareNumber(_ range: Range<Int>, _ cue: Cue) -> Int {
    let next = page.unit(cue.end)
    guard
      next == 0x2E || next == 0x29 || next == 0x3A || page.has(".", at: cue.end - 1)
        || page.has(")", at: cue.end - 1)
    else { return 0 }
    var count = 0
    var letters = 0
    for index in range {
      if page.isDigit(index) { count += 1 } else if page.isLatin(index) { letters += 1 }
    }
    guard count >= 5, !coversDate(range), !isPhone(range) else { return 0 }
    if followsHeadMark(cue.start) { return 740 }
    if letters > 0 && letters < 4 && page.isLatin(range.lowerBound) && range.count > 9 {
      add(.id, range, "id.number", 720, .leftCue)
      return 600
    }
    return 700
  }

  /// Whether a mark of sex and age stands shortly before; a binary search, marks may be many.
  private func followsHeadMark(_ start: Int) -> Bool {
    var low = 0
    var high = headMarks.count
    while low < high {
      let middle = (low + high) / 2
      if headMarks[middle] < start { low = middle + 1 } else { high = middle }
    }
    return low > 0 && start - headMarks[low - 1] < 60
  }

  private func isCounter(_ index: Int) -> Bool {
    switch page.unit(index) {
    case 0xC77C, 0xAC1C, 0xD68C, 0xC138, 0xBA85, 0xC6D4, 0xC2DC, 0xBD84, 0xC8FC, 0xCC28, 0xAC74,
      0xC7A5,
      0xC6D0, 0xB9CC, 0xB144, 0xC885, 0xB4F1, 0xB2E8, 0xCE35:
      true
    default: false
    }
  }

  private func cueSaysNumber(_ cue: Cue) -> Bool {
    if page.isHangul(cue.end - 1) {
      return page.unit(cue.end - 1) == 0xD638 && page.unit(cue.end - 2) == 0xBC88
        || followsNumberWord(cue.end) || cue.classes.contains(.cueInsurance)
        || !cue.classes.isDisjoint(with: [.cuePassport, .cueDriver, .cueDevice])
    }
    return true
  }

  private func followsNumberWord(_ end: Int) -> Bool {
    let index = page.skipSpaces(end, limit: 1)
    return page.unit(index) == 0xBC88 && page.unit(index + 1) == 0xD638
      || page.folded(index) == 0x6E && page.folded(index + 1) == 0x6F
      || page.folded(index) == 0x69 && page.folded(index + 1) == 0x64 && !page.isLatin(index + 2)
  }

  private func isPhone(_ range: Range<Int>) -> Bool {
    page.has("0", at: range.lowerBound) && page.has("1", at: range.lowerBound + 1)
      && page.has("0", at: range.lowerBound + 2) && range.count >= 10
  }

  /// Whether a date has been found that starts where this does and covers it.
  func coversDate(_ range: Range<Int>) -> Bool {
    var low = 0
    var high = dates.count
    while low < high {
      let middle = (low + high) / 2
      if dates[middle].lowerBound < range.lowerBound { low = middle + 1 } else { high = middle }
    }
    return low < dates.count && dates[low].lowerBound == range.lowerBound
      && dates[low].upperBound >= range.upperBound - 1
  }

  private mutating func announcedLicence(_ cue: Cue) {
    guard let start = valueStart(cue.end), page.isDigit(start) else { return }
    var end = page.digitsEnd(start)
    // 자격 alone is a word of every day: only 자격 제…호.
    if cue.end - cue.start == 2, page.unit(cue.start) == 0xC790, page.unit(start - 1) != 0xC81C {
      return
    }
    if page.has("-", at: end), end - start <= 2, page.unit(start - 1) == 0xC81C {
      end = codeEnd(start, spaced: false)
      if page.unit(end) == 0xD638 {
        add(.license, start..<end, "license.cue", 940, .leftCue)
        return
      }
      end = page.digitsEnd(start)
    }
    if page.has(",", at: end), page.digitsEnd(end + 1) - end == 4 { end += 4 }
    var count = 0
    for index in start..<end where page.isDigit(index) { count += 1 }
    if page.has("-", at: end), page.isDigit(end + 1) {
      end = codeEnd(start, spaced: false)
      count = (start..<end).reduce(0) { $0 + (page.isDigit($1) ? 1 : 0) }
    }
    guard count >= 3 && count <= 10,
      !isWordGlue(end), !page.has(":", at: end), !page.isHangul(end) || !isCounter(end)
    else { return }
    if coversDate(start..<end) && !cueSaysNumber(cue) { return }
    add(.license, start..<end, "license.cue", 940, .leftCue)
  }

  private mutating func announcedRegistration(_ cue: Cue) {
    guard let start = valueStart(cue.end) else { return }
    let end = page.digitsEnd(start)
    if end - start == 6 && !page.has("-", at: end) && !isWordGlue(end) {
      let month = page.value(start + 2..<start + 4)
      let day = page.value(start + 4..<start + 6)
      guard Calendar.exists(month: month, day: day) else { return }
      add(.rrn, start..<end, "rrn.front", 940, [.leftCue, .calendar])
    } else if end - start == 7 && page.value(start..<start + 1) <= 8 && !isWordGlue(end) {
      add(.rrn, start..<end, "rrn.back", 780, .leftCue)
    } else if end - start == 13 {
      add(.rrn, start..<end, "rrn.cue", 800, .leftCue)
    }
  }

  /// 계좌번호 한들은행 356-1182-4470-13: the number may stand behind the bank's name.
  private mutating func announcedAccount(_ cue: Cue) {
    var index = cue.end
    while index < min(page.count, cue.end + 32), page.kind(index) != .newline {
      if page.isDigit(index) && !isWordGlue(index - 1) {
        let end = accountEnd(index)
        if end > index {
          add(.account, index..<end, "account.cue", 950, .leftCue)
        } else if page.digitsEnd(index) - index > 3 {
          return
        }
        if end > index { return }
        index = page.digitsEnd(index)
      } else if page.kind(index) == .upper && page.kind(index + 1) == .upper
        && page.isDigit(index + 2) && page.isDigit(index + 3)
      {
        // IBAN: country, check digits, groups of four.
        var end = index + 4
        while isWordGlue(end) || page.isSpace(end) && isWordGlue(end + 1) && end - index < 40 {
          end += 1
        }
        if end - index >= 15 {
          add(.account, index..<end, "account.iban", 955, [.leftCue, .shape])
        }
        return
      } else {
        index += 1
      }
    }
  }

  /// The end of a bank account number of 8 to 16 digits at a place; the place itself where none is.
  func accountEnd(_ start: Int) -> Int {
    var index = start
    var digits = 0
    while page.isDigit(index) || page.has("-", at: index) && page.isDigit(index + 1)
      || page.has("*", at: index)
    {
      if !page.has("-", at: index) { digits += 1 }
      index += 1
      if index - start > 24 { return start }
    }
    guard digits >= 8, digits <= 16, !page.isLatin(index), !page.has("/", at: index) else {
      return start
    }
    if coversDate(start..<index) || registeredPhone(start) { return start }
    return index
  }

  private func registeredPhone(_ start: Int) -> Bool {
    page.has("0", at: start) && page.has("1", at: start + 1) && page.has("0", at: start + 2)
      && page.has("-", at: start + 3)
  }
}
