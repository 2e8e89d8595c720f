public import Cryptography
internal import MedaiCore
public import SystemPackage

/// A place where a log says that a report was issued.
public struct LoggedReport: Sendable, Equatable {
  /// The `report.issue` entry.
  public let entry: Int
  /// Which rendition the bytes are: `html`, `oscal-results`, `sarif`, `csv`, ….
  public let rendition: Identifier
  /// Size of the log that the report speaks of.
  public let size: Int
  /// Root at that size.
  public let root: Digest
}

/// The `report.issue` entries of a log that name a file of this digest.
///
/// Says nothing of the log itself: verify it first.
///
/// - Parameters:
///   - digest: SHA-256 of the report's bytes.
///   - folder: The log's folder.
///   - catalog: Schemas of the events.
/// - Returns: The places, in order; none where the log does not know the report.
/// - Throws: `PackError`.
public func loggedReports(
  _ digest: Digest, log folder: FilePath, catalog: EventCatalog = .builtIn
) throws(PackError) -> [LoggedReport] {
  var reader = try logging { () throws(AuditLogError) in
    try LogReader.open(folder: folder, catalog: catalog)
  }
  var found: [LoggedReport] = []
  for entry in 0..<reader.checkpoint.size {
    let leaf = try logging { () throws(AuditLogError) in try reader.leaf(entry) }
    found += reports(in: leaf, digest, catalog)
  }
  return found
}

/// The `report.issue` entries of a pack that name a file of this digest.
///
/// - Parameters:
///   - digest: SHA-256 of the report's bytes.
///   - folder: The pack's folder.
///   - catalog: Schemas of the events.
/// - Returns: The places, in order.
/// - Throws: `PackError`; `noPack` where a bundle is missing or malformed.
public func loggedReports(
  _ digest: Digest, pack folder: FilePath, catalog: EventCatalog = .builtIn
) throws(PackError) -> [LoggedReport] {
  let files = PackFiles(folder: folder)
  guard let note = try files.read(PackName.checkpoint, maxBytes: SignedNote.maxBytes),
    let checkpoint = try? Checkpoint(text: SignedNote(note).text)
  else { throw .noPack }
  var found: [LoggedReport] = []
  let (full, partial) = TilePath.tiles(.entries, size: checkpoint.size)
  for index in 0..<(full + (partial == nil ? 0 : 1)) {
    let width = index < full ? TilePath.fullWidth : partial?.width ?? 0
    let path = TilePath(.entries, index: index, width: width)
    guard
      let bundle = try files.read(
        path.text, maxBytes: width * (2 + PackFiles.maxEntryBytes))
    else { throw .noPack }
    for leaf in PackFiles.entries(bundle, width: width).entries {
      found += reports(in: leaf, digest, catalog)
    }
  }
  return found
}

/// What a leaf says of a report with this digest. Only leaves that hold its digits are decoded.
private func reports(
  in leaf: [UInt8], _ digest: Digest, _ catalog: EventCatalog
) -> [LoggedReport] {
  guard holds(leaf, Array(digest.hex.utf8)), let entry = try? decodeLeaf(leaf, catalog: catalog),
    entry.type == EventType.reportIssue.identifier, let files = entry.digests("files"),
    let size = entry.count("size"), let root = entry.digest("root")
  else { return [] }
  return files.filter { $0.digest == digest }.map {
    LoggedReport(entry: entry.sequence, rendition: $0.name, size: size, root: root)
  }
}
