internal import Glibc
internal import MedaiCore
internal import SystemPackage

/// A folder that appears whole or not at all: written under a temporary name beside its place, and
/// renamed when everything in it has reached the disk.
///
/// Where it goes out of scope without `publish`, nothing is left behind.
struct NewFolder: ~Copyable {
  /// Where the files lie until then.
  let temporary: FilePath
  private let path: FilePath
  private var isOpen = true

  /// Creates the temporary folder.
  ///
  /// - Throws: `PackError.exists` where something stands at `path`.
  init(_ path: FilePath) throws(PackError) {
    guard let name = path.lastComponent, name.kind == .regular, !Self.isThere(path) else {
      throw .exists
    }
    let parent = path.removingLastComponent()
    let temporary = parent.appending(".\(name.string.prefix(160)).\(getpid()).part")
    try filing { () throws(FileError) in
      try createFolder(parent)
      removeTree(temporary)
      let code = unsafe temporary.withPlatformString { unsafe mkdir($0, 0o755) }
      if code != 0 { throw FileError(.create, path, Errno(rawValue: errno)) }
    }
    self.path = path
    self.temporary = temporary
  }

  deinit {
    if isOpen { removeTree(temporary) }
  }

  /// Opens a new file in the folder, with the folders above it.
  func create(_ name: String) throws(PackError) -> NewFile {
    let place = temporary.pushing(FilePath(name))
    return try filing { () throws(FileError) in
      try createFolder(place.removingLastComponent())
      return try NewFile(place)
    }
  }

  /// Makes everything durable and gives the folder its name.
  consuming func publish() throws(PackError) {
    let path = path
    let temporary = temporary
    try filing { () throws(FileError) in
      try syncTree(temporary)
      guard !Self.isThere(path) else { throw FileError(.create, path, .fileExists) }
      let code = unsafe temporary.withPlatformString { from in
        unsafe path.withPlatformString { to in unsafe rename(from, to) }
      }
      if code != 0 { throw FileError(.rename, path, Errno(rawValue: errno)) }
    }
    isOpen = false
    let parent = path.removingLastComponent()
    try filing { () throws(FileError) in try syncFolder(parent.isEmpty ? "." : parent) }
  }

  private static func isThere(_ path: FilePath) -> Bool { (try? fileStatus(path)) != nil }
}

/// A file under construction in a `NewFolder`.
struct NewFile: ~Copyable {
  private let path: FilePath
  private let descriptor: FileDescriptor

  fileprivate init(_ path: FilePath) throws(FileError) {
    let descriptor: FileDescriptor
    do {
      descriptor = try FileDescriptor.open(
        path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
    } catch let code as Errno {
      throw FileError(.create, path, code)
    } catch {
      throw FileError(.create, path, .ioError)
    }
    // The same bits whatever the umask says.
    _ = fchmod(descriptor.rawValue, 0o644)
    self.path = path
    self.descriptor = descriptor
  }

  deinit { try? descriptor.close() }

  /// Appends bytes.
  func append(_ bytes: [UInt8]) throws(PackError) {
    do {
      try descriptor.writeAll(bytes)
    } catch let code as Errno {
      throw .file(FileError(.write, path, code))
    } catch {
      throw .file(FileError(.write, path, .ioError))
    }
  }

  /// Makes the bytes durable. A full disk is sometimes told only here.
  func sync() throws(PackError) {
    if fsync(descriptor.rawValue) != 0 {
      throw .file(FileError(.sync, path, Errno(rawValue: errno)))
    }
  }
}

/// Removes a folder with everything in it, as far as that is possible; links are not followed.
private func removeTree(_ path: FilePath) {
  guard let status = try? fileStatus(path) else { return }
  guard status.kind == .folder else {
    try? removeFile(path)
    return
  }
  for name in (try? folderEntries(path)) ?? [] { removeTree(path.appending(name)) }
  _ = unsafe path.withPlatformString { unsafe rmdir($0) }
}

/// Makes the names in a folder and in those below it durable; the files were synced when they were
/// closed.
private func syncTree(_ folder: FilePath) throws(FileError) {
  for name in try folderEntries(folder) {
    let path = folder.appending(name)
    if try fileStatus(path).kind == .folder { try syncTree(path) }
  }
  try syncFolder(folder)
}

private func syncFolder(_ folder: FilePath) throws(FileError) {
  let descriptor: FileDescriptor
  do {
    descriptor = try FileDescriptor.open(folder, .readOnly)
  } catch let code as Errno {
    throw FileError(.sync, folder, code)
  } catch {
    throw FileError(.sync, folder, .ioError)
  }
  defer { try? descriptor.close() }
  if fsync(descriptor.rawValue) != 0 { throw FileError(.sync, folder, Errno(rawValue: errno)) }
}
