public import Cryptography
internal import MedaiCore
internal import Storage
public import SystemPackage

/// What was written.
public struct ExportedPack: Sendable, Equatable {
  /// The checkpoint that the pack ends with.
  public let checkpoint: Checkpoint
  /// SHA-256 of `manifest.json`: quoting it fixes every file of the pack.
  public let manifest: Digest
  /// Files, the manifest included.
  public let files: Int
  /// Their bytes.
  public let bytes: Int
  /// Files under `anchors/` that are no anchor of this size and were left out.
  public let leftOut: Int
}

/// Writes a log as plain files that other people's tools can verify (C2SP tlog-tiles): signed
/// checkpoint, hash tiles, entries, keys, anchors, schemas and a manifest.
///
/// Every leaf is hashed again from its bytes, and nothing is written unless they give the root that
/// was signed. The same log and size give the same bytes. Needs no private key, changes nothing,
/// and holds one tile of each level in memory.
///
/// - Parameters:
///   - folder: The log's folder.
///   - output: The pack's folder; nothing may stand there. It appears whole or not at all.
///   - size: A size with a signed checkpoint; the last where left out.
///   - proofs: Entries whose proofs are put into `proofs/`.
///   - catalog: Schemas of the events.
/// - Returns: What was written.
/// - Throws: `PackError`.
public func exportPack(
  log folder: FilePath, to output: FilePath, at size: Int? = nil, proofs: [Int] = [],
  catalog: EventCatalog = .builtIn
) throws(PackError) -> ExportedPack {
  let files = LogFolder(folder)
  // A pack that was written is right whatever happened meanwhile: its leaves give the signed root.
  var written: ExportedPack?
  return try readSettled(files.database, otherwise: .log(.storage(.locked))) {
    (access) throws(PackError) in
    if let written { return written }
    let reader = try logging { () throws(AuditLogError) in
      try LogReader.open(files, access, catalog)
    }
    let pack = try export(reader, of: folder, to: output, at: size, proofs: proofs)
    written = pack
    return pack
  }
}

private func export(
  _ log: consuming LogReader, of folder: FilePath, to output: FilePath, at size: Int?,
  proofs: [Int]
) throws(PackError) -> ExportedPack {
  var reader = log
  let size = size ?? reader.checkpoint.size
  let signed = try logging { () throws(AuditLogError) in try reader.signedSizes() }
  guard size > 0, signed.contains(size),
    let note = try logging({ () throws(AuditLogError) in try reader.signedCheckpoint(at: size) })
  else { throw .unsignedSize(size, signed: signed) }
  let checkpoint = try parsed(note)
  guard checkpoint.size == size, checkpoint.origin == reader.checkpoint.origin else {
    throw .brokenTree
  }
  if let entry = proofs.first(where: { !(0..<size).contains($0) }) {
    throw .noSuchEntry(entry, size: size)
  }
  var writer = try PackWriter(output)
  try writer.add(PackName.guide, packGuide)
  let leftOut = try addAnchors(of: folder, upTo: size, &writer)
  try writer.add(PackName.checkpoint, note)
  try addKept(signed.filter { $0 < size && $0 > 0 }, checkpoint, note, &reader, &writer)
  try addProofs(proofs, checkpoint, &reader, &writer)
  try writer.add(PackName.schemas, PackSchemas.bytes(reader.catalog))
  let trust = try addTiles(checkpoint, &reader, &writer)
  guard let keys = trust.files(origin: checkpoint.origin) else { throw .brokenEntry(0) }
  for key in keys { try writer.add(key.name, key.bytes) }
  let summary = try writer.finish(checkpoint)
  return ExportedPack(
    checkpoint: checkpoint, manifest: summary.manifest, files: summary.files,
    bytes: summary.bytes, leftOut: leftOut)
}

private func parsed(_ note: [UInt8]) throws(PackError) -> Checkpoint {
  do throws(NoteError) {
    return try Checkpoint(text: try SignedNote(note).text)
  } catch {
    throw .log(.brokenHead(error))
  }
}

private func addAnchors(
  of folder: FilePath, upTo size: Int, _ writer: inout PackWriter
) throws(PackError) -> Int {
  let anchors = folder.appending(PackName.anchors)
  guard fileExists(anchors) else { return 0 }
  var leftOut = 0
  let names = try filing { () throws(FileError) in try folderEntries(anchors) }
  for (index, name) in names.enumerated() {
    guard let anchored = PackName.anchoredSize(name), anchored <= size else {
      leftOut += 1
      continue
    }
    let path = anchors.appending(name)
    let status = try filing { () throws(FileError) in try fileStatus(path) }
    guard status.kind == .file, status.bytes <= PackFiles.maxAnchorBytes else {
      throw .unknownAnchor(index: index)
    }
    let bytes = try filing { () throws(FileError) in
      try readFile(path, maxBytes: PackFiles.maxAnchorBytes)
    }
    if holds(bytes, Array("PRIVATE KEY".utf8)) { throw .holdsKey(index: index) }
    try writer.add("\(PackName.anchors)/\(name)", bytes)
  }
  return leftOut
}

