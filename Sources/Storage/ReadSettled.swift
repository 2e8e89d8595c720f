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
  for attempt in 0..<DatabaseRest.attempts {
    let rest = DatabaseRest(path, attempt: attempt)
    let outcome: Result<Value, Failure>
    do throws(Failure) {
      outcome = .success(try body(rest.access))
    } catch {
      outcome = .failure(error)
    }
    if rest.holds(failed: outcome.isFailure) { return try outcome.get() }
  }
  throw otherwise
}

extension Result {
  /// Whether there is no value.
  package var isFailure: Bool {
    if case .failure = self { true } else { false }
  }
}

/// How a database was found, for a reader that stays: each thing that it reads counts only where the
/// database still is as it was found. `readSettled` is the same for what is read at one go.
public struct DatabaseRest: Sendable {
  /// How often a reader looks again before it says that the database never rests.
  public static let attempts = 8

  /// How it is to be opened.
  public let access: Database.Access
  private let path: FilePath
  private let trace: RestTrace

  /// Looks at a database that is about to be opened.
  ///
  /// - Parameters:
  ///   - path: The database.
  ///   - attempt: How often that was in vain before; from 2 on it is opened with locks, where its
  ///     folder may be written.
  public init(_ path: FilePath, attempt: Int) {
    self.path = path
    access = attempt >= 2 && mayCreate(beside: path) ? .read : readAccess(for: path)
    trace = RestTrace(path)
  }

  /// Whether all that was read since belongs to one state of the database.
  ///
  /// - Parameter failed: Whether the reading ended with an error.
  /// - Returns: `false` where it has to be read again.
  public func holds(failed: Bool) -> Bool {
    // The last process that had it open may have gone before it could be opened here.
    if access == .read { return !failed || RestTrace(path).isInUse }
    return !trace.isInUse && RestTrace(path) == trace
  }
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
    // SQLite sets the owner of a write-ahead log that it opens as root, to what it was: the status
    // change at the end of the list is not one of content.
    marks = Self.marks(path) + Self.marks(FilePath(path.string + "-wal")).prefix(5)
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
