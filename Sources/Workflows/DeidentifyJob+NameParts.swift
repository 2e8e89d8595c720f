internal import Deidentification

extension DeidentifyJob {
  /// Whether what the rules left of a name could still point to a person.
  ///
  /// A file name has no sentence around it that would tell a name or a chart number, so here six
  /// digits are a number of somebody, and a word that a cue would make a name is one.
  ///
  /// - Parameters:
  ///   - component: One component of a path.
  ///   - spans: What was found in it, in Unicode scalars.
  /// - Returns: Whether the component has to become a token as a whole.
  func mayIdentify(_ component: String, after spans: [AppliedSpan]) -> Bool {
    let scalars = Array(component.unicodeScalars)
    var isFree = [Bool](repeating: true, count: scalars.count)
    for span in spans {
      for index in span.start..<min(span.end, scalars.count) { isFree[index] = false }
    }
    var digits = 0
    var word = String.UnicodeScalarView()
    var words: [String] = []
    for (index, scalar) in scalars.enumerated() {
      let isDigit = isFree[index] && ("0"..."9").contains(scalar)
      digits = isDigit ? digits + 1 : 0
      if digits >= Self.numberDigits { return true }
      if isFree[index], ("\u{AC00}"..."\u{D7A3}").contains(scalar) {
        word.append(scalar)
      } else if !word.isEmpty {
        words.append(String(word))
        word = String.UnicodeScalarView()
      }
    }
    if !word.isEmpty { words.append(String(word)) }
    return words.contains { (2...4).contains($0.unicodeScalars.count) && isNameAfterACue($0) }
  }

  /// Digits in a row that may be a chart number.
  private static let numberDigits = 6

  private func isNameAfterACue(_ word: String) -> Bool {
    guard let text = try? SourceText(Array("환자 성명: \(word) 님".utf8)) else { return true }
    return deidentifier.candidates(in: text).contains { $0.type == .name }
  }

  /// An extension that says nothing but the kind of file; empty where there is none.
  func plainExtension(of component: String) -> String {
    guard let dot = component.utf8.lastIndex(of: UInt8(ascii: ".")) else { return "" }
    let ending = component.utf8[component.utf8.index(after: dot)...]
    let isPlain =
      (1...6).contains(ending.count)
      && ending.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20) }
    return isPlain ? "." + String(decoding: ending, as: UTF8.self) : ""
  }
}
