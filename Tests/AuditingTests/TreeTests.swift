import Auditing
import Cryptography
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

private func golden(_ name: String) throws -> JSONValue {
  try parseJSON(readFile(goldenFolder().appending(name)))
}

private func hash(_ value: JSONValue?) -> Digest? {
  guard let text = value?.string, let data = bytes(fromBase64: Array(text.utf8)) else { return nil }
  return Digest(bytes: data)
}

/// A root of a case; some cases have any bytes for a root that does not matter.
private func root(_ value: JSONValue?) -> Digest? {
  guard let text = value?.string, let data = bytes(fromBase64: Array(text.utf8)) else { return nil }
  return Digest(bytes: data) ?? sha256(data)
}

/// Hashes of a case; a hash that is no hash makes the case refused before it is tried.
private func hashes(_ value: JSONValue?) -> [Digest]? {
  var result: [Digest] = []
  for element in value?.array ?? [] {
    guard let digest = hash(element) else { return nil }
    result.append(digest)
  }
  return result
}

@Test func inclusionCasesOfOthers() throws {
  let cases = try #require(try golden("rfc6962-inclusion.json").array)
  #expect(cases.count == 47)
  for item in cases {
    var holds = false
    if let root = hash(item["root"]), let leaf = hash(item["leafHash"]),
      let proof = hashes(item["proof"]), let index = item["leafIdx"]?.int,
      let size = item["treeSize"]?.int
    {
      holds = verifyInclusion(of: leaf, at: index, size: size, root: root, proof: proof)
    }
    #expect(holds != item["wantErr"]?.bool, "\(item["case"]?.string ?? "")")
  }
}

@Test func consistencyCasesOfOthers() throws {
  let cases = try #require(try golden("rfc6962-consistency.json").array)
  #expect(cases.count == 36)
  for item in cases {
    var holds = false
    if let old = root(item["root1"]), let new = root(item["root2"]),
      let proof = hashes(item["proof"]), let size1 = item["size1"]?.int,
      let size2 = item["size2"]?.int
    {
      holds = verifyConsistency(
        oldSize: size1, oldRoot: old, newSize: size2, newRoot: new, proof: proof)
    }
    #expect(holds != item["wantErr"]?.bool, "\(item["case"]?.string ?? "")")
  }
}

/// A tree kept in memory, by complete nodes.
private struct MemoryTree {
  var nodes: [NodePlace: Digest] = [:]
  var edge = RightEdge()
  var roots: [Digest] = [emptyRoot]
  var leaves: [Digest] = []

  init(size: Int) {
    var hasher = TreeHasher()
    for index in 0..<size {
      let leaf = hasher.leaf(Array(String(index).utf8))
      leaves.append(leaf)
      nodes[NodePlace(level: 0, index: index)] = leaf
      edge.append(leaf, &hasher) { nodes[$0] = $1 }
      roots.append(edge.root(&hasher))
    }
  }

  func node(_ place: NodePlace) throws -> Digest { try #require(nodes[place]) }
}

/// Every proof of every size to 130 against a script that knows only the definition.
@Test func treeMatchesItsDefinition() throws {
  let expected = try golden("tree.json")
  let tree = MemoryTree(size: 130)
  #expect(tree.roots.map(\.hex) == expected["roots"]?.array?.compactMap(\.string))
  #expect(merkleRoot(of: Array(tree.leaves[..<77])) == tree.roots[77])
  var inclusion = SHA256()
  var consistency = SHA256()
  for size in 0...130 {
    for index in 0..<size {
      let proof = try inclusionProof(of: index, in: size, node: tree.node)
      for hash in proof { inclusion.update(hash.bytes) }
      #expect(
        verifyInclusion(
          of: tree.leaves[index], at: index, size: size, root: tree.roots[size], proof: proof))
    }
    for old in stride(from: 1, through: size, by: 1) {
      let proof = try consistencyProof(from: old, to: size, node: tree.node)
      for hash in proof { consistency.update(hash.bytes) }
      #expect(
        verifyConsistency(
          oldSize: old, oldRoot: tree.roots[old], newSize: size, newRoot: tree.roots[size],
          proof: proof))
    }
    #expect(RightEdge.places(size: size).map { tree.nodes[$0] } == edgePeaks(tree, size))
  }
  #expect(inclusion.finalize().hex == expected["inclusion_sha256"]?.string)
  #expect(consistency.finalize().hex == expected["consistency_sha256"]?.string)
}

