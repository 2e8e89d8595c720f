public import Cryptography

/// Why no proof can be given.
public enum ProofRangeError: Error, Equatable, Sendable {
  /// The leaf is not in a tree of that size.
  case noSuchLeaf(index: Int, size: Int)
  /// The old size is zero or greater than the new one.
  case noSuchSizes(old: Int, new: Int)
}

/// The path that proves a leaf to be in a tree (RFC 9162 section 2.1.3.1), nearest hash first.
///
/// - Parameters:
///   - index: The leaf, from 0.
///   - size: The tree's size.
///   - node: Gives the hash of a complete node.
/// - Returns: The path.
/// - Throws: `ProofRangeError`, or what `node` throws.
public func inclusionProof(
  of index: Int, in size: Int, node: (NodePlace) throws -> Digest
) throws -> [Digest] {
  guard index >= 0, index < size else {
    throw ProofRangeError.noSuchLeaf(index: index, size: size)
  }
  var hasher = TreeHasher()
  return try path(index, 0..<size, &hasher, node)
}

/// The hashes that prove one tree to be the beginning of another (RFC 9162 section 2.1.4.1).
///
/// - Parameters:
///   - old: The smaller size, at least 1.
///   - new: The greater size.
///   - node: Gives the hash of a complete node.
/// - Returns: The hashes.
/// - Throws: `ProofRangeError`, or what `node` throws.
public func consistencyProof(
  from old: Int, to new: Int, node: (NodePlace) throws -> Digest
) throws -> [Digest] {
  guard old > 0, old <= new else { throw ProofRangeError.noSuchSizes(old: old, new: new) }
  var hasher = TreeHasher()
  return try subproof(old, 0..<new, isKnown: true, &hasher, node)
}

private func path(
  _ index: Int, _ range: Range<Int>, _ hasher: inout TreeHasher,
  _ node: (NodePlace) throws -> Digest
) throws -> [Digest] {
  if range.count == 1 { return [] }
  let middle = range.lowerBound + split(range.count)
  if index < middle {
    let rest = try path(index, range.lowerBound..<middle, &hasher, node)
    return rest + [try subtree(middle..<range.upperBound, &hasher, node)]
  }
  let rest = try path(index, middle..<range.upperBound, &hasher, node)
  return rest + [try subtree(range.lowerBound..<middle, &hasher, node)]
}

private func subproof(
  _ old: Int, _ range: Range<Int>, isKnown: Bool, _ hasher: inout TreeHasher,
  _ node: (NodePlace) throws -> Digest
) throws -> [Digest] {
  if old == range.upperBound { return isKnown ? [] : [try subtree(range, &hasher, node)] }
  let middle = range.lowerBound + split(range.count)
  if old <= middle {
    let rest = try subproof(old, range.lowerBound..<middle, isKnown: isKnown, &hasher, node)
    return rest + [try subtree(middle..<range.upperBound, &hasher, node)]
  }
  let rest = try subproof(old, middle..<range.upperBound, isKnown: false, &hasher, node)
  return rest + [try subtree(range.lowerBound..<middle, &hasher, node)]
}

/// The hash over a range that starts where its largest subtree does.
private func subtree(
  _ range: Range<Int>, _ hasher: inout TreeHasher, _ node: (NodePlace) throws -> Digest
) throws -> Digest {
  let count = range.count
  if count.nonzeroBitCount == 1 {
    let level = count.trailingZeroBitCount
    return try node(NodePlace(level: level, index: range.lowerBound >> level))
  }
  let middle = range.lowerBound + split(count)
  let left = try subtree(range.lowerBound..<middle, &hasher, node)
  let right = try subtree(middle..<range.upperBound, &hasher, node)
  return hasher.node(left, right)
}

/// The largest power of two below a count of at least 2.
private func split(_ count: Int) -> Int {
  1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
}

/// Whether a path leads from a leaf to a root (RFC 9162 section 2.1.3.2).
///
/// - Parameters:
///   - leaf: The leaf's hash.
///   - index: Its place, from 0.
///   - size: The tree's size.
///   - root: The tree's root.
///   - proof: The path.
/// - Returns: Whether it does.
public func verifyInclusion(
  of leaf: Digest, at index: Int, size: Int, root: Digest, proof: [Digest]
) -> Bool {
  guard index >= 0, index < size else { return false }
  var hasher = TreeHasher()
  var position = index
  var last = size - 1
  var hash = leaf
  for sibling in proof {
    guard last > 0 else { return false }
    if position & 1 == 1 || position == last {
      hash = hasher.node(sibling, hash)
      while position & 1 == 0 && position != 0 {
        position >>= 1
        last >>= 1
      }
    } else {
      hash = hasher.node(hash, sibling)
    }
    position >>= 1
    last >>= 1
  }
  return last == 0 && hash == root
}

/// Whether hashes prove that the tree of `oldRoot` is the beginning of the tree of `newRoot`
/// (RFC 9162 section 2.1.4.2).
///
/// An empty old tree proves nothing and is refused, as is a proof between equal sizes that is not
/// empty.
public func verifyConsistency(
  oldSize: Int, oldRoot: Digest, newSize: Int, newRoot: Digest, proof: [Digest]
) -> Bool {
  guard oldSize > 0, oldSize <= newSize else { return false }
  if oldSize == newSize { return proof.isEmpty && oldRoot == newRoot }
  let hashes = oldSize.nonzeroBitCount == 1 ? [oldRoot] + proof : proof
  guard let roots = joinedRoots(oldSize: oldSize, newSize: newSize, hashes) else { return false }
  return roots.old == oldRoot && roots.new == newRoot
}

/// Whether hashes show that the tree of `newRoot` begins with another tree of `oldSize` than that of
/// `oldRoot`.
///
/// A proof that merely fails shows nothing; this one leads to the new root, from elsewhere. Where the
/// old size is a power of two a proof starts from the old root itself, so no proof of another tree can
/// lead to the new root: then one of the right length that fails has to do.
func refutesConsistency(
  oldSize: Int, oldRoot: Digest, newSize: Int, newRoot: Digest, proof: [Digest]
) -> Bool {
  guard oldSize > 0, oldSize < newSize else { return false }
  let startsFromOld = oldSize.nonzeroBitCount == 1
  let hashes = startsFromOld ? [oldRoot] + proof : proof
  guard let roots = joinedRoots(oldSize: oldSize, newSize: newSize, hashes) else { return false }
  return startsFromOld ? roots.new != newRoot : roots.new == newRoot && roots.old != oldRoot
}

/// The two roots that a consistency proof leads to; `nil` where it has not the length that the sizes
/// ask for.
private func joinedRoots(
  oldSize: Int, newSize: Int, _ hashes: [Digest]
) -> (old: Digest, new: Digest)? {
  guard let first = hashes.first else { return nil }
  var hasher = TreeHasher()
  var position = oldSize - 1
  var last = newSize - 1
  while position & 1 == 1 {
    position >>= 1
    last >>= 1
  }
  var old = first
  var new = first
  for hash in hashes.dropFirst() {
    guard last > 0 else { return nil }
    if position & 1 == 1 || position == last {
      old = hasher.node(hash, old)
      new = hasher.node(hash, new)
      while position & 1 == 0 && position != 0 {
        position >>= 1
        last >>= 1
      }
    } else {
      new = hasher.node(new, hash)
    }
    position >>= 1
    last >>= 1
  }
  return last == 0 ? (old, new) : nil
}
