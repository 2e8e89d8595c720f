/// Record numbers that no word announces, beside a person: a name, a birth date, sex and age.
extension Searcher {
  /// Where a person's own words end and start.
  private struct Persons {
    var ends: [Bool]
    var starts: [Bool]
    var covered: [Bool]

    init(count: Int) {
      ends = [Bool](repeating: false, count: count + 2)
      starts = ends
      covered = ends
    }

    mutating func note(_ start: Int, _ end: Int) {
      guard start >= 0, start < end, end < ends.count else { return }
      starts[start] = true
      ends[end] = true
    }
  }

  /// 유가람 / 20418837 / 1958.03.14생, 20418837 유가람 F/67, 55120983_JO_YOUNG_JE.dcm.
  mutating func findRecordNumbers() {
    var persons = Persons(count: page.count)
    for candidate in candidates where candidate.permille >= 560 {
      for index in candidate.start..<candidate.end { persons.covered[index] = true }
      switch candidate.type {
      case .name, .rrn:
        persons.note(candidate.start, candidate.end)
      case .date:
        if page.unit(candidate.end) == 0xC0DD {
          persons.note(candidate.start, candidate.end + 1)
        } else if announced(candidate.start, .cueBirth) {
          persons.note(candidate.start, candidate.end)
        }
      default: break
      }
    }
    for mark in headMarks {
      let range = headStretch(mark)
      persons.note(range.lowerBound, range.upperBound)
    }
    for word in words where word.kind == .digit { recordNumber(word, persons) }
  }

  /// The marks of sex and age around one of them: F/67, 67세 여, M 54.
  private func headStretch(_ mark: Int) -> Range<Int> {
    var start = mark
    while mark - start < 6, isHeadUnit(start - 1) { start -= 1 }
    while start < mark, page.isSpace(start) || page.has("/", at: start) { start += 1 }
    var end = mark + 1
    while end - mark < 7, isHeadUnit(end) { end += 1 }
    while end > mark + 1, page.isSpace(end - 1) || page.has("/", at: end - 1) { end -= 1 }
    // A long number is not an age.
    var digits = end
    while digits > mark, page.isDigit(digits - 1) { digits -= 1 }
    if end - digits > 3 || page.isDigit(end) {
      end = digits
      while end > mark + 1, !page.isHangul(end - 1), !page.isLatin(end - 1) { end -= 1 }
    }
    if page.isDigit(start), page.digitsEnd(start) - start > 3 || page.isDigit(start - 1) {
      start = mark
    }
    return start..<max(end, mark + 1)
  }

  private func isHeadUnit(_ index: Int) -> Bool {
    page.isDigit(index) || page.isSpace(index) || page.has("/", at: index)
      || page.unit(index) == 0xC138 || isSex(index)
  }

  private mutating func recordNumber(_ word: Word, _ persons: Persons) {
    let digits = word.end - word.start
    guard digits >= 5, digits <= 10, !page.isLatin(word.end) else { return }
    var start = word.start
    while page.isLatin(start - 1), word.start - start < 3 { start -= 1 }
    guard !isWordGlue(start - 1), digits >= (start < word.start ? 5 : 6),
      !persons.covered[start], !persons.covered[word.end - 1], standsAlone(start..<word.end)
    else { return }
    if start == word.start, isDatePlace(start..<word.end) { return }
    var permille = 0
    var reasons: Evidence = .shape
    if personBefore(start, persons) {
      permille = 730
      reasons.insert(.headerLine)
    } else if personAfter(word.end, persons), opensStretch(start) {
      permille = 700
      reasons.insert(.headerLine)
    }
    guard permille > 0 else { return }
    if announced(start, Self.otherNumbers) { return }
    if start < word.start { permille -= 60 }
    add(.mrn, start..<word.end, "mrn.person", permille, reasons)
  }

  private static let otherNumbers = WordClass.valueCue.subtracting([
    .cueMRN, .cueBirth, .cueAge, .cueDate,
  ])

