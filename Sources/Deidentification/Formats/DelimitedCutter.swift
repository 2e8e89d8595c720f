/// Cuts rows of delimited text; a quoted field may hold line ends.
///
/// The byte values of quote, separator and line end are no second bytes of CP949, so rows are cut
/// before anything is decoded.
struct DelimitedCutter: RecordCutter {
  private var separator: UInt8
  let maxRecordBytes: Int
  private enum State { case fieldStart, bare, quoted, quoteInQuoted }
  private var buffer: [UInt8] = []
  private var start = 0
  private var position = 0
  private var state = State.fieldStart
  private var line = 1
  private var recordLine = 1
  private var ordinal = 0
  private var isFinished = false
  private var isSkipping = false
  private var isMalformed = false
  private var isFirst = true

  init(separator: UInt8, maxRecordBytes: Int) {
    self.separator = separator
    self.maxRecordBytes = maxRecordBytes
  }

  mutating func append(_ bytes: [UInt8]) {
    if start > 0 {
      buffer.removeSubrange(..<start)
      position -= start
      start = 0
    }
    buffer += bytes
  }

  mutating func finish() { isFinished = true }

  mutating func next() -> RawRecord? {
    if isFirst {
      guard buffer.count >= 3 || isFinished else { return nil }
      isFirst = false
      if buffer.starts(with: [0xEF, 0xBB, 0xBF]) {
        start = 3
        position = 3
        return RawRecord(
          bytes: [0xEF, 0xBB, 0xBF], ordinal: 0, line: 1, isStructure: true)
      }
    }
    while position < buffer.count {
      let byte = buffer[position]
      if byte == 0x0A { line += 1 }
      switch (state, byte) {
      case (.quoted, 0x22): state = .quoteInQuoted
      case (.quoted, _): break
      case (.fieldStart, 0x22): state = .quoted
      case (.quoteInQuoted, 0x22): state = .quoted
      case (_, 0x0A):
        state = .fieldStart
        position += 1
        return cut(end: position)
      case (_, separator): state = .fieldStart
      case (.quoteInQuoted, 0x0D):
        break
      case (.quoteInQuoted, _):
        // Something after a closing quote: which reading is right cannot be told.
        isMalformed = true
        state = .bare
      default: state = .bare
      }
      position += 1
    }
    if buffer.count - start > maxRecordBytes || isSkipping && start < buffer.count {
      isSkipping = true
      start = buffer.count
    }
    guard isFinished, start < buffer.count || isSkipping else { return nil }
    if state == .quoted { isMalformed = true }
    isFinished = false
    return cut(end: buffer.count)
  }

  private mutating func cut(end: Int) -> RawRecord {
    defer {
      start = end
      recordLine = line
      isSkipping = false
      isMalformed = false
    }
    var bytes = Array(buffer[start..<end])
    var after: [UInt8] = []
    if bytes.last == 0x0A {
      bytes.removeLast()
      after = [0x0A]
      if bytes.last == 0x0D {
        bytes.removeLast()
        after = [0x0D, 0x0A]
      }
    }
    if bytes.isEmpty && !isSkipping {
      return RawRecord(bytes: [], after: after, ordinal: 0, line: recordLine, isStructure: true)
    }
    // Its own separator may be declared above everything else (`sep=;`).
    if ordinal == 0, !isSkipping, let declared = DelimitedRow.declaredSeparator(bytes) {
      separator = declared
      return RawRecord(
        bytes: bytes, after: after, ordinal: 0, line: recordLine, isStructure: true)
    }
    ordinal += 1
    let isTooLarge = isSkipping || bytes.count > maxRecordBytes
    return RawRecord(
      bytes: isTooLarge ? [] : bytes, after: after, ordinal: ordinal, line: recordLine,
      fault: isTooLarge ? .tooLarge : isMalformed ? .malformed : nil)
  }
}

/// One row taken into its cells.
enum DelimitedRow {
  /// A cell: its bytes in the row with quotes, and what they say.
  struct Cell {
    var range: Range<Int>
    var isQuoted: Bool
    var value: [UInt8]
  }

  /// The cells of a row that a cutter found well-formed.
  static func cells(of row: [UInt8], separator: UInt8) -> [Cell] {
    var cells: [Cell] = []
    var offset = 0
    while true {
      let start = offset
      var value: [UInt8] = []
      var isQuoted = false
      if offset < row.count, row[offset] == 0x22 {
        isQuoted = true
        offset += 1
        while offset < row.count {
          if row[offset] == 0x22 {
            offset += 1
            guard offset < row.count, row[offset] == 0x22 else { break }
          }
          value.append(row[offset])
          offset += 1
        }
      }
      while offset < row.count, row[offset] != separator {
        value.append(row[offset])
        offset += 1
      }
      cells.append(Cell(range: start..<offset, isQuoted: isQuoted, value: value))
      if offset >= row.count { return cells }
      offset += 1
    }
  }

  /// The separator that a first row `sep=;` declares, as spreadsheets write it.
  ///
  /// - Returns: `nil` for every other row.
  static func declaredSeparator(_ row: [UInt8]) -> UInt8? {
    var text = row[...]
    if text.count == 7, text.first == 0x22, text.last == 0x22 { text = text.dropFirst().dropLast() }
    guard text.count == 5, let separator = text.last,
      text.prefix(4).map({ $0 | 0x20 }).elementsEqual("sep=".utf8),
      [0x09, UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|")].contains(separator)
    else { return nil }
    return separator
  }

  /// A value as it is written into a row.
  static func written(_ value: [UInt8], separator: UInt8, quoted: Bool) -> [UInt8] {
    let needsQuotes =
      quoted
      || value.contains { byte in
        byte == separator || byte == 0x22 || byte == 0x0A || byte == 0x0D
      }
    guard needsQuotes else { return value }
    var result: [UInt8] = [0x22]
    for byte in value {
      if byte == 0x22 { result.append(0x22) }
      result.append(byte)
    }
    result.append(0x22)
    return result
  }
}
