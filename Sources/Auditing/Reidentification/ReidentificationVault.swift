public import Cryptography
internal import MedaiCore
internal import Storage
public import SystemPackage

/// What a token that was released stands for.
public struct ReidentificationLink: Sendable, Equatable {
  /// What it is the token of: `patient`, `record`, `reference`, `file`, or a type of identifier.
  public let kind: String
  /// The token as it was released.
  public let token: [UInt8]
  /// The original.
  public let original: [UInt8]

  /// A link.
  public init(kind: String, token: [UInt8], original: [UInt8]) {
    self.kind = kind
    self.token = token
    self.original = original
  }
}

/// The way back from released tokens to originals: an encrypted file with a key of its own.
///
/// The file tells how many links there are and nothing else: a link lies under an HMAC of its token
/// and its kind, and holds the original under AES-256-GCM, padded so that its length tells little. The
/// data key is wrapped under the vault key (RFC 3394), so that destroying it destroys every link.
public final class ReidentificationVault {
  private let path: FilePath
  private let database: Database
  private let key: VaultKey
  private let name: [UInt8]
  private let dataKey: SecureBytes

  private static let blockBytes = 32

  private init(
    path: FilePath, database: consuming Database, key: VaultKey, name: [UInt8],
    dataKey: SecureBytes
  ) {
    self.path = path
    self.database = database
    self.key = key
    self.name = name
    self.dataKey = dataKey
  }

  /// Opens a vault, or makes one where there is none.
  ///
  /// - Parameters:
  ///   - path: The file; made with mode 0600.
  ///   - key: Its key.
  ///   - mayCreate: Whether one is made.
  /// - Returns: The vault.
  /// - Throws: `VaultError`: `.noVault`, `.readableByOthers`, `.notAVault`, `.schemaChanged`,
  ///   `.wrongKey`, `.destroyed`, or one of what lies below.
  public static func open(
    _ path: FilePath, key: VaultKey, mayCreate: Bool
  ) throws -> ReidentificationVault {
    try guarding {
      if fileExists(path) {
        let status = try fileStatus(path)
        guard status.kind == .file else { throw VaultError.notAVault }
        guard status.mode & 0o077 == 0 else {
          throw VaultError.readableByOthers(mode: status.mode)
        }
      } else {
        guard mayCreate else { throw VaultError.noVault }
        try createFolder(path.removingLastComponent(), mode: 0o700)
      }
      let database = try Database.open(path, .create)
      try database.execute("PRAGMA secure_delete = ON")
      guard try database.integer("PRAGMA secure_delete") == 1 else {
        throw StorageError.settingRefused(.secureDelete)
      }
      try database.transaction { database in
        guard try ReidentificationSchema.tables.isMissing(in: database) else { return }
        try ReidentificationSchema.tables.create(in: database)
        var row = try database.prepare("INSERT INTO vault (id, name, wrapped) VALUES (1, ?1, ?2)")
        try row.bind(try randomBytes(16), at: 1)
        let dataKey = try SecureBytes.random(SealedBytes.keyBytes)
        try row.bind(KeyWrap.wrap(dataKey, under: key.wrapping), at: 2)
        try row.run()
      }
      try ReidentificationSchema.tables.check(database)
      let (name, wrapped) = try readHead(database)
      if wrapped.isEmpty { throw VaultError.destroyed }
      guard let dataKey = try KeyWrap.unwrap(wrapped, under: key.wrapping) else {
        throw VaultError.wrongKey
      }
      return ReidentificationVault(
        path: path, database: database, key: key, name: name, dataKey: dataKey)
    }
  }

  private static func readHead(
    _ database: borrowing Database
  ) throws -> (name: [UInt8], wrapped: [UInt8]) {
    var row = try database.prepare("SELECT name, wrapped FROM vault WHERE id = 1")
    guard try row.step() else { throw VaultError.broken }
    return (try row.bytes(0), try row.bytes(1))
  }

  /// How many links there are.
  public func count() throws -> Int {
    try guarding { try database.integer("SELECT count(*) FROM link") ?? 0 }
  }

  /// Adds links, durably; those that are there already stay as they are.
  public func add(_ links: [ReidentificationLink]) throws {
    if links.isEmpty { return }
    try guarding {
      try database.transaction { database in
        var row = try database.prepare(
          "INSERT INTO link (place, sealed) VALUES (?1, ?2) ON CONFLICT (place) DO NOTHING")
        for link in links {
          let place = place(of: link.token, kind: link.kind)
          try row.bind(place, at: 1)
          try row.bind(try seal(link, at: place), at: 2)
          try row.run()
        }
      }
    }
  }

