/// Values that may stand nowhere in a release, found in one walk over a text however many they are.
///
/// Blanks and hyphens may differ between a value and the text; capitals count as small letters.
package struct KnownValueIndex: Sendable {
  private struct Entry: Sendable {
    var type: IdentifierType
    var units: [UInt16]
  }

  private var entries: [Entry] = []
  /// Entries by the hash of their units, the first of each hash.
  private var byHash: [UInt64: Int32] = [:]
  /// The first two units of every entry.
  private var beginnings = Set<UInt32>()
  /// Which counts of units occur.
  private var counts = [Bool](repeating: false, count: Self.maxUnits + 1)

  /// The longest value in units; of a longer one its beginning is looked for.
  private static let maxUnits = 96

  /// An index of what is known.
  package init(_ known: KnownValues) {
    for (type, bytes) in known.values {
      let page = Page(bytes)
      let units = (0..<page.count).filter { Self.counts(page, $0) }.map { page.folded($0) }
        .prefix(Self.maxUnits)
      guard units.count >= 2 else { continue }
      let hash = units.reduce(Self.seed, Self.mixed)
      if byHash[hash] == nil { byHash[hash] = Int32(entries.count) }
      entries.append(Entry(type: type, units: Array(units)))
      beginnings.insert(UInt32(units[0]) << 16 | UInt32(units[1]))
      counts[units.count] = true
    }
  }

  /// Whether nothing is known.
  package var isEmpty: Bool { entries.isEmpty }

  /// Every known value in a text, the longest at each place.
  package func matches(in text: [UInt8]) -> [IdentifierSpan] {
    if isEmpty { return [] }
    let page = Page(text)
    let places = (0..<page.count).filter { Self.counts(page, $0) }
    var result: [IdentifierSpan] = []
    var start = 0
    while start + 1 < places.count {
      guard let (entry, end) = longest(page, places, start) else {
        start += 1
        continue
      }
      let bytes = page.bytes(places[start], places[end - 1] + 1)
      result.append(
        IdentifierSpan(
          start: bytes.lowerBound, end: bytes.upperBound, type: entries[entry].type,
          detector: Self.detector, permille: 985))
      start = end
    }
    return result
  }

  /// The name of this rule in spans.
  static let detector = "known"

  private func longest(_ page: Page, _ places: [Int], _ start: Int) -> (entry: Int, end: Int)? {
    let first = page.folded(places[start])
    let second = page.folded(places[start + 1])
    guard beginnings.contains(UInt32(first) << 16 | UInt32(second)) else { return nil }
    var hash = Self.mixed(Self.seed, first)
    var best: (Int, Int)?
    for index in (start + 1)..<min(places.count, start + Self.maxUnits) {
      hash = Self.mixed(hash, page.folded(places[index]))
      let count = index - start + 1
      guard counts[count], let entry = byHash[hash].map(Int.init),
        entries[entry].units.indices.allSatisfy({
          entries[entry].units[$0] == page.folded(places[start + $0])
        }), entries[entry].units.count == count,
        stands(entries[entry].type, page, places[start...index])
      else { continue }
      best = (entry, index + 1)
    }
    return best
  }

  /// Whether a match is a value of its own rather than a piece of a longer word or number.
  private func stands(_ type: IdentifierType, _ page: Page, _ places: ArraySlice<Int>) -> Bool {
    guard let first = places.first, let last = places.last else { return false }
    func joins(_ left: Int, _ right: Int) -> Bool {
      page.isDigit(left) && page.isDigit(right) || page.isLatin(left) && page.isLatin(right)
    }
    if joins(first - 1, first) || joins(last, last + 1) { return false }
    guard type == .name, page.isHangul(first) else { return true }
    // 이 지은 on a line of words is no name unless every syllable stands apart.
    let gaps = zip(places, places.dropFirst()).map { $1 - $0 }
    guard Set(gaps).count <= 1 else { return false }
    return places.count > 2 || gaps == [1] && !page.isHangul(first - 1)
  }

  private static func counts(_ page: Page, _ index: Int) -> Bool {
    !page.isBlank(index) && page.unit(index) != 0x2D
  }

  private static let seed: UInt64 = 0xCBF2_9CE4_8422_2325

  private static func mixed(_ hash: UInt64, _ unit: UInt16) -> UInt64 {
    (hash ^ UInt64(unit)) &* 0x0000_0100_0000_01B3
  }
}
