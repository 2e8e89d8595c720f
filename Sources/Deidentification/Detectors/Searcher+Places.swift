/// Institutions: hospitals and organisations, by the word their name ends with.
extension Searcher {
  mutating func findPlaces() {
    var addressEnd = 0
    for index in words.indices {
      let word = words[index]
      switch word.kind {
      case .hangul:
        institution(word)
        if word.start >= addressEnd, let end = address(index) { addressEnd = end }
      case .digit:
        if word.start >= addressEnd, let end = address(index) { addressEnd = end }
      case .upper:
        englishInstitution(word)
        englishAddress(word)
        foreignPlace(word)
      case .lower, .han, .space, .newline, .other:
        break
      }
    }
    for cue in cues {
      if cue.classes.contains(.cueWorkplace) { announcedWorkplace(cue) }
      if cue.classes.contains(.cueAddress) { announcedEnglishAddress(cue) }
    }
    companyMarks()
  }

  private static let institutionEnds: WordClass = [.hospitalSuffix, .clinicSuffix, .orgSuffix]

  private mutating func institution(_ word: Word) {
    let limit = word.end
    var suffix: (start: Int, end: Int, classes: WordClass)?
    var index = word.start
    while index < limit {
      if let match = lexicon.longest(page, at: index, limit: limit, wanted: Self.institutionEnds) {
        // The later end wins; at the same end the longer word, which comes first.
        if suffix.map({ match.end > $0.end }) ?? true {
          suffix = (index, match.end, match.classes)
        }
      }
      index += 1
    }
    guard let suffix else {
      workplace(word)
      shortSchool(word)
      return
    }
    guard isNameTail(suffix.end, limit) else { return }
    let hospital = !suffix.classes.isDisjoint(with: [.hospitalSuffix, .clinicSuffix])
    var start = word.start
    var reasons: Evidence = .suffix
    let prefix = word.start..<suffix.start
    let generic =
      prefix.isEmpty || lexicon.classes(page, word.start..<suffix.end).contains(.genericPlace)
      || isGeneric(prefix)
    let left = leftPart(word.start)
    if let left, left.joins || generic {
      start = left.start
      reasons.insert(.neighbour)
    }
    if generic && start == word.start {
      add(
        hospital ? .hospital : .org, word.start..<suffix.end, "place.suffix", 0, .suffix,
        .genericPlace)
      return
    }
    if start == word.start && prefix.count == 1 {
      // 박내과: a surname before a clinic; one syllable names nothing else.
      let surname = lexicon.surnameWeight[Int(page.unit(word.start)) - 0xAC00] >= 2
      guard hospital, surname,
        suffix.classes.contains(.clinicSuffix) || suffix.end - suffix.start > 1
      else { return }
    }
    var permille = hospital ? 930 : 800
    if !hospital {
      let weak = isWeakOrganisation(suffix.start..<suffix.end)
      if weak {
        permille = 420
        if organisationContext(word.start, suffix.end) {
          permille = 760
          reasons.insert(.leftCue)
        } else if prefix.count >= 2 && isBracketed(start, suffix.end) {
          permille = 650
          reasons.insert(.bracketed)
        }
      }
    }
    var end = suffix.end
    if !hospital {
      // 제2대대 3중대
      let next = page.skipSpaces(end, limit: 1)
      if page.isDigit(next), reasons.contains(.neighbour) || page.isDigit(start) {
        let unit = page.digitsEnd(next)
        if page.isHangul(unit), page.unit(unit + 1) == 0xB300, !page.isHangul(unit + 2) {
          end = unit + 2
        }
      }
    }
    add(
      hospital ? .hospital : .org, start..<end, hospital ? "hospital.suffix" : "org.suffix",
      permille,
      reasons)
  }

  /// Whether what follows a name inside its run is grammar and not more of the word.
  private func isNameTail(_ start: Int, _ limit: Int) -> Bool {
    if start == limit { return true }
    let tail = lexicon.classes(page, start..<limit)
    if !tail.isDisjoint(with: [.particle, .title, .staffRole, .common]) { return true }
    if page.unit(start) == 0xC7A5 && (limit - start == 1 || limit - start == 2) { return true }
    if page.unit(start) == 0xC6A9 && limit - start == 1 { return true }
    return false
  }

  /// Whether a stretch is made of words that name no institution (departments, 본, 타, 동네).
  private func isGeneric(_ range: Range<Int>) -> Bool {
    let whole = lexicon.classes(page, range)
    if !whole.isDisjoint(with: [.clinical, .kinship, .staffRole, .title, .genericPlace]) {
      return true
    }
    var index = range.lowerBound
    while index < range.upperBound {
      guard
        let match = lexicon.longest(
          page, at: index, limit: range.upperBound, wanted: [.department, .genericPlace])
      else { return false }
      index = match.end
    }
    return true
  }

