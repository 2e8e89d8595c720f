extension Searcher {
  /// Finds the Hangul form of a name in brackets right behind its romanised one:
  /// `PYO JINSEO (표진서)`.
  mutating func findBracketedNames() {
    for candidate in candidates
    where candidate.type == .name && candidate.reasons.contains(.romanised) {
      var open = candidate.end
      if page.kind(open) == .space { open += 1 }
      guard page.has("(", at: open) else { continue }
      let start = open + 1
      var end = start
      while page.isHangul(end) { end += 1 }
      guard (2...4).contains(end - start), page.has(")", at: end), looksLikeName(start..<end)
      else { continue }
      add(.name, start..<end, "name.twin", 820, [.neighbour, .bracketed, .syllables])
    }
  }
}
