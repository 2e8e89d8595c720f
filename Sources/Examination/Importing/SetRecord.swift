internal import MedaiCore

/// One record of a public set, from whichever kind of file.
struct SetRecord {
  /// From 1.
  let number: Int
  /// The line it starts on; 0 in an array.
  let line: Int
  private let object: JSONObject

  /// The value of a field.
  subscript(field: String) -> JSONValue? { object[field] }

  /// A fault of this record.
  func fault(_ reason: ExamFileError.Reason) -> ExamFileError {
    ExamFileError(reason, record: number, line: line)
  }

  /// An integer, written as a number or in digits.
  func integer(_ field: String) -> Int? {
    self[field]?.int ?? self[field]?.string.flatMap { Int(trimmedText($0)) }
  }

  /// An integer that has to be there.
  func required(_ field: String) throws(ExamFileError) -> Int {
    if self[field] == nil { throw fault(.missing(field: field)) }
    guard let value = integer(field) else { throw fault(.wrongKind(field: field)) }
    return value
  }

  /// A text that has to be there; a number is its digits.
  func text(_ field: String) throws(ExamFileError) -> String {
    switch self[field] {
    case .string(let text) where !isBlank(text): return text
    case .string: throw fault(.blank(field: field))
    case .number(let number): return number.token
    case nil, .null: throw fault(.missing(field: field))
    default: throw fault(.wrongKind(field: field))
    }
  }

  /// Texts that have to be there, as a JSON array.
  func texts(_ fields: [String]) throws(ExamFileError) -> JSONValue {
    var texts: [JSONValue] = []
    for field in fields { texts.append(.string(try text(field))) }
    return .array(texts)
  }

  /// Reads every record of a file: CSV with a header, NDJSON, or one JSON array.
  static func read(_ bytes: [UInt8]) throws(ExamFileError) -> [SetRecord] {
    var records: [SetRecord] = []
    switch bytes.first(where: { $0 > 0x20 }) {
    case UInt8(ascii: "{"), nil:
      var lines = JSONLines(bytes)
      while let (value, line) = try lines.next() {
        guard let object = value.object else {
          throw ExamFileError(.notAnObject, record: lines.record, line: line)
        }
        records.append(SetRecord(number: lines.record, line: line, object: object))
      }
    case UInt8(ascii: "["):
      let value: JSONValue
      do throws(JSONError) { value = try parseJSON(bytes) } catch {
        throw ExamFileError(.json(error.reason, offset: error.offset))
      }
      for element in value.array ?? [] {
        guard let object = element.object else {
          throw ExamFileError(.notAnObject, record: records.count + 1)
        }
        records.append(SetRecord(number: records.count + 1, line: 0, object: object))
      }
    default:
      records = try table(bytes)
    }
    if records.isEmpty { throw ExamFileError(.empty) }
    return records
  }

  private static func table(_ bytes: [UInt8]) throws(ExamFileError) -> [SetRecord] {
    var scanner = try CSVScanner(bytes)
    guard let header = try scanner.next(record: 0)?.fields.map(trimmedText) else {
      throw ExamFileError(.empty)
    }
    var records: [SetRecord] = []
    while let (fields, line) = try scanner.next(record: records.count + 1) {
      let number = records.count + 1
      guard fields.count == header.count else {
        throw ExamFileError(
          .csvFields(expected: header.count, found: fields.count), record: number, line: line)
      }
      var object = JSONObject()
      for (name, field) in zip(header, fields) where object[name] == nil {
        object[name] = .string(field)
      }
      records.append(SetRecord(number: number, line: line, object: object))
    }
    return records
  }
}
