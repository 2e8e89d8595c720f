internal import MedaiCore

/// A CSV file of items (RFC 4180: quotes doubled inside quotes, line breaks allowed in quotes).
struct ItemTable {
  /// One record.
  struct Row {
    /// The line on which the record starts, from 1.
    let line: Int
    /// The option fields, in letter order; empty fields included.
    let options: [String]
    private let fields: [(name: String, text: String)]

    init(line: Int, options: [String], fields: [(name: String, text: String)]) {
      self.line = line
      self.options = options
      self.fields = fields
    }

    /// The field of a named column, where the header has it.
    subscript(name: String) -> String? { fields.first { sameBytes($0.name, name) }?.text }
  }

  private var scanner: CSVScanner
  private let header: [String]
  private let optionColumns: [Int]
  private var record = 0

  /// Reads the header.
  init(_ bytes: [UInt8]) throws(ExamFileError) {
    scanner = try CSVScanner(bytes)
    guard let header = try scanner.next(record: 0) else { throw ExamFileError(.empty) }
    self.header = header.fields.map(trimmedText)
    for name in ["id", "question", "answer"]
    where !self.header.contains(where: { sameBytes($0, name) }) {
      throw ExamFileError(.csvHeader(column: name), line: 1)
    }
    var columns: [Int?] = Array(repeating: nil, count: maxOptions)
    for (index, name) in self.header.enumerated() {
      let known = Self.known.first { sameBytes($0, name) }
      if let known, self.header[..<index].contains(where: { sameBytes($0, name) }) {
        throw ExamFileError(.csvHeader(column: known), line: 1)
      }
      if let option = Self.known[..<maxOptions].firstIndex(where: { sameBytes($0, name) }) {
        columns[option] = index
      }
    }
    let used = columns.prefix { $0 != nil }.count
    if columns[used...].contains(where: { $0 != nil }) {
      throw ExamFileError(.csvHeader(column: Self.known[used]), line: 1)
    }
    optionColumns = columns.compactMap { $0 }
  }

  /// The columns that have a meaning: ten options, then the others.
  private static let known: [String] =
    (0..<maxOptions).map { "option_" + optionLetter($0).lowercased() }
    + ["id", "question", "answer", "paragraph", "subject", "exam", "year", "group"]

  /// The next record; `nil` at the end.
  mutating func next() throws(ExamFileError) -> Row? {
    guard let (fields, line) = try scanner.next(record: record + 1) else { return nil }
    record += 1
    guard fields.count == header.count else {
      throw ExamFileError(
        .csvFields(expected: header.count, found: fields.count), record: record, line: line)
    }
    return Row(
      line: line, options: optionColumns.map { fields[$0] },
      fields: zip(header, fields).map { (name: $0, text: $1) })
  }
}
