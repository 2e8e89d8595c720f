/// Words by their bytes: the longest that begins at a place is found in one walk.
struct ByteTrie: Sendable {
  private struct Node: Sendable {
    /// Sorted by byte.
    var children: [(byte: UInt8, node: Int32)] = []
    /// What ends here; -1 for nothing.
    var value: Int32 = -1
  }

  private var nodes = [Node()]

  /// Whether there is no word.
  var isEmpty: Bool { nodes.count == 1 }

  /// Adds a word; the first value of a word stays.
  mutating func insert(_ word: [UInt8], value: Int) {
    var place = 0
    for byte in word {
      let children = nodes[place].children
      let index = children.firstIndex { $0.byte >= byte } ?? children.count
      if index < children.count, children[index].byte == byte {
        place = Int(children[index].node)
      } else {
        nodes[place].children.insert((byte, Int32(nodes.count)), at: index)
        place = nodes.count
        nodes.append(Node())
      }
    }
    if nodes[place].value < 0 { nodes[place].value = Int32(value) }
  }

  /// Walks from a place and reports every word that begins there, shorter ones first.
  func matches(_ text: [UInt8], at start: Int, _ report: (_ end: Int, _ value: Int) -> Void) {
    var place = 0
    var index = start
    while index < text.count {
      let byte = text[index]
      let children = nodes[place].children
      var low = 0
      var high = children.count
      while low < high {
        let middle = (low + high) / 2
        if children[middle].byte < byte { low = middle + 1 } else { high = middle }
      }
      guard low < children.count, children[low].byte == byte else { return }
      place = Int(children[low].node)
      index += 1
      if nodes[place].value >= 0 { report(index, Int(nodes[place].value)) }
    }
  }
}
