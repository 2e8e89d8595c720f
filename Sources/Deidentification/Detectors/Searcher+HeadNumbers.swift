/// Numbers in the head of a record that no word announces.
extension Searcher {
  /// 홍길동 (M/63) 118-4472: an unnamed code beside the marks of sex and age is a chart number.
  mutating func findHeadNumbers() {
    let names = candidates.filter { $0.type == .name && $0.permille >= 600 }
    guard !headMarks.isEmpty || !names.isEmpty else { return }
    var covered = [Bool](repeating: false, count: page.count)
    for candidate in candidates where candidate.permille >= 600 {
      for index in candidate.start..<candidate.end { covered[index] = true }
    }
    for name in names {
      // 홍길동 20481173, 홍길동(20481173)
      var index = name.end
      while index - name.end < 5,
        page.isSpace(index) || page.has("(", at: index) || page.has("/", at: index)
          || page.has("|", at: index) || page.has("[", at: index)
      {
        index += 1
      }
      guard index > name.end, page.isDigit(index) || page.kind(index) == .upper else { continue }
      let end = codeEnd(index, spaced: false)
      if end - index >= 7 { headNumber(index..<end, covered) }
    }
    for mark in headMarks {
      var index = mark
      // Rightwards, then leftwards, as far as the line goes.
      while index < page.count, index - mark < 70, page.kind(index) != .newline {
        if page.isDigit(index) || page.isLatin(index), !isWordGlue(index - 1),
          !page.has("-", at: index - 1)
        {
          // WBC 13200 is a value; a code that starts with letters has no space in it.
          let end = codeEnd(index, spaced: page.isDigit(index))
          headNumber(index..<max(end, index + 1), covered)
          index = max(end, index + 1)
        } else {
          index += 1
        }
      }
      index = mark - 1
      while index >= 0, mark - index < 70, page.kind(index) != .newline {
        if page.isDigit(index), !isWordGlue(index - 1),
          !page.has("-", at: index - 1) || !isWordGlue(index - 2)
        {
          headNumber(index..<codeEnd(index, spaced: false), covered)
        }
        index -= 1
      }
    }
  }

  /// Rm 6103-2, Bed 12, 병실 1021-02.
  private func isRoom(_ start: Int) -> Bool {
    let before = page.skipSpacesBack(start - 1, limit: 2)
    var first = before
    while page.isLatin(first - 1) { first -= 1 }
    for word in Self.rooms where matches(word, at: first) && before - first + 1 == word.count {
      return true
    }
    return page.unit(before) == 0xC2E4 || page.unit(before) == 0xB3D9
      || page.has("#", at: start - 1)
  }

  private static let rooms: [[UInt16]] = [
    "rm", "room", "bed", "ward", "t", "f", "tel", "fax", "ref",
  ].map { Array($0.utf16) }

  private mutating func headNumber(_ range: Range<Int>, _ covered: [Bool]) {
    var digits = 0
    for index in range {
      if covered[index] || page.has(".", at: index) || page.has("/", at: index) { return }
      if page.isDigit(index) { digits += 1 }
    }
    let after = page.skipSpaces(range.upperBound, limit: 1)
    guard digits >= 5, digits <= 12, range.count - digits <= 5,
      !page.has(",", at: range.lowerBound - 1),
      !page.has(".", at: range.lowerBound - 1), !page.has(":", at: after),
      !page.has("/", at: after),
      !page.isHangul(range.upperBound), !page.has("-", at: range.lowerBound - 1)
    else { return }
    if page.unit(after) == 0xC0DD, isDatePlace(range) { return }
    // WBC 13200: a short number behind a Latin word is that word's value.
    let word = page.skipSpacesBack(range.lowerBound - 1, limit: 1)
    if digits < 7, digits == range.count, page.isLatin(word), page.isLatin(word - 1) { return }
    // 128-76-82: vital signs have short groups only.
    var longest = 0
    var run = 0
    for index in range {
      run = page.isDigit(index) ? run + 1 : 0
      longest = max(longest, run)
    }
    guard longest >= 4, !isRoom(range.lowerBound),
      !announced(range.lowerBound, [.cuePhone, .cueExtension])
    else { return }
    add(.mrn, range, "mrn.head", 700, [.headerLine, .shape])
  }
}
