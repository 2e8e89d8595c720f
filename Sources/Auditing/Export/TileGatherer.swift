internal import Cryptography

/// Gathers the hashes of a growing tree into tiles.
struct TileGatherer {
  /// A tile with its bytes.
  typealias Tile = (path: TilePath, hashes: [UInt8])

  private var pending: [[UInt8]] = []
  private var full: [Int] = []

  /// Adds a hash to the open tile of a level.
  ///
  /// - Returns: The tile, where the hash filled it.
  mutating func append(_ hash: Digest, level: Int) -> Tile? {
    while pending.count <= level {
      pending.append([])
      full.append(0)
    }
    pending[level] += hash.bytes
    guard pending[level].count == TilePath.fullWidth * 32 else { return nil }
    let tile = (TilePath(.hashes(level: level), index: full[level]), pending[level])
    pending[level].removeAll(keepingCapacity: true)
    full[level] += 1
    return tile
  }

  /// The tiles that are not full, lowest level first.
  var partials: [Tile] {
    pending.indices.filter { !pending[$0].isEmpty }.map { level in
      let width = pending[level].count / 32
      return (TilePath(.hashes(level: level), index: full[level], width: width), pending[level])
    }
  }
}
