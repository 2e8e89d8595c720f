/// A run of one kind of unit.
struct Word {
  var start: Int
  var end: Int
  var kind: UnitKind
}

/// A word that announces a value.
struct Cue {
  var start: Int
  var end: Int
  var classes: WordClass
}

/// One search of one text: the page, the words on it and what the rules have found so far.
///
/// A first pass cuts the page into words and notes cue words; a second walks over the words and
/// calls the rules that each kind of word triggers. Every rule looks a bounded way around its
/// trigger, so the whole is linear in the length of the text.
struct Searcher {
  let page: Page
  let lexicon: Lexicon
  let site: SiteRules
  /// Whether refused candidates are kept for an explanation.
  let explaining: Bool
  var words: [Word] = []
  var cues: [Cue] = []
  var candidates: [Candidate] = []
  var refused: [Candidate] = []
  /// Where dates were found, in order.
  var dates: [Range<Int>] = []
  /// Places of `@`.
  var ats: [Int] = []
  /// Places of `㈜` and `(주)`.
  var companySigns: [Int] = []
  /// Whether a date of the form 10.14 has been found.
  var hasDotDate = false
  /// Whether a clear date of the form 3/12 has been found.
  var hasSlashDate = false
  /// Up to where Latin names have been read.
  var romanDone = 0
  /// Korean names as scored, for a second look at their neighbours.
  var pending: [Candidate] = []
  /// Places of marks of sex and age (`M/63`, `22/F`), in order: the head of a record.
  var headMarks: [Int] = []

  /// The farthest a rule looks from its trigger, in units.
  static let reach = 60

  init(page: Page, lexicon: Lexicon, site: SiteRules, explaining: Bool) {
    self.page = page
    self.lexicon = lexicon
    self.site = site
    self.explaining = explaining
    words.reserveCapacity(page.count / 3 + 1)
  }

  /// Runs every rule.
  mutating func search(_ known: KnownValues) {
    findWords()
    findValues()
    findPlaces()
    findNames()
    findBracketedNames()
    findSegments()
    findHeadNumbers()
    findRecordNumbers()
    repeatNumbers()
    repeatRomanNames()
    repeatInstitutions()
    findKnown(known)
  }

  /// Files a candidate with the kept or the refused ones.
  mutating func add(_ candidate: Candidate) {
    if candidate.permille >= Candidate.threshold && candidate.end > candidate.start {
      candidates.append(candidate)
      if candidate.type == .date, candidate.start >= (dates.last?.lowerBound ?? 0) {
        dates.append(candidate.start..<candidate.end)
      }
    } else if candidate.end > candidate.start {
      var candidate = candidate
      if candidate.objections.isEmpty { candidate.objections.insert(.belowThreshold) }
      refused.append(candidate)
    }
  }

  /// Files a candidate made of its parts.
  mutating func add(
    _ type: IdentifierType, _ range: Range<Int>, _ detector: StaticString, _ permille: Int,
    _ reasons: Evidence, _ objections: Evidence = []
  ) {
    add(
      Candidate(
        start: range.lowerBound, end: range.upperBound, type: type, detector: detector,
        permille: permille, reasons: reasons, objections: objections))
  }

  private mutating func findWords() {
    var index = 0
    while index < page.count {
      let kind = page.kind(index)
      switch kind {
      case .digit:
        let end = page.digitsEnd(index)
        words.append(Word(start: index, end: end, kind: .digit))
        index = end
      case .upper, .lower:
        var end = index + 1
        while page.isLatin(end) { end += 1 }
        words.append(Word(start: index, end: end, kind: .upper))
        noteLatinCue(index, end)
        index = end
      case .hangul:
        var end = index + 1
        while page.isHangul(end) { end += 1 }
        words.append(Word(start: index, end: end, kind: .hangul))
        noteHangulCues(index, end)
        index = end
      case .han:
        var end = index + 1
        while page.kind(end) == .han { end += 1 }
        words.append(Word(start: index, end: end, kind: .han))
        index = end
      case .other:
        switch page.unit(index) {
        case 0x40: ats.append(index)
        case 0x321C: companySigns.append(index)
        case 0x28 where page.unit(index + 1) == 0xC8FC && page.has(")", at: index + 2):
          companySigns.append(index)
        default: break
        }
        index += 1
      case .space, .newline:
        index += 1
      }
    }
  }

  private mutating func noteHangulCues(_ start: Int, _ end: Int) {
    // A cue may have been taken through the spaces inside it already.
    var index = max(start, cues.last?.end ?? 0)
    while index < end {
      let limit = min(page.count, index + 16)
      if let match = lexicon.longest(page, at: index, limit: limit, wanted: .valueCue) {
        // One-syllable cues (증, 집, 폰, 만, 생) count only as whole words.
        if match.end - index == 1 && (index > start || match.end < end) {
          index += 1
          continue
        }
        cues.append(Cue(start: index, end: match.end, classes: match.classes))
        index = match.end
      } else {
        index += 1
      }
    }
  }

  private mutating func noteLatinCue(_ start: Int, _ end: Int) {
    guard start >= (cues.last?.end ?? 0) else { return }
    let limit = min(page.count, start + 28)
    guard let match = lexicon.longest(page, at: start, limit: limit, wanted: .valueCue),
      match.end >= end || !page.isLatin(match.end)
    else { return }
    cues.append(Cue(start: start, end: match.end, classes: match.classes))
  }
}
