/// Finds the sentence around an identifier.
///
/// A sentence ends after `.`, `?`, `!`, `。` or `…` before a blank, and at every line break: the
/// lines of a clinical record are its sentences. No end lies inside an identifier, nor after the
/// abbreviations before a name.
struct SentenceCutter {
  private let text: [UInt8]
  private let spans: [IdentifierSpan]

  /// A cutter over a text with its identifiers, which are disjoint and in order.
  init(_ text: [UInt8], spans: [IdentifierSpan]) {
    self.text = text
    self.spans = spans
  }

  /// The sentences around the spans that are asked for, in order and apart.
  func sentences(around isWanted: (IdentifierSpan) -> Bool) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var start = 0
    var place = 0
    var index = 0
    var takesSentence = false
    func close(_ end: Int) {
      if takesSentence { result.append(start..<end) }
      takesSentence = false
      start = end
    }
    while place < text.count {
      if index < spans.count, spans[index].start == place {
        // A span goes over sentence ends as one.
        takesSentence = takesSentence || isWanted(spans[index])
        place = spans[index].end
        index += 1
        continue
      }
      let byte = text[place]
      if byte == 0x0A || byte == 0x0D {
        // The line break stays, and the next sentence begins after it.
        close(place)
        place += 1
        start = place
        continue
      }
      let length = endLength(at: place)
      place += max(1, length)
      if length > 0, place >= text.count || [0x20, 0x09, 0x0A, 0x0D].contains(text[place]) {
        // The blank after a sentence goes with it.
        while place < text.count, text[place] == 0x20 || text[place] == 0x09 { place += 1 }
        close(place)
      }
    }
    close(text.count)
    return result
  }

  /// How many bytes a mark that ends sentences has here; 0 where there is none.
  private func endLength(at place: Int) -> Int {
    switch text[place] {
    case UInt8(ascii: "?"), UInt8(ascii: "!"): return 1
    case UInt8(ascii: "."): return isAbbreviation(before: place) ? 0 : 1
    case 0xE2 where text[place...].starts(with: [0xE2, 0x80, 0xA6]): return 3
    case 0xE3 where text[place...].starts(with: [0xE3, 0x80, 0x82]): return 3
    default: return 0
    }
  }

  private static let abbreviations = [
    "dr", "mr", "mrs", "ms", "prof", "no", "tel", "st", "vs", "pt", "dx", "hx", "rx",
  ]

  private func isAbbreviation(before place: Int) -> Bool {
    var start = place
    while start > 0, place - start < 6, (text[start - 1] | 0x20) &- 0x61 < 26 { start -= 1 }
    if start == place { return false }
    // A capital alone is an initial.
    if place - start == 1 { return text[start] &- 0x41 < 26 }
    let word = text[start..<place].map { $0 | 0x20 }
    return Self.abbreviations.contains { $0.utf8.elementsEqual(word) }
  }
}
