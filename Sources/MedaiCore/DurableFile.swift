internal import Glibc
public import SystemPackage

/// A file that appears whole or not at all: written under a temporary name beside its place,
/// synced, renamed, and the folder synced.
///
/// A writer that goes out of scope without `commit` leaves nothing behind.
public struct DurableFile: ~Copyable {
  /// Where the file will appear.
  public let path: FilePath
  private let temporary: FilePath
  private let descriptor: FileDescriptor
  private var buffer: [UInt8] = []
  private var isOpen = true

  /// Bytes that are gathered before a write.
  private static let bufferBytes = 1 << 18

  /// Creates the temporary file.
  ///
  /// - Parameters:
  ///   - path: Where the file is to appear; an existing file is replaced on `commit`.
  ///   - permissions: Mode of the new file, independent of the process's umask.
  /// - Throws: `FileError` when the folder is missing, read-only or full.
  public init(
    _ path: FilePath, permissions: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]
  ) throws(FileError) {
    var name = path.lastComponent?.string ?? "output"
    // A name may be as long as the file system allows; the temporary one must still fit.
    if name.utf8.count > 200 { name = String(decoding: name.utf8.prefix(160), as: UTF8.self) }
    let temporary = path.removingLastComponent().appending(".\(name).\(getpid()).part")
    let descriptor = try attempt(.create, path) {
      _ = try? removeFile(temporary)
      let descriptor = try FileDescriptor.open(
        temporary, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
        permissions: permissions)
      if fchmod(descriptor.rawValue, permissions.rawValue) != 0 {
        let code = Errno(rawValue: errno)
        try descriptor.close()
        throw code
      }
      return descriptor
    }
    self.path = path
    self.temporary = temporary
    self.descriptor = descriptor
  }

  deinit {
    if isOpen {
      try? descriptor.close()
      try? removeFile(temporary)
    }
  }

  /// Appends bytes.
  public mutating func append(_ bytes: [UInt8]) throws(FileError) {
    buffer += bytes
    if buffer.count >= Self.bufferBytes { try flush() }
  }

  private mutating func flush() throws(FileError) {
    let path = path
    let descriptor = descriptor
    let pending = buffer
    _ = try attempt(.write, path) { try descriptor.writeAll(pending) }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Makes the file durable under its own name.
  ///
  /// - Throws: `FileError`; then neither the new file nor the temporary one is there.
  public consuming func commit() throws(FileError) {
    try sync()
    try publish()
  }

  /// Makes the bytes durable under the temporary name, so that a log entry can be written
  /// between this and `publish`.
  public mutating func sync() throws(FileError) {
    try flush()
    guard fsync(descriptor.rawValue) == 0 else {
      throw FileError(.sync, path, Errno(rawValue: errno))
    }
  }

  /// Renames the synced file to its place and syncs the folder.
  public consuming func publish() throws(FileError) {
    let path = path
    let temporary = temporary
    let descriptor = descriptor
    try attempt(.write, path) { try descriptor.close() }
    isOpen = false
    do throws(FileError) {
      try renameFile(temporary, to: path)
    } catch {
      try? removeFile(temporary)
      throw error
    }
    try syncFolder(path.removingLastComponent())
  }
}

/// Writes a whole file durably.
///
/// - Throws: `FileError`; then the old file, if any, is untouched.
public func writeDurably(
  _ bytes: [UInt8], to path: FilePath,
  permissions: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]
) throws(FileError) {
  var file = try DurableFile(path, permissions: permissions)
  try file.append(bytes)
  try file.commit()
}

/// Makes a rename or a new name in a folder durable.
package func syncFolder(_ folder: FilePath) throws(FileError) {
  let folder = folder.isEmpty ? FilePath(".") : folder
  let descriptor = try attempt(.sync, folder) { try FileDescriptor.open(folder, .readOnly) }
  defer { try? descriptor.close() }
  guard fsync(descriptor.rawValue) == 0 else {
    throw FileError(.sync, folder, Errno(rawValue: errno))
  }
}

func renameFile(_ source: FilePath, to target: FilePath) throws(FileError) {
  let status = unsafe source.withPlatformString { from in
    unsafe target.withPlatformString { to in unsafe rename(from, to) }
  }
  if status != 0 { throw FileError(.rename, target, Errno(rawValue: errno)) }
}

/// Removes a file.
public func removeFile(_ path: FilePath) throws(FileError) {
  let status = unsafe path.withPlatformString { unsafe unlink($0) }
  if status != 0 { throw FileError(.write, path, Errno(rawValue: errno)) }
}
