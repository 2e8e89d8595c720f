internal import CSQLite

/// A prepared statement, finalised when it goes out of scope.
///
/// Columns count from 0, parameters from 1, as in SQLite.
@safe public struct Statement: ~Copyable {
  private let handle: OpaquePointer

  init(_ sql: String, on database: OpaquePointer) throws(StorageError) {
    var handle: OpaquePointer?
    let code = unsafe sqlite3_prepare_v3(
      database, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
    guard code == SQLITE_OK, let handle = unsafe handle else {
      throw unsafe StorageError(code: sqlite3_extended_errcode(database))
    }
    unsafe self.handle = handle
  }

  deinit { unsafe sqlite3_finalize(handle) }

  /// Binds an integer.
  public mutating func bind(_ value: Int, at index: Int32) throws(StorageError) {
    try check(unsafe sqlite3_bind_int64(handle, index, Int64(value)))
  }

  /// Binds bytes as a blob.
  public mutating func bind(_ bytes: [UInt8], at index: Int32) throws(StorageError) {
    try check(unsafe medai_sqlite3_bind_blob(handle, index, bytes, Int32(bytes.count)))
  }

  /// Binds bytes as a blob, which SQLite copies.
  public mutating func bind(_ bytes: Span<UInt8>, at index: Int32) throws(StorageError) {
    let code = unsafe bytes.withUnsafeBytes { bytes in
      unsafe medai_sqlite3_bind_blob(handle, index, bytes.baseAddress, Int32(bytes.count))
    }
    try check(code)
  }

  /// Runs a statement that gives no rows with bytes that SQLite reads where they lie, and makes it
  /// ready again without them.
  public mutating func run(
    lending bytes: Span<UInt8>, at index: Int32
  ) throws(StorageError) {
    let code = unsafe bytes.withUnsafeBytes { bytes in
      let bound = unsafe medai_sqlite3_lend_blob(
        handle, index, bytes.baseAddress, Int32(bytes.count))
      guard bound == SQLITE_OK else { return bound }
      let code = unsafe sqlite3_step(handle)
      unsafe sqlite3_reset(handle)
      unsafe sqlite3_bind_null(handle, index)
      return code
    }
    if code != SQLITE_DONE { throw StorageError(code: code) }
  }

  /// Binds text.
  public mutating func bind(_ text: String, at index: Int32) throws(StorageError) {
    try check(unsafe medai_sqlite3_bind_text(handle, index, text, Int32(text.utf8.count)))
  }

  /// Steps to the next row.
  ///
  /// - Returns: Whether there is one.
  public mutating func step() throws(StorageError) -> Bool {
    let code = unsafe sqlite3_step(handle)
    switch code {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default:
      let error = unsafe StorageError(code: sqlite3_extended_errcode(sqlite3_db_handle(handle)))
      unsafe sqlite3_reset(handle)
      throw error
    }
  }

  /// Makes the statement ready to run again with its parameters kept.
  public mutating func reset() { unsafe sqlite3_reset(handle) }

  /// Runs a statement that gives no rows, and makes it ready again.
  public mutating func run() throws(StorageError) {
    _ = try step()
    reset()
  }

  /// An integer column of the current row.
  ///
  /// - Throws: `StorageError.wrongKind` where the stored value is something else.
  public func integer(_ column: Int) throws(StorageError) -> Int {
    try expect(SQLITE_INTEGER, column)
    return Int(unsafe sqlite3_column_int64(handle, Int32(column)))
  }

  /// A blob column of the current row.
  public func bytes(_ column: Int) throws(StorageError) -> [UInt8] {
    try expect(SQLITE_BLOB, column)
    return unsafe copy(sqlite3_column_blob(handle, Int32(column)), column)
  }

  /// Lends a blob column of the current row until the body returns.
  public func withBytes(
    _ column: Int, _ body: (Span<UInt8>) -> Void
  ) throws(StorageError) {
    try expect(SQLITE_BLOB, column)
    let start = unsafe sqlite3_column_blob(handle, Int32(column))
    let count = Int(unsafe sqlite3_column_bytes(handle, Int32(column)))
    guard let start = unsafe start, count > 0 else { return body(Span()) }
    unsafe body(
      UnsafeBufferPointer(start: start.assumingMemoryBound(to: UInt8.self), count: count).span)
  }

  /// Appends a blob column of the current row.
  public func appendBytes(
    _ column: Int, to bytes: inout [UInt8]
  ) throws(StorageError) {
    try expect(SQLITE_BLOB, column)
    let start = unsafe sqlite3_column_blob(handle, Int32(column))
    let count = Int(unsafe sqlite3_column_bytes(handle, Int32(column)))
    guard let start = unsafe start, count > 0 else { return }
    unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: count))
  }

  /// A text column of the current row, as its bytes; nothing vouches for UTF-8.
  public func text(_ column: Int) throws(StorageError) -> [UInt8] {
    try expect(SQLITE_TEXT, column)
    return unsafe copy(UnsafeRawPointer(sqlite3_column_text(handle, Int32(column))), column)
  }

  private func copy(_ start: UnsafeRawPointer?, _ column: Int) -> [UInt8] {
    let count = Int(unsafe sqlite3_column_bytes(handle, Int32(column)))
    guard let start = unsafe start, count > 0 else { return [] }
    return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
  }

  private func expect(_ kind: Int32, _ column: Int) throws(StorageError) {
    guard unsafe sqlite3_column_type(handle, Int32(column)) == kind else {
      throw .wrongKind(column: column)
    }
  }

  private func check(_ code: Int32) throws(StorageError) {
    if code != SQLITE_OK { throw StorageError(code: code) }
  }
}
