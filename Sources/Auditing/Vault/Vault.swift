internal import Cryptography
internal import MedaiCore
internal import Storage
public import SystemPackage

/// The content behind a log's commitments, encrypted, in a file that can be erased from.
///
/// One vault belongs to one log. Content is encrypted under a random key of its own; that key is
/// wrapped under the key of its data subject, or of this content alone where no subject is named;
/// and those under the vault key, which lies elsewhere. Destroying a subject's key erases
/// everything of theirs.
///
/// Content is prepared (`stage`), then its entry is appended to the log, then the two are joined
/// (`bind`): after a crash the vault claims nothing that has no entry, and what was prepared in vain
/// is erased at the next opening.
public final class Vault {
  /// The log's name.
  public var origin: Identifier { head.origin }

  let path: FilePath
  private(set) var database: Database
  let key: VaultKey?
  let head: VaultHead
  /// Entries whose content the log calls erased, with the `redact` entry that does.
  var redacted: [Int: Int] = [:]
  private let lock: VaultLock?
  /// How the file was found; `nil` for a writer, or where the caller sees to that.
  private var rest: DatabaseRest?

  private init(
    path: FilePath, database: consuming Database, key: VaultKey?, head: VaultHead,
    lock: VaultLock?
  ) {
    self.path = path
    self.database = database
    self.key = key
    self.head = head
    self.lock = lock
  }

  /// Opens a vault for reading and writing, or makes one where there is none.
  ///
  /// Finishes what a crash left: content prepared without an entry is erased, and so is content
  /// that the log calls erased, whether the erasure was interrupted or the vault comes from a
  /// backup.
  ///
  /// - Parameters:
  ///   - path: The file; made with mode 0600.
  ///   - key: The vault key.
  ///   - folder: Folder of the log whose content it holds.
  ///   - catalog: Schemas of the log's entries.
  /// - Returns: The vault.
  /// - Throws: `VaultError`, or `AuditLogError` of the log; then nothing was changed but what the
  ///   log calls erased.
  public static func open(
    _ path: FilePath, key: VaultKey, log folder: FilePath, catalog: EventCatalog = .builtIn
  ) throws -> Vault {
    var log = try LogReader.open(folder: folder, catalog: catalog)
    do {
      return try open(path, key: key, log: &log)
    } catch VaultError.logBehind {
      // Another process may have appended and bound since the log was looked at.
      log = try LogReader.open(folder: folder, catalog: catalog)
      return try open(path, key: key, log: &log)
    }
  }

  private static func open(
    _ path: FilePath, key: VaultKey, log: inout LogReader
  ) throws -> Vault {
    let first = leafHash(try log.leaf(0))
    let origin = log.checkpoint.origin
    let size = log.checkpoint.size
    let vault: Vault = try guarding {
      if fileExists(path) { try requirePrivate(path) }
      try createFolder(path.removingLastComponent(), mode: 0o700)
      let lock = try VaultLock(beside: path)
      let database = try Database.open(path, .create)
      try database.execute("PRAGMA secure_delete = ON")
      guard try database.integer("PRAGMA secure_delete") == 1 else {
        throw StorageError.settingRefused(.secureDelete)
      }
      try database.transaction { database in
        guard try VaultSchema.tables.isMissing(in: database) else { return }
        try VaultSchema.tables.create(in: database)
        try insertHead(into: database, key: key, origin: origin, log: first, size: size)
      }
      try VaultSchema.tables.check(database)
      let head = try readHead(database)
      return Vault(path: path, database: database, key: key, head: head, lock: lock)
    }
    try guarding {
      try vault.check(origin: origin, log: first)
      try lockedSweep(vault)
      try vault.carryOut(&log)
      if try readHead(vault.database).needsScrub { try vault.scrub() }
    }
    return vault
  }

  private static func lockedSweep(_ vault: Vault) throws {
    try vault.lock?.hold { try vault.eraseStaged() }
  }

