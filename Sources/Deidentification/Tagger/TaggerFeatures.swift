/// Makes the features of each unit: the characters around it, what the word lists say of the words
/// around it, how names look, and what the rules decided.
///
/// Features are hashed into a fixed table (Weinberger et al., ICML 2009), so that a model is one
/// array and no string is ever built.
package struct TaggerFeatures {
  /// Rows of the weight table, a power of two.
  package static let rows = 1 << 16
  /// Features of a unit.
  package static let width = 49

  private let page: Page
  private let lexicon: Lexicon
  /// Units.
  let count: Int
  private var symbols: [UInt16] = []
  private var shapes: [UInt8] = []
  private var stats: [UInt8] = []
  /// The word each unit lies in, or the last before it.
  private var wordOf: [Int32] = []
  private var words: [WordFacts] = []
  private var ruling: [UInt8]
  private var doubt: [UInt8]

  /// What is known of a word before any unit is looked at.
  private struct WordFacts {
    var start: Int
    var end: Int
    var text: UInt64
    var whole: UInt64
    var prefix: UInt64
    var suffix: UInt64
    /// What stands between this word and the one before.
    var gap: UInt64
    /// The first word of its line.
    var lead: UInt64
    /// Its first and its last two units.
    var head: UInt64
    var tail: UInt64
  }

  /// Prepares a page.
  ///
  /// - Parameters:
  ///   - page: The text.
  ///   - words: Its words.
  ///   - lexicon: The word lists.
  ///   - kept: What the rules hold, disjoint.
  ///   - refused: What the rules considered and let go.
  init(
    page: Page, words: [Word], lexicon: Lexicon, kept: [Candidate], refused: [Candidate]
  ) {
    self.page = page
    self.lexicon = lexicon
    count = page.count
    let padded = page.count + 2 * Self.margin
    ruling = [UInt8](repeating: 0, count: padded)
    doubt = ruling
    shapes = ruling
    stats = ruling
    symbols = [UInt16](repeating: 1, count: padded)
    for index in 0..<count {
      let kind = page.kind(index)
      let place = index + Self.margin
      symbols[place] = kind == .digit ? 0x30 : kind == .newline ? 0x0A : page.folded(index)
      shapes[place] = Self.shape(kind, page.unit(index))
      if kind == .hangul { stats[place] = lexicon.syllableFacts(page.unit(index)) }
    }
    learnWords(words)
    // What only an explanation lists must not change a tag.
    let weighed = refused.filter { $0.permille >= 250 }.sorted { $0.permille < $1.permille }
    for candidate in weighed {
      let level = UInt8(1 + max(0, min(4, candidate.permille / 100)))
      mark(&doubt, candidate, level)
    }
    for candidate in kept { mark(&ruling, candidate, candidate.permille >= 700 ? 1 : 0) }
  }

  private func mark(_ marks: inout [UInt8], _ candidate: Candidate, _ level: UInt8) {
    let kind = UInt8(TagSet.kind(of: candidate.type) + 1)
    for index in candidate.start..<candidate.end {
      marks[index + Self.margin] =
        kind << 4 | min(level, 7) << 1 | (index == candidate.start ? 1 : 0)
    }
  }

  private static func shape(_ kind: UnitKind, _ unit: UInt16) -> UInt8 {
    switch kind {
    case .hangul: 1
    case .digit: 2
    case .upper: 3
    case .lower: 4
    case .han: 5
    case .space: 6
    case .newline: 7
    case .other:
      switch unit {
      case 0x3A, 0xFF1A: 8
      case 0x2C, 0x3001, 0x00B7, 0x2F: 9
      case 0x28, 0x5B, 0x3C: 10
      case 0x29, 0x5D, 0x3E: 11
      case 0x2D, 0x7E: 12
      case 0x2E: 13
      case 0x2A, 0x25CB, 0x25EF, 0x3007: 14
      default: 15
      }
    }
  }

  private mutating func learnWords(_ source: [Word]) {
    wordOf = [Int32](repeating: -1, count: count)
    words.reserveCapacity(source.count)
    var lead: UInt64 = 0
    var lineHasWord = false
    var cursor = 0
    for word in source {
      var gap: UInt64 = 17
      for index in cursor..<word.start {
        if shape(index) == 7 { lineHasWord = false }
        if index < cursor + 4 { gap = gap &* 31 &+ symbol(index) }
      }
      let text = hash(word.start, word.end)
      if !lineHasWord {
        lead = text
        lineHasWord = true
      }
      for index in cursor..<word.start { wordOf[index] = Int32(words.count) - 1 }
      for index in word.start..<word.end { wordOf[index] = Int32(words.count) }
      words.append(facts(word, text: text, gap: gap, lead: lead))
      cursor = word.end
    }
    for index in cursor..<count { wordOf[index] = Int32(words.count) - 1 }
  }

  private func hash(_ start: Int, _ end: Int) -> UInt64 {
    var value: UInt64 = UInt64(end - start)
    for index in start..<min(end, start + 12) {
      value = (value ^ symbol(index)) &* 0x100_0000_01B3
    }
    return value
  }

  private func facts(_ word: Word, text: UInt64, gap: UInt64, lead: UInt64) -> WordFacts {
    let range = word.start..<word.end
    let whole = range.count <= 24 ? lexicon.classes(page, range).rawValue : 0
    var prefix: UInt64 = 0
    var suffix: UInt64 = 0
    if page.isHangul(word.start) {
      if let match = lexicon.longest(page, at: word.start, limit: word.end, wanted: .all) {
        prefix = match.classes.rawValue &* 8 &+ UInt64(min(7, match.end - word.start))
      }
      for length in stride(from: min(5, range.count - 1), to: 0, by: -1) {
        let classes = lexicon.classes(page, word.end - length..<word.end)
        if !classes.isEmpty {
          suffix = classes.rawValue &* 8 &+ UInt64(length)
          break
        }
      }
    }
    return WordFacts(
      start: word.start, end: word.end, text: text, whole: whole, prefix: prefix, suffix: suffix,
      gap: gap, lead: lead,
      head: symbol(word.start) << 16 | symbol(min(word.end - 1, word.start + 1)),
      tail: symbol(max(word.start, word.end - 2)) << 16 | symbol(word.end - 1))
  }

  /// The features of every unit.
  package func input() -> TaggerInput {
    var features: [UInt32] = []
    features.reserveCapacity(count * Self.width)
    unsafe forEachUnit(in: 0..<count) { row in unsafe features.append(contentsOf: row) }
    return TaggerInput(count: count, features: features, page: page)
  }

  /// Calls `body` with the features of one unit after another, always in the same memory.
  @inline(__always)
  func forEachUnit(in units: Range<Int>, _ body: (UnsafeBufferPointer<UInt32>) -> Void) {
    unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.width) { buffer in
      for index in units {
        var row = unsafe FeatureRow(buffer)
        fill(&row, index)
        unsafe body(UnsafeBufferPointer(buffer))
      }
    }
  }

  /// The most units that are tagged together.
  static let blockLimit = 2048

  /// The end of the block that starts at a unit: after the last line end in reach, else after the
  /// last blank, else where the reach ends.
  func blockEnd(_ start: Int) -> Int {
    let limit = start + Self.blockLimit
    guard limit < count else { return count }
    var blank = limit
    for index in stride(from: limit - 1, to: start, by: -1) {
      if shape(index) == 7 { return index + 1 }
      if blank == limit, shape(index) == 6 { blank = index + 1 }
    }
    return blank
  }

  // What lies beyond the page is padding: no test of bounds in the inner loop.
  private static let margin = 4
  @inline(__always) private func symbol(_ index: Int) -> UInt64 {
    UInt64(symbols[index + Self.margin])
  }
  @inline(__always) private func shape(_ index: Int) -> UInt64 {
    UInt64(shapes[index + Self.margin])
  }
  @inline(__always) private func stat(_ index: Int) -> UInt64 {
    UInt64(stats[index + Self.margin])
  }
  @inline(__always) private func rule(_ index: Int) -> UInt64 {
    UInt64(ruling[index + Self.margin])
  }

  private func fill(_ row: inout FeatureRow, _ index: Int) {
    row.add(0)
    let s = (symbol(index - 3), symbol(index - 2), symbol(index - 1), symbol(index))
    let n = (symbol(index + 1), symbol(index + 2), symbol(index + 3))
    row.add(s.0)
    row.add(s.1)
    row.add(s.2)
    row.add(s.3)
    row.add(n.0)
    row.add(n.1)
    row.add(n.2)
    row.add(s.1 << 16 | s.2)
    row.add(s.2 << 16 | s.3)
    row.add(s.3 << 16 | n.0)
    row.add(n.0 << 16 | n.1)
    row.add(s.0 << 32 | s.1 << 16 | s.2)
    row.add(s.1 << 32 | s.2 << 16 | s.3)
    row.add(s.2 << 32 | s.3 << 16 | n.0)
    row.add(s.3 << 32 | n.0 << 16 | n.1)
    row.add(n.0 << 32 | n.1 << 16 | n.2)
    var pattern: UInt64 = 0
    for offset in -3...3 { pattern = pattern << 4 | shape(index + offset) }
    row.add(pattern)
    row.add(pattern >> 8 & 0xFFF)
    fillWords(&row, index, pattern)
    let doubted = UInt64(doubt[index + Self.margin])
    let rules = (rule(index - 1), rule(index), rule(index + 1))
    row.add(rules.1)
    row.add(rules.0 << 8 | rules.1)
    row.add(rules.1 << 8 | rules.2)
    row.add(doubted)
    row.add(doubted << 8 | rules.1)
    row.add(rules.1 << 20 | s.3 << 4 | shape(index + 1))
  }

  private func fillWords(_ row: inout FeatureRow, _ index: Int, _ pattern: UInt64) {
    let number = Int(wordOf[index])
    let word = number >= 0 ? words[number] : nil
    let isInside = word.map { index < $0.end } ?? false
    let position = isInside ? UInt64(min(6, index - (word?.start ?? 0))) : 15
    let left = UInt64(isInside ? min(7, (word?.end ?? 0) - index) : 0)
    let size = UInt64(isInside ? min(9, (word?.end ?? 0) - (word?.start ?? 0)) : 0)
    let place = position << 8 | left << 4 | size
    let before = number - (isInside ? 1 : 0)
    let previous = before >= 0 ? words[before] : nil
    let earlier = before >= 1 ? words[before - 1] : nil
    let next = number + 1 < words.count ? words[number + 1] : nil
    let further = number + 2 < words.count ? words[number + 2] : nil
    let looks = stat(index) << 16 | stat(index + 1) << 8 | stat(index + 2)
    let looksBack = stat(index - 2) << 16 | stat(index - 1) << 8 | stat(index)
    row.add(place)
    row.add(looks << 12 | position << 4 | size)
    row.add(looksBack << 12 | position << 4 | left)
    row.add(stat(index - 1) << 24 | stat(index) << 16 | stat(index + 1) << 8 | size)
    let own = isInside ? word : nil
    row.add(own?.text ?? 0, place)
    row.add(own?.whole ?? 0, place)
    row.add(own?.prefix ?? 0, place)
    row.add(own?.suffix ?? 0, position << 4 | left)
    row.add((own?.suffix ?? 0) ^ (own?.whole ?? 0) &* 31, stat(index) << 12 | place)
    row.add(previous?.text ?? 0, position)
    row.add(previous?.whole ?? 0, (isInside ? own?.gap ?? 0 : 0) << 4 | position)
    row.add(previous?.suffix ?? 0, (isInside ? own?.gap ?? 0 : 0) << 4 | position)
    row.add((previous?.text ?? 0) ^ (isInside ? own?.gap ?? 0 : 0) &* 977, place)
    row.add((previous?.text ?? 0) ^ (earlier?.text ?? 0) &* 31, position)
    row.add(earlier?.whole ?? 0, position)
    row.add(next?.text ?? 0, left)
    row.add(next?.whole ?? 0, left << 20 | (next?.gap ?? 0))
    row.add(next?.suffix ?? 0, left << 20 | (next?.gap ?? 0))
    row.add((next?.prefix ?? 0) ^ (further?.prefix ?? 0) &* 31, left)
    row.add(word?.lead ?? 0, position << 8 | pattern >> 8 & 0xFF)
    row.add(own?.tail ?? 0, place)
    row.add(own?.head ?? 0, place)
    row.add(previous?.tail ?? 0, (isInside ? own?.gap ?? 0 : 0) << 4 | position)
    row.add(next?.head ?? 0, left << 20 | (next?.gap ?? 0))
  }
}

/// One unit's features, each hashed with the number of its place.
@safe private struct FeatureRow {
  /// The unit's row in the buffer of all features.
  private let row: UnsafeMutableBufferPointer<UInt32>
  private var place = 0

  init(_ row: UnsafeMutableBufferPointer<UInt32>) { unsafe self.row = row }

  @inline(__always)
  mutating func add(_ value: UInt64, _ other: UInt64 = 0) {
    var mixed = (value ^ (other &* 0xD6E8_FEB8_6659_FD93)) &* 0x9E37_79B9_7F4A_7C15
    mixed ^= UInt64(place + 1) &* 0xC2B2_AE3D_27D4_EB4F
    mixed ^= mixed >> 29
    mixed = mixed &* 0xBF58_476D_1CE4_E5B9
    unsafe row[place] = UInt32(truncatingIfNeeded: mixed >> 32) & UInt32(TaggerFeatures.rows - 1)
    place += 1
  }
}
