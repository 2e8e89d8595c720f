/// Cuts a file into records as its bytes arrive.
package protocol RecordCutter {
  /// Takes the next bytes of the file.
  mutating func append(_ bytes: [UInt8])
  /// Says that no byte follows.
  mutating func finish()
  /// The next record that is complete; `nil` until more bytes come, or at the end.
  mutating func next() -> RawRecord?
}

/// The cutter of a format.
package func recordCutter(for format: RecordFormat, maxRecordBytes: Int) -> any RecordCutter {
  switch format {
  case .text: TextCutter(maxRecordBytes: maxRecordBytes)
  case .csv: DelimitedCutter(separator: UInt8(ascii: ","), maxRecordBytes: maxRecordBytes)
  case .tsv: DelimitedCutter(separator: UInt8(ascii: "\t"), maxRecordBytes: maxRecordBytes)
  case .ndjson: LineCutter(maxRecordBytes: maxRecordBytes)
  case .json: JSONCutter(maxRecordBytes: maxRecordBytes)
  }
}

/// The whole file is one record.
struct TextCutter: RecordCutter {
  let maxRecordBytes: Int
  private var bytes: [UInt8] = []
  private var isTooLarge = false
  private var isFinished = false
  private var isDone = false

  init(maxRecordBytes: Int) { self.maxRecordBytes = maxRecordBytes }

  mutating func append(_ more: [UInt8]) {
    if isTooLarge { return }
    bytes += more
    if bytes.count > maxRecordBytes {
      isTooLarge = true
      bytes = []
    }
  }

  mutating func finish() { isFinished = true }

  mutating func next() -> RawRecord? {
    guard isFinished, !isDone else { return nil }
    isDone = true
    return RawRecord(
      bytes: bytes, ordinal: 1, line: 1, fault: isTooLarge ? .tooLarge : nil)
  }
}

/// Each line is a record; its end is kept as it was written.
struct LineCutter: RecordCutter {
  let maxRecordBytes: Int
  private var buffer: [UInt8] = []
  private var start = 0
  private var searched = 0
  private var line = 1
  private var ordinal = 0
  private var isFinished = false
  /// Whether the rest of a line that is too long is being thrown away.
  private var isSkipping = false

  init(maxRecordBytes: Int) { self.maxRecordBytes = maxRecordBytes }

  mutating func append(_ bytes: [UInt8]) {
    if start > 0 {
      buffer.removeSubrange(..<start)
      searched -= start
      start = 0
    }
    buffer += bytes
  }

  mutating func finish() { isFinished = true }

  mutating func next() -> RawRecord? {
    guard let end = buffer[searched...].firstIndex(of: 0x0A) else {
      searched = buffer.count
      if searched - start > maxRecordBytes || isSkipping {
        isSkipping = isSkipping || searched > start
        start = searched
      }
      guard isFinished, start < buffer.count || isSkipping else { return nil }
      isFinished = false
      return record(buffer[start..<buffer.count], after: [])
    }
    searched = end + 1
    defer { start = end + 1 }
    return record(buffer[start..<end], after: [0x0A])
  }

  private mutating func record(_ line: ArraySlice<UInt8>, after: [UInt8]) -> RawRecord {
    let isTooLarge = isSkipping || line.count > maxRecordBytes
    isSkipping = false
    var bytes = isTooLarge ? [] : Array(line)
    var after = after
    if bytes.last == 0x0D {
      bytes.removeLast()
      after = [0x0D] + after
    }
    defer { self.line += 1 }
    if !isTooLarge, bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
      return RawRecord(bytes: bytes, after: after, ordinal: 0, line: self.line, isStructure: true)
    }
    ordinal += 1
    if ordinal == 1 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      return RawRecord(
        bytes: Array(bytes.dropFirst(3)), before: [0xEF, 0xBB, 0xBF], after: after, ordinal: 1,
        line: self.line, fault: isTooLarge ? .tooLarge : nil)
    }
    return RawRecord(
      bytes: bytes, after: after, ordinal: ordinal, line: self.line,
      fault: isTooLarge ? .tooLarge : nil)
  }
}
