import Deidentification

extension EvaluationTally {
  /// Prints a line a type and the sums.
  func report() {
    print("type        gold found  P     R     F1    touch covered leaked")
    for type in IdentifierType.allCases { line(type.rawValue, counts(of: type)) }
    line("all", all)
    line("direct", direct)
  }

  private func line(_ name: String, _ counts: EvaluationCounts) {
    func share(_ part: Int, _ whole: Int) -> Double {
      whole == 0 ? 0 : Double(part) / Double(whole)
    }
    print(
      padded(name, 11), padded("\(counts.gold)", 4), padded("\(counts.found)", 5),
      fixed(share(counts.exact, counts.found), 3), fixed(share(counts.exact, counts.gold), 3),
      fixed(share(2 * counts.exact, counts.found + counts.gold), 3),
      fixed(share(counts.touching, counts.found), 3),
      fixed(share(counts.covered, counts.gold), 3), " ",
      fixed(share(counts.leaked, counts.characters), 4))
  }
}

/// Prints what was missed (-) and what was found and is not marked (+).
func printDifferences(_ note: GoldNote, _ found: [IdentifierSpan]) {
  func show(_ sign: String, _ span: IdentifierSpan) {
    let before = String(decoding: note.text[max(0, span.start - 24)..<span.start], as: UTF8.self)
    let after = String(
      decoding: note.text[span.end..<min(note.text.count, span.end + 18)], as: UTF8.self)
    let surface = String(decoding: note.text[span.start..<span.end], as: UTF8.self)
    print(
      sign, note.id, span.type.rawValue, span.detector, span.permille,
      "\(before)⟦\(surface)⟧\(after)".split(whereSeparator: \.isNewline).joined(separator: "⏎"))
  }
  func same(_ left: IdentifierSpan, _ right: IdentifierSpan) -> Bool {
    left.start == right.start && left.end == right.end && left.type == right.type
  }
  for gold in note.spans where !found.contains(where: { same($0, gold) }) { show("-", gold) }
  for span in found where !note.spans.contains(where: { same($0, span) }) { show("+", span) }
}

/// A number with a fixed count of decimals.
func fixed(_ value: Double, _ decimals: Int) -> String {
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let digits = String(Int((value * scale).rounded()))
  let all = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
  return "\(all.dropLast(decimals)).\(all.suffix(decimals))"
}

/// Text filled up with spaces.
func padded(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}
