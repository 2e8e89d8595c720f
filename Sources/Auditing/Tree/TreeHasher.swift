public import Cryptography

/// The hashes of an RFC 6962 tree; a leaf and an inner node can never be taken for each other.
public struct TreeHasher: ~Copyable {
  private var hasher = PartHasher()

  /// A hasher with its own state.
  public init() {}

  /// SHA-256(0x00 ‖ bytes).
  public mutating func leaf(_ bytes: [UInt8]) -> Digest { hasher.digest(0x00, bytes.span) }

  /// SHA-256(0x00 ‖ bytes), of bytes that lie elsewhere.
  mutating func leaf(_ bytes: Span<UInt8>) -> Digest { hasher.digest(0x00, bytes) }

  /// SHA-256(0x01 ‖ left ‖ right).
  public mutating func node(_ left: Digest, _ right: Digest) -> Digest {
    hasher.digest(0x01, left, right)
  }
}

/// The hash of a leaf's bytes.
public func leafHash(_ bytes: [UInt8]) -> Digest {
  var hasher = TreeHasher()
  return hasher.leaf(bytes)
}

/// The root of the tree without leaves: SHA-256 of nothing.
public let emptyRoot = sha256([])

/// A complete node's place: it covers leaves `index << level` up to `(index + 1) << level`.
public struct NodePlace: Sendable, Hashable {
  /// 0 for leaves.
  public let level: Int
  /// From 0 within its level.
  public let index: Int

  /// A place.
  public init(level: Int, index: Int) {
    self.level = level
    self.index = index
  }
}
