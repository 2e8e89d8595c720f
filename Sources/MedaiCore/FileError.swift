public import SystemPackage

/// Why a file could not be read or written, with its path.
///
/// A path is configuration, not content; a caller whose file *names* may identify a person maps
/// the path to a token before it speaks of it.
public struct FileError: Error, Equatable, Sendable {
  /// What was being done.
  public enum Action: String, Sendable { case open, read, write, sync, rename, list, create }

  /// What was being done.
  public let action: Action
  /// The file.
  public let path: FilePath
  /// The operating system's reason.
  public let code: Errno

  /// An error of one action on one file.
  public init(_ action: Action, _ path: FilePath, _ code: Errno) {
    self.action = action
    self.path = path
    self.code = code
  }

  /// Whether the file or a folder on its way does not exist.
  public var isMissing: Bool { code == .noSuchFileOrDirectory || code == .notDirectory }

  /// Whether the operating system refused access.
  public var isDenied: Bool {
    code == .permissionDenied || code == .notPermitted || code == .readOnlyFileSystem
  }

  /// Whether the disk or a quota is full.
  public var isFull: Bool { code == .noSpace || code == .diskQuotaExceeded }
}

/// Runs a system call and turns its `Errno` into a `FileError`.
func attempt<Result>(
  _ action: FileError.Action, _ path: FilePath, _ body: () throws -> Result
) throws(FileError) -> Result {
  do {
    return try body()
  } catch let code as Errno {
    throw FileError(action, path, code)
  } catch {
    throw FileError(action, path, .ioError)
  }
}
