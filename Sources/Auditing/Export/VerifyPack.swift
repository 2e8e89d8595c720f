public import Cryptography
internal import MedaiCore
public import SystemPackage

/// Checks a pack as strictly as `verifyLog` checks a log: every file there and no other, every
/// entry and hash, the tree, the signatures, the manifest, and what checkpoints from outside say.
///
/// Reads only, one bundle at a time, without a private key.
///
/// - Parameters:
///   - folder: The pack.
///   - trustedKeys: Keys that somebody vouches for, from elsewhere than the pack; without any the
///     best verdict is `self-consistent`.
///   - against: An older checkpoint that was kept elsewhere.
///   - anchors: Checkpoints whose outside evidence the caller has checked.
///   - catalog: Schemas of the events; those of other systems that the pack brings are added.
///   - requireAnchored: Whether a tail that no outside checkpoint covers makes the pack
///     `incomplete`.
/// - Returns: The verdict with what led to it; a fault of a pack names the file.
/// - Throws: `PackError` where there is no pack or the disk fails. A damaged pack gives a verdict.
public func verifyPack(
  folder: FilePath, trustedKeys: [VerifierKey], against: Checkpoint? = nil,
  anchors: [Checkpoint] = [], catalog: EventCatalog = .builtIn, requireAnchored: Bool = false
) throws(PackError) -> LogVerification {
  let files = PackFiles(folder: folder)
  guard try filing({ () throws(FileError) in try fileStatus(folder).kind }) == .folder else {
    throw .noPack
  }
  var verifier = LogVerifier(trustedKeys: trustedKeys, catalog: catalog, threads: 1)
  if let bytes = try files.read(PackName.schemas, maxBytes: PackFiles.maxSmallBytes) {
    if let larger = PackSchemas.extend(catalog, by: bytes) {
      verifier = LogVerifier(trustedKeys: trustedKeys, catalog: larger, threads: 1)
    } else {
      verifier.result.add(.fileMismatch, path: PackName.schemas)
    }
  }
  try verifier.run(files, outside: (against.map { [$0] } ?? []) + anchors)
  verifier.finish(requireAnchored: requireAnchored)
  return verifier.result
}

extension LogVerifier {
  mutating func run(_ files: PackFiles, outside: [Checkpoint]) throws(PackError) {
    // A log's folder has a checkpoint too, but neither of these.
    guard
      [PackName.manifest, PackName.tile].contains(where: {
        fileExists(files.folder.appending($0))
      })
    else { throw .noPack }
    guard let note = try files.read(PackName.checkpoint, maxBytes: SignedNote.maxBytes) else {
      result.add(.missingFile, path: PackName.checkpoint)
      return
    }
    guard let checkpoint = try? Checkpoint(text: SignedNote(note).text) else {
      result.add(.malformedCheckpoint, path: PackName.checkpoint)
      return
    }
    var kept: [StoredHead] = []
    for name in try files.names(PackName.checkpoints) {
      guard let size = PackName.decimal(name), size > 0, size < checkpoint.size,
        let bytes = try files.read(PackName.kept(size), maxBytes: SignedNote.maxBytes)
      else { continue }
      let root = (try? Checkpoint(text: SignedNote(bytes).text))?.root
      kept.append(StoredHead(size: size, root: root ?? emptyRoot, note: bytes))
    }
    kept.sort { $0.size < $1.size }
    let head = StoredHead(size: checkpoint.size, root: checkpoint.root, note: note)
    let papers = open(head: head, kept: kept, copy: nil, outside: outside)

    let listing = PackListing(size: checkpoint.size)
    for path in try listing.strangers(in: files) { result.add(.unexpectedFile, path: path) }
    let trust = try readEntries(files, checkpoint)
    judge(papers)
    try judgeTrust(files, trust, checkpoint)
    try judgeConsistency(files, kept, checkpoint, note)
    try judgeProofs(files, checkpoint, note)
    if let guide = try files.read(PackName.guide, maxBytes: PackFiles.maxSmallBytes) {
      if guide != packGuide { result.remark(.otherInstructions) }
    } else {
      result.add(.missingFile, path: PackName.guide)
    }
    if try files.read(PackName.schemas, maxBytes: PackFiles.maxSmallBytes) == nil {
      result.add(.missingFile, path: PackName.schemas)
    }
    try judgeManifest(files, listing, checkpoint)
  }

  // MARK: - Entries and tree

