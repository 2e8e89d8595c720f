internal import Glibc
internal import MedaiCore
internal import SystemPackage

/// Tells whether another process has the vault open for writing.
///
/// A file of its own beside the database: SQLite's locks are the process's and would fall when any
/// descriptor of the database's file is closed.
final class VaultLock {
  private let descriptor: FileDescriptor

  /// Opens the lock file, waiting for nobody.
  init(beside vault: FilePath) throws(FileError) {
    let path = FilePath(vault.string + ".lock")
    do {
      descriptor = try FileDescriptor.open(
        path, .readWrite, options: [.create, .closeOnExec, .noFollow],
        permissions: .ownerReadWrite)
    } catch {
      throw FileError(.create, path, error as? Errno ?? .ioError)
    }
  }

  deinit { try? descriptor.close() }

  /// Runs a body if no other process holds the vault, then holds it together with the others until
  /// the lock goes.
  func hold(ifAlone body: () throws -> Void) throws {
    let isAlone = flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0
    if isAlone { try body() }
    while flock(descriptor.rawValue, LOCK_SH) != 0 {
      guard errno == EINTR else { throw Errno(rawValue: errno) }
    }
  }
}
