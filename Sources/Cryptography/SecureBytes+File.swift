internal import Glibc
internal import MedaiCore
public import SystemPackage

extension SecureBytes {
  /// Reads a file that holds a secret, straight into the secure heap.
  ///
  /// - Parameters:
  ///   - path: A plain file that neither group nor others may read, write or run; a link is refused.
  ///   - maxBytes: A larger file is refused.
  /// - Returns: The secret.
  /// - Throws: `KeyError.readableByOthers` before anything is read.
  public static func reading(_ path: FilePath, maxBytes: Int) throws(KeyError) -> SecureBytes {
    let status: FileStatus
    do throws(FileError) { status = try fileStatus(path) } catch { throw .file(error) }
    guard status.kind == .file else { throw .notAFile }
    guard status.mode & 0o077 == 0 else { throw .readableByOthers(mode: status.mode) }
    do {
      let file = try FileDescriptor.open(
        path, .readOnly, options: [.closeOnExec, .noFollow])
      defer { try? file.close() }
      return try reading(file, maxBytes: maxBytes)
    } catch let error as KeyError {
      throw error
    } catch {
      throw .file(FileError(.read, path, error as? Errno ?? .noMemory))
    }
  }

  /// Reads a secret from an open descriptor up to its end: a pipe, or one inherited.
  ///
  /// - Throws: `KeyError.file` with `Errno.fileTooLarge` past the limit.
  public static func reading(
    _ descriptor: FileDescriptor, maxBytes: Int
  ) throws(KeyError) -> SecureBytes {
    do {
      // One byte more than allowed, so that a longer file shows.
      return try unsafe SecureBytes(capacity: maxBytes + 1) { target in
        var count = 0
        while count < target.count {
          let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: target[count...])
          let got = try unsafe descriptor.read(into: rest)
          if got == 0 { break }
          count += got
        }
        guard count <= maxBytes else { throw Errno.fileTooLarge }
        return count
      }
    } catch {
      throw .file(FileError(.read, "", error as? Errno ?? .noMemory))
    }
  }

  /// Writes the secret to a new file of mode 0600, durably and without a copy in ordinary memory.
  ///
  /// - Throws: `KeyError.file` with `Errno.fileExists` where something is there; a secret is never
  ///   overwritten.
  public func write(to path: FilePath) throws(KeyError) {
    do {
      let file = try FileDescriptor.open(
        path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
        permissions: .ownerReadWrite)
      do {
        try unsafe withUnsafeBytes { _ = try unsafe file.writeAll($0) }
        guard fchmod(file.rawValue, 0o600) == 0, fsync(file.rawValue) == 0 else {
          throw Errno(rawValue: errno)
        }
        try file.close()
      } catch {
        // Half a secret is none.
        try? file.close()
        try? removeFile(path)
        throw error
      }
      var folder = path.removingLastComponent()
      if folder.isEmpty { folder = "." }
      let opened = try FileDescriptor.open(folder, .readOnly, options: [.closeOnExec])
      defer { try? opened.close() }
      guard fsync(opened.rawValue) == 0 else { throw Errno(rawValue: errno) }
    } catch {
      throw .file(FileError(.create, path, error as? Errno ?? .ioError))
    }
  }
}
