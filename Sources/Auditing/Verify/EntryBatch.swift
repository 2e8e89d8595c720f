internal import Cryptography
internal import MedaiCore
internal import Storage

/// Leaves that are read, then checked, then judged, in a buffer that is used again.
///
/// Sendable: whoever has it in hand owns it; it is handed over under the lock of a `BatchLine`.
final class EntryBatch: @unchecked Sendable {
  /// A leaf as the database gave it.
  struct Row {
    let start: Int
    let end: Int
    let hash: Digest
  }

  /// The leaves, one after another.
  private(set) var bytes: [UInt8] = []
  private(set) var rows: [Row] = []
  /// Whether each stored hash is the leaf's.
  private(set) var isHashed: [Bool] = []
  /// Each leaf as checked; `nil` where it has a fault.
  private(set) var outlines: [LeafOutline?] = []
  private(set) var faults: [Int: LeafError] = [:]

  // Handed between threads by `BatchLine`, under its lock.
  var isChecked = false

  private static let fullBytes = 128 << 10
  private static let fullRows = 256

  /// Whether it is time to hand it on: by the count of leaves or of their bytes.
  var isFull: Bool { bytes.count >= Self.fullBytes || rows.count >= Self.fullRows }

  /// Makes room.
  func clear() {
    bytes.removeAll(keepingCapacity: true)
    rows.removeAll(keepingCapacity: true)
    isHashed.removeAll(keepingCapacity: true)
    outlines.removeAll(keepingCapacity: true)
    faults.removeAll(keepingCapacity: true)
    isChecked = false
  }

  /// Takes the row `seq, bytes, hash` that a statement stands at.
  func take(_ row: borrowing Statement) throws(StorageError) {
    let start = bytes.count
    let hash = try LogTables.digest(row, 2)
    try row.appendBytes(1, to: &bytes)
    rows.append(Row(start: start, end: bytes.count, hash: hash))
  }

  /// Checks every leaf by itself.
  func check(_ checker: inout LeafChecker) {
    for (index, row) in rows.enumerated() {
      isHashed.append(checker.hasher.leaf(bytes.span.extracting(row.start..<row.end)) == row.hash)
      do throws(LeafError) {
        outlines.append(try checker.scanner.scan(bytes, row.start..<row.end, checker.catalog))
      } catch {
        outlines.append(nil)
        faults[index] = error
      }
    }
  }

  /// A leaf's own bytes.
  func leaf(_ index: Int) -> [UInt8] { Array(bytes[rows[index].start..<rows[index].end]) }
}

/// What one thread checks leaves with.
struct LeafChecker: ~Copyable {
  let catalog: EventCatalog
  var scanner: LeafScanner
  var hasher = TreeHasher()

  init(_ catalog: EventCatalog) {
    self.catalog = catalog
    // Tables of its own: threads that count references to the same ones wait for each other.
    scanner = LeafScanner(LeafGrammar(catalog.schemas))
  }
}