/// The earlier checkpoints, and the proofs that this one goes on from each of them.
private func addKept(
  _ sizes: [Int], _ checkpoint: Checkpoint, _ note: [UInt8], _ reader: inout LogReader,
  _ writer: inout PackWriter
) throws(PackError) {
  var files: [(name: String, bytes: [UInt8])] = []
  for size in sizes {
    guard
      let kept = try logging({ () throws(AuditLogError) in
        try reader.signedCheckpoint(at: size)
      })
    else { continue }
    let old = try parsed(kept)
    let hashes = try logging { () throws(AuditLogError) in
      try reader.consistencyProof(from: size, to: checkpoint.size)
    }
    guard
      verifyConsistency(
        oldSize: size, oldRoot: old.root, newSize: checkpoint.size, newRoot: checkpoint.root,
        proof: hashes)
    else { throw .brokenTree }
    files.append((PackName.kept(size), kept))
    files.append(
      (
        PackName.consistency(size, checkpoint.size),
        ConsistencyText(old: size, hashes: hashes, note: note).bytes
      ))
  }
  files.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  for file in files { try writer.add(file.name, file.bytes) }
}

private func addProofs(
  _ entries: [Int], _ checkpoint: Checkpoint, _ reader: inout LogReader,
  _ writer: inout PackWriter
) throws(PackError) {
  let names = Set(entries).map { (entry: $0, name: PackName.proof($0)) }
    .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  for (entry, name) in names {
    let (proof, leaf) = try logging { () throws(AuditLogError) in
      (try reader.proof(of: entry, at: checkpoint.size), try reader.leaf(entry))
    }
    guard
      verifyInclusion(
        of: leafHash(leaf), at: entry, size: checkpoint.size, root: checkpoint.root,
        proof: proof.path)
    else { throw .brokenTree }
    try writer.add(name, proof.bytes)
  }
}

/// Entries and tiles in one pass over the log.
private func addTiles(
  _ checkpoint: Checkpoint, _ reader: inout LogReader, _ writer: inout PackWriter
) throws(PackError) -> PackTrust {
  var trust = PackTrust()
  var hasher = TreeHasher()
  var edge = RightEdge()
  var tiles = TileGatherer()
  var bundle: [UInt8] = []
  var rows = try logging { () throws(AuditLogError) in
    try storing { () throws(StorageError) in
      var rows = try reader.tables.database.prepare(
        "SELECT seq, bytes FROM leaf WHERE seq < ?1 ORDER BY seq")
      try rows.bind(checkpoint.size, at: 1)
      return rows
    }
  }
  while let row = try logging({ () throws(AuditLogError) in
    try storing { () throws(StorageError) in
      try rows.step() ? (try rows.integer(0), try rows.bytes(1)) : nil
    }
  }) {
    let (entry, leaf) = row
    guard entry == edge.size, leaf.count <= PackFiles.maxEntryBytes else { throw .brokenTree }
    if PackTrust.concerns(leaf, entry: entry) {
      guard let decoded = try? decodeLeaf(leaf, catalog: reader.catalog) else {
        throw .brokenEntry(entry)
      }
      trust.visit(decoded)
    }
    bundle.append(UInt8(leaf.count >> 8))
    bundle.append(UInt8(leaf.count & 255))
    bundle += leaf
    var completed = [(level: 0, hash: hasher.leaf(leaf))]
    edge.append(completed[0].hash, &hasher) { place, hash in
      if place.level.isMultiple(of: 8) { completed.append((place.level / 8, hash)) }
    }
    for node in completed {
      if let tile = tiles.append(node.hash, level: node.level) { try writer.add(tile) }
    }
    if edge.size.isMultiple(of: TilePath.fullWidth) {
      try writer.addBundle(TilePath(.entries, index: entry / TilePath.fullWidth), bundle)
      bundle.removeAll(keepingCapacity: true)
    }
  }
  guard edge.size == checkpoint.size, edge.root(&hasher) == checkpoint.root else {
    throw .brokenTree
  }
  if let last = TilePath.tiles(.entries, size: edge.size).partial {
    try writer.addBundle(last, bundle)
  }
  for tile in tiles.partials { try writer.add(tile) }
  try writer.endTiles()
  return trust
}
