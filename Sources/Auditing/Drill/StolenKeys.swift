internal import Cryptography
internal import MedaiCore
internal import Storage

/// Keys that stand in for a log's own, which nobody hands to a drill: with them the drill can do
/// what a thief of the real ones could, and a verifier that trusts them sees what the owner would.
struct StolenKeys {
  private struct Turn {
    let since: Int
    let key: SigningKey
  }

  private let origin: Identifier
  private let turns: [Turn]

  /// Puts fresh keys, made from a seed, in place of those that the log's entries name; signs
  /// nothing yet. `nil` where an entry that names keys cannot be read.
  static func plant(
    in forger: inout LogForger, catalog: EventCatalog, seed: UInt64
  ) throws -> StolenKeys? {
    var known: [(old: Digest, key: SigningKey)] = []
    func standIn(for old: Digest) throws(KeyError) -> SigningKey {
      if let found = known.first(where: { $0.old == old }) { return found.key }
      let bytes = sha256(Array("drill key \(seed) \(known.count)".utf8)).bytes
      let key = try SigningKey(seed: bytes)
      known.append((old, key))
      return key
    }
    var turns: [Turn] = []
    var origin: Identifier?
    for entry in [0] + (try forger.entries(ofType: "key.rotate")) {
      var bytes = try forger.leaf(entry)
      guard let decoded = try? decodeLeaf(bytes, catalog: catalog) else { return nil }
      origin = decoded.origin
      let fields = entry == 0 ? ["public_key"] : ["old_key", "new_key"]
      for field in fields {
        guard let old = decoded.digest(field) else { return nil }
        let key = try standIn(for: old)
        bytes = replacing(
          Array("\"\(field)\":\"\(old.hex)".utf8),
          by: Array("\"\(field)\":\"\(hexString(key.publicKey.bytes))".utf8), in: bytes)
        if field != "old_key" { turns.append(Turn(since: entry, key: key)) }
      }
      try forger.setLeaf(entry, bytes)
    }
    return origin.map { StolenKeys(origin: $0, turns: turns) }
  }

  /// The last key, as its owner would trust it.
  func trusted() throws(KeyError) -> [VerifierKey] {
    try turns.suffix(1).map { turn throws(KeyError) in
      try VerifierKey(name: origin.text, publicKey: turn.key.publicKey)
    }
  }

  /// Signs the head and every kept checkpoint over the tree as it is now.
  ///
  /// - Returns: The head's note, for the `checkpoint` file.
  func signAll(in forger: inout LogForger) throws -> [UInt8] {
    let size = try forger.size()
    var sizes = try forger.keptSizes()
    if !sizes.contains(size) { sizes.append(size) }
    for kept in sizes {
      let signers = try signers(at: kept)
      try forger.setHead(size: kept) { root in
        let checkpoint = Checkpoint(origin: origin, size: kept, root: root)
        return SignedNote(
          text: checkpoint.text,
          signatures: signers.map { signer in
            SignedNote.Signature(
              name: signer.verifier.name, keyID: signer.verifier.keyID,
              bytes: signer.key.signature(of: checkpoint.text))
          }
        ).bytes
      }
    }
    return try forger.row("SELECT note FROM head")
  }

  private func signers(
    at size: Int
  ) throws(KeyError) -> [(verifier: VerifierKey, key: SigningKey)] {
    let past = turns.filter { $0.since < max(size, 1) }
    let isRotation = past.count > 1 && past.last?.since == size - 1
    var signers: [(verifier: VerifierKey, key: SigningKey)] = []
    for turn in past.suffix(isRotation ? 2 : 1) {
      signers.append(
        (try VerifierKey(name: origin.text, publicKey: turn.key.publicKey), turn.key))
    }
    return signers
  }
}

/// Bytes with the first occurrence of some bytes replaced; as they were where there is none.
func replacing(_ old: [UInt8], by new: [UInt8], in bytes: [UInt8]) -> [UInt8] {
  guard !old.isEmpty, bytes.count >= old.count else { return bytes }
  for start in 0...(bytes.count - old.count) where bytes[start...].starts(with: old) {
    return Array(bytes[..<start]) + new + Array(bytes[(start + old.count)...])
  }
  return bytes
}
