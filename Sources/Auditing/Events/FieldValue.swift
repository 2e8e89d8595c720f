public import Cryptography
public import MedaiCore

/// One value in an entry. There is no case for free text, so patient text has no way in.
public enum FieldValue: Sendable, Equatable {
  /// SHA-256 of something public or high in entropy (a file, a policy, a model).
  case digest(Digest)
  /// HMAC-SHA-256 of content under a random key of its own, so that nobody can try contents out.
  case commitment(Digest)
  /// HMAC-SHA-256 of an identity under a key of the site.
  case token(Digest)
  /// An Ed25519 public key.
  case publicKey(Digest)
  /// 0 to 2^53 − 1.
  case count(Int)
  /// A number with decimals, or beyond 2^53.
  case decimal(DecimalText)
  /// One word of a closed list.
  case choice(String)
  /// A moment, as somebody's clock claims it.
  case time(Timestamp)
  /// A name from configuration.
  case identifier(Identifier)
  /// Values of one kind.
  case list([FieldValue])
  /// Values of one kind under distinct names, in byte order of the names.
  case map([MapEntry])

  /// One entry of a map.
  public struct MapEntry: Sendable, Equatable {
    /// The name.
    public let key: Identifier
    /// The value: a count, a digest or a decimal.
    public let value: FieldValue

    /// One entry of a map.
    public init(_ key: Identifier, _ value: FieldValue) {
      self.key = key
      self.value = value
    }
  }

  /// Counts by name, put in order; a name that comes twice is added up.
  public static func counts(_ counts: some Collection<(Identifier, Int)>) -> FieldValue {
    // Most come in order already.
    if zip(counts, counts.dropFirst()).allSatisfy({ $0.0 < $1.0 }) {
      return .map(counts.map { MapEntry($0.0, .count($0.1)) })
    }
    var sums: [Identifier: Int] = [:]
    for (key, count) in counts { sums[key, default: 0] += count }
    return .map(sums.sorted { $0.key < $1.key }.map { MapEntry($0.key, .count($0.value)) })
  }

  /// Digests by name, put in order; of a name that comes twice the last one stays.
  public static func digests(_ digests: some Sequence<(Identifier, Digest)>) -> FieldValue {
    var byName: [Identifier: Digest] = [:]
    for (key, digest) in digests { byName[key] = digest }
    return .map(byName.sorted { $0.key < $1.key }.map { MapEntry($0.key, .digest($0.value)) })
  }
}

/// The greatest integer of a leaf: every JSON reader holds it exactly.
public let greatestCount = (1 << 53) - 1
