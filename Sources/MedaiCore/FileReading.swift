internal import Glibc
public import SystemPackage

/// What kind of thing a path names.
public enum FileKind: Sendable, Equatable { case file, folder, link, other }

/// What the file system says of a path.
public struct FileStatus: Sendable {
  /// File, folder, symbolic link or something else; links are not followed.
  public let kind: FileKind
  /// Size in bytes.
  public let bytes: Int
  /// Permission bits.
  public let mode: UInt32
  /// Owner.
  public let owner: UInt32
  /// Device and inode, which name a file whatever its path.
  public let identity: [UInt64]
}

/// Asks for the status of a path without following a symbolic link.
///
/// - Throws: `FileError` when there is nothing or access is refused.
public func fileStatus(_ path: FilePath) throws(FileError) -> FileStatus {
  var status = stat()
  let code = unsafe path.withPlatformString { unsafe lstat($0, &status) }
  if code != 0 { throw FileError(.open, path, Errno(rawValue: errno)) }
  let kind: FileKind =
    switch status.st_mode & S_IFMT {
    case S_IFREG: .file
    case S_IFDIR: .folder
    case S_IFLNK: .link
    default: .other
    }
  return FileStatus(
    kind: kind, bytes: Int(status.st_size), mode: status.st_mode & 0o7777, owner: status.st_uid,
    identity: [UInt64(status.st_dev), UInt64(status.st_ino)])
}

/// Whether something is there.
public func fileExists(_ path: FilePath) -> Bool {
  unsafe path.withPlatformString { unsafe access($0, F_OK) } == 0
}

/// Whether a path leads to a regular file, links followed. Opening a pipe would wait for ever.
public func isRegularFile(_ path: FilePath) -> Bool {
  var status = stat()
  guard unsafe path.withPlatformString({ unsafe stat($0, &status) }) == 0 else { return false }
  return status.st_mode & S_IFMT == S_IFREG
}

/// The names in a folder in byte order, without `.` and `..`.
///
/// Byte order, because the order of a directory stream would leak into outputs.
public func folderEntries(_ path: FilePath) throws(FileError) -> [String] {
  guard let stream = unsafe path.withPlatformString({ unsafe opendir($0) }) else {
    throw FileError(.list, path, Errno(rawValue: errno))
  }
  defer { unsafe closedir(stream) }
  var names: [String] = []
  while let entry = unsafe readdir(stream) {
    let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
      unsafe field.withMemoryRebound(to: UInt8.self, capacity: 256) { unsafe String(cString: $0) }
    }
    if name != "." && name != ".." { names.append(name) }
  }
  return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

/// Makes a folder and the folders above it, where they are missing.
public func createFolder(
  _ path: FilePath, mode: UInt32 = 0o755
) throws(FileError) {
  if path.isEmpty || fileExists(path) { return }
  try createFolder(path.removingLastComponent(), mode: mode)
  let code = unsafe path.withPlatformString { unsafe mkdir($0, mode) }
  if code != 0 && errno != EEXIST { throw FileError(.create, path, Errno(rawValue: errno)) }
}

/// Reads a whole file that is expected to be small (settings, keys, catalogues).
///
/// - Parameters:
///   - path: The file.
///   - maxBytes: A larger file is refused, so that memory stays bounded.
/// - Returns: Its bytes.
/// - Throws: `FileError`; `Errno.fileTooLarge` past the limit.
public func readFile(_ path: FilePath, maxBytes: Int = 64 << 20) throws(FileError) -> [UInt8] {
  var reader = try ChunkReader(path, chunkBytes: min(maxBytes, 1 << 16 - 1) + 1)
  var bytes: [UInt8] = []
  while let chunk = try reader.next() {
    bytes += chunk
    if bytes.count > maxBytes { throw FileError(.read, path, .fileTooLarge) }
  }
  return bytes
}

/// Reads a file by `read(2)` in bounded chunks.
///
/// Never mapped: a file truncated under a mapping kills the process.
public struct ChunkReader: ~Copyable {
  /// The file, `-` for standard input.
  public let path: FilePath
  private let descriptor: FileDescriptor
  private let chunkBytes: Int
  /// What is read where there is no file.
  private var memory: ArraySlice<UInt8>?

  /// Reads bytes that are in memory already and shall not lie in a file.
  public init(bytes: [UInt8], chunkBytes: Int = 1 << 18) {
    path = ""
    // Never touched: reading and closing look at the memory first.
    descriptor = .standardInput
    self.chunkBytes = chunkBytes
    memory = bytes[...]
  }

  /// Opens a file; `-` is standard input.
  public init(_ path: FilePath, chunkBytes: Int = 1 << 18) throws(FileError) {
    self.path = path
    self.chunkBytes = chunkBytes
    memory = nil
    if path == "-" {
      descriptor = .standardInput
    } else {
      descriptor = try attempt(.open, path) {
        try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
      }
    }
  }

  deinit {
    if descriptor != .standardInput { try? descriptor.close() }
  }

  /// The next bytes, at most `chunkBytes`; `nil` at the end.
  public mutating func next() throws(FileError) -> [UInt8]? {
    if let rest = memory {
      memory = rest.dropFirst(chunkBytes)
      return rest.isEmpty ? nil : Array(rest.prefix(chunkBytes))
    }
    let descriptor = descriptor
    let chunkBytes = chunkBytes
    let bytes = try attempt(.read, path) {
      try unsafe [UInt8](unsafeUninitializedCapacity: chunkBytes) { buffer, count in
        count = try unsafe descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
    }
    return bytes.isEmpty ? nil : bytes
  }
}

/// Why a line could not be had.
public enum LineError: Error, Equatable, Sendable {
  case file(FileError)
  /// A line is longer than the reader may hold; its number counts from 1.
  case tooLong(line: Int, maxBytes: Int)
}

/// Reads the lines of a file in bounded memory.
public struct LineReader: ~Copyable {
  private var chunks: ChunkReader
  private var buffer: [UInt8] = []
  private var start = 0
  private var atEnd = false
  private let maxBytes: Int
  /// The number of the line that `next` gave last, from 1.
  public private(set) var line = 0

  /// Opens a file; `-` is standard input.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - maxBytes: The longest line that is accepted.
  /// - Throws: `LineError.file` where it cannot be opened.
  public init(_ path: FilePath, maxBytes: Int = 16 << 20) throws(LineError) {
    do throws(FileError) { chunks = try ChunkReader(path) } catch { throw .file(error) }
    self.maxBytes = maxBytes
  }

  /// The next line without its LF; a final line without LF counts. `nil` at the end.
  public mutating func next() throws(LineError) -> [UInt8]? {
    var searched = start
    while true {
      if let end = buffer[searched...].firstIndex(of: 0x0A) {
        let result = Array(buffer[start..<end])
        start = end + 1
        line += 1
        return result
      }
      if buffer.count - start > maxBytes { throw .tooLong(line: line + 1, maxBytes: maxBytes) }
      if atEnd {
        guard start < buffer.count else { return nil }
        let result = Array(buffer[start...])
        start = buffer.count
        line += 1
        return result
      }
      if start > 0 {
        buffer.removeSubrange(..<start)
        start = 0
      }
      searched = buffer.count
      let chunk: [UInt8]?
      do throws(FileError) { chunk = try chunks.next() } catch { throw .file(error) }
      if let chunk { buffer += chunk } else { atEnd = true }
    }
  }
}