  /// Not a part of a longer number, a decimal, an amount or a rate.
  private func standsAlone(_ range: Range<Int>) -> Bool {
    switch page.unit(range.lowerBound - 1) {
    case 0x2D, 0x2E, 0x2C, 0x3A, 0x7E, 0x2B, 0x3C, 0x3E, 0x3D, 0x24, 0x40:
      if !page.isBlank(range.lowerBound - 2) && !page.has(":", at: range.lowerBound - 1) {
        return false
      }
      if page.has("<", at: range.lowerBound - 1) || page.has("~", at: range.lowerBound - 1) {
        return false
      }
    default: break
    }
    let after = page.unit(range.upperBound)
    let next = range.upperBound + 1
    switch after {
    case 0x2D, 0x2E, 0x2C, 0x3A, 0x7E:
      return !page.isDigit(next)
    case 0x25, 0x5E, 0x3D:
      return false
    case 0x2F:
      return !page.isDigit(next) && (!page.isLatin(next) || isSex(next))
    default:
      let unit = page.skipSpaces(range.upperBound, limit: 1)
      return !page.isHangul(unit) || !Self.countUnits.contains(page.unit(unit))
        || page.isHangul(unit + 1)
    }
  }

  /// 20260112, 580314: digits that are a date are read as one.
  func isDatePlace(_ range: Range<Int>) -> Bool {
    guard range.count == 6 || range.count == 8,
      range.allSatisfy({ page.isDigit($0) })
    else { return false }
    let day = range.upperBound - 2
    guard
      Calendar.exists(
        month: page.value(day - 2..<day), day: page.value(day..<range.upperBound))
    else { return false }
    return range.count == 6
      || Calendar.plausible(year: page.value(range.lowerBound..<range.lowerBound + 4))
  }

  private func isPersonJoin(_ index: Int) -> Bool {
    switch page.unit(index) {
    case 0x20, 0x09, 0x2F, 0x7C, 0x2502, 0x28, 0x5B, 0x23, 0x5F, 0x5E, 0x2C, 0x29, 0x5D, 0xB7,
      0x3C:
      true
    default: false
    }
  }

  private func personBefore(_ start: Int, _ persons: Persons) -> Bool {
    var index = start
    while start - index < 5, isPersonJoin(index - 1) {
      index -= 1
      if persons.ends[index] { return true }
    }
    guard index < start else { return false }
    // 유가람님 20418837, 유가람 환자 20418837
    let stop = index
    while page.isHangul(index - 1), stop - index < 2 {
      index -= 1
      let person =
        lexicon.classes(page, index..<stop).contains(.honorific)
        || matches(Self.patients[0], at: index) || matches(Self.patients[1], at: index)
        || matches(Self.patients[2], at: index)
      guard person else { continue }
      if persons.ends[index] || page.isSpace(index - 1) && persons.ends[index - 1] { return true }
    }
    return false
  }

  private static let patients: [[UInt16]] = ["환자", "환아", "산모"].map { Array($0.utf16) }

  private func personAfter(_ end: Int, _ persons: Persons) -> Bool {
    var index = end
    while index - end < 5, isPersonJoin(index) {
      index += 1
      if persons.starts[index] { return true }
    }
    return false
  }

  /// Whether a number stands first in a line, a cell, a bracket or a file's name.
  private func opensStretch(_ start: Int) -> Bool {
    let before = page.skipSpacesBack(start - 1, limit: 6)
    if before < 0 || page.kind(before) == .newline || start - 1 - before > 1 { return true }
    switch page.unit(before) {
    case 0x2F, 0x7C, 0x2502, 0x28, 0x5B, 0x23, 0x5F, 0x2C, 0x29, 0x5D, 0x2E, 0xB7, 0x3A: return true
    default: return false
    }
  }

  /// Whether a bare number of six to ten digits starts here that is no amount.
  func isRecordNumber(_ start: Int) -> Bool {
    let end = page.digitsEnd(start)
    return end - start >= 6 && end - start <= 10 && !page.isLatin(end) && !page.isHangul(end)
      && standsAlone(start..<end)
  }

  /// EM 사공윤, 보고 02-25 옥지안: a run that closes a line behind a department's letters or a time.
  func signs(_ word: Word) -> Bool {
    let after = page.skipSpaces(word.end)
    guard after >= page.count || page.kind(after) == .newline, page.isSpace(word.start - 1)
    else { return false }
    let last = page.skipSpacesBack(word.start - 1, limit: 3)
    var first = last
    if page.kind(last) == .upper {
      while page.kind(first - 1) == .upper { first -= 1 }
      return last - first < 4 && last > first && !isWordGlue(first - 1)
        && lexicon.classes(page, first..<last + 1).isDisjoint(with: .ratioWord)
    }
    guard page.isDigit(last) else { return false }
    while page.isDigit(first - 1) { first -= 1 }
    return last - first == 1
      && (page.has("-", at: first - 1) || page.has(":", at: first - 1)
        || page.has("/", at: first - 1) || page.has(".", at: first - 1))
      && page.isDigit(first - 2)
  }
}
