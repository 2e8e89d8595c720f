import Cryptography
import Glibc
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@testable import Auditing

/// A log with kept checkpoints, a change of keys and `anchors/`, exported.
///
/// - Returns: The pack's folder and the key that signs at the end.
func makePack(_ scratch: FilePath, rounds: Int = 1) throws -> (pack: FilePath, key: VerifierKey) {
  let folder = scratch.appending("log")
  var log = try openLog(folder)
  _ = try log.append(deidBegin())
  _ = try log.keepCheckpoint()
  let note = log.note
  _ = try log.rotate(to: testKey(8), reason: .scheduled)
  _ = try log.append(deidFile(begin: 1))
  for _ in 1..<max(1, rounds) { try fillLog(&log) }
  try log.close()
  let anchors = folder.appending("anchors")
  try createFolder(anchors)
  try writeDurably(note, to: anchors.appending("2.note"))
  try writeDurably([0x30, 0x03, 0x02, 0x01, 0x00], to: anchors.appending("2.tsr"))
  let pack = scratch.appending("pack")
  _ = try exportPack(log: folder, to: pack, proofs: [1])
  return (pack, try testVerifier(8))
}

/// Every file of a folder, by path from it, in byte order.
func allFiles(_ folder: FilePath, below: String = "") throws -> [String] {
  var files: [String] = []
  for name in try folderEntries(folder.pushing(FilePath(below))) {
    let path = below.isEmpty ? name : "\(below)/\(name)"
    if try fileStatus(folder.pushing(FilePath(path))).kind == .folder {
      files += try allFiles(folder, below: path)
    } else {
      files.append(path)
    }
  }
  return files
}

func bytes(_ pack: FilePath, _ name: String) throws -> [UInt8] {
  try readFile(pack.pushing(FilePath(name)))
}

func put(_ bytes: [UInt8], _ pack: FilePath, _ name: String) throws {
  let path = pack.pushing(FilePath(name))
  try createFolder(path.removingLastComponent())
  // Plain writes: thousands of them need no disk.
  let file = try FileDescriptor.open(
    path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
  try file.closeAfterWriting(bytes)
}

extension FileDescriptor {
  fileprivate func closeAfterWriting(_ bytes: [UInt8]) throws {
    try closeAfter { _ = try writeAll(bytes) }
  }
}

/// Makes the manifest anew, as somebody would who changed a file.
func repairManifest(_ pack: FilePath) throws {
  let old = try bytes(pack, "manifest.json")
  // The end names origin, root and size, which whoever changes one file leaves alone.
  let mark = Array(#"],"format""#.utf8)
  let place = try #require(old.indices.last { old[$0...].starts(with: mark) })
  let end = old[place...]
  var manifest = PackManifest.start
  var isFirst = true
  var names = try PackListing(size: packSize(pack)).names(in: PackFiles(folder: pack))
  while let name = names.next() {
    let content = try bytes(pack, name)
    manifest += PackManifest.file(
      name, bytes: content.count, digest: sha256(content), isFirst: isFirst)
    isFirst = false
  }
  try put(manifest + end, pack, "manifest.json")
}

func packSize(_ pack: FilePath) throws -> Int {
  let manifest = try parseJSON(try bytes(pack, "manifest.json"))
  return manifest["size"]?.int ?? 0
}

func makeLink(_ path: FilePath, to target: FilePath) throws {
  if unsafe symlink(target.string, path.string) != 0 { throw Errno(rawValue: errno) }
}

func makePipe(_ path: FilePath) throws {
  if unsafe mkfifo(path.string, 0o600) != 0 { throw Errno(rawValue: errno) }
}
