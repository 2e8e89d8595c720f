import Cryptography
import Glibc
import MedaiCore
import Storage
import SystemPackage

/// What the machine does at most.
struct MachineRates {
  let syncs: Double
  let leafDigests: Double
  let signatures: Double

  init(in folder: FilePath) throws {
    let file = try FileDescriptor.open(
      folder.appending("sync"), .writeOnly, options: [.create, .truncate],
      permissions: .ownerReadWrite)
    let block = [UInt8](repeating: 1, count: 4096)
    syncs = try rate(of: 500) {
      for _ in 0..<500 {
        _ = try file.writeAll(block)
        _ = fsync(file.rawValue)
      }
    }
    try file.close()
    var hasher = PartHasher()
    let leaf = [UInt8](repeating: 2, count: 700)
    leafDigests = rate(of: 200_000) {
      for _ in 0..<200_000 { _ = hasher.digest(0, leaf.span) }
    }
    let key = try SigningKey.generate()
    signatures = rate(of: 5000) {
      for _ in 0..<5000 { _ = key.signature(of: leaf) }
    }
  }
}

/// Leaves in a table of the same settings, without tree, checks or signature.
final class BareTable {
  private let database: Database
  private var insert: Statement
  private var next = 0
  private let leaf = [UInt8](repeating: 0x61, count: 700)

  init(_ path: FilePath) throws {
    let database = try Database.open(path, .create)
    try database.execute("CREATE TABLE leaf (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT")
    insert = try database.prepare("INSERT INTO leaf (seq, bytes) VALUES (?1, ?2)")
    self.database = database
  }

  /// Rows in one commit.
  func insert(_ count: Int) throws {
    let leaf = leaf
    try database.beginImmediate()
    for _ in 0..<count {
      try insert.bind(next, at: 1)
      try insert.run(lending: leaf.span, at: 2)
      next += 1
    }
    try database.commit()
  }
}

/// A folder of our own that goes at the end.
struct BenchmarkFolder {
  let path: FilePath

  init(in base: FilePath) throws {
    path = base.appending("medai-audit-benchmark.\(getpid())")
    try createFolder(path)
  }

  func remove() {
    for name in ["log", "log.sample", ""] {
      let folder = name.isEmpty ? path : path.appending(name)
      for entry in (try? folderEntries(folder)) ?? [] {
        try? removeFile(folder.appending(entry))
      }
      _ = unsafe folder.withPlatformString { unsafe rmdir($0) }
    }
  }
}