private func edgePeaks(_ tree: MemoryTree, _ size: Int) -> [Digest?] {
  var hasher = TreeHasher()
  var edge = RightEdge()
  for leaf in tree.leaves[..<size] { edge.append(leaf, &hasher) }
  return edge.peaks
}

/// Changed, missing, surplus and swapped hashes, and other places, of every proof of some sizes.
@Test func changedProofsAreRefused() throws {
  let tree = MemoryTree(size: 33)
  let foreign = sha256([1, 2, 3])
  for size in [1, 2, 3, 7, 8, 13, 33] {
    let root = tree.roots[size]
    for index in 0..<size {
      let leaf = tree.leaves[index]
      let proof = try inclusionProof(of: index, in: size, node: tree.node)
      func holds(_ proof: [Digest], index: Int = index, size: Int = size) -> Bool {
        verifyInclusion(of: leaf, at: index, size: size, root: root, proof: proof)
      }
      for changed in changes(of: proof, foreign) { #expect(!holds(changed)) }
      for other in 0..<size where other != index { #expect(!holds(proof, index: other)) }
      #expect(!holds(proof, index: -1) && !holds(proof, index: size))
      #expect(!holds(proof, size: 0) && !holds(proof, size: index))
      #expect(
        !verifyInclusion(of: foreign, at: index, size: size, root: root, proof: proof))
    }
    for old in 1..<max(2, size) where old < size {
      let proof = try consistencyProof(from: old, to: size, node: tree.node)
      for changed in changes(of: proof, foreign) {
        #expect(
          !verifyConsistency(
            oldSize: old, oldRoot: tree.roots[old], newSize: size, newRoot: root, proof: changed))
      }
      #expect(
        !verifyConsistency(
          oldSize: old, oldRoot: foreign, newSize: size, newRoot: root, proof: proof))
      #expect(
        !verifyConsistency(
          oldSize: old, oldRoot: tree.roots[old], newSize: size, newRoot: foreign, proof: proof))
    }
  }
}

private func changes(of proof: [Digest], _ foreign: Digest) -> [[Digest]] {
  var changes: [[Digest]] = [proof + [foreign], [foreign] + proof]
  if let last = proof.last { changes.append(proof + [last]) }
  for index in proof.indices {
    var changed = proof
    changed[index] = foreign
    changes.append(changed)
    changed.remove(at: index)
    changes.append(changed)
    if index > 0 {
      changed = proof
      changed.swapAt(index, index - 1)
      changes.append(changed)
    }
  }
  return changes
}

@Test func aNodeIsNoLeaf() throws {
  let tree = MemoryTree(size: 2)
  // Second preimage: the bytes of an inner node offered as the only leaf of a smaller tree.
  let forged = leafHash(tree.leaves[0].bytes + tree.leaves[1].bytes)
  #expect(!verifyInclusion(of: forged, at: 0, size: 1, root: tree.roots[2], proof: []))
  let prefixed = leafHash([0x01] + tree.leaves[0].bytes + tree.leaves[1].bytes)
  #expect(!verifyInclusion(of: prefixed, at: 0, size: 1, root: tree.roots[2], proof: []))
}

@Test func proofsBeyondTheTreeAreRefused() throws {
  let tree = MemoryTree(size: 4)
  for (index, size) in [(4, 4), (-1, 4), (0, 0)] {
    #expect(throws: ProofRangeError.noSuchLeaf(index: index, size: size)) {
      try inclusionProof(of: index, in: size, node: tree.node)
    }
  }
  for (old, new) in [(0, 4), (5, 4), (-1, 4)] {
    #expect(throws: ProofRangeError.noSuchSizes(old: old, new: new)) {
      try consistencyProof(from: old, to: new, node: tree.node)
    }
  }
  #expect(RightEdge(size: 3, peaks: [emptyRoot]) == nil)
  #expect(RightEdge(size: -1, peaks: []) == nil)
}