  private mutating func readEntries(
    _ files: PackFiles, _ checkpoint: Checkpoint
  ) throws(PackError) -> PackTrust {
    var trust = PackTrust()
    var hasher = TreeHasher()
    var tiles = TileGatherer()
    let origin = Array(checkpoint.origin.text.utf8)
    let (full, partial) = TilePath.tiles(.entries, size: checkpoint.size)
    for index in 0..<(full + (partial == nil ? 0 : 1)) {
      let width = index < full ? TilePath.fullWidth : partial?.width ?? 0
      let path = TilePath(.entries, index: index, width: width)
      let first = path.firstEntry
      let limit = width * (2 + PackFiles.maxEntryBytes)
      guard let bytes = try files.read(path.text, maxBytes: limit) else {
        // What follows has no place in the tree any more.
        result.add(.missingFile, entry: first, path: path.text)
        return trust
      }
      let bundle = PackFiles.entries(bytes, width: width)
      let leafTile = TilePath(.hashes(level: 0), index: index, width: width)
      let stored = try hashes(files, leafTile)
      for (offset, leaf) in bundle.entries.enumerated() {
        var hash = hasher.leaf(leaf)
        if let stored, stored[offset] != hash {
          result.add(.hashMismatch, entry: next, path: path.text)
          // The tree is judged by the hashes as stored, so that one changed entry is one fault.
          hash = stored[offset]
        }
        try logging { () throws(AuditLogError) in
          try judgeEntry(leaf, origin: origin) { (earlier: Int) throws(AuditLogError) in
            try files.entry(earlier, size: checkpoint.size)
          }
        }
        if PackTrust.concerns(leaf, entry: next),
          let entry = try? decodeLeaf(leaf, catalog: catalog)
        {
          trust.visit(entry)
        }
        for tile in addToTree(hash, &hasher, &tiles) { try compare(tile, files) }
        advance()
      }
      guard bundle.isExact else {
        result.add(.malformedFile, entry: next, path: path.text)
        return trust
      }
    }
    for tile in tiles.partials { try compare(tile, files) }
    return trust
  }

  /// A tile's hashes; a fault is noted where there is none, or not of this width.
  private mutating func hashes(
    _ files: PackFiles, _ path: TilePath
  ) throws(PackError) -> [Digest]? {
    guard let bytes = try files.read(path.text, maxBytes: 1 << 16) else {
      result.add(.missingFile, entry: path.firstEntry, path: path.text)
      return nil
    }
    guard bytes.count == path.width * 32 else {
      result.add(.malformedFile, entry: path.firstEntry, path: path.text)
      return nil
    }
    return (0..<path.width).compactMap { Digest(bytes: Array(bytes[($0 * 32)..<($0 * 32 + 32)])) }
  }

  private mutating func addToTree(
    _ hash: Digest, _ hasher: inout TreeHasher, _ tiles: inout TileGatherer
  ) -> [TileGatherer.Tile] {
    var completed = [(level: 0, hash: hash)]
    edge.append(hash, &hasher) { place, node in
      if place.level.isMultiple(of: 8) { completed.append((place.level / 8, node)) }
    }
    return completed.compactMap { tiles.append($0.hash, level: $0.level) }
  }

  /// Holds a tile above the leaves against the file; those of the leaves were read already.
  private mutating func compare(
    _ tile: TileGatherer.Tile, _ files: PackFiles
  ) throws(PackError) {
    if tile.path.content == .hashes(level: 0) { return }
    guard let stored = try hashes(files, tile.path) else { return }
    let place = stored.indices.first {
      stored[$0].bytes != Array(tile.hashes[($0 * 32)..<($0 * 32 + 32)])
    }
    guard let place else { return }
    let entry = tile.path.firstEntry + place * tile.path.entriesPerHash
    result.add(.tileMismatch, entry: entry, path: tile.path.text)
  }

  // MARK: - The files beside the tree

  private mutating func judgeTrust(
    _ files: PackFiles, _ trust: PackTrust, _ checkpoint: Checkpoint
  ) throws(PackError) {
    guard let expected = trust.files(origin: checkpoint.origin) else {
      result.add(.keyMismatch, entry: 0, path: PackName.logKey)
      return
    }
    for file in expected {
      guard let bytes = try files.read(file.name, maxBytes: PackFiles.maxSmallBytes) else {
        result.add(.missingFile, path: file.name)
        continue
      }
      if bytes != file.bytes { result.add(.fileMismatch, path: file.name) }
    }
    for name in try files.names(PackName.trust) {
      let path = "\(PackName.trust)/\(name)"
      if !expected.contains(where: { sameBytes($0.name, path) }) {
        result.add(.unexpectedFile, path: visiblePath(path))
      }
    }
  }

