/// A name once established is found wherever the record says it again.
extension Searcher {
  mutating func repeatNames() {
    var full = Set<UInt64>()
    var given = Set<UInt64>()
    var firsts = [Bool](repeating: false, count: 11172)
    for candidate in candidates
    where candidate.type == .name && candidate.permille >= 520
      && (candidate.permille >= 620 || !candidate.reasons.contains(.trained))
    {
      let count = candidate.end - candidate.start
      guard count >= 2, count <= 4, isAllHangul(candidate.start..<candidate.end) else { continue }
      let range = candidate.start..<candidate.end
      full.insert(key(range))
      firsts[Int(page.unit(range.lowerBound)) - 0xAC00] = true
      let two =
        lexicon.classes(page, range.lowerBound..<range.lowerBound + 2).contains(.surnameTwo)
        && count > 2
      let start = range.lowerBound + (two ? 2 : 1)
      let surname = two || lexicon.surnameWeight[Int(page.unit(range.lowerBound)) - 0xAC00] > 0
      if surname && range.upperBound - start >= 2 {
        given.insert(key(start..<range.upperBound))
        firsts[Int(page.unit(start)) - 0xAC00] = true
      }
    }
    guard !full.isEmpty else { return }
    for word in words where word.kind == .hangul {
      repeated(word, full, given, firsts)
    }
  }

  private mutating func repeated(
    _ word: Word, _ full: Set<UInt64>, _ given: Set<UInt64>, _ firsts: [Bool]
  ) {
    for start in word.start..<word.end where firsts[Int(page.unit(start)) - 0xAC00] {
      for count in [4, 3, 2] where start + count <= word.end {
        let end = start + count
        let key = key(start..<end)
        let isFull = full.contains(key)
        guard isFull || given.contains(key) else { continue }
        let tail = tailOf(end, word.end)
        let atStart = start == word.start && !page.isLatin(start - 1)
        let kind = lexicon.classes(page, start..<end)
        let ordinary = !kind.isDisjoint(with: .notName)
        if isFull && count >= 3 && !ordinary && (atStart || tail.holds) {
          add(.name, start..<end, "name.repeated", 800, .repeated)
        } else if isFull && atStart && tail.holds && (!ordinary || tail.reasons.contains(.rightCue))
        {
          add(.name, start..<end, "name.repeated", 640, .repeated)
        } else if !isFull && atStart && tail.holds && !ordinary, !isThing(word.end) {
          let permille = tail.reasons.isEmpty ? 560 : 720
          add(.name, start..<end, "name.given", permille, [.repeated, .syllables])
        }
        if isFull { return }
      }
    }
  }

  /// 보람 있는, 이유 없이: a thing that is there or not, though somebody bears the word as a name.
  private func isThing(_ end: Int) -> Bool {
    page.isSpace(end) && (page.unit(end + 1) == 0xC788 || page.unit(end + 1) == 0xC5C6)
  }

  private func isAllHangul(_ range: Range<Int>) -> Bool {
    range.allSatisfy { page.isHangul($0) }
  }

  /// Up to four units in one number.
  func key(_ range: Range<Int>) -> UInt64 {
    range.reduce(0) { $0 << 16 | UInt64(page.unit($1)) }
  }

  /// Values that the record's own fields tell about its patient.
  mutating func findKnown(_ known: KnownValues) {
    for value in known.values {
      let pattern = Page(value.bytes)
      let units = (0..<pattern.count).filter { !pattern.isBlank($0) }.map { pattern.folded($0) }
      guard units.count >= 2, units.count <= 128, let first = units.first else { continue }
      for start in 0..<page.count where page.folded(start) == first {
        // Blanks and hyphens may differ between the field and the text.
        var index = start
        var matched = 0
        while matched < units.count, index - start < units.count * 2 + 4 {
          if page.folded(index) == units[matched] {
            matched += 1
            index += 1
          } else if matched > 0, page.isBlank(index) || page.has("-", at: index) {
            index += 1
          } else if units[matched] == 0x2D {
            matched += 1
          } else {
            break
          }
        }
        guard matched == units.count else { continue }
        if page.isDigit(start) && page.isDigit(start - 1)
          || page.isDigit(index - 1) && page.isDigit(index)
        {
          continue
        }
        if page.isLatin(start) && page.isLatin(start - 1)
          || page.isLatin(index - 1) && page.isLatin(index)
        {
          continue
        }
        if value.type == .name && units.count == 2 && page.isHangul(start - 1) { continue }
        add(value.type, start..<index, "known", 985, .knownValue)
      }
    }
  }
}
