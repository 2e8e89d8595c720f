internal import MedaiCore

/// The JSON objects of an NDJSON file; empty lines are skipped, CRLF is understood.
struct JSONLines {
  private let bytes: [UInt8]
  private var start = 0
  private var line = 0
  /// The number of the record that `next` gave last, from 1.
  private(set) var record = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next value and the line it stands on; `nil` at the end.
  mutating func next() throws(ExamFileError) -> (value: JSONValue, line: Int)? {
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      let content = bytes[start..<end]
      start = end + 1
      line += 1
      if content.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
      record += 1
      do throws(JSONError) {
        return (try parseJSON(Array(content)), line)
      } catch {
        throw ExamFileError(.json(error.reason, offset: error.offset), record: record, line: line)
      }
    }
    return nil
  }
}
