internal import Cryptography
internal import MedaiCore
internal import SystemPackage

/// Reads the files of a pack; nothing but regular files within it.
struct PackFiles {
  let folder: FilePath

  static let maxAnchorBytes = 1 << 20
  static let maxEntryBytes = 65_535
  static let maxSmallBytes = 4 << 20

  /// A file's bytes.
  ///
  /// - Returns: `nil` where there is none, it is a link or no regular file, or it has more bytes
  ///   than such a file can have.
  func read(_ name: String, maxBytes: Int) throws(PackError) -> [UInt8]? {
    let path = folder.pushing(FilePath(name))
    guard let status = try? fileStatus(path), status.kind == .file, status.bytes <= maxBytes
    else { return nil }
    do throws(FileError) {
      return try readFile(path, maxBytes: maxBytes)
    } catch {
      // It grew or went away meanwhile, or the disk fails: only the last is no finding.
      if error.code == .fileTooLarge || error.isMissing { return nil }
      throw .file(error)
    }
  }

  /// The names in a folder of the pack, in byte order; none where there is no such folder.
  func names(_ folder: String) throws(PackError) -> [String] {
    let path = self.folder.pushing(FilePath(folder))
    guard let status = try? fileStatus(path), status.kind == .folder else { return [] }
    return try filing { () throws(FileError) in try folderEntries(path) }
  }

  /// The leaf of one entry; `nil` where its bundle is missing or too short.
  func entry(_ number: Int, size: Int) throws(AuditLogError) -> [UInt8]? {
    guard (0..<size).contains(number) else { return nil }
    let (full, partial) = TilePath.tiles(.entries, size: size)
    let index = number / TilePath.fullWidth
    let width = index < full ? TilePath.fullWidth : partial?.width ?? 0
    let path = TilePath(.entries, index: index, width: width)
    let bytes: [UInt8]?
    do throws(PackError) {
      bytes = try read(path.text, maxBytes: width * (2 + Self.maxEntryBytes))
    } catch {
      if case .file(let cause) = error { throw .file(cause) }
      return nil
    }
    guard let bytes else { return nil }
    let entries = Self.entries(bytes, width: width).entries
    let place = number % TilePath.fullWidth
    return place < entries.count ? entries[place] : nil
  }

  /// The entries of a bundle.
  ///
  /// - Returns: As many as are whole, and whether that is exactly the bundle.
  static func entries(_ bundle: [UInt8], width: Int) -> (entries: [[UInt8]], isExact: Bool) {
    var entries: [[UInt8]] = []
    entries.reserveCapacity(width)
    var offset = 0
    while entries.count < width, offset + 2 <= bundle.count {
      let length = Int(bundle[offset]) << 8 | Int(bundle[offset + 1])
      guard offset + 2 + length <= bundle.count else { break }
      entries.append(Array(bundle[(offset + 2)..<(offset + 2 + length)]))
      offset += 2 + length
    }
    return (entries, entries.count == width && offset == bundle.count)
  }
}
