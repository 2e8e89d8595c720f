internal import Cryptography
internal import MedaiCore
internal import Storage

/// What a vault says of itself, with what vouches for it.
struct VaultHead: Equatable {
  let name: [UInt8]
  let origin: Identifier
  /// Leaf hash of the log's entry 0, which tells two logs of one name apart.
  let log: Digest
  /// Shows that a key is the vault's.
  let proof: [UInt8]
  /// Size of the log up to which its `redact` entries were carried out.
  var applied: Int
  /// Whether erased pages may still lie in the file.
  var needsScrub: Bool
  /// Count of acts, and what vouches for the last one and all before it.
  var acts: Int
  var last: [UInt8]
  /// Vouches for the four fields above.
  var head: [UInt8]

  static func proof(name: [UInt8], origin: Identifier, log: Digest, key: VaultKey) -> [UInt8] {
    key.authentication.code(
      of: Framed(
        "medai.vault.proof.v1", .bytes(name), .text(origin.text), .bytes(log.bytes)
      ).bytes
    ).bytes
  }

  /// What must stand in `head`.
  func code(_ key: VaultKey) -> [UInt8] {
    key.authentication.code(
      of: Framed(
        "medai.vault.head.v1", .bytes(name), .number(applied), .number(needsScrub ? 1 : 0),
        .number(acts), .bytes(last)
      ).bytes
    ).bytes
  }
}

/// Something a vault did with one piece of content. The chain of acts is the vault's claim of what
/// it holds.
struct VaultAct: Equatable {
  enum Kind: String { case hold, erase }

  let sequence: Int
  let kind: Kind
  let entry: Int
  let role: VaultRole
  let name: [UInt8]
  /// The `redact` entry of an erasure, else -1.
  let cause: Int
  let proof: [UInt8]

  /// What vouches for an act that follows one vouched for by `previous`.
  static func proof(
    _ sequence: Int, _ kind: Kind, _ entry: Int, _ role: VaultRole, _ name: [UInt8], _ cause: Int,
    after previous: [UInt8], vault: [UInt8], key: VaultKey
  ) -> [UInt8] {
    key.authentication.code(
      of: Framed(
        "medai.vault.act.v1", .bytes(vault), .number(sequence), .text(kind.rawValue),
        .number(entry), .text(role.rawValue), .bytes(name), .number(cause), .bytes(previous)
      ).bytes
    ).bytes
  }
}

/// A record's row.
struct VaultRecord: Equatable {
  let id: Int
  let name: [UInt8]
  /// -1 for content that was prepared and has no entry yet.
  let entry: Int
  let role: VaultRole
  let holder: Int
  let bytes: Int
  let chunks: Int
  let wrapped: [UInt8]
}

/// Reading rows.
extension Vault {
  static func readHead(_ database: borrowing Database) throws -> VaultHead {
    var row = try database.prepare(
      "SELECT name, origin, log, proof, applied, scrub, acts, last, head FROM vault WHERE id = 1")
    guard try row.step(), let log = Digest(bytes: try row.bytes(2)),
      let origin = Identifier(String(decoding: try row.text(1), as: UTF8.self))
    else { throw VaultError.broken }
    return VaultHead(
      name: try row.bytes(0), origin: origin, log: log, proof: try row.bytes(3),
      applied: try row.integer(4), needsScrub: try row.integer(5) != 0,
      acts: try row.integer(6), last: try row.bytes(7), head: try row.bytes(8))
  }

  /// Records in order of entry and role; all, or one entry's.
  func records(of entry: Int? = nil) throws -> [VaultRecord] {
    var rows = try database.prepare(
      "SELECT id, name, entry, role, holder, bytes, chunks, wrapped FROM record"
        + (entry == nil ? "" : " WHERE entry = ?1 AND entry >= 0") + " ORDER BY entry, role, id")
    if let entry { try rows.bind(entry, at: 1) }
    var records: [VaultRecord] = []
    while try rows.step() {
      let text = String(decoding: try rows.text(3), as: UTF8.self)
      guard let role = VaultRole(rawValue: text) else { throw VaultError.broken }
      records.append(
        VaultRecord(
          id: try rows.integer(0), name: try rows.bytes(1), entry: try rows.integer(2), role: role,
          holder: try rows.integer(4), bytes: try rows.integer(5), chunks: try rows.integer(6),
          wrapped: try rows.bytes(7)))
    }
    return records
  }

  /// Acts in order; all, or one entry's.
  func acts(of entry: Int? = nil) throws -> [VaultAct] {
    var rows = try database.prepare(
      "SELECT seq, kind, entry, role, name, cause, proof FROM act"
        + (entry == nil ? "" : " WHERE entry = ?1") + " ORDER BY seq")
    if let entry { try rows.bind(entry, at: 1) }
    var acts: [VaultAct] = []
    while try rows.step() {
      let kind = VaultAct.Kind(rawValue: String(decoding: try rows.text(1), as: UTF8.self))
      let role = VaultRole(rawValue: String(decoding: try rows.text(3), as: UTF8.self))
      guard let kind, let role else { throw VaultError.broken }
      acts.append(
        VaultAct(
          sequence: try rows.integer(0), kind: kind, entry: try rows.integer(2), role: role,
          name: try rows.bytes(4), cause: try rows.integer(5), proof: try rows.bytes(6)))
    }
    return acts
  }
}
