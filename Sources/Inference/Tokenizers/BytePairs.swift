/// Merges of neighbouring symbols, the pair of the highest priority first, of equal ones the
/// leftmost.
struct BytePairs: Sendable {
  private struct Merge {
    let rank: Int32
    let result: Int32
  }

  private var merges: [UInt64: Merge] = [:]

  /// Reads merges in descending order of priority.
  ///
  /// - Parameters:
  ///   - pairs: The two tokens of each.
  ///   - index: The vocabulary.
  /// - Throws: `ModelProblem.badVocabulary` with the number of the merge.
  init(
    _ pairs: [(left: [UInt8], right: [UInt8])], index: [[UInt8]: Int32]
  ) throws(ModelProblem) {
    merges.reserveCapacity(pairs.count)
    for (rank, pair) in pairs.enumerated() {
      guard let left = index[pair.left], let right = index[pair.right],
        let result = index[pair.left + pair.right]
      else { throw .badVocabulary(entry: rank) }
      add(left, right, Merge(rank: Int32(rank), result: result))
    }
  }

  /// Every two tokens that join to a token; the token of the larger score first.
  ///
  /// - Parameters:
  ///   - scores: One for each token.
  ///   - tokens: Plain tokens and their ids.
  ///   - index: The vocabulary of plain tokens.
  init(scores: [Double], tokens: [(text: [UInt8], id: Int32)], index: [[UInt8]: Int32]) {
    let order = tokens.indices.sorted { left, right in
      scores[Int(tokens[left].id)] > scores[Int(tokens[right].id)]
    }
    var rank: Int32 = -1
    var last: Double?
    for token in order.map({ tokens[$0] }) {
      if scores[Int(token.id)] != last { rank += 1 }
      last = scores[Int(token.id)]
      for cut in token.text.indices.dropFirst() where token.text[cut] & 0xC0 != 0x80 {
        guard let left = index[Array(token.text[..<cut])],
          let right = index[Array(token.text[cut...])]
        else { continue }
        add(left, right, Merge(rank: rank, result: token.id))
      }
    }
  }

  private mutating func add(_ left: Int32, _ right: Int32, _ merge: Merge) {
    let key = Self.key(left, right)
    if merges[key] == nil { merges[key] = merge }
  }

  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  /// Appends the tokens that symbols merge to.
  ///
  /// A queue of pairs keeps the time at n log n for n symbols: a piece may be a whole record.
  func merge(_ symbols: consuming [Int32], into tokens: inout [Int32]) {
    guard symbols.count > 1 else {
      tokens += symbols
      return
    }
    var symbols = symbols
    var next = Array(1...symbols.count)
    var previous = Array(-1..<symbols.count - 1)
    var queue = PairQueue()
    func push(_ left: Int, _ right: Int) {
      if let merge = merges[Self.key(symbols[left], symbols[right])] {
        queue.push(UInt64(merge.rank) << 32 | UInt64(left))
      }
    }
    for left in 0..<symbols.count - 1 { push(left, left + 1) }
    while let entry = queue.pop() {
      let left = Int(entry & 0xFFFF_FFFF)
      let right = next[left]
      // An entry is stale when a merge has since changed either of its symbols.
      guard symbols[left] >= 0, right < symbols.count,
        let merge = merges[Self.key(symbols[left], symbols[right])],
        UInt64(merge.rank) == entry >> 32
      else { continue }
      symbols[left] = merge.result
      symbols[right] = -1
      next[left] = next[right]
      if next[left] < symbols.count {
        previous[next[left]] = left
        push(left, next[left])
      }
      if previous[left] >= 0 { push(previous[left], left) }
    }
    for symbol in symbols where symbol >= 0 { tokens.append(symbol) }
  }
}

/// A binary heap of numbers, smallest first.
private struct PairQueue {
  private var entries: [UInt64] = []

  mutating func push(_ entry: UInt64) {
    entries.append(entry)
    var index = entries.count - 1
    while index > 0, entries[index] < entries[(index - 1) / 2] {
      entries.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  mutating func pop() -> UInt64? {
    guard let first = entries.first, let last = entries.popLast() else { return nil }
    if entries.isEmpty { return first }
    entries[0] = last
    var index = 0
    while true {
      var smallest = index
      for child in [2 * index + 1, 2 * index + 2]
      where child < entries.count && entries[child] < entries[smallest] {
        smallest = child
      }
      if smallest == index { return first }
      entries.swapAt(index, smallest)
      index = smallest
    }
  }
}
