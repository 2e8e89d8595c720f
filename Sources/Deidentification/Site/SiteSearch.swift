internal import Cryptography
internal import MedaiText

/// Words and patterns that a hospital adds, built once and shared by all workers.
///
/// Both read the text as the rules do: composed, full-width forms as ASCII, one kind of dash,
/// invisible characters gone. What they find goes to the resolver as candidates.
public struct SiteSearch: Sendable {
  private let words: ByteTrie
  private let patterns: [(pattern: SitePattern, type: IdentifierType)]
  /// What enters the digest of the rules.
  let description: [UInt8]

  /// A pattern is run over windows of so many bytes, so that the time stays linear in a text
  /// whatever a pattern does with the rest of it.
  static let window = 8192
  /// Windows of one line share so many bytes: no match up to this length is missed.
  static let overlap = 1024

  init(
    words: [(word: [UInt8], type: IdentifierType)],
    patterns: [(source: [UInt8], pattern: SitePattern, type: IdentifierType)]
  ) {
    var trie = ByteTrie()
    var description: [UInt8] = []
    for (word, type) in words {
      trie.insert(SiteText.folded(word), value: type.index)
      description += Array("word \(type.rawValue) \(word.count)\n".utf8) + word
    }
    for (source, _, type) in patterns {
      description += Array("pattern \(type.rawValue) \(source.count)\n".utf8) + source
    }
    self.words = trie
    self.patterns = patterns.map { ($0.pattern, $0.type) }
    self.description = description
  }

  /// A stretch of the page that a word or pattern takes for an identifier, in units.
  struct Match: Equatable {
    var units: Range<Int>
    var type: IdentifierType
    var isPattern: Bool
  }

  /// Every match on a page: words longest first at each place, patterns joined where they overlap.
  func matches(on page: Page) -> [Match] {
    let text = SiteText(page)
    var result: [Match] = []
    if !words.isEmpty { findWords(text, page, &result) }
    for (pattern, type) in patterns { find(pattern, type, text, &result) }
    return result
  }

  private func findWords(_ text: SiteText, _ page: Page, _ result: inout [Match]) {
    var unit = 0
    while unit < page.count {
      var best: (end: Int, type: Int)?
      words.matches(text.folded, at: text.starts[unit]) { end, type in
        guard let last = text.unit(endingAt: end), !isCut(page, unit, last) else { return }
        best = (last, type)
      }
      if let best {
        result.append(
          Match(
            units: unit..<best.end, type: IdentifierType.allCases[best.type], isPattern: false))
        unit = best.end
      } else {
        unit += 1
      }
    }
  }

  /// Whether a word of Latin letters or digits would be cut out of a longer one.
  private func isCut(_ page: Page, _ start: Int, _ end: Int) -> Bool {
    func joins(_ left: Int, _ right: Int) -> Bool {
      page.isDigit(left) && page.isDigit(right) || page.isLatin(left) && page.isLatin(right)
    }
    return joins(start - 1, start) || joins(end - 1, end)
  }

  private func find(
    _ pattern: SitePattern, _ type: IdentifierType, _ text: SiteText, _ result: inout [Match]
  ) {
    let first = result.count
    for line in text.lines {
      var start = line.lowerBound
      while true {
        let end = text.boundary(atMost: min(start + Self.window, line.upperBound))
        var place = start
        while place < end, let found = pattern.find(in: text.bytes, from: place, to: end) {
          if let units = text.units(of: found) {
            if result.count > first, result[result.count - 1].units.upperBound > units.lowerBound {
              let last = result[result.count - 1].units
              result[result.count - 1].units =
                min(last.lowerBound, units.lowerBound)..<max(last.upperBound, units.upperBound)
            } else {
              result.append(Match(units: units, type: type, isPattern: true))
            }
          }
          place = found.isEmpty ? text.boundary(after: found.upperBound) : found.upperBound
        }
        if end >= line.upperBound { break }
        start = text.boundary(atMost: end - Self.overlap)
      }
    }
  }
}

/// A page as UTF-8 for words and patterns, with the way back to its units.
struct SiteText {
  /// The page's characters.
  private(set) var bytes: [UInt8] = []
  /// The same with ASCII capitals made small.
  private(set) var folded: [UInt8] = []
  /// First byte of each unit, and the end.
  private(set) var starts: [Int] = []
  /// Bytes of each line without its break.
  private(set) var lines: [Range<Int>] = []

  init(_ page: Page) {
    bytes.reserveCapacity(page.count * 2)
    starts.reserveCapacity(page.count + 1)
    var line = 0
    for index in 0..<page.count {
      starts.append(bytes.count)
      if page.kind(index) == .newline {
        lines.append(line..<bytes.count)
        line = bytes.count + 1
      }
      let scalar = Unicode.Scalar(page.unit(index)) ?? "\u{FFFD}"
      bytes += Array(UTF8.encode(scalar) ?? UTF8.encode("\u{FFFD}") ?? .init())
    }
    lines.append(line..<bytes.count)
    starts.append(bytes.count)
    folded = Self.lowercased(bytes)
  }

  /// A word as the page would show it, capitals made small.
  static func folded(_ word: [UInt8]) -> [UInt8] { SiteText(Page(word)).folded }

  private static func lowercased(_ bytes: [UInt8]) -> [UInt8] {
    bytes.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
  }

  /// The unit that ends before a byte; `nil` inside a unit.
  func unit(endingAt byte: Int) -> Int? {
    let place = index(of: byte)
    return starts[place] == byte ? place : nil
  }

  /// The units that a stretch of bytes touches; `nil` for none.
  func units(of range: Range<Int>) -> Range<Int>? {
    if range.isEmpty { return nil }
    let first = index(of: range.lowerBound)
    let last = index(of: range.upperBound - 1)
    return first..<last + 1
  }

  /// The start of the unit that holds a byte.
  func boundary(atMost byte: Int) -> Int { starts[index(of: byte)] }

  /// The next start of a unit.
  func boundary(after byte: Int) -> Int {
    let place = index(of: byte)
    return place + 1 < starts.count ? starts[place + 1] : bytes.count + 1
  }

  /// The last unit that starts at or before a byte.
  private func index(of byte: Int) -> Int {
    var low = 0
    var high = starts.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if starts[middle] <= byte { low = middle } else { high = middle - 1 }
    }
    return low
  }
}

extension Searcher {
  /// Files what the hospital's own words and patterns find.
  mutating func findSite(_ search: SiteSearch) {
    for match in search.matches(on: page) {
      add(match.type, match.units, match.isPattern ? "site.pattern" : "site.word", 970, .siteShape)
    }
  }
}
