/// What a word is in an address.
enum AddressPart {
  case province, district, quarter, road, number, unit, building, other
}

/// The words of an address.
extension Searcher {
  /// The start of the next part: after one blank or comma, or on the next line.
  func nextPart(_ end: Int, _ count: Int) -> Int? {
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
  func bracketPart(_ index: Int, _ last: AddressPart) -> Int? {
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

  func numberFollows(_ end: Int) -> Bool {
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
  func isHouseNumber(_ start: Int) -> Bool {
    let end = page.digitsEnd(start)
    return end - start >= 2 && end - start <= 4
      && (page.has("-", at: end) || page.has("/", at: end))
      && page.digitsEnd(end + 1) - end >= 3
  }

  /// The address word at a place, with its end (particles left out).
  func part(
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
  func roadFollows(_ end: Int) -> Bool {
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
}