  /// The word before, where it belongs to the name: 동명대학교 성심병원, 면목본동 주민센터, 육군 제28.
  private func leftPart(_ start: Int) -> (start: Int, joins: Bool)? {
    var index = start
    var joins = false
    // 제28 or 2 glued on the left.
    if page.isDigit(index - 1) {
      while page.isDigit(index - 1) { index -= 1 }
      if page.unit(index - 1) == 0xC81C, !page.isHangul(index - 2) {
        index -= 1
      } else {
        // 아이튼튼365의원, 비산119안전센터
        while page.isHangul(index - 1) { index -= 1 }
      }
      joins = true
    } else if page.has("&", at: index - 1), page.isHangul(index - 2) {
      index -= 1
      while page.isHangul(index - 1) { index -= 1 }
      joins = true
    }
    for _ in 0..<2 {
      guard page.isSpace(index - 1), !page.isSpace(index - 2) else { break }
      var first = index - 1
      while page.isHangul(first - 1) || page.isDigit(first - 1) && page.isHangul(first) {
        first -= 1
      }
      guard first < index - 1, page.isHangul(first) else { break }
      let last = index - 2
      let range = first..<index - 1
      let kind = lexicon.classes(page, range)
      let two = page.unit(last - 1) == 0xD559 && page.unit(last) == 0xAD50
      let law = page.unit(last - 1) == 0xBC95 && page.unit(last) == 0xC778
      let foundation = page.unit(last - 1) == 0xC7AC && page.unit(last) == 0xB2E8
      let quarter =
        index == start && range.count >= 3
        && (page.unit(last) == 0xB3D9 || page.unit(last) == 0xC74D || page.unit(last) == 0xBA74
          || kind.contains(.sigungu))
      let army = kind == WordClass(rawValue: 0) && matches(Self.army, at: first)
      if (two || law || foundation) && range.count >= 4 || army {
        joins = true
      } else if !(quarter && !joins) {
        break
      }
      index = first
      if quarter { break }
    }
    return index < start ? (index, joins) : nil
  }

  private static let army = Array("육군".utf16)
  private static let strongOrganisations: [[UInt16]] = [
    "학교", "유치원", "어린이집", "대학", "은행", "교회", "성당", "경찰서", "지구대", "파출소", "소방서", "안전센터",
    "주민센터", "복지센터", "복지관", "지원센터", "상담센터", "보호센터", "재단", "협회", "대대", "여단", "사단", "연대",
    "기관", "금고", "손해보험", "화재", "상조", "출판사", "법률사무소", "법무법인", "수협", "농협", "신협", "어학당",
    "중공업", "물류", "제철", "엔지니어링", "스틸", "철강", "소프트", "로지스", "푸드", "가족센터", "사령부", "비행단",
    "도금", "바이오켐", "공단", "구청", "시청", "교도소", "구치소", "장례식장", "이송단", "보육원", "과학고", "기술고",
  ].map { Array($0.utf16) }

  private func isWeakOrganisation(_ range: Range<Int>) -> Bool {
    for word in Self.strongOrganisations where word.count <= range.count {
      if matches(word, at: range.upperBound - word.count) { return false }
    }
    return true
  }

  private static let workWords: [[UInt16]] = [
    "근무", "재직", "직원", "소속", "담당", "퇴직", "정년", "제출", "다니", "다님", "입사", "대리", "교사", "재학", "졸업",
    "학생", "인사과", "대표", "야간", "알바", "귀중", "보상", "재택", "출근", "배송", "사원", "생산직", "파견", "1학년",
    "2학년", "3학년", "4학년", "5학년", "6학년", "접수번호", "증권", "회원",
  ].map { Array($0.utf16) }

  private func organisationContext(_ start: Int, _ end: Int) -> Bool {
    let next = page.skipSpaces(end, limit: 2)
    for word in Self.workWords where matches(word, at: next) { return true }
    return announced(start, .cueWorkplace, reach: 6)
  }

  func isBracketed(_ start: Int, _ end: Int) -> Bool {
    (page.has("(", at: start - 1) || page.has("[", at: start - 1))
      && (page.has(")", at: end) || page.has("]", at: end) || page.has(",", at: end))
  }

  /// 가경초, 광주남초 교사: the short name of a school.
  private mutating func shortSchool(_ word: Word) {
    let last = page.unit(word.end - 1)
    guard word.end - word.start >= 3, word.end - word.start <= 6,
      last == 0xCD08 || last == 0xC911 || last == 0xACE0 || last == 0xB300
    else { return }
    let next = page.skipSpaces(word.end, limit: 1)
    var school = false
    for text in [
      "교사", "학생", "재학", "졸업", "1학년", "2학년", "3학년", "4학년", "5학년", "6학년", "5-", "6-", "4-", "3-",
      "2-", "1-",
    ] where matches(Array(text.utf16), at: next) { school = true }
    if announced(word.start, .cueWorkplace, reach: 4) { school = true }
    guard school, lexicon.classes(page, word.start..<word.end).isDisjoint(with: .notName) else {
      return
    }
    add(.org, word.start..<word.end, "org.school", 720, [.suffix, .rightCue])
  }

