internal import Cryptography
internal import MedaiCore

/// How a field of an entry commits to content, so that content and key can show that the entry
/// spoke of it. The commitments themselves are made where the entries are.
struct ContentCommitment {
  /// What of the content goes into the code.
  enum Form {
    /// The bytes.
    case bytes
    /// The strings of a JSON array, each a part.
    case list
    /// The SHA-256 digest of the bytes.
    case digest
  }

  let type: EventType
  let role: VaultRole
  let field: String
  let purpose: String
  let form: Form

  static let all = [
    ContentCommitment(
      type: .generateAnswer, role: .prompt, field: "prompt", purpose: "prompt", form: .bytes),
    ContentCommitment(
      type: .generateAnswer, role: .context, field: "context", purpose: "context", form: .list),
    ContentCommitment(
      type: .generateAnswer, role: .output, field: "output", purpose: "output", form: .bytes),
    ContentCommitment(
      type: .generateAnswer, role: .logitsChain, field: "logits", purpose: "logits", form: .bytes),
    ContentCommitment(
      type: .generateRunBegin, role: .system, field: "system", purpose: "system", form: .bytes),
    ContentCommitment(
      type: .generateRunBegin, role: .inputs, field: "inputs", purpose: "inputs", form: .digest),
    ContentCommitment(
      type: .deidFile, role: .input, field: "input", purpose: "deid.input.v1", form: .digest),
  ]

  static func of(_ type: Identifier, _ role: VaultRole) -> ContentCommitment? {
    all.first { $0.type.identifier == type && $0.role == role }
  }

  /// The code of content under a key; `nil` where the content has not the form it must have.
  ///
  /// - Throws: `VaultError` where the content does not open.
  func code(of content: ContentStream, key: [UInt8]) throws -> Digest? {
    switch form {
    case .bytes:
      // As `KeyedHash.code(purpose:)`, but in bounded memory.
      var code = Commitment(key: key)
      for part in [Array(purpose.utf8)] { code.update(Framed.eight(part.count) + part) }
      code.update(Framed.eight(content.bytes))
      while let piece = try content.next() { code.update(piece) }
      return code.finalize()
    case .list:
      var bytes: [UInt8] = []
      while let piece = try content.next() { bytes += piece }
      guard let parts = (try? parseJSON(bytes))?.array?.map({ $0.string.map { Array($0.utf8) } }),
        !parts.contains(where: { $0 == nil })
      else { return nil }
      return KeyedHash(key: key).code(purpose: purpose, parts.compactMap(\.self))
    case .digest:
      var hash = SHA256()
      while let piece = try content.next() { hash.update(piece) }
      return KeyedHash(key: key).code(purpose: purpose, [hash.finalize().bytes])
    }
  }
}

/// Whether entries of a type have content that a vault can hold, so that it can be erased.
public func mayHaveContent(_ type: Identifier) -> Bool {
  ContentCommitment.all.contains { $0.type.identifier == type }
}
