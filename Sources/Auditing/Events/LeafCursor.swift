internal import Glibc
internal import MedaiCore

/// A place in a leaf that moves over exactly the canonical form.
struct LeafCursor {
  private let bytes: [UInt8]
  private let start: Int
  private let end: Int
  var position: Int

  init(_ bytes: [UInt8], _ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "a leaf in its buffer")
    self.bytes = bytes
    start = range.lowerBound
    end = range.upperBound
    position = start
  }

  var fault: LeafError { .malformed(offset: position - start) }

  var isAtEnd: Bool { position == end }

  func isAt(_ byte: UInt8) -> Bool { position < end && bytes[position] == byte }

  @inline(__always)
  mutating func expect(_ text: StaticString) throws(LeafError) {
    guard accept(text) else { throw fault }
  }

  @inline(__always)
  mutating func accept(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard end - position >= count else { return false }
    let isSame = unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe memcmp(bytes.baseAddress.unsafelyUnwrapped + position, text.utf8Start, count) == 0
    }
    if isSame { position += count }
    return isSame
  }

  @inline(__always)
  mutating func accept(_ byte: UInt8) -> Bool {
    guard isAt(byte) else { return false }
    position += 1
    return true
  }

  mutating func accept(_ text: [UInt8], _ piece: LeafGrammar.Piece) -> Bool {
    guard end - position >= piece.count, matches(text, piece, at: position) else { return false }
    position += piece.count
    return true
  }

  /// Whether a piece of a text is all of a text in the leaf.
  func holds(_ text: [UInt8], _ piece: LeafGrammar.Piece, at place: LeafOutline.Text) -> Bool {
    piece.count == Int(place.count) && matches(text, piece, at: Int(place.start))
  }

  private func matches(_ text: [UInt8], _ piece: LeafGrammar.Piece, at place: Int) -> Bool {
    precondition(place >= 0 && bytes.count - place >= piece.count, "inside the leaf")
    precondition(piece.start >= 0 && text.count - piece.start >= piece.count, "inside the text")
    return unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe text.withUnsafeBufferPointer { text in
        guard let left = bytes.baseAddress, let right = text.baseAddress else {
          return piece.count == 0
        }
        return unsafe memcmp(left + place, right + piece.start, piece.count) == 0
      }
    }
  }

  /// Whether one text comes before another, byte by byte.
  func isAscending(_ first: LeafOutline.Text, _ second: LeafOutline.Text) -> Bool {
    bytes[first.range].lexicographicallyPrecedes(bytes[second.range])
  }

  /// A string of ASCII that needs no escape.
  mutating func text() throws(LeafError) -> LeafOutline.Text {
    guard accept(UInt8(ascii: "\"")) else { throw fault }
    let first = position
    while position < end, bytes[position] != UInt8(ascii: "\"") {
      let byte = bytes[position]
      guard byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\\") else { throw fault }
      position += 1
    }
    return try close(first)
  }

  mutating func identifier() throws(LeafError) -> LeafOutline.Text {
    guard accept(UInt8(ascii: "\"")) else { throw fault }
    let first = position
    while position < end, isIdentifierByte(bytes[position]) { position += 1 }
    guard (1...128).contains(position - first) else { throw fault }
    return try close(first)
  }

  mutating func digest() throws(LeafError) -> LeafOutline.Text {
    guard accept(UInt8(ascii: "\"")), end - position >= 64 else { throw fault }
    let first = position
    let isHex = unsafe bytes.withUnsafeBytes { bytes in
      for block in 0..<8 {
        let digits = unsafe bytes.loadUnaligned(fromByteOffset: first + 8 * block, as: UInt64.self)
        if !areLowerHexDigits(digits) { return false }
      }
      return true
    }
    guard isHex else { throw fault }
    position += 64
    return try close(first)
  }

  /// An integer from 0 to 2^53 − 1 without leading zeros.
  mutating func count() throws(LeafError) -> Int {
    let first = position
    var value = 0
    while position < end, bytes[position] &- 0x30 < 10 {
      value = value * 10 + Int(bytes[position] - 0x30)
      guard value <= greatestCount else { throw fault }
      position += 1
    }
    guard position > first, position == first + 1 || bytes[first] != 0x30 else { throw fault }
    return value
  }

  /// A lower-case UUID version 7.
  mutating func uuid() throws(LeafError) -> LeafOutline.Text {
    let text = try text()
    let first = Int(text.start)
    guard text.count == 36, bytes[first + 14] == UInt8(ascii: "7") else { throw fault }
    for index in 0..<36 {
      let byte = bytes[first + index]
      let isDash = index == 8 || index == 13 || index == 18 || index == 23
      let isRight = isDash ? byte == UInt8(ascii: "-") : byte &- 0x30 < 10 || byte &- 0x61 < 6
      guard isRight else { throw fault }
    }
    switch bytes[first + 19] {
    case UInt8(ascii: "8"), UInt8(ascii: "9"), UInt8(ascii: "a"), UInt8(ascii: "b"): return text
    default: throw fault
    }
  }

  /// The moment that a text spells.
  func time(_ text: LeafOutline.Text) -> Timestamp? {
    Timestamp(utf8: bytes.span.extracting(text.range))
  }

  /// Whether a text spells a decimal in its only form.
  func isDecimal(_ text: LeafOutline.Text) -> Bool { Auditing.isDecimal(Array(bytes[text.range])) }

  private mutating func close(_ first: Int) throws(LeafError) -> LeafOutline.Text {
    let text = LeafOutline.Text(start: Int32(first), count: Int32(position - first))
    guard accept(UInt8(ascii: "\"")) else { throw fault }
    return text
  }
}

/// Whether all eight bytes are lower-case hexadecimal digits; all at once, since a leaf has hundreds.
private func areLowerHexDigits(_ bytes: UInt64) -> Bool {
  let each: UInt64 = 0x0101_0101_0101_0101
  // Each sum stays within its byte, because no byte is above 0x7F; its high bit is the answer.
  guard bytes & (0x80 * each) == 0 else { return false }
  let isAtLeast0 = bytes + 0x50 * each
  let isAbove9 = bytes + 0x46 * each
  let isAtLeastA = bytes + 0x1F * each
  let isAboveF = bytes + 0x19 * each
  let isDigit = isAtLeast0 & ~isAbove9 | isAtLeastA & ~isAboveF
  return isDigit & (0x80 * each) == 0x80 * each
}
