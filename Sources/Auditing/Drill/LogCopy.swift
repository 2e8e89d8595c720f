internal import Cryptography
internal import MedaiCore
internal import Storage
internal import SystemPackage

/// Copies a log as it is at one moment, while others may be writing it.
///
/// - Parameters:
///   - source: The log's files.
///   - target: An empty folder.
///   - progress: Takes the bytes copied so far and all of them.
/// - Throws: `AuditLogError`.
func copyLog(
  _ source: LogFolder, to target: LogFolder, progress: (Int, Int) -> Void
) throws(AuditLogError) {
  guard fileExists(source.database) else {
    throw fileExists(source.checkpoint) ? .databaseMissing : .noLog
  }
  guard isRegularFile(source.database) else { throw .notALog }
  try readSettled(source.database, otherwise: .storage(.locked)) {
    (access) throws(AuditLogError) in
    guard access == .read else {
      return try copyFiles(source, to: target, progress: progress)
    }
    // A reading transaction keeps what it sees from being moved between the two files meanwhile:
    // everything up to its moment is in the copy, and what half of is copied later does not count.
    let tables = try openTables(source, .read)
    try copyFiles(source, to: target, progress: progress)
    _ = try storing { () throws(StorageError) in try tables.countEntries() }
  }
}

private func copyFiles(
  _ source: LogFolder, to target: LogFolder, progress: (Int, Int) -> Void
) throws(AuditLogError) {
  // The head's copy first: it must not be ahead of the entries.
  let names = ["checkpoint", "log.db", "log.db-wal"]
  for name in names + ["log.db-shm", "log.db-journal"] {
    let file = source.path.appending(name)
    if fileExists(file), !isRegularFile(file) { throw .storage(.notAFile) }
  }
  do throws(FileError) {
    for name in names where fileExists(target.path.appending(name)) {
      try removeFile(target.path.appending(name))
    }
    let files = names.map { source.path.appending($0) }.filter { fileExists($0) }
    // A transaction's lock on the database falls with any descriptor of it, so all are closed last.
    var inputs: [FileDescriptor] = []
    defer { for input in inputs { try? input.close() } }
    var total = 0
    for file in files {
      inputs.append(try opened(file))
      total += try fileStatus(file).bytes
    }
    var done = 0
    for (input, file) in zip(inputs, files) {
      guard let name = file.lastComponent else { continue }
      try copy(input, to: target.path.appending(name)) { count in
        done += count
        progress(done, max(done, total))
      }
    }
  } catch {
    throw .file(error)
  }
}

private func opened(_ file: FilePath) throws(FileError) -> FileDescriptor {
  do {
    return try FileDescriptor.open(file, .readOnly, options: [.closeOnExec])
  } catch {
    throw FileError(.open, file, error as? Errno ?? .ioError)
  }
}

private func copy(
  _ input: FileDescriptor, to target: FilePath, copied: (Int) -> Void
) throws(FileError) {
  do {
    let output = try FileDescriptor.open(
      target, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
      permissions: .ownerReadWrite)
    defer { try? output.close() }
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = try unsafe chunk.withUnsafeMutableBytes { unsafe try input.read(into: $0) }
      if count == 0 { return }
      _ = try output.writeAll(chunk[..<count])
      copied(count)
    }
  } catch let code as Errno {
    throw FileError(.write, target, code)
  } catch {
    throw FileError(.write, target, .ioError)
  }
}

/// Moves what lies in a copy's write-ahead log into its database.
func settle(_ copy: LogFolder) throws(AuditLogError) {
  try storing { () throws(StorageError) in
    let database = try Database.open(copy.database, .write)
    try database.checkpointWriteAheadLog()
  }
}

/// A digest of everything that a reader gets from a log: entries, their hashes, signed heads.
func digestOfContents(_ folder: FilePath, catalog: EventCatalog) throws(AuditLogError) -> Digest {
  var reader = try LogReader.open(folder: folder, catalog: catalog)
  var digest = sha256(reader.note)
  for size in try reader.signedSizes() {
    let note = try reader.signedCheckpoint(at: size) ?? []
    digest = sha256(digest.bytes + sha256(note).bytes + Array("\(size)".utf8))
  }
  for entry in 0..<reader.checkpoint.size {
    let hash = try reader.node(NodePlace(level: 0, index: entry))
    digest = sha256(digest.bytes + sha256(try reader.leaf(entry)).bytes + hash.bytes)
  }
  return digest
}
