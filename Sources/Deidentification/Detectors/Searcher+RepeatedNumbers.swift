/// A number once established is found wherever the record says it again.
extension Searcher {
  private static let repeating: [IdentifierType] = [
    .mrn, .id, .insurance, .passport, .driver, .account, .card, .device, .license,
  ]

  /// Looks every run of digits up among the runs of the numbers found so far.
  mutating func repeatNumbers() {
    // By the value of the longest run of digits: the surest candidate with it.
    var places: [UInt64: Int] = [:]
    for (place, candidate) in candidates.enumerated()
    where candidate.permille >= 640 && Self.repeating.contains(candidate.type) {
      guard let run = longestRun(candidate.start..<candidate.end) else { continue }
      let key = digitKey(run)
      if let other = places[key], candidates[other].permille >= candidate.permille { continue }
      places[key] = place
    }
    guard !places.isEmpty else { return }
    var starts = Set<Int>()
    for candidate in candidates
    where candidate.permille >= 760 && Self.repeating.contains(candidate.type) {
      starts.insert(candidate.start)
    }
    for word in words where word.kind == .digit && word.end - word.start >= 4 {
      guard let place = places[digitKey(word.start..<word.end)] else { continue }
      let model = candidates[place]
      guard let run = longestRun(model.start..<model.end), run.count == word.end - word.start
      else { continue }
      let start = word.start - (run.lowerBound - model.start)
      let end = start + (model.end - model.start)
      guard start >= 0, end <= page.count, start != model.start, !starts.contains(start),
        !isWordGlue(start - 1), !isWordGlue(end), !isPart(start, end),
        (0..<end - start).allSatisfy({ page.folded(start + $0) == page.folded(model.start + $0) })
      else { continue }
      add(model.type, start..<end, "number.repeated", 760, [.repeated, .shape])
    }
  }

  /// The longest run of digits of a value that has enough of them to be told again by chance only.
  private func longestRun(_ range: Range<Int>) -> Range<Int>? {
    var best = range.lowerBound..<range.lowerBound
    var digits = 0
    var letters = 0
    var index = range.lowerBound
    while index < range.upperBound {
      if page.isDigit(index) {
        let end = min(page.digitsEnd(index), range.upperBound)
        digits += end - index
        if end - index > best.count { best = index..<end }
        index = end
      } else {
        if page.isLatin(index) { letters += 1 }
        index += 1
      }
    }
    return best.count >= 4 && digits + min(letters, 2) >= 6 ? best : nil
  }

  private func digitKey(_ range: Range<Int>) -> UInt64 {
    range.reduce(UInt64(range.count)) { $0 &* 11 &+ UInt64(page.unit($1)) }
  }

  /// 20418837.5, 12,204188: a part of another number.
  private func isPart(_ start: Int, _ end: Int) -> Bool {
    let left = page.unit(start - 1)
    let right = page.unit(end)
    return (left == 0x2E || left == 0x2C) && page.isDigit(start - 2)
      || (right == 0x2E || right == 0x2C) && page.isDigit(end + 1)
  }
}
