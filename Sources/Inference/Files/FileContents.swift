internal import Cryptography
internal import Glibc
internal import MedaiCore
internal import SystemPackage

/// A whole model file in memory with the digest of exactly these bytes.
///
/// Read, not mapped: a file cut short under a mapping kills the process, and a file changed between
/// hashing and use would run under a digest that is not its own. The packing gives the pages back
/// as it goes, so the peak is about one copy of the weights.
struct FileContents {
  /// The bytes.
  let memory: AnonymousMemory
  /// Size in bytes; `memory` may be larger.
  let count: Int
  /// SHA-256 of the bytes.
  let digest: Digest

  /// Reads a regular file.
  init(_ path: FilePath) throws(ModelProblem) {
    let descriptor: FileDescriptor
    do {
      descriptor = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
    } catch let code as Errno {
      throw .file(FileError(.open, path, code))
    } catch {
      throw .file(FileError(.open, path, .ioError))
    }
    defer { try? descriptor.close() }
    var status = stat()
    guard unsafe fstat(descriptor.rawValue, &status) == 0 else {
      throw .file(FileError(.open, path, Errno(rawValue: errno)))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .file(FileError(.open, path, .invalidArgument))
    }
    count = Int(status.st_size)
    guard let memory = AnonymousMemory(count: count) else { throw .outOfResources }
    self.memory = memory
    var hash = SHA256()
    var offset = 0
    while offset < count {
      let piece = unsafe UnsafeMutableRawBufferPointer(
        start: memory.base + offset, count: min(1 << 20, count - offset))
      let read: Int
      do {
        read = try unsafe descriptor.read(into: piece)
      } catch let code as Errno {
        throw .file(FileError(.read, path, code))
      } catch {
        throw .file(FileError(.read, path, .ioError))
      }
      guard read > 0 else { throw .truncated(expected: count, found: offset) }
      unsafe hash.update(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(piece)[..<read]))
      offset += read
    }
    digest = hash.finalize()
  }

  /// Lends the bytes.
  func withBytes<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let count = count
    return try memory.withBytes { (bytes: Span<UInt8>) throws(Failure) in
      try body(bytes.extracting(first: count))
    }
  }

  /// Takes bytes that are already in memory.
  init(bytes: [UInt8]) throws(ModelProblem) {
    count = bytes.count
    guard let memory = AnonymousMemory(count: count) else { throw .outOfResources }
    unsafe bytes.withUnsafeBytes { source in
      if let base = source.baseAddress {
        unsafe memory.base.copyMemory(from: base, byteCount: source.count)
      }
    }
    self.memory = memory
    digest = sha256(bytes)
  }
}