  /// ㈜오션로지스, 대경스틸㈜, 대신프레스공업(주), 주식회사 가나.
  private mutating func companyMarks() {
    for first in companySigns {
      let last = page.has("(", at: first) ? first + 3 : first + 1
      var end = page.skipSpaces(last, limit: 1)
      var start = first
      while page.isHangul(start - 1) || page.isLatin(start - 1) || page.isDigit(start - 1) {
        start -= 1
      }
      if start < first {
        guard lexicon.classes(page, start..<first).isDisjoint(with: .notName) else { continue }
        add(.org, start..<last, "org.company", 960, .shape)
        continue
      }
      let begin = end
      while page.isHangul(end) || page.isLatin(end) || page.isDigit(end) { end += 1 }
      if end > begin { add(.org, first..<end, "org.company", 950, .shape) }
    }
  }

  /// 직장명 X, 직장(X), 회사: X.
  private mutating func announcedWorkplace(_ cue: Cue) {
    let sign = page.skipSpaces(cue.end, limit: 1)
    let labelled = page.unit(cue.end - 1) == 0xBA85
    guard
      labelled || page.has("(", at: sign) || page.has(":", at: sign)
        || page.kind(cue.start) == .lower
    else { return }
    var start = sign
    while page.isSpace(start) || page.has(":", at: start) || page.has("(", at: start) {
      start += 1
      if start - sign > 12 { return }
    }
    guard page.isHangul(start) || page.kind(start) == .upper || page.unit(start) == 0x321C else {
      return
    }
    var end = start
    while end - start < 24 {
      if page.isHangul(end) || page.isLatin(end) || page.isDigit(end) || page.unit(end) == 0x321C
        || page.has("&", at: end)
      {
        end += 1
      } else if page.isSpace(end), !page.isSpace(end + 1), page.has("(", at: start - 1),
        page.isHangul(end + 1) || page.isLatin(end + 1)
      {
        end += 1
      } else {
        break
      }
    }
    while end > start, page.isSpace(end - 1) { end -= 1 }
    let first = wordEnd(start)
    guard end - start >= 2,
      lexicon.classes(page, start..<first).isDisjoint(with: .notName.union(.kinship)),
      !page.has(")", at: end) || end - start < 20
    else { return }
    if page.has(":", at: end)
      || page.has("(", at: start - 1) && !page.has(")", at: end)
        && !page.has(",", at: end)
    {
      return
    }
    add(.org, start..<end, "org.cue", labelled ? 850 : 620, .leftCue)
  }

  func wordEnd(_ start: Int) -> Int {
    var end = start
    while page.isHangul(end) { end += 1 }
    return end
  }

  // MARK: English institutions

  private mutating func englishInstitution(_ word: Word) {
    let kind = lexicon.classes(page, word.start..<word.end)
    guard page.kind(word.start) == .upper, !kind.isDisjoint(with: [.englishHospital, .englishOrg])
    else { return }
    let end = word.end
    var start = word.start
    var names = 0
    while names < 7 {
      var before = start - 1
      while page.isSpace(before) && start - before < 3
        || page.has(",", at: before) && page.isSpace(before + 1) && word.end - word.start <= 4
        || page.has(".", at: before) && page.isSpace(before + 1) && word.end - word.start <= 4
      {
        before -= 1
      }
      guard before < start - 1, start - 1 - before <= 2, page.isLatin(before) else { break }
      var first = before
      while page.isLatin(first - 1) || page.has("'", at: first - 1) || page.has("&", at: first - 1)
      {
        first -= 1
      }
      guard page.kind(first) == .upper || before - first < 3 && names > 0 else { break }
      if lexicon.classes(page, first..<before + 1).contains(.englishNameLabel) { break }
      start = first
      names += 1
    }
    while start < word.start, page.kind(start) == .lower {
      start = page.skipSpaces(page.latinEnd(start))
      names -= 1
    }
    // A heading is all capitals.
    let heading = (start..<end).allSatisfy { page.kind($0) != .lower }
    guard !heading, names > 0,
      lexicon.classes(page, start..<page.latinEnd(start)).isDisjoint(with: .englishWord)
        || names > 1
    else { return }
    let hospital = kind.contains(.englishHospital)
    var stop = end
    if page.has(".", at: stop), word.end - word.start <= 4 { stop += 1 }
    add(
      hospital ? .hospital : .org, start..<stop, "place.english", hospital ? 800 : 720,
      [.suffix, .foreign])
  }
}

extension Page {
  /// The index after the Latin letters at `start`.
  func latinEnd(_ start: Int) -> Int {
    var end = start
    while isLatin(end) { end += 1 }
    return end
  }
}
