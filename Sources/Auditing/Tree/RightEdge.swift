public import Cryptography

/// The hashes that a growing tree needs to go on: one complete subtree for each bit of its size.
public struct RightEdge: Sendable, Equatable {
  /// Count of leaves.
  public private(set) var size: Int
  /// Hashes of the complete subtrees, largest first.
  public private(set) var peaks: [Digest]

  /// The edge of the empty tree.
  public init() {
    size = 0
    peaks = []
  }

  /// The edge of a tree whose subtrees are known.
  ///
  /// - Returns: `nil` where the count of peaks is not the count of bits in `size`.
  public init?(size: Int, peaks: [Digest]) {
    guard size >= 0, peaks.count == size.nonzeroBitCount else { return nil }
    self.size = size
    self.peaks = peaks
  }

  /// The places of the peaks of a tree, largest first.
  public static func places(size: Int) -> [NodePlace] {
    var places: [NodePlace] = []
    var start = 0
    for level in stride(from: Int.bitWidth - 2, through: 0, by: -1) where size >> level & 1 == 1 {
      places.append(NodePlace(level: level, index: start >> level))
      start += 1 << level
    }
    return places
  }

  /// Adds a leaf.
  ///
  /// - Parameters:
  ///   - leaf: The leaf's hash.
  ///   - hasher: Makes the nodes.
  ///   - completed: Takes each inner node that the leaf completes, lowest first.
  public mutating func append(
    _ leaf: Digest, _ hasher: inout TreeHasher,
    completed: (NodePlace, Digest) throws -> Void
  ) rethrows {
    var hash = leaf
    var level = 0
    while size >> level & 1 == 1 {
      hash = hasher.node(peaks.removeLast(), hash)
      level += 1
      try completed(NodePlace(level: level, index: size >> level), hash)
    }
    peaks.append(hash)
    size += 1
  }

  /// Adds a leaf where nobody keeps the nodes.
  public mutating func append(_ leaf: Digest, _ hasher: inout TreeHasher) {
    append(leaf, &hasher) { _, _ in }
  }

  /// The tree's root.
  public func root(_ hasher: inout TreeHasher) -> Digest {
    guard var hash = peaks.last else { return emptyRoot }
    for peak in peaks.dropLast().reversed() { hash = hasher.node(peak, hash) }
    return hash
  }
}

/// The root over leaf hashes.
public func merkleRoot(of leaves: [Digest]) -> Digest {
  var hasher = TreeHasher()
  var edge = RightEdge()
  for leaf in leaves { edge.append(leaf, &hasher) }
  return edge.root(&hasher)
}
