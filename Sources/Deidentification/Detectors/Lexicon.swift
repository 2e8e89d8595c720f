internal import Cryptography
internal import MedaiCore
internal import SystemPackage

/// All word lists in one trie over normalised units, small letters.
///
/// Transitions are one open-addressing table keyed by node and unit: a step is one multiplication
/// and, nearly always, one comparison. A query looks at no more units than the longest word has.
struct Lexicon: Sendable {
  private var keys: [UInt64] = []
  private var targets: [Int32] = []
  private var mask = 0
  private var classes: [WordClass] = []
  private var roots: [Int32] = []
  /// The classes of all words that start with a unit: most queries end here.
  private var rootClasses: [WordClass] = []
  /// The length of the longest word that starts with a unit.
  private var rootLengths: [UInt8] = []
  /// How often each syllable stands first and last in two-syllable given names: 0 never, 3 often.
  private(set) var firstSyllable: [UInt8] = []
  private(set) var lastSyllable: [UInt8] = []
  /// Weight of one-syllable surnames: 0 none, 1 rare, 2 known, 3 common.
  private(set) var surnameWeight: [UInt8] = []

  /// A word that starts at a place of a page.
  struct Match {
    var end: Int
    var classes: WordClass
  }

  /// Reads the lists below a folder.
  init(folder: FilePath) throws {
    var words: [(units: [UInt16], kind: WordClass)] = []
    for (bit, name) in WordClass.lists.enumerated() {
      let path = folder.appending("\(name).txt")
      guard fileExists(path) else { throw LexiconError.missingList(bit) }
      let kind = WordClass(rawValue: 1 << UInt64(bit))
      try Self.read(readFile(path), list: bit) { words.append((units: $0, kind: kind)) }
    }
    build(words)
    firstSyllable = [UInt8](repeating: 0, count: 11172)
    lastSyllable = firstSyllable
    surnameWeight = firstSyllable
    try readWeights(folder.appending("syllables-first.txt"), into: &firstSyllable)
    try readWeights(folder.appending("syllables-last.txt"), into: &lastSyllable)
    try readWeights(folder.appending("surname-weights.txt"), into: &surnameWeight)
  }

  /// Surname weight and given-name weights of a Hangul syllable in one number, two bits each; bit 6
  /// tells it from what is no syllable.
  func syllableFacts(_ unit: UInt16) -> UInt8 {
    let index = Int(unit) - 0xAC00
    return 64 | surnameWeight[index] << 4 | firstSyllable[index] << 2 | lastSyllable[index]
  }

  /// The longest word at `start` that has one of the wanted classes and ends by `limit`.
  func longest(_ page: Page, at start: Int, limit: Int, wanted: WordClass) -> Match? {
    let first = Int(page.folded(start))
    guard !rootClasses[first].isDisjoint(with: wanted), start < limit else { return nil }
    var node = Int(roots[first])
    var best: Match?
    var index = start + 1
    while true {
      if !classes[node].isDisjoint(with: wanted) {
        best = Match(end: index, classes: classes[node])
      }
      guard index < limit else { return best }
      node = step(node, page.folded(index))
      guard node > 0 else { return best }
      index += 1
    }
  }

  /// The classes of a whole stretch; empty where no list has it.
  func classes(_ page: Page, _ range: Range<Int>) -> WordClass {
    guard !range.isEmpty else { return [] }
    let first = Int(page.folded(range.lowerBound))
    guard range.count <= Int(rootLengths[first]) else { return [] }
    var node = Int(roots[first])
    var index = range.lowerBound + 1
    while node > 0 && index < range.upperBound {
      node = step(node, page.folded(index))
      index += 1
    }
    return node > 0 ? classes[node] : []
  }

  @inline(__always)
  private func step(_ node: Int, _ unit: UInt16) -> Int {
    let key = UInt64(node) << 16 | UInt64(unit)
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
    while keys[slot] != 0 {
      if keys[slot] == key { return Int(targets[slot]) }
      slot = (slot + 1) & mask
    }
    return 0
  }

  private mutating func build(_ words: [(units: [UInt16], kind: WordClass)]) {
    let edges = words.reduce(0) { $0 + $1.units.count }
    var size = 1024
    while size < edges * 2 { size *= 2 }
    keys = [UInt64](repeating: 0, count: size)
    targets = [Int32](repeating: 0, count: size)
    mask = size - 1
    roots = [Int32](repeating: 0, count: 65536)
    rootClasses = [WordClass](repeating: [], count: 65536)
    rootLengths = [UInt8](repeating: 0, count: 65536)
    classes = [[]]
    for word in words {
      guard let first = word.units.first else { continue }
      if roots[Int(first)] == 0 {
        roots[Int(first)] = Int32(classes.count)
        classes.append([])
      }
      rootClasses[Int(first)].formUnion(word.kind)
      rootLengths[Int(first)] = max(rootLengths[Int(first)], UInt8(clamping: word.units.count))
      var node = Int(roots[Int(first)])
      for unit in word.units.dropFirst() {
        let next = step(node, unit)
        node = next > 0 ? next : insert(node, unit)
      }
      classes[node].formUnion(word.kind)
    }
  }

  private mutating func insert(_ node: Int, _ unit: UInt16) -> Int {
    let key = UInt64(node) << 16 | UInt64(unit)
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
    while keys[slot] != 0 { slot = (slot + 1) & mask }
    keys[slot] = key
    targets[slot] = Int32(classes.count)
    classes.append([])
    return classes.count - 1
  }

  /// Words stand between blanks, `_` stands for a space, `#` starts a comment line.
  private static func read(
    _ bytes: [UInt8], list: Int, _ body: ([UInt16]) -> Void
  ) throws(LexiconError) {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw .malformed(list: list, line: 1)
    }
    for line in bytes.split(separator: 0x0A) where line.first != 0x23 {
      for word in line.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 }) {
        let page = Page(Array(word))
        body((0..<page.count).map { page.has("_", at: $0) ? 0x20 : page.folded($0) })
      }
    }
  }

  /// Lines `weight syllable…`.
  private func readWeights(_ path: FilePath, into table: inout [UInt8]) throws {
    guard fileExists(path) else { throw LexiconError.missingList(WordClass.lists.count) }
    let lines = try readFile(path).split(separator: 0x0A, omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() where !line.isEmpty && line.first != 0x23 {
      let words = line.split(separator: 0x20)
      guard let weight = words.first?.first, weight &- 0x30 < 10 else {
        throw LexiconError.malformed(list: WordClass.lists.count, line: number + 1)
      }
      for word in words.dropFirst() {
        let page = Page(Array(word))
        for index in 0..<page.count where page.isHangul(index) {
          table[Int(page.unit(index)) - 0xAC00] = weight - 0x30
        }
      }
    }
  }
}
