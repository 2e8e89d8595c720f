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

  private var scanner: FieldScanner
  private let header: [String]
  private let optionColumns: [Int]
  private var record = 0

  /// Reads the header.
  init(_ bytes: [UInt8]) throws(ExamFileError) {
    if String(validating: bytes, as: UTF8.self) == nil { throw ExamFileError(.notUTF8) }
    scanner = FieldScanner(bytes)
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

/// Cuts CSV bytes, known to be UTF-8, into records of fields.
private struct FieldScanner {
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// The next record that is not an empty line.
  mutating func next(record: Int) throws(ExamFileError) -> (fields: [String], line: Int)? {
    while position < bytes.count, bytes[position] == 0x0A || bytes[position] == 0x0D {
      if bytes[position] == 0x0A { line += 1 }
      position += 1
    }
    guard position < bytes.count else { return nil }
    let first = line
    var fields: [String] = []
    while true {
      fields.append(try field(record: record, start: first))
      guard position < bytes.count, bytes[position] == UInt8(ascii: ",") else { break }
      position += 1
    }
    return (fields, first)
  }

  private mutating func field(record: Int, start: Int) throws(ExamFileError) -> String {
    var text: [UInt8] = []
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
      while position < bytes.count, !isEnd(bytes[position]) {
        // A quote inside a bare field: two readers would cut it at different places.
        if bytes[position] == UInt8(ascii: "\"") {
          throw ExamFileError(.csvQuote, record: record, line: start)
        }
        text.append(bytes[position])
        position += 1
      }
      return String(decoding: text, as: UTF8.self)
    }
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") {
        guard position < bytes.count, bytes[position] == byte else {
          if position < bytes.count, !isEnd(bytes[position]) { break }
          return String(decoding: text, as: UTF8.self)
        }
        position += 1
      }
      if byte == 0x0A { line += 1 }
      text.append(byte)
    }
    throw ExamFileError(.csvQuote, record: record, line: start)
  }

  private func isEnd(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == 0x0A || byte == 0x0D
  }
}
