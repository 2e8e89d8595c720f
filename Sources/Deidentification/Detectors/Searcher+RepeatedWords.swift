/// Parts of a name in Latin letters and short names of institutions, once the whole is known.
extension Searcher {
  // MARK: Latin names

  /// Callum Whitfield, later only Callum or Mr. Whitfield.
  mutating func repeatRomanNames() {
    var parts: [UInt64: Range<Int>] = [:]
    var taken = Set<Int>()
    for candidate in candidates where candidate.type == .name && candidate.permille >= 640 {
      guard page.kind(candidate.start) == .upper else { continue }
      var index = candidate.start
      while index < candidate.end {
        guard page.isLatin(index) else {
          index += 1
          continue
        }
        let end = min(page.latinEnd(index), candidate.end)
        taken.insert(index)
        if isTellingPart(index..<end) {
          let key = letterKey(index..<end)
          if parts[key] == nil { parts[key] = index..<end }
        }
        index = end
      }
    }
    guard !parts.isEmpty else { return }
    for word in words where word.kind == .upper && page.kind(word.start) == .upper {
      guard !taken.contains(word.start), let model = parts[letterKey(word.start..<word.end)],
        same(model, word.start..<word.end), !isWordGlue(word.start - 1), !page.isDigit(word.end),
        !page.has("@", at: word.start - 1), !page.has(".", at: word.start - 1)
      else { continue }
      if let last = candidates.last, last.type == .name, last.end > word.start { continue }
      add(.name, word.start..<word.end, "name.roman-repeated", 700, [.repeated, .romanised])
    }
  }

  /// Four letters and more that are no word of the lists.
  private func isTellingPart(_ range: Range<Int>) -> Bool {
    guard range.count >= 4, page.kind(range.lowerBound) == .upper else { return false }
    let kind = lexicon.classes(page, range)
    return kind.isDisjoint(with: [
      .englishWord, .englishNameLabel, .eponym, .month, .englishHospital, .englishOrg, .country,
      .place, .romanSurname,
    ])
  }

  private func same(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
    left.count == right.count
      && (0..<left.count).allSatisfy {
        page.folded(left.lowerBound + $0) == page.folded(right.lowerBound + $0)
      }
  }

  private func letterKey(_ range: Range<Int>) -> UInt64 {
    range.reduce(0xCBF2_9CE4_8422_2325) {
      ($0 ^ UInt64(page.folded($1))) &* 0x0000_0100_0000_01B3
    }
  }

  // MARK: Institutions

  private static let institutionTails: [[UInt16]] = [
    "학교병원", "병원", "의원", "요양원", "요양병원", "학교", "은행", "교회", "어린이집",
  ].map { Array($0.utf16) }

  /// 서해대학교병원, later only 서해대; 한결요양병원, later only 한결요양.
  mutating func repeatInstitutions() {
    var stems: [UInt64: (range: Range<Int>, type: IdentifierType)] = [:]
    for candidate in candidates
    where (candidate.type == .hospital || candidate.type == .org) && candidate.permille >= 640 {
      for tail in Self.institutionTails {
        let end = candidate.end - tail.count
        let stem = candidate.start..<max(end, candidate.start)
        guard stem.count >= 3, stem.count <= 8, matches(tail, at: end),
          stem.allSatisfy({ page.isHangul($0) }),
          lexicon.classes(page, stem).isDisjoint(
            with: WordClass.notName.union([.sigungu, .place, .surname]))
        else { continue }
        let key = letterKey(stem)
        if stems[key] == nil { stems[key] = (stem, candidate.type) }
      }
    }
    guard !stems.isEmpty else { return }
    let tails: WordClass = [.particle, .hospitalSuffix, .clinicSuffix, .department]
    for word in words where word.kind == .hangul && word.end - word.start >= 3 {
      for count in 3...min(8, word.end - word.start) {
        let range = word.start..<word.start + count
        guard let stem = stems[letterKey(range)], same(stem.range, range) else { continue }
        let rest = range.upperBound..<word.end
        guard rest.isEmpty || !lexicon.classes(page, rest).isDisjoint(with: tails) else {
          continue
        }
        add(stem.type, range, "place.repeated", 660, [.repeated, .placeName])
      }
    }
  }
}
