/// The merges of a byte-level vocabulary and their application.
struct BytePairs: Sendable {
  private struct Merge {
    let rank: Int32
    let result: Int32
  }

  private let merges: [UInt64: Merge]
  /// The token of each byte; -1 where the vocabulary has none.
  private let byteTokens: [Int32]

  /// Reads merges `left right`.
  ///
  /// - Parameters:
  ///   - lines: In descending order of priority.
  ///   - index: The vocabulary.
  /// - Throws: `ModelProblem.badVocabulary` with the number of the merge.
  init(_ lines: [[UInt8]], index: [[UInt8]: Int32]) throws(ModelProblem) {
    byteTokens = (UInt8.min...UInt8.max).map { index[ByteAlphabet.letter(of: $0)] ?? -1 }
    var merges: [UInt64: Merge] = [:]
    merges.reserveCapacity(lines.count)
    for (rank, line) in lines.enumerated() {
      guard let space = line.firstIndex(of: 0x20),
        let left = index[Array(line[..<space])],
        let right = index[Array(line[(space + 1)...])],
        let result = index[Array(line[..<space] + line[(space + 1)...])]
      else { throw .badVocabulary(entry: rank) }
      let merge = Merge(rank: Int32(rank), result: result)
      let key = Self.key(left, right)
      if merges[key] == nil { merges[key] = merge }
    }
    self.merges = merges
  }

  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  /// Whether the vocabulary has a token for a byte.
  func has(_ byte: UInt8) -> Bool { byteTokens[Int(byte)] >= 0 }

  /// Appends the tokens of one piece.
  ///
  /// The pair of the lowest rank is merged first, of equal ones the leftmost. A queue of pairs
  /// keeps the time at n log n for a piece of n bytes: a piece may be a whole record.
  func encode(_ piece: ArraySlice<UInt8>, into tokens: inout [Int32]) {
    var symbols: [Int32] = []
    symbols.reserveCapacity(piece.count)
    for byte in piece where byteTokens[Int(byte)] >= 0 { symbols.append(byteTokens[Int(byte)]) }
    guard symbols.count > 1 else {
      tokens += symbols
      return
    }
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
