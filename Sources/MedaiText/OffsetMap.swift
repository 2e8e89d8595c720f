/// Leads from offsets of a changed text back to offsets of the text it was made from.
package struct OffsetMap: Sendable {
  private struct Piece: Sendable {
    let mappedStart: Int
    let mappedEnd: Int
    let originalStart: Int
    let originalEnd: Int
    let isVerbatim: Bool
  }

  private var pieces: [Piece] = []

  /// An empty map.
  package init() {}

  /// Adds the next stretch.
  ///
  /// - Parameters:
  ///   - mapped: Its length in the changed text.
  ///   - original: Its length in the original.
  ///   - isVerbatim: Whether both are the same bytes.
  package mutating func append(mapped: Int, original: Int, isVerbatim: Bool) {
    if mapped == 0 && original == 0 { return }
    let mappedStart = pieces.last?.mappedEnd ?? 0
    let originalStart = pieces.last?.originalEnd ?? 0
    pieces.append(
      Piece(
        mappedStart: mappedStart, mappedEnd: mappedStart + mapped,
        originalStart: originalStart, originalEnd: originalStart + original,
        isVerbatim: isVerbatim))
  }

  /// The original stretch behind a stretch of the changed text; a stretch that begins or ends
  /// inside a changed piece takes the whole of that piece.
  package func original(of range: Range<Int>) -> Range<Int> {
    let start = bound(range.lowerBound, isEnd: false)
    return start..<max(start, bound(range.upperBound, isEnd: true))
  }

  private func bound(_ offset: Int, isEnd: Bool) -> Int {
    var low = 0
    var high = pieces.count
    while low < high {
      let middle = (low + high) / 2
      let piece = pieces[middle]
      if isEnd ? piece.mappedEnd < offset : piece.mappedEnd <= offset {
        low = middle + 1
      } else {
        high = middle
      }
    }
    guard low < pieces.count else { return pieces.last?.originalEnd ?? 0 }
    let piece = pieces[low]
    if piece.isVerbatim { return piece.originalStart + max(0, offset - piece.mappedStart) }
    if isEnd { return offset <= piece.mappedStart ? piece.originalStart : piece.originalEnd }
    return piece.originalStart
  }
}

/// Counts the Unicode scalars before ascending byte offsets of well-formed UTF-8.
package struct ScalarCounter: Sendable {
  private var byte = 0
  private var count = 0

  /// A counter at the start.
  package init() {}

  /// Scalars that begin before a byte offset; offsets must not descend.
  package mutating func scalars(before offset: Int, in bytes: [UInt8]) -> Int {
    while byte < offset {
      if bytes[byte] & 0xC0 != 0x80 { count += 1 }
      byte += 1
    }
    return count
  }
}
