internal import MedaiCore
internal import MedaiText

/// A candidate with its own text, for the person who gave that text.
package struct ExplainedCandidate: Sendable {
  /// First scalar in the text.
  package let start: Int
  /// One past its last scalar.
  package let end: Int
  /// The candidate's text, well-formed UTF-8.
  package let text: [UInt8]
  /// Type, evidence and verdict.
  package let explanation: CandidateExplanation
}

extension Detectors {
  /// Every candidate of a text with the evidence for and against it, in the order of the text.
  package func explain(
    _ source: borrowing SourceText, known: KnownValues = KnownValues()
  ) -> [ExplainedCandidate] {
    let text = source.bytes
    // Candidates may overlap and share starts, so scalars are counted once for the whole text.
    var before = [Int](repeating: 0, count: text.count + 1)
    for index in text.indices {
      before[index + 1] = before[index] + (text[index] & 0xC0 == 0x80 ? 0 : 1)
    }
    return explain(in: text, known: known).map { item in
      ExplainedCandidate(
        start: before[item.span.start], end: before[item.span.end],
        text: Array(text[item.span.start..<item.span.end]), explanation: item)
    }
  }
}