  /// What a token stands for.
  ///
  /// - Parameters:
  ///   - token: The token as it was released.
  ///   - kinds: What it may be the token of.
  /// - Returns: A link for each kind under which it is known.
  /// - Throws: `VaultError.damagedLink` where one does not open.
  public func links(of token: [UInt8], kinds: [String]) throws -> [ReidentificationLink] {
    try guarding {
      var row = try database.prepare("SELECT sealed FROM link WHERE place = ?1")
      var found: [ReidentificationLink] = []
      for kind in kinds {
        let place = place(of: token, kind: kind)
        row.reset()
        try row.bind(place, at: 1)
        guard try row.step() else { continue }
        guard let original = open(try row.bytes(0), at: place) else {
          throw VaultError.damagedLink
        }
        found.append(ReidentificationLink(kind: kind, token: token, original: original))
      }
      return found
    }
  }

  /// Erases the links of a token.
  ///
  /// - Returns: How many there were.
  public func erase(_ token: [UInt8], kinds: [String]) throws -> Int {
    try guarding {
      let erased = try database.transaction { database in
        var row = try database.prepare("DELETE FROM link WHERE place = ?1 RETURNING 1")
        var erased = 0
        for kind in kinds {
          row.reset()
          try row.bind(place(of: token, kind: kind), at: 1)
          while try row.step() { erased += 1 }
        }
        row.reset()
        return erased
      }
      try scrub()
      return erased
    }
  }

  /// Destroys the data key, and with it every link, then the links themselves.
  ///
  /// The file stays as a mark: it opens with no key any more.
  ///
  /// - Returns: How many links there were.
  public func destroy() throws -> Int {
    try guarding {
      let count = try database.transaction { database in
        let count = try database.integer("SELECT count(*) FROM link") ?? 0
        try database.execute("UPDATE vault SET wrapped = x'' WHERE id = 1")
        try database.execute("DELETE FROM link")
        return count
      }
      try scrub()
      return count
    }
  }

  /// The keyed token by which the audit log speaks of a token.
  public func logToken(of token: [UInt8]) -> Digest { Self.logToken(of: token, key: key) }

  /// The keyed token by which the audit log speaks of a token.
  public static func logToken(of token: [UInt8], key: VaultKey) -> Digest {
    key.authentication.code(of: Framed("medai.reid.log-token.v1", .bytes(token)).bytes)
  }

  /// Lets the file alone be whole; the vault can go on being used.
  public func close() throws { try guarding { try database.checkpointWriteAheadLog() } }

  /// Old pages go: `secure_delete` has overwritten them in the file, and the write-ahead log is cut.
  private func scrub() throws {
    try emptyWriteAheadLog()
    try database.execute("VACUUM")
    try emptyWriteAheadLog()
  }

  private func emptyWriteAheadLog() throws {
    var row = try database.prepare("PRAGMA wal_checkpoint(TRUNCATE)")
    guard try row.step(), try row.integer(0) == 0 else { throw VaultError.traceRemains }
  }

  // MARK: One link

  private func place(of token: [UInt8], kind: String) -> [UInt8] {
    key.authentication.code(
      of: Framed("medai.reid.place.v1", .bytes(name), .text(kind), .bytes(token)).bytes
    ).bytes
  }

  /// Four bytes of length, the original, zeros up to a whole block.
  private func seal(_ link: ReidentificationLink, at place: [UInt8]) throws -> [UInt8] {
    let length = UInt32(truncatingIfNeeded: link.original.count)
    var plain = (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + link.original
    let rest = plain.count % Self.blockBytes
    if rest > 0 { plain += [UInt8](repeating: 0, count: Self.blockBytes - rest) }
    let nonce = try randomBytes(SealedBytes.nonceBytes)
    return nonce
      + SealedBytes.seal(plain, key: dataKey, nonce: nonce, associated: associated(with: place))
  }

  private func open(_ sealed: [UInt8], at place: [UInt8]) -> [UInt8]? {
    guard sealed.count > SealedBytes.nonceBytes,
      let plain = SealedBytes.open(
        Array(sealed.dropFirst(SealedBytes.nonceBytes)), key: dataKey,
        nonce: Array(sealed.prefix(SealedBytes.nonceBytes)), associated: associated(with: place)),
      plain.count >= 4
    else { return nil }
    let length = (0..<4).reduce(0) { $0 | Int(plain[$1]) << (8 * $1) }
    guard length <= plain.count - 4 else { return nil }
    return Array(plain[4..<(4 + length)])
  }

  private func associated(with place: [UInt8]) -> [UInt8] {
    Framed("medai.reid.link.v1", .bytes(name), .bytes(place)).bytes
  }
}
