internal import Cryptography

extension Event {
  /// The layout of entries that this program writes.
  static let format = Identifier(literal: "medai-audit/1")

  /// The first entry of a log.
  static func logOpen(
    key: PublicKey, follows: Checkpoint?, schemas: [EventSchema]
  ) -> Event {
    let digests = schemas.map { schema in
      (Identifier(unchecked: "\(schema.type.text)/\(schema.version)"), schema.digest)
    }
    return Event(
      .logOpen,
      [
        ("public_key", .publicKey(key.digestForm)), ("format", .identifier(format)),
        ("previous_origin", follows.map { .identifier($0.origin) }),
        ("previous_size", follows.map { .count($0.size) }),
        ("previous_root", follows.map { .digest($0.root) }),
        ("schemas", digests.isEmpty ? nil : .digests(digests)),
      ])
  }
}

extension PublicKey {
  /// The key's 32 bytes in the type that fields carry.
  var digestForm: Digest {
    guard let digest = Digest(bytes: bytes) else { preconditionFailure("a key has 32 bytes") }
    return digest
  }
}
