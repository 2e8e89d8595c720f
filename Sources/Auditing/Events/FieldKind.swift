internal import Cryptography
internal import MedaiCore

/// What a field may hold (DESIGN guarantee 2).
public indirect enum FieldKind: Sendable, Equatable {
  case digest
  case commitment
  case token
  case publicKey
  case count
  case decimal
  case time
  case identifier
  /// One of these words, each itself an identifier.
  case choice([String])
  /// At most 4096 values of one kind that is neither list nor map.
  case list(FieldKind)
  /// At most 4096 names with a count, a digest or a decimal each.
  case map(FieldKind)

  /// Values that a list or a map may hold.
  static let maxElements = 4096

  /// The kind's name in schema files.
  var name: String {
    switch self {
    case .digest: "digest"
    case .commitment: "commitment"
    case .token: "token"
    case .publicKey: "public-key"
    case .count: "count"
    case .decimal: "decimal"
    case .time: "time"
    case .identifier: "identifier"
    case .choice: "choice"
    case .list: "list"
    case .map: "map"
    }
  }

  /// The kind that a name without parameters stands for.
  init?(scalarName name: String) {
    switch name {
    case "digest": self = .digest
    case "commitment": self = .commitment
    case "token": self = .token
    case "public-key": self = .publicKey
    case "count": self = .count
    case "decimal": self = .decimal
    case "time": self = .time
    case "identifier": self = .identifier
    default: return nil
    }
  }

  /// Whether a list of this kind is allowed.
  var isScalar: Bool {
    switch self {
    case .list, .map: false
    default: true
    }
  }

  /// Whether a map to this kind is allowed.
  var isMapValue: Bool { self == .count || self == .digest || self == .decimal }

  /// A choice among the cases of an enum with string raw values.
  static func choice<Choice: CaseIterable & RawRepresentable>(
    _ choices: Choice.Type
  ) -> FieldKind where Choice.RawValue == String {
    .choice(Choice.allCases.map(\.rawValue))
  }

  /// Whether a value is of this kind and within its limits.
  func admits(_ value: FieldValue) -> Bool {
    switch (self, value) {
    case (.digest, .digest), (.commitment, .commitment), (.token, .token),
      (.publicKey, .publicKey), (.decimal, .decimal), (.identifier, .identifier):
      return true
    case (.time, .time(let moment)): return Timestamp(text: moment.text) == moment
    case (.count, .count(let count)): return (0...greatestCount).contains(count)
    case (.choice(let words), .choice(let word)): return words.contains { sameBytes($0, word) }
    case (.list(let kind), .list(let elements)):
      return elements.count <= Self.maxElements && elements.allSatisfy(kind.admits)
    case (.map(let kind), .map(let entries)):
      return entries.count <= Self.maxElements && entries.allSatisfy { kind.admits($0.value) }
        && zip(entries, entries.dropFirst()).allSatisfy { $0.key < $1.key }
    default: return false
    }
  }
}
