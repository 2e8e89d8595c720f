public import Cryptography
public import MedaiCore

/// An entry as it stands in a log, read back from its leaf.
public struct LogEntry: Sendable, Equatable {
  /// Its number, from 0.
  public let sequence: Int
  /// The log's origin.
  public let origin: Identifier
  /// UUID version 7.
  public let id: String
  /// UTC as the machine claimed it.
  public let time: Timestamp
  /// Which run of the machine.
  public let boot: Identifier
  /// Microseconds since that run began.
  public let monotonicMicroseconds: Int
  /// Who acted.
  public let actor: LogActor
  /// Which program acted.
  public let tool: LogTool
  /// What happened.
  public let event: Event
  /// Digest of the schema, where the type is another system's.
  public let schema: Digest?

  /// The type's name.
  public var type: Identifier { event.type }
  /// The number of the entry that this one ends or belongs to.
  public var pair: Int? { event.pair }

  /// The value of a field.
  public subscript(_ field: String) -> FieldValue? {
    event.fields.first { sameBytes($0.name, field) }?.value
  }

  /// A field that is a digest, commitment, token or public key.
  public func digest(_ field: String) -> Digest? {
    switch self[field] {
    case .digest(let digest), .commitment(let digest), .token(let digest),
      .publicKey(let digest):
      digest
    default: nil
    }
  }

  /// A field that is a count.
  public func count(_ field: String) -> Int? {
    if case .count(let count) = self[field] { count } else { nil }
  }

  /// A field that is a decimal, an identifier, a choice or a time, as text.
  public func text(_ field: String) -> String? {
    switch self[field] {
    case .decimal(let decimal): decimal.text
    case .identifier(let identifier): identifier.text
    case .choice(let word): word
    case .time(let moment): moment.text
    default: nil
    }
  }

  /// A field that is a map to counts, in byte order of the names.
  public func counts(_ field: String) -> [(name: Identifier, count: Int)]? {
    guard case .map(let entries) = self[field] else { return nil }
    return entries.compactMap { entry in
      if case .count(let count) = entry.value { (entry.key, count) } else { nil }
    }
  }

  /// A field that is a map to digests, in byte order of the names.
  public func digests(_ field: String) -> [(name: Identifier, digest: Digest)]? {
    guard case .map(let entries) = self[field] else { return nil }
    return entries.compactMap { entry in
      if case .digest(let digest) = entry.value { (entry.key, digest) } else { nil }
    }
  }
}
