/// What the trained tagger adds to the rules, and what it takes from them.
extension Searcher {
  /// How far ahead the tagger must be to add a name, another direct identifier or an indirect one.
  ///
  /// Sixteen is one unit of the natural logarithm of the odds. Chosen on notes of our own that the
  /// model had not seen, so that what is found stays more than nine times in ten an identifier.
  private static let leadOfName = 20
  private static let leadOfDirect = 30
  private static let leadOfIndirect = 90
  /// How far ahead it must be to draw other limits than a rule of the same confidence.
  private static let leadOverRule = 60
  /// How far ahead it must be to take an ordinary word for a name.
  private static let leadOfWord = 80
  /// How far ahead it must be to take figures alone for a number of somebody.
  private static let leadOfFigures = 50
  /// How far ahead outside must be for a rule's candidate to be refused.
  private static let leadOfVeto = 60
  /// Rules that are this sure need no tagger.
  private static let sure = 900

  /// Weighs the tagger's stretches against what the rules hold.
  ///
  /// A stretch that the rules do not have becomes a candidate where the tagger is far enough ahead;
  /// it outranks only what the rules are not sure of. A candidate that the rules are not sure of
  /// and in which the tagger finds nothing is refused.
  mutating func weigh(_ tagging: Tagger.Tagging, against rules: [Candidate]) {
    var held = [Int32](repeating: -1, count: page.count)
    for (number, rule) in rules.enumerated() {
      for unit in rule.start..<rule.end { held[unit] = Int32(number) }
    }
    for stretch in tagging.stretches {
      let units = trimmed(stretch.units)
      guard !units.isEmpty else { continue }
      var type = TagSet.kinds[stretch.kind]
      let lead = tagging.lead(stretch.units)
      if let number = units.lazy.map({ held[$0] }).first(where: { $0 >= 0 }) {
        let rule = rules[Int(number)]
        if rule.start == units.lowerBound && rule.end == units.upperBound { continue }
        let isWords = [.name, .address, .org, .hospital].contains(rule.type)
        guard lead >= Self.leadOverRule, isWords || rule.permille < Self.sure else { continue }
        if TagSet.kind(of: rule.type) == stretch.kind { type = rule.type }
      } else {
        guard lead >= needed(type, units), isPossible(type, units, lead) else { continue }
      }
      add(type, units, "trained", min(690, 500 + lead), .trained)
    }
    candidates.removeAll { candidate in
      guard candidate.type == .name, candidate.permille < Self.sure,
        !candidate.reasons.contains(.trained)
      else {
        return false
      }
      let units = candidate.start..<candidate.end
      return units.allSatisfy { tagging.tags[$0] == 0 } && tagging.lead(units) > Self.leadOfVeto
    }
    repeatNames()
  }

  private func needed(_ type: IdentifierType, _ units: Range<Int>) -> Int {
    guard type.isDirect else { return Self.leadOfIndirect }
    guard type == .name else { return Self.leadOfDirect }
    // Capitals alone are mostly an abbreviation.
    let capitals = units.allSatisfy { page.kind($0) == .upper }
    return capitals ? Self.leadOfIndirect : Self.leadOfName
  }

  /// Whether a stretch may be what the tagger says, by its form alone.
  private func isPossible(_ type: IdentifierType, _ units: Range<Int>, _ lead: Int) -> Bool {
    switch type {
    case .name:
      let kinds = lexicon.classes(page, units)
      // One syllable says nothing without what stands around it.
      return !units.contains { page.isDigit($0) } && page.count > 1
        && (kinds.isDisjoint(with: [.clinical, .department, .country])
          && (lead >= Self.leadOfWord || kinds.isDisjoint(with: .notName))
          || hasTitle(units.upperBound))
    case .hospital, .org:
      return lexicon.classes(page, units).isDisjoint(with: [.clinical, .common, .department])
    case .date: return isDateLike(units)
    case .phone:
      let figures = units.count { page.isDigit($0) }
      if units.contains(where: { page.isHangul($0) }) { return true }
      let first = page.unit(units.lowerBound)
      return figures >= 8
        && (first == 0x30 || first == 0x2B || first == 0x28 || lead >= Self.leadOfFigures)
    case .rrn: return isDateLike(units.lowerBound..<min(units.upperBound, units.lowerBound + 6))
    case .id, .mrn, .license, .device, .plate, .account, .sns:
      let figures = units.count { page.isDigit($0) }
      // Figures alone or with a unit after them are announced or nothing.
      return (figures < units.count || figures >= 6 && lead >= Self.leadOfFigures)
        && !isCatalogueCode(units)
        && (figures == 0 || !page.isHangul(units.upperBound - 1))
    default: return true
    }
  }

  private func hasTitle(_ end: Int) -> Bool {
    let start = page.skipSpaces(end, limit: 1)
    return lexicon.longest(page, at: start, limit: start + 8, wanted: [.title, .honorific]) != nil
  }

  /// Whether the figures of a stretch can be a month and a day or more of a date.
  private func isDateLike(_ units: Range<Int>) -> Bool {
    let isSpelled = !units.contains { page.isDigit($0) }
    if isSpelled || units.contains(where: { page.isLatin($0) }) {
      return !units.contains { page.isLatin($0) && page.isDigit($0 + 1) }
    }
    var groups: [Range<Int>] = []
    var index = units.lowerBound
    while index < units.upperBound {
      let end = page.digitsEnd(index)
      if end > index { groups.append(index..<end) }
      index = max(end, index + 1)
    }
    func isMonthAndDay(_ month: Int, _ day: Int) -> Bool {
      guard (1...12).contains(month) else { return false }
      return (1...[31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]).contains(day)
    }
    let values = groups.map { page.value($0) }
    switch values.count {
    case 1:
      let value = values[0]
      switch groups[0].count {
      case 4, 6, 8: return isMonthAndDay(value / 100 % 100, value % 100)
      default: return false
      }
    case 2:
      return groups.allSatisfy { $0.count <= 2 } && isMonthAndDay(values[0], values[1])
        || groups[0].count == 4 && (1900...2099).contains(values[0])
          && (1...12).contains(values[1])
    case 3: return isMonthAndDay(values[1], values[2]) || isMonthAndDay(values[0], values[1])
    default: return false
    }
  }

  /// `M6644`, `S83.50`, `REF 7209217`: codes of procedures, diseases and catalogues.
  private func isCatalogueCode(_ units: Range<Int>) -> Bool {
    var start = units.lowerBound
    if page.isLatin(start - 1) { start -= 1 }
    let figures = page.digitsEnd(start + 1) - start - 1
    if page.isLatin(start), (2...4).contains(figures) {
      var end = start + 1 + figures
      if page.has(".", at: end) { end = page.digitsEnd(end + 1) }
      if end >= units.upperBound, end - start <= 6 { return true }
    }
    let blank = page.skipSpacesBack(start - 1, limit: 2)
    let word = blank - 2..<blank + 1
    guard word.lowerBound >= 0 else { return false }
    let letters = word.map { page.folded($0) }
    return letters == [0x72, 0x65, 0x66] || letters == [0x65, 0x64, 0x69]
  }

  /// A stretch without blanks and marks at its ends.
  private func trimmed(_ units: Range<Int>) -> Range<Int> {
    var start = units.lowerBound
    var end = units.upperBound
    while start < end, page.isBlank(start) { start += 1 }
    while end > start, page.isBlank(end - 1) { end -= 1 }
    return start..<end
  }
}
