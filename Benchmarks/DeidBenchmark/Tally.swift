import Deidentification

/// Counts of one type.
struct Counts {
  var gold = 0
  var found = 0
  /// Same start, end and type.
  var exact = 0
  /// Gold spans whose every byte some span covers, whatever its type.
  var covered = 0
  /// Alphanumeric characters of gold spans that no span covers, and all of them.
  var leaked = 0
  var characters = 0
}

/// How well the detectors find, by type.
struct Tally {
  private var byType = [Counts](repeating: Counts(), count: IdentifierType.allCases.count)

  /// Compares what was found in one note with its marks.
  mutating func add(_ note: GoldNote, _ found: [IdentifierSpan]) {
    var covered = [Bool](repeating: false, count: note.text.count)
    for span in found {
      for index in span.start..<span.end { covered[index] = true }
      byType[place(span.type)].found += 1
    }
    for gold in note.spans {
      let type = place(gold.type)
      byType[type].gold += 1
      if found.contains(where: {
        $0.start == gold.start && $0.end == gold.end && $0.type == gold.type
      }) {
        byType[type].exact += 1
      }
      if (gold.start..<gold.end).allSatisfy({ covered[$0] }) { byType[type].covered += 1 }
      for index in gold.start..<gold.end where isCounted(note.text[index]) {
        byType[type].characters += 1
        if !covered[index] { byType[type].leaked += 1 }
      }
    }
  }

  /// Prints a line a type and the sums.
  func report() {
    print("type        gold found  P     R     F1    covered leaked")
    var all = Counts()
    var direct = Counts()
    for type in IdentifierType.allCases {
      let counts = byType[place(type)]
      line(type.rawValue, counts)
      add(counts, to: &all)
      if ![.hospital, .org, .date, .age].contains(type) { add(counts, to: &direct) }
    }
    line("all", all)
    line("direct", direct)
  }

  private func add(_ counts: Counts, to sum: inout Counts) {
    sum.gold += counts.gold
    sum.found += counts.found
    sum.exact += counts.exact
    sum.covered += counts.covered
    sum.leaked += counts.leaked
    sum.characters += counts.characters
  }

  private func line(_ name: String, _ counts: Counts) {
    let precision = counts.found == 0 ? 0 : Double(counts.exact) / Double(counts.found)
    let recall = counts.gold == 0 ? 0 : Double(counts.exact) / Double(counts.gold)
    let f1 = precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall)
    let full = counts.gold == 0 ? 0 : Double(counts.covered) / Double(counts.gold)
    let leak = counts.characters == 0 ? 0 : Double(counts.leaked) / Double(counts.characters)
    print(
      padded(name, 11), padded("\(counts.gold)", 4), padded("\(counts.found)", 5),
      fixed(precision, 3),
      fixed(recall, 3), fixed(f1, 3), fixed(full, 3), " ", fixed(leak, 4))
  }

  private func place(_ type: IdentifierType) -> Int {
    IdentifierType.allCases.firstIndex(of: type) ?? 0
  }

  private func isCounted(_ byte: UInt8) -> Bool {
    byte >= 0xC0 || byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
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