  private mutating func judgeConsistency(
    _ files: PackFiles, _ kept: [StoredHead], _ checkpoint: Checkpoint, _ note: [UInt8]
  ) throws(PackError) {
    for old in kept {
      let name = PackName.consistency(old.size, checkpoint.size)
      guard let bytes = try files.read(name, maxBytes: SignedNote.maxBytes * 2) else {
        result.add(.missingFile, path: name)
        continue
      }
      guard let proof = ConsistencyText(bytes), proof.old == old.size, proof.note == note,
        let root = roots[old.size],
        verifyConsistency(
          oldSize: old.size, oldRoot: root, newSize: checkpoint.size, newRoot: checkpoint.root,
          proof: proof.hashes)
      else {
        result.add(.fileMismatch, path: name)
        continue
      }
    }
    for name in try files.names(PackName.consistency) {
      let path = "\(PackName.consistency)/\(name)"
      let isExpected = kept.contains {
        sameBytes(PackName.consistency($0.size, checkpoint.size), path)
      }
      if !isExpected { result.add(.unexpectedFile, path: visiblePath(path)) }
    }
  }

  private mutating func judgeProofs(
    _ files: PackFiles, _ checkpoint: Checkpoint, _ note: [UInt8]
  ) throws(PackError) {
    for name in try files.names(PackName.proofs) {
      guard let entry = PackListing.proofEntry(name), entry < checkpoint.size else { continue }
      let path = PackName.proof(entry)
      let bytes = try files.read(path, maxBytes: SignedNote.maxBytes * 2)
      let (full, partial) = TilePath.tiles(.hashes(level: 0), size: checkpoint.size)
      let tile = entry / TilePath.fullWidth
      let width = tile < full ? TilePath.fullWidth : partial?.width ?? 0
      let place = entry % TilePath.fullWidth
      let hashes = try files.read(
        TilePath(.hashes(level: 0), index: tile, width: width).text, maxBytes: 1 << 16)
      guard let bytes, let proof = try? EntryProof(bytes), proof.bytes == bytes,
        proof.index == entry, proof.note.bytes == note, let hashes,
        hashes.count >= place * 32 + 32,
        let leaf = Digest(bytes: Array(hashes[(place * 32)..<(place * 32 + 32)])),
        verifyInclusion(
          of: leaf, at: entry, size: checkpoint.size, root: checkpoint.root, proof: proof.path)
      else {
        result.add(.fileMismatch, entry: entry, path: path)
        continue
      }
    }
  }

  /// The manifest has one form for given files, so it is made again and compared.
  private mutating func judgeManifest(
    _ files: PackFiles, _ listing: PackListing, _ checkpoint: Checkpoint
  ) throws(PackError) {
    let place = files.folder.appending(PackName.manifest)
    guard (try? fileStatus(place))?.kind == .file else {
      result.add(.missingFile, path: PackName.manifest)
      return
    }
    var stored = StoredBytes(
      reader: try filing { () throws(FileError) in try ChunkReader(place) })
    guard try stored.matches(PackManifest.start) else {
      result.add(.manifestMismatch, path: PackName.manifest)
      return
    }
    var isFirst = true
    var names = try listing.names(in: files)
    while let name = names.next() {
      let path = files.folder.pushing(FilePath(name))
      // What is missing was said already, and the manifest cannot agree.
      guard let status = try? fileStatus(path), status.kind == .file else { break }
      let digest = try filing { () throws(FileError) in try sha256(of: path) }
      let line = PackManifest.file(name, bytes: status.bytes, digest: digest, isFirst: isFirst)
      isFirst = false
      guard try stored.matches(line) else {
        result.add(
          .manifestMismatch, entry: TilePath(name)?.firstEntry, path: visiblePath(name))
        return
      }
    }
    let isSame = try stored.matches(PackManifest.end(checkpoint))
    let isWhole = try stored.isAtEnd()
    if !isSame || !isWhole { result.add(.manifestMismatch, path: PackName.manifest) }
  }
}

/// A file that is compared with bytes as they come.
private struct StoredBytes: ~Copyable {
  private var reader: ChunkReader
  private var held: [UInt8] = []
  private var start = 0

  init(reader: consuming ChunkReader) { self.reader = reader }

  mutating func matches(_ bytes: [UInt8]) throws(PackError) -> Bool {
    while held.count - start < bytes.count {
      guard let chunk = try next() else { return false }
      held.removeSubrange(..<start)
      start = 0
      held += chunk
    }
    defer { start += bytes.count }
    return held[start..<(start + bytes.count)].elementsEqual(bytes)
  }

  mutating func isAtEnd() throws(PackError) -> Bool {
    if held.count > start { return false }
    return try next() == nil
  }

  private mutating func next() throws(PackError) -> [UInt8]? {
    do throws(FileError) { return try reader.next() } catch { throw .file(error) }
  }
}
