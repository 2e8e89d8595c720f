public import Cryptography

/// Content that lies encrypted in a vault and waits for its entry.
public struct StagedContent: Sendable {
  /// What it is to its entry.
  public let role: VaultRole
  /// Bytes of the content.
  public let bytes: Int
  /// SHA-256 of the content.
  public let digest: Digest

  let record: Int
  let name: [UInt8]
  let chunks: Int
  let dataKey: SecureBytes
  let holder: VaultHolder
}

/// The key that content of one data subject is wrapped under.
struct VaultHolder: Sendable {
  let id: Int
  /// The subject's token; empty where content has a key for itself alone.
  let subject: [UInt8]
  let key: SecureBytes
}

/// How content is cut and sealed: pieces of 64 KiB, each under the content's own key with its
/// number and whether it is the last in the nonce, so that none can be moved, repeated or left out.
enum ContentChunks {
  static let bytes = 64 << 10

  /// Room for the chunks of one record among all chunks' numbers.
  static func place(record: Int, chunk: Int) -> Int { record << 32 | chunk }

  /// Never repeated under one key: that key is one record's, and the number counts its chunks.
  static func nonce(chunk: Int, isLast: Bool) -> [UInt8] {
    [UInt8](repeating: 0, count: 3) + Framed.eight(chunk).reversed() + [isLast ? 1 : 0]
  }

  static func associated(name: [UInt8], role: VaultRole, chunk: Int, isLast: Bool) -> [UInt8] {
    Framed(
      "medai.vault.chunk.v1", .bytes(name), .text(role.rawValue), .number(chunk),
      .number(isLast ? 1 : 0)
    ).bytes
  }
}

extension Vault {
  /// What a content's key is bound to: swapped into another place, it does not open.
  func binding(
    entry: Int, role: VaultRole, subject: [UInt8], name: [UInt8], bytes: Int, chunks: Int
  ) -> [UInt8] {
    Framed(
      "medai.vault.key.v1", .bytes(head.name), .text(head.origin.text), .bytes(head.log.bytes),
      .number(entry), .text(role.rawValue), .bytes(subject), .bytes(name), .number(bytes),
      .number(chunks)
    ).bytes
  }
}
