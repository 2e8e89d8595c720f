/// Text to look for: pieces in order, with a few scalars allowed between them.
struct Phrase: Sendable {
  private let pieces: [[UInt32]]
  private let isKorean: Bool
  private static let maxGap = 24

  /// A phrase such as `복용을 * 중단하세요`.
  ///
  /// - Returns: `nil` where a piece is empty.
  init?(_ text: String, isKorean: Bool) {
    var pieces: [[UInt32]] = []
    for piece in text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false) {
      var scalars = NormalizedText(String(decoding: piece, as: UTF8.self), keepsSpaces: !isKorean)
        .scalars[...]
      if scalars.first == 0x20 { scalars.removeFirst() }
      if scalars.last == 0x20 { scalars.removeLast() }
      if scalars.isEmpty { return nil }
      pieces.append(Array(scalars))
    }
    self.pieces = pieces
    self.isKorean = isKorean
  }

  /// The first place of the phrase at or after `start` that ends by `end`.
  func first(in text: NormalizedText, from start: Int = 0, until end: Int? = nil) -> Range<Int>? {
    let end = end ?? text.scalars.count
    var from = start
    while let first = find(pieces[0], in: text, from..<end) {
      if let last = rest(in: text, after: first.upperBound, until: end) {
        return first.lowerBound..<last
      }
      from = first.lowerBound + 1
    }
    return nil
  }

  private func rest(in text: NormalizedText, after start: Int, until end: Int) -> Int? {
    var position = start
    for piece in pieces.dropFirst() {
      let limit = min(end, position + Self.maxGap + piece.count)
      guard let place = find(piece, in: text, position..<limit),
        !(position..<place.lowerBound).contains(where: text.isSentenceEnd)
      else { return nil }
      position = place.upperBound
    }
    return position
  }

  private func find(_ piece: [UInt32], in text: NormalizedText, _ range: Range<Int>) -> Range<Int>?
  {
    guard range.count >= piece.count else { return nil }
    for start in range.lowerBound...(range.upperBound - piece.count)
    where text.scalars[start] == piece[0] {
      let end = start + piece.count
      guard text.scalars[start..<end].elementsEqual(piece) else { continue }
      if isKorean || isWord(start..<end, in: text) { return start..<end }
    }
    return nil
  }

  private func isWord(_ range: Range<Int>, in text: NormalizedText) -> Bool {
    func isLetter(_ index: Int) -> Bool {
      guard text.scalars.indices.contains(index) else { return false }
      let scalar = text.scalars[index]
      return scalar &- 0x61 < 26 || scalar &- 0x30 < 10
    }
    return !isLetter(range.lowerBound - 1) && !isLetter(range.upperBound)
  }
}
