internal import Deidentification
internal import MedaiCore
internal import MedaiTestSupport
internal import SystemPackage
import Testing

/// Takes the marks out of a note: the text and its spans as `start-end TYPE`.
private func unmarked(_ marked: String) -> (text: [UInt8], spans: [String]) {
  var text: [UInt8] = []
  var spans: [String] = []
  for (number, piece) in marked.split(separator: "⟦", omittingEmptySubsequences: false).enumerated()
  {
    guard number > 0, let close = piece.firstIndex(of: "⟧"), let colon = piece.firstIndex(of: ":")
    else {
      text += Array(piece.utf8)
      continue
    }
    let surface = Array(piece[piece.index(after: colon)..<close].utf8)
    spans.append("\(text.count)-\(text.count + surface.count) \(piece[..<colon])")
    text += surface
    text += Array(piece[piece.index(after: close)...].utf8)
  }
  return (text, spans)
}

@Test func eightNotesAreReadAsWellAsBefore() throws {
  let bytes = try readFile(goldenFolder().appending("deid-ko").appending("notes.txt"))
  var gold = 0
  var found = 0
  var exact = 0
  for note in String(decoding: bytes, as: UTF8.self).split(separator: "=== id: ") {
    let (text, spans) = unmarked(String(note))
    let own = Set(detectors.spans(in: text).map { "\($0.start)-\($0.end) \($0.type.rawValue)" })
    gold += spans.count
    found += own.count
    exact += spans.count { own.contains($0) }
  }
  #expect(gold == 122)
  // A change of a rule may cost a span here; it may not cost one in twenty.
  #expect(Double(exact) >= 0.95 * Double(gold))
  #expect(Double(exact) >= 0.95 * Double(found))
}
