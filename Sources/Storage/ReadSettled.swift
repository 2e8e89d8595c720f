internal import Glibc
internal import MedaiCore
public import SystemPackage

/// Reads a database so that all of what is read belongs to one state of it.
///
/// A database at rest is read without a lock, because a lock would need a file beside it. Nothing
/// keeps a process from opening it meanwhile and moving pages under the reader, which then sees
/// two states mixed. So the files are looked at before and after, and what was read while they
/// changed is thrown away and read again; from the third time on with locks, where the folder may be
/// written.
///
/// - Parameters:
///   - path: The database.
///   - otherwise: Thrown where it changed each time.
///   - body: Opens the database as it is told, and reads all that it wants.
/// - Returns: What `body` gave or threw while the files stayed as they were.
/// - Throws: What `body` throws, or `otherwise`.
public func readSettled<Value, Failure: Error>(
  _ path: FilePath, otherwise: Failure,
  _ body: (Database.Access) throws(Failure) -> Value
) throws(Failure) -> Value {
  for attempt in 0..<8 {
    let access = attempt >= 2 && mayCreate(beside: path) ? .read : readAccess(for: path)
    let before = RestTrace(path)
    let outcome: Result<Value, Failure>
    do throws(Failure) { outcome = .success(try body(access)) } catch { outcome = .failure(error) }
    let isSettled =
      if access == .read {
        // The last process that had it open may have gone before it could be opened here.
        (try? outcome.get()) != nil || RestTrace(path).isInUse
      } else {
        // A write-ahead log that was left behind is read by a connection of its own, which keeps to
        // the frames that it found.
        access == .readAlone || !before.isInUse && RestTrace(path) == before
      }
    if isSettled { return try outcome.get() }
  }
  throw otherwise
}

private func mayCreate(beside path: FilePath) -> Bool {
  let folder = path.removingLastComponent()
  return unsafe (folder.isEmpty ? "." : folder).withPlatformString { unsafe access($0, W_OK) } == 0
}

/// What the file system says of a database and its write-ahead log.
private struct RestTrace: Equatable {
  /// Whether a process has it open.
  let isInUse: Bool
  private let marks: [Int64]

  init(_ path: FilePath) {
    isInUse = fileExists(FilePath(path.string + "-shm"))
    marks = Self.marks(path) + Self.marks(FilePath(path.string + "-wal"))
  }

  private static func marks(_ path: FilePath) -> [Int64] {
    var status = stat()
    guard unsafe path.withPlatformString({ unsafe stat($0, &status) }) == 0 else { return [0] }
    return [
      Int64(bitPattern: UInt64(status.st_dev)), Int64(bitPattern: UInt64(status.st_ino)),
      Int64(status.st_size), Int64(status.st_mtim.tv_sec), Int64(status.st_mtim.tv_nsec),
      Int64(status.st_ctim.tv_sec), Int64(status.st_ctim.tv_nsec),
    ]
  }
}
