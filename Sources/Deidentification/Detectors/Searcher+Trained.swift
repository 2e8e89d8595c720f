/// What the trained tagger adds to the rules, and what it takes from them.
extension Searcher {
  /// Weighs the tagger's stretches against what the rules hold.
  ///
  /// A stretch that the rules do not have becomes a candidate; it outranks only what the rules are
  /// not sure of. A doubtful candidate of a kind that words make, which the tagger finds nothing
  /// in, is refused.
  mutating func weigh(_ tagging: Tagger.Tagging, against rules: [Candidate]) {
    var held = [Int32](repeating: -1, count: page.count)
    for (number, rule) in rules.enumerated() {
      for unit in rule.start..<rule.end { held[unit] = Int32(number) }
    }
    for stretch in tagging.stretches {
      let units = trimmed(stretch.units)
      guard !units.isEmpty else { continue }
      let type = TagSet.kinds[stretch.kind]
      let margin = tagging.margin(stretch.kind, stretch.units)
      if let number = units.lazy.map({ held[$0] }).first(where: { $0 >= 0 }) {
        let rule = rules[Int(number)]
        if rule.start == units.lowerBound, rule.end == units.upperBound { continue }
      }
      add(type, units, "trained", 480 + max(0, min(220, margin / 4)), .trained)
    }
    let words: [IdentifierType] = [.name, .org, .hospital, .address]
    candidates.removeAll { candidate in
      guard candidate.permille < 700, words.contains(candidate.type),
        !candidate.reasons.contains(.trained)
      else { return false }
      let units = candidate.start..<candidate.end
      return units.allSatisfy { tagging.tags[$0] == 0 }
        && tagging.margin(TagSet.kind(of: candidate.type), units) < -60
    }
    repeatNames()
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
