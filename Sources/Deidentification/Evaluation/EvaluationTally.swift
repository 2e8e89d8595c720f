internal import MedaiText

/// Counts of one type, or of several together.
package struct EvaluationCounts: Sendable, Equatable {
  /// Marked spans.
  package var gold = 0
  /// Found spans.
  package var found = 0
  /// Found spans of the same start, end and type as a marked one.
  package var exact = 0
  /// Found spans that overlap a marked one of their type.
  package var overlapping = 0
  /// Marked spans that a found one of their type overlaps.
  package var overlapped = 0
  /// Found spans that touch a marked one of whatever type.
  package var touching = 0
  /// Marked spans whose every byte some found span covers, whatever its type.
  package var covered = 0
  /// Letters and digits of marked spans that no found span covers.
  package var leaked = 0
  /// Letters and digits of marked spans.
  package var characters = 0

  /// The sum of two.
  static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum.gold += right.gold
    sum.found += right.found
    sum.exact += right.exact
    sum.overlapping += right.overlapping
    sum.overlapped += right.overlapped
    sum.touching += right.touching
    sum.covered += right.covered
    sum.leaked += right.leaked
    sum.characters += right.characters
    return sum
  }
}

/// How well identifiers are found, by type.
package struct EvaluationTally: Sendable {
  private var byType = [EvaluationCounts](
    repeating: EvaluationCounts(), count: IdentifierType.allCases.count)
  /// Notes that were compared.
  package private(set) var notes = 0

  /// Nothing was compared yet.
  package init() {}

  /// The counts of a type.
  package func counts(of type: IdentifierType) -> EvaluationCounts { byType[type.index] }

  /// The counts of all types together.
  package var all: EvaluationCounts { byType.reduce(EvaluationCounts(), +) }

  /// The counts of direct identifiers: all types but HOSPITAL, ORG, DATE and AGE.
  package var direct: EvaluationCounts {
    IdentifierType.allCases.filter(\.isDirect).map(counts).reduce(EvaluationCounts(), +)
  }

  /// Compares what was found in one note with its marks.
  ///
  /// - Parameters:
  ///   - note: The note.
  ///   - found: In bytes of its text, no span twice.
  package mutating func add(_ note: GoldNote, _ found: [IdentifierSpan]) {
    notes += 1
    var covered = [Bool](repeating: false, count: note.text.count)
    for span in found {
      for index in span.start..<span.end { covered[index] = true }
      let place = span.type.index
      byType[place].found += 1
      let touched = note.spans.filter { $0.start < span.end && span.start < $0.end }
      if !touched.isEmpty { byType[place].touching += 1 }
      if touched.contains(where: { $0.type == span.type }) { byType[place].overlapping += 1 }
      if touched.contains(where: {
        $0.type == span.type && $0.start == span.start && $0.end == span.end
      }) {
        byType[place].exact += 1
      }
    }
    for gold in note.spans {
      let place = gold.type.index
      byType[place].gold += 1
      if found.contains(where: {
        $0.type == gold.type && $0.start < gold.end && gold.start < $0.end
      }) {
        byType[place].overlapped += 1
      }
      if (gold.start..<gold.end).allSatisfy({ covered[$0] }) { byType[place].covered += 1 }
      var offset = gold.start
      for scalar in scalars(of: Array(note.text[gold.start..<gold.end])) {
        if isLetter(scalar) || isNumber(scalar) {
          byType[place].characters += 1
          if !covered[offset] { byType[place].leaked += 1 }
        }
        offset += UTF8.width(scalar)
      }
    }
  }
}

extension IdentifierType {
  /// Whether a value names one person by itself; HOSPITAL, ORG, DATE and AGE only narrow down.
  package var isDirect: Bool {
    switch self {
    case .hospital, .org, .date, .age: false
    default: true
    }
  }
}
