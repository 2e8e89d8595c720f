internal import CSQLite
internal import MedaiCore
public import SystemPackage

/// One connection to one SQLite file, closed when it goes out of scope.
///
/// A writing connection is durable: write-ahead log with a sync at each commit. No connection
/// trusts the schema it finds: functions with side effects cannot hide in it.
@safe public struct Database: ~Copyable {
  /// How a file is opened.
  public enum Access: Sendable {
    /// Read and write; the file is made with mode 0600 where it is missing.
    case create
    /// Read and write a file that exists.
    case write
    /// Read a file that other processes may be writing.
    case read
    /// Read a file that no process is writing, with its write-ahead log, creating nothing beside it.
    case readAlone
    /// Read a file that no process is writing and that has no write-ahead log, creating nothing.
    case readUnchanging
  }

  private let handle: OpaquePointer
  // A log commits thousands of times a second: these two are not parsed each time.
  private let begin: OpaquePointer
  private let end: OpaquePointer

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - access: What for.
  ///   - busyMilliseconds: How long a lock of another process is waited for.
  /// - Returns: The connection.
  /// - Throws: `StorageError.networkFileSystem` before a writer touches anything there; `.notAFile`
  ///   where a pipe or a device has the place of one of its files, which could be waited for for ever.
  public static func open(
    _ path: FilePath, _ access: Access, busyMilliseconds: Int32 = 10_000
  ) throws(StorageError) -> Database {
    let isWriter = access == .create || access == .write
    if isWriter { try refuseNetworkFileSystem(path.removingLastComponent()) }
    for ending in ["", "-wal", "-shm", "-journal"] {
      let file = FilePath(path.string + ending)
      if fileExists(file), !isRegularFile(file) { throw .notAFile }
    }
    if access == .create && !fileExists(path) {
      // SQLite would make the file by the umask; the log is nobody else's to read.
      do {
        try createPrivateFile(path)
      } catch Errno.fileExists {
        // Another process was faster.
      } catch {
        throw .cannotOpen
      }
    }
    let handle = try unsafe connect(path, access)
    var begin: OpaquePointer?
    var end: OpaquePointer?
    let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
    unsafe sqlite3_prepare_v3(handle, "BEGIN IMMEDIATE", -1, flags, &begin, nil)
    unsafe sqlite3_prepare_v3(handle, "COMMIT", -1, flags, &end, nil)
    guard let begin = unsafe begin, let end = unsafe end else {
      unsafe sqlite3_finalize(begin)
      unsafe sqlite3_finalize(end)
      unsafe sqlite3_close_v2(handle)
      throw .cannotOpen
    }
    let database = unsafe Database(owning: handle, begin, end)
    try database.configure(isWriter: isWriter, alone: access == .readAlone, busyMilliseconds)
    return database
  }

  private init(
    owning handle: OpaquePointer, _ begin: OpaquePointer, _ end: OpaquePointer
  ) {
    unsafe self.handle = handle
    unsafe self.begin = begin
    unsafe self.end = end
  }

  deinit {
    unsafe sqlite3_finalize(begin)
    unsafe sqlite3_finalize(end)
    unsafe sqlite3_close_v2(handle)
  }

  private static func connect(
    _ path: FilePath, _ access: Access
  ) throws(StorageError) -> OpaquePointer {
    var flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    var name = path.string
    switch access {
    case .create, .write: flags |= SQLITE_OPEN_READWRITE
    case .read, .readAlone: flags |= SQLITE_OPEN_READONLY
    case .readUnchanging:
      flags |= SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
      name = "file:\(percentEncoded(path))?immutable=1"
    }
    // A relative name that starts so would be read as a URI or an option by some builds.
    if access != .readUnchanging, !path.isAbsolute { name = "./" + name }
    var handle: OpaquePointer?
    let code = unsafe sqlite3_open_v2(
      name, &handle, flags, access == .readAlone ? "unix-none" : nil)
    guard code == SQLITE_OK, let handle = unsafe handle else {
      unsafe sqlite3_close_v2(handle)
      throw StorageError(code: code)
    }
    return unsafe handle
  }

  private borrowing func configure(
    isWriter: Bool, alone: Bool, _ busyMilliseconds: Int32
  ) throws(StorageError) {
    unsafe sqlite3_busy_timeout(handle, busyMilliseconds)
    let defensive = unsafe medai_sqlite3_db_config_bool(handle, SQLITE_DBCONFIG_DEFENSIVE, 1)
    guard defensive == SQLITE_OK else { throw .settingRefused(.defensive) }
    if alone { try execute("PRAGMA locking_mode = EXCLUSIVE") }
    try execute("PRAGMA trusted_schema = OFF")
    try execute("PRAGMA cell_size_check = ON")
    try execute("PRAGMA mmap_size = 0")
    guard isWriter else {
      try execute("PRAGMA query_only = ON")
      return
    }
    try useWriteAheadLog(busyMilliseconds)
    try execute("PRAGMA synchronous = FULL")
    guard try integer("PRAGMA synchronous") == 2 else { throw .settingRefused(.synchronous) }
    // Moving frames into the file costs two more syncs and writes each page again: every 16 MB,
    // not every 4.
    try execute("PRAGMA wal_autocheckpoint = 4000")
  }

  /// Switches to the write-ahead log, which takes a lock that SQLite gives up on at once where another
  /// process is switching the same new file.
  private borrowing func useWriteAheadLog(_ busyMilliseconds: Int32) throws(StorageError) {
    let pause: Int32 = 10
    var waited: Int32 = 0
    while true {
      do throws(StorageError) {
        var mode = try prepare("PRAGMA journal_mode = WAL")
        guard try mode.step(), try mode.text(0) == Array("wal".utf8) else {
          throw .settingRefused(.writeAheadLog)
        }
        return
      } catch {
        guard error == .locked, waited < busyMilliseconds else { throw error }
      }
      sqlite3_sleep(pause)
      waited += pause
    }
  }

