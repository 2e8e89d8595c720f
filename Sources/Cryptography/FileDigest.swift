public import MedaiCore
public import SystemPackage

/// The SHA-256 digest of a file, read in bounded chunks.
public func sha256(of path: FilePath) throws(FileError) -> Digest {
  var reader = try ChunkReader(path, chunkBytes: 1 << 20)
  var hash = SHA256()
  while let chunk = try reader.next() { hash.update(chunk) }
  return hash.finalize()
}
