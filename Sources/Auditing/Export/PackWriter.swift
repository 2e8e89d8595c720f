internal import Cryptography
internal import MedaiCore
internal import SystemPackage

/// Writes a pack's files and, as they come, its manifest.
///
/// Files are added in the order in which the manifest lists them, except entry bundles and upper
/// tiles: their lines wait in a file, so that memory does not grow with the log.
struct PackWriter: ~Copyable {
  private let folder: NewFolder
  private let manifest: NewFile
  private let waiting: NewFile
  private var upper: [[UInt8]] = []
  private var isFirst = true
  private(set) var files = 0
  private(set) var bytes = 0

  private static let waitingName = ".entries"

  init(_ path: FilePath) throws(PackError) {
    let folder = try NewFolder(path)
    let manifest = try folder.create(PackName.manifest)
    let waiting = try folder.create(Self.waitingName)
    try manifest.append(PackManifest.start)
    self.folder = folder
    self.manifest = manifest
    self.waiting = waiting
  }

  /// Writes a file and its line in the manifest.
  mutating func add(_ name: String, _ bytes: [UInt8]) throws(PackError) {
    try manifest.append(try write(name, bytes))
  }

  /// Writes a tile of hashes; those of level 0 are listed at once.
  mutating func add(_ tile: TileGatherer.Tile) throws(PackError) {
    guard case .hashes(let level) = tile.path.content, level > 0 else {
      try add(tile.path.text, tile.hashes)
      return
    }
    let line = try write(tile.path.text, tile.hashes)
    while upper.count < level { upper.append([]) }
    upper[level - 1] += line
  }

  /// Writes an entry bundle.
  mutating func addBundle(_ path: TilePath, _ bytes: [UInt8]) throws(PackError) {
    try waiting.append(try write(path.text, bytes))
  }

  /// Lists the tiles and bundles that waited. Comes after the last of them.
  mutating func endTiles() throws(PackError) {
    for lines in upper { try manifest.append(lines) }
    let path = folder.temporary.appending(Self.waitingName)
    var reader = try filing { () throws(FileError) in try ChunkReader(path) }
    while let chunk = try filing({ () throws(FileError) in try reader.next() }) {
      try manifest.append(chunk)
    }
    try filing { () throws(FileError) in try removeFile(path) }
  }

  /// Ends the manifest and gives the pack its name.
  ///
  /// - Returns: The manifest's digest and the count of files and bytes, the manifest included.
  consuming func finish(
    _ checkpoint: Checkpoint
  ) throws(PackError) -> (manifest: Digest, files: Int, bytes: Int) {
    try manifest.append(PackManifest.end(checkpoint))
    try manifest.sync()
    let path = folder.temporary.appending(PackName.manifest)
    let summary = try filing { () throws(FileError) in
      (try sha256(of: path), try fileStatus(path).bytes)
    }
    let result = (summary.0, files + 1, bytes + summary.1)
    try folder.publish()
    return result
  }

  private mutating func write(_ name: String, _ bytes: [UInt8]) throws(PackError) -> [UInt8] {
    let file = try folder.create(name)
    try file.append(bytes)
    try file.sync()
    let line = PackManifest.file(
      name, bytes: bytes.count, digest: sha256(bytes), isFirst: isFirst)
    isFirst = false
    files += 1
    self.bytes += bytes.count
    return line
  }
}
