public import Cryptography
internal import MedaiCore
public import SystemPackage

/// How a file of items is written.
public enum ExamFormat: String, Sendable, CaseIterable {
  /// One JSON object a line.
  case ndjson
  /// One JSON array of objects.
  case json
  /// A header line, then one record a row (docs/exam.md lists the columns).
  case csv
}

/// A list of items in the order of their file.
public struct Exam: Sendable {
  /// The items; at least one, ids all different.
  public let items: [Item]
  /// Digest of the file's bytes, for the audit entry.
  public let sha256: Digest

  /// Reads an exam from bytes.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - format: How it is written; `nil` looks at the first byte that is no white space (`[` is
  ///     an array, `{` is NDJSON, anything else CSV).
  /// - Throws: `ExamFileError` with the record and line of the first fault.
  public init(_ bytes: [UInt8], format: ExamFormat? = nil) throws(ExamFileError) {
    var reader = ItemReader()
    switch format ?? Self.format(of: bytes) {
    case .ndjson: try reader.readLines(bytes)
    case .json: try reader.readArray(bytes)
    case .csv: try reader.readTable(bytes)
    }
    if reader.items.isEmpty { throw ExamFileError(.empty) }
    items = reader.items
    sha256 = Cryptography.sha256(bytes)
  }

  /// Reads an exam from a file; a name that ends in `.csv` is a table.
  ///
  /// - Throws: `ExamFileError`; its reason is `file` where the file could not be read.
  public init(reading path: FilePath) throws(ExamFileError) {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try readFile(path, maxBytes: 1 << 30) } catch {
      throw ExamFileError(.file(error))
    }
    try self.init(bytes, format: path.extension == "csv" ? .csv : nil)
  }

  private static func format(of bytes: [UInt8]) -> ExamFormat {
    switch bytes.first(where: { $0 > 0x20 }) {
    case UInt8(ascii: "["): .json
    case UInt8(ascii: "{"), nil: .ndjson
    default: .csv
    }
  }
}