  /// Prepares a statement.
  public borrowing func prepare(_ sql: String) throws(StorageError) -> Statement {
    try unsafe Statement(sql, on: handle)
  }

  /// Runs one or more statements that give no rows.
  public borrowing func execute(_ sql: String) throws(StorageError) {
    let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
    if code != SQLITE_OK { throw StorageError(code: code) }
  }

  /// The integer that a query gives in its first row and column; `nil` where there is no row.
  public borrowing func integer(_ sql: String) throws(StorageError) -> Int? {
    var statement = try prepare(sql)
    return try statement.step() ? try statement.integer(0) : nil
  }

  /// Starts a transaction in which no other writer can come between reads and writes.
  public borrowing func beginImmediate() throws(StorageError) { try unsafe run(begin) }

  /// Starts a transaction in which all reads see one state of the file.
  public borrowing func beginReading() throws(StorageError) { try execute("BEGIN") }

  /// Makes a transaction durable.
  public borrowing func commit() throws(StorageError) { try unsafe run(end) }

  private borrowing func run(_ statement: OpaquePointer) throws(StorageError) {
    let code = unsafe sqlite3_step(statement)
    unsafe sqlite3_reset(statement)
    if code != SQLITE_DONE { throw StorageError(code: code) }
  }

  /// Drops a transaction, if one is open: a full disk or an I/O error may have dropped it already.
  public borrowing func rollBack() {
    if unsafe sqlite3_get_autocommit(handle) == 0 { try? execute("ROLLBACK") }
  }

  /// Runs a body in an immediate transaction: all of it is durable or none of it.
  ///
  /// - Throws: What the body throws, after the transaction was rolled back; or a `StorageError`.
  public borrowing func transaction<Result>(
    _ body: (borrowing Database) throws -> Result
  ) throws -> Result {
    try beginImmediate()
    do {
      let result = try body(self)
      try commit()
      return result
    } catch {
      rollBack()
      throw error
    }
  }

  /// Leaves the write-ahead log where it is when this connection closes, so that the file itself
  /// stays as it was.
  public borrowing func keepWriteAheadLog() throws(StorageError) {
    try execute("PRAGMA wal_autocheckpoint = 0")
    let code = unsafe medai_sqlite3_db_config_bool(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    if code != SQLITE_OK { throw StorageError(code: code) }
  }

  /// Bytes of the write-ahead log's file; `nil` where there is none.
  borrowing func writeAheadBytes() -> Int? {
    let bytes = unsafe medai_sqlite3_wal_bytes(handle)
    return bytes < 0 ? nil : Int(bytes)
  }

  /// Appends zeros to the write-ahead log's file, inside an immediate transaction.
  ///
  /// - Returns: Whether all were written.
  borrowing func lengthenWriteAheadLog(from: Int, by bytes: Int32) -> Bool {
    unsafe medai_sqlite3_lengthen_wal(handle, Int64(from), bytes) == SQLITE_OK
  }

  /// Moves the write-ahead log into the file, so that the file alone is whole.
  public borrowing func checkpointWriteAheadLog() throws(StorageError) {
    let code = unsafe sqlite3_wal_checkpoint_v2(
      handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
    // Another reader may hold the log; then the frames stay there, durable.
    if code != SQLITE_OK && code & 0xFF != SQLITE_BUSY { throw StorageError(code: code) }
  }
}

/// How a database that is at rest or in use is best read.
///
/// - Returns: `.read` where a process has it open (it keeps a `-shm` file), `.readAlone` where a
///   write-ahead log was left behind, else `.readUnchanging`. The last two create nothing.
public func readAccess(for path: FilePath) -> Database.Access {
  if fileExists(FilePath(path.string + "-shm")) { return .read }
  let log = try? fileStatus(FilePath(path.string + "-wal"))
  return (log?.bytes ?? 0) > 0 ? .readAlone : .readUnchanging
}

private func createPrivateFile(_ path: FilePath) throws {
  let descriptor = try FileDescriptor.open(
    path, .readWrite, options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
    permissions: .ownerReadWrite)
  try descriptor.close()
}

private func refuseNetworkFileSystem(_ folder: FilePath) throws(StorageError) {
  let folder = folder.isEmpty ? FilePath(".") : folder
  let kind = unsafe folder.withPlatformString { unsafe medai_file_system_kind($0) }
  if isNetworkFileSystem(UInt(kind)) { throw .networkFileSystem(kind: UInt(kind)) }
}

/// Whether statfs names a file system whose locks and shared memory do not reach other hosts or
/// cannot be known to: NFS, SMB in three dialects, FUSE, 9P, AFS, Coda, NCP, Ceph, Lustre.
func isNetworkFileSystem(_ kind: UInt) -> Bool {
  [
    0x6969, 0x517B, 0xFF53_4D42, 0xFE53_4D42, 0x6573_5546, 0x0102_1997, 0x5346_414F, 0x7375_7245,
    0x564C, 0x00C3_6400, 0x0BD0_0BD0,
  ].contains(kind)
}

private func percentEncoded(_ path: FilePath) -> String {
  var text = ""
  for byte in path.string.utf8 {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "-"):
      text.unicodeScalars.append(Unicode.Scalar(byte))
    default: text += "%" + hexString([byte])
    }
  }
  return text
}
