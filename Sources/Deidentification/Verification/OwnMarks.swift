/// Finds what a policy wrote in place of identifiers: tags, tokens, blanks, masks, `90+`, and names
/// of institutions with an invented stem.
struct OwnMarks {
  /// Where they stand, in order and apart.
  let ranges: [Range<Int>]

  private static let names = IdentifierType.allCases.map { Array($0.rawValue.utf8) }

  /// Finds them in a text.
  ///
  /// - Parameters:
  ///   - text: Well-formed UTF-8.
  ///   - inventsPlaces: Whether the policy invents institutions; then 은하상사 is one, and no 은하.
  init(in text: [UInt8], inventsPlaces: Bool) {
    var ranges: [Range<Int>] = []
    var index = 0
    while index < text.count {
      var end = Self.end(text, index)
      if end == index, inventsPlaces {
        end = PlaceSurrogate.institutionEnd(in: text, at: index) ?? index
      }
      if end > index {
        ranges.append(index..<end)
        index = end
      } else {
        index += 1
      }
    }
    self.ranges = ranges
  }

  /// Whether a stretch lies in a mark.
  func holds(_ range: Range<Int>) -> Bool {
    ranges.contains { $0.lowerBound <= range.lowerBound && range.upperBound <= $0.upperBound }
  }

  /// A stretch of the text without the marks in it.
  func rest(of range: Range<Int>, in text: [UInt8]) -> [UInt8] {
    range.filter { place in !ranges.contains { $0.contains(place) } }.map { text[$0] }
  }

  /// Where the mark ends that begins here; the same place where there is none.
  private static func end(_ text: [UInt8], _ start: Int) -> Int {
    let byte = text[start]
    if byte == UInt8(ascii: "_") { return run(text, start, 3) { $0 == UInt8(ascii: "_") } }
    if byte == UInt8(ascii: "*") { return run(text, start, 2) { $0 == UInt8(ascii: "*") } }
    if start > 0, isWord(text[start - 1]) { return start }
    if byte == UInt8(ascii: "[") {
      for name in names where text[(start + 1)...].starts(with: name + [UInt8(ascii: "]")]) {
        return start + name.count + 2
      }
      return start
    }
    if text[start...].starts(with: "90+".utf8) { return start + 3 }
    if isHex(byte) {
      // The token of an id.
      let end = run(text, start, 24, isHex)
      if end - start == 24, end == text.count || !isWord(text[end]) { return end }
    }
    guard byte &- 0x41 < 26 else { return start }
    for name in names where text[start...].starts(with: name + [UInt8(ascii: "-")]) {
      let digits = start + name.count + 1
      let end = run(text, digits, 16, isHex)
      if end - digits == 16, end == text.count || !isWord(text[end]) { return end }
    }
    return start
  }

  /// The end of a run of at least so many bytes; its start where it is shorter.
  private static func run(
    _ text: [UInt8], _ start: Int, _ least: Int, _ belongs: (UInt8) -> Bool
  ) -> Int {
    var end = start
    while end < text.count, belongs(text[end]) { end += 1 }
    return end - start >= least ? end : start
  }

  private static func isHex(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 || byte &- 0x61 < 6 }

  private static func isWord(_ byte: UInt8) -> Bool {
    byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
  }
}
