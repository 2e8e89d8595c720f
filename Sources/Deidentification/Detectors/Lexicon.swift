internal import Cryptography
internal import MedaiCore
internal import SystemPackage

/// All word lists in one trie over normalised units, small letters.
///
/// Transitions are one open-addressing table keyed by node and unit: a step is one multiplication
/// and, nearly always, one comparison. A query looks at no more units than the longest word has.
struct Lexicon: Sendable {
  private var edges: [Edge] = []
  private var mask = 0
  private var classes: [WordClass] = []
  private var roots: [Root] = []
  /// How often each syllable stands first and last in two-syllable given names: 0 never, 3 often.
  private(set) var firstSyllable: [UInt8] = []
  private(set) var lastSyllable: [UInt8] = []
  /// Weight of one-syllable surnames: 0 none, 1 rare, 2 known, 3 common.
  private(set) var surnameWeight: [UInt8] = []

  /// One transition; the key is 0 where the slot is free.
  private struct Edge {
    var key: UInt64 = 0
    var target: Int32 = 0
  }

  /// What a first unit tells of the words that start with it: most queries end here.
  private struct Root {
    /// The classes of all of them.
    var classes: WordClass = []
    /// One bit a second unit, by its hash.
    var seconds: UInt64 = 0
    var node: Int32 = 0
    /// The length of the longest.
    var length: UInt8 = 0
  }

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

  /// The longest word at `start` that has one of the wanted classes and ends by `limit`.
  func longest(_ page: Page, at start: Int, limit: Int, wanted: WordClass) -> Match? {
    let root = roots[Int(page.folded(start))]
    guard !root.classes.isDisjoint(with: wanted), start < limit else { return nil }
    var node = Int(root.node)
    var best: Match?
    var index = start + 1
    if index >= limit || root.seconds & Self.bit(page.folded(index)) == 0 {
      return classes[node].isDisjoint(with: wanted)
        ? nil : Match(end: index, classes: classes[node])
    }
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
    let root = roots[Int(page.folded(range.lowerBound))]
    guard range.count <= Int(root.length) else { return [] }
    var node = Int(root.node)
    var index = range.lowerBound + 1
    if index < range.upperBound, root.seconds & Self.bit(page.folded(index)) == 0 { return [] }
    while node > 0 && index < range.upperBound {
      node = step(node, page.folded(index))
      index += 1
    }
    return node > 0 ? classes[node] : []
  }

  @inline(__always)
  private static func bit(_ unit: UInt16) -> UInt64 {
    1 << UInt64((unit &* 40503) >> 10)
  }

  @inline(__always)
  private func step(_ node: Int, _ unit: UInt16) -> Int {
    let key = UInt64(node) << 16 | UInt64(unit)
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
    while true {
      let edge = edges[slot]
      if edge.key == key { return Int(edge.target) }
      if edge.key == 0 { return 0 }
      slot = (slot + 1) & mask
    }
  }

  private mutating func build(_ words: [(units: [UInt16], kind: WordClass)]) {
    let units = words.reduce(0) { $0 + $1.units.count }
    var size = 1024
    while size < units * 2 { size *= 2 }
    edges = [Edge](repeating: Edge(), count: size)
    mask = size - 1
    roots = [Root](repeating: Root(), count: 65536)
    classes = [[]]
    for word in words {
      guard let first = word.units.first else { continue }
      var root = roots[Int(first)]
      if root.node == 0 {
        root.node = Int32(classes.count)
        classes.append([])
      }
      root.classes.formUnion(word.kind)
      root.length = max(root.length, UInt8(clamping: word.units.count))
      if word.units.count > 1 { root.seconds |= Self.bit(word.units[1]) }
      roots[Int(first)] = root
      var node = Int(root.node)
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
    while edges[slot].key != 0 { slot = (slot + 1) & mask }
    edges[slot] = Edge(key: key, target: Int32(classes.count))
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
