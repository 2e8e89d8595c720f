public import Cryptography
internal import MedaiCore
public import SystemPackage

/// One line of a results file.
public struct ExamResult: Sendable, Equatable {
  /// The item.
  public let id: String
  /// What was answered; `nil` where nothing usable was.
  public let prediction: String?
  /// The right answer: a letter A to J, or a free text.
  public let answer: String
  /// The item's subject.
  public let subject: String?
  /// The exam's name.
  public let exam: String?
  /// The group, as its JSON text.
  public let group: String?
  /// How many options the item has, where the line tells.
  public let optionCount: Int?
  /// Whether the line says that scores were tied.
  public let isTied: Bool
  /// What was answered in further option orders.
  public let furtherPredictions: [String?]

  /// Whether the answer is right, found again from prediction and answer; what a line says of
  /// itself is not believed.
  public var isCorrect: Bool {
    guard let prediction else { return false }
    return optionIndex(answer) == nil
      ? isSameFreeAnswer(prediction, answer) : sameBytes(prediction, answer)
  }
}

/// A results file.
public struct ExamResults: Sendable {
  /// The results in the file's order; at least one, ids all different.
  public let results: [ExamResult]
  /// Digest of the file's bytes.
  public let sha256: Digest

  /// Reads NDJSON; only `id`, `prediction` and `answer` have to be there.
  ///
  /// - Throws: `ExamFileError` with record and line.
  public init(_ bytes: [UInt8]) throws(ExamFileError) {
    var lines = JSONLines(bytes)
    var results: [ExamResult] = []
    var firstRecord: [[UInt8]: Int] = [:]
    while let (value, line) = try lines.next() {
      let reader = ResultReader(record: lines.record, line: line)
      let result = try reader.result(value)
      let key = Array(result.id.utf8)
      if let first = firstRecord[key] {
        throw ExamFileError(.duplicateID(firstRecord: first), record: lines.record, line: line)
      }
      firstRecord[key] = lines.record
      results.append(result)
    }
    if results.isEmpty { throw ExamFileError(.empty) }
    self.results = results
    sha256 = Cryptography.sha256(bytes)
  }

  /// Reads a results file.
  ///
  /// - Throws: `ExamFileError`; its reason is `file` where the file could not be read.
  public init(reading path: FilePath) throws(ExamFileError) {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try readFile(path, maxBytes: 1 << 30) } catch {
      throw ExamFileError(.file(error))
    }
    try self.init(bytes)
  }
}

/// Reads one result line.
private struct ResultReader {
  let record: Int
  let line: Int

  func result(_ value: JSONValue) throws(ExamFileError) -> ExamResult {
    guard let object = value.object else { throw fault(.notAnObject) }
    let id: String
    switch object["id"] {
    case .string(let text) where !isBlank(text): id = text
    case .string: throw fault(.blank(field: "id"))
    case .number(let number) where number.int != nil: id = number.token
    case nil, .null: throw fault(.missing(field: "id"))
    default: throw fault(.wrongKind(field: "id"))
    }
    guard let answer = try choice("answer", in: object) else {
      throw fault(object["answer"] == nil ? .missing(field: "answer") : .blank(field: "answer"))
    }
    if object["prediction"] == nil { throw fault(.missing(field: "prediction")) }
    let count = object["option_logits"]?.array?.count
    let isLetter = optionIndex(answer) != nil
    var further: [String?] = []
    for other in object["permutations"]?.array ?? [] {
      further.append(usable(other["prediction"]?.string, isLetter: isLetter, count: count))
    }
    var group: String?
    if let value = object["group"] {
      if case .null = value {} else { group = String(decoding: value.encoded(), as: UTF8.self) }
    }
    return ExamResult(
      id: id,
      prediction: usable(
        try choice("prediction", in: object), isLetter: isLetter, count: count),
      answer: answer, subject: try text("subject", in: object), exam: object["exam"]?.string,
      group: group, optionCount: count, isTied: object["tied"]?.bool ?? false,
      furtherPredictions: further)
  }

  private func fault(_ reason: ExamFileError.Reason) -> ExamFileError {
    ExamFileError(reason, record: record, line: line)
  }

  private func text(_ field: String, in object: JSONObject) throws(ExamFileError) -> String? {
    switch object[field] {
    case .string(let text): return isBlank(text) ? nil : text
    case nil, .null: return nil
    default: throw fault(.wrongKind(field: field))
    }
  }

  /// A letter, a free text, or the letter of a 1-based number; `nil` for null and blank.
  private func choice(_ field: String, in object: JSONObject) throws(ExamFileError) -> String? {
    switch object[field] {
    case .number(let number):
      guard let value = number.int, (1...maxOptions).contains(value) else {
        throw fault(.unknownAnswer)
      }
      return optionLetter(value - 1)
    default: return try text(field, in: object)
    }
  }

  /// A prediction that can be right at all: where a letter is asked for, a letter of the item.
  private func usable(_ prediction: String?, isLetter: Bool, count: Int?) -> String? {
    guard let prediction, isLetter else { return prediction }
    guard let option = optionIndex(prediction), option < count ?? maxOptions else { return nil }
    return prediction
  }
}
