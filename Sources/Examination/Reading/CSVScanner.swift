/// Cuts CSV bytes into records of fields (RFC 4180; a byte order mark is skipped).
struct CSVScanner {
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1

  /// Checks that the bytes are UTF-8.
  init(_ bytes: [UInt8]) throws(ExamFileError) {
    if String(validating: bytes, as: UTF8.self) == nil { throw ExamFileError(.notUTF8) }
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