  /// Opens a vault for reading; a copy on read-only media will do.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - key: The vault key; without it only what is claimed can be read.
  ///   - log: The log whose content it holds: what that calls erased is not handed out.
  /// - Returns: The vault.
  /// - Throws: `VaultError`.
  public static func read(
    _ path: FilePath, key: VaultKey?, log: inout LogReader
  ) throws -> Vault {
    let vault = try connect(path, key: key)
    try vault.attach(to: &log)
    return vault
  }

  private static func connect(_ path: FilePath, key: VaultKey?) throws -> Vault {
    for attempt in 0..<DatabaseRest.attempts {
      let rest = DatabaseRest(path, attempt: attempt)
      let outcome = Result { try connect(path, rest.access, key: key) }
      if rest.holds(failed: outcome.isFailure) {
        let vault = try outcome.get()
        vault.rest = rest
        return vault
      }
    }
    throw VaultError.storage(.locked)
  }

  /// Opens the file for reading in the way that its caller found to suit its state; `attach` must
  /// follow.
  static func connect(
    _ path: FilePath, _ access: Database.Access, key: VaultKey?
  ) throws -> Vault {
    try guarding {
      guard fileExists(path) else { throw VaultError.noVault }
      try requirePrivate(path)
      let database = try Database.open(path, access)
      try VaultSchema.tables.check(database)
      let head = try readHead(database)
      return Vault(path: path, database: database, key: key, head: head, lock: nil)
    }
  }

  /// Reads something so that all of it belongs to one state of the vault, which another process may
  /// be writing.
  func settled<Value>(_ body: () throws -> Value) throws -> Value {
    for attempt in 0..<DatabaseRest.attempts {
      let outcome = Result { try body() }
      guard let rest, !rest.holds(failed: outcome.isFailure) else { return try outcome.get() }
      let now = DatabaseRest(path, attempt: attempt)
      try guarding { database = try Database.open(path, now.access) }
      self.rest = now
    }
    throw VaultError.storage(.locked)
  }

  /// Checks that the vault is a log's, and learns what that calls erased.
  func attach(to log: inout LogReader) throws {
    try check(origin: log.checkpoint.origin, log: leafHash(try log.leaf(0)))
    redacted = try redactions(in: &log)
  }

  private static func requirePrivate(_ path: FilePath) throws {
    let status = try fileStatus(path)
    guard status.kind == .file else { throw VaultError.notAVault }
    guard status.mode & 0o077 == 0 else { throw VaultError.readableByOthers(mode: status.mode) }
  }

  private static func insertHead(
    into database: borrowing Database, key: VaultKey, origin: Identifier, log: Digest, size: Int
  ) throws {
    let name = try randomBytes(16)
    var head = VaultHead(
      name: name, origin: origin, log: log,
      proof: VaultHead.proof(name: name, origin: origin, log: log, key: key),
      // What was erased before the vault began was never in it.
      applied: size, needsScrub: false, acts: 0, last: [UInt8](repeating: 0, count: 32), head: [])
    head.head = head.code(key)
    var row = try database.prepare(
      "INSERT INTO vault (id, name, origin, log, proof, applied, scrub, acts, last, head) "
        + "VALUES (1, ?1, ?2, ?3, ?4, ?5, 0, 0, ?6, ?7)")
    try row.bind(head.name, at: 1)
    try row.bind(origin.text, at: 2)
    try row.bind(log.bytes, at: 3)
    try row.bind(head.proof, at: 4)
    try row.bind(size, at: 5)
    try row.bind(head.last, at: 6)
    try row.bind(head.head, at: 7)
    try row.run()
  }

  private func check(origin: Identifier, log: Digest) throws {
    if let key {
      guard
        head.proof
          == VaultHead.proof(name: head.name, origin: head.origin, log: head.log, key: key)
      else { throw VaultError.wrongKey }
      guard head.head == head.code(key) else { throw VaultError.broken }
    }
    guard head.origin == origin, head.log == log else { throw VaultError.otherLog }
  }

  /// The keyed token that stands for a data subject in this vault.
  func subjectToken(_ subject: [UInt8]?) throws -> [UInt8] {
    guard let subject else { return [] }
    return try requireKey().token(ofSubject: subject)
  }

  func requireKey() throws -> VaultKey {
    guard let key else { throw VaultError.needsKey }
    return key
  }
}
