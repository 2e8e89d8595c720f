/// Message segments pasted into a note: `PID|1||33018824||원^인호||19680621|M`.
extension Searcher {
  private struct Field {
    var number: Int
    var type: IdentifierType
  }

  /// Fields of HL7 v2 segments that name a person, a number or a place; by segment.
  private static let segments: [(name: [UInt16], fields: [Field])] = [
    (
      "msh|",
      [
        Field(number: 3, type: .hospital), Field(number: 5, type: .hospital),
        Field(number: 9, type: .id),
      ]
    ),
    (
      "pid|",
      [
        Field(number: 2, type: .mrn), Field(number: 3, type: .mrn), Field(number: 4, type: .mrn),
        Field(number: 5, type: .name), Field(number: 6, type: .name), Field(number: 9, type: .name),
        Field(number: 18, type: .id),
      ]
    ),
    ("nk1|", [Field(number: 2, type: .name)]),
    ("pv1|", [Field(number: 19, type: .id)]),
    ("orc|", [Field(number: 2, type: .id), Field(number: 3, type: .id)]),
    ("obr|", [Field(number: 2, type: .id), Field(number: 3, type: .id)]),
  ].map { (Array($0.0.utf16), $0.1) }

  /// Reads the fields of every segment that starts a line.
  mutating func findSegments() {
    for word in words where word.kind == .upper && word.end - word.start <= 3 {
      let lineStart = word.start == 0 || page.kind(word.start - 1) == .newline
      guard lineStart, page.isLatin(word.start) else { continue }
      for segment in Self.segments where matches(segment.name, at: word.start) {
        segmentFields(word.start, segment.fields)
      }
    }
  }

  private mutating func segmentFields(_ start: Int, _ fields: [Field]) {
    var index = start
    var number = 0
    while index < page.count, page.kind(index) != .newline, number <= 20 {
      guard page.has("|", at: index) else {
        index += 1
        continue
      }
      number += 1
      index += 1
      guard let field = fields.first(where: { $0.number == number }) else { continue }
      var end = index
      while end < page.count, end - index < 64, !page.has("|", at: end),
        page.kind(end) != .newline,
        field.type == .name || !page.has("^", at: end) && !page.has("~", at: end)
      { end += 1 }
      segmentValue(index..<end, field.type)
    }
  }

  private mutating func segmentValue(_ range: Range<Int>, _ type: IdentifierType) {
    var end = range.upperBound
    while end > range.lowerBound, page.has("^", at: end - 1) || page.isSpace(end - 1) { end -= 1 }
    var digits = 0
    var letters = 0
    for index in range.lowerBound..<end {
      if page.isDigit(index) {
        digits += 1
      } else if page.isLatin(index) || page.isHangul(index) {
        letters += 1
      }
    }
    let fits =
      switch type {
      case .name: digits == 0 && letters >= 2
      case .hospital: letters >= 3 && digits <= 2
      default: digits >= 3
      }
    guard fits else { return }
    add(type, range.lowerBound..<end, "segment.field", 945, [.headerLine, .shape])
  }
}
