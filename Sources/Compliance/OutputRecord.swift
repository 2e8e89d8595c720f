public import Cryptography
public import MedaiCore
public import SystemPackage

/// One answer of the model with what it was asked, as `medai generate` writes it.
public struct OutputRecord: Sendable {
  /// The record's id.
  public let id: String
  /// What was asked.
  public let prompt: String
  /// What was answered.
  public let output: String
  /// The texts the answer may rest on.
  public let context: [String]
  /// Declared language, `ko` or `en`.
  public let language: String?
  /// Declared use.
  public let intendedUse: String?
  /// The model.
  public let model: ModelIdentity?
  /// Decoding parameters.
  public let parameters: JSONObject?
  /// Who reviewed it.
  public let reviewedBy: String?
  /// The line it stands on, from 1.
  public let line: Int
  /// SHA-256 of the answer's UTF-8 bytes.
  public let outputSHA256: Digest

  /// Reads one line.
  ///
  /// Members that the format does not know are ignored: other tools may add their own. A
  /// misspelled known one is then missing, which never helps a verdict.
  ///
  /// - Parameters:
  ///   - bytes: The line without its end.
  ///   - line: Its number, from 1.
  /// - Throws: `EvidenceError` with the line.
  public init(_ bytes: [UInt8], line: Int) throws(EvidenceError) {
    let value: JSONValue
    do throws(JSONError) { value = try parseJSON(bytes) } catch {
      throw .json(line: line, error)
    }
    guard let object = value.object else { throw .notAnObject(line: line) }
    let reader = RecordReader(object: object, line: line)
    id = try reader.requiredText("id")
    prompt = try reader.requiredText("prompt")
    output = try reader.requiredText("output")
    context = try reader.texts("context")
    language = try reader.text("language")
    intendedUse = try reader.text("intended_use")
    reviewedBy = try reader.text("reviewed_by")
    parameters = try reader.object("parameters")
    model = try reader.object("model").map { object throws(EvidenceError) in
      let reader = RecordReader(object: object, line: line)
      return ModelIdentity(
        name: try reader.text("name"), version: try reader.text("version"),
        sha256: try reader.text("sha256"))
    }
    self.line = line
    outputSHA256 = Cryptography.sha256(Array(output.utf8))
  }

  /// Reads a whole NDJSON file.
  ///
  /// - Parameters:
  ///   - path: The file; `-` is standard input.
  ///   - maxLineBytes: The longest line that is accepted.
  /// - Returns: The records in file order; ids are unique.
  /// - Throws: `EvidenceError` with the line.
  public static func read(
    _ path: FilePath, maxLineBytes: Int = 16 << 20
  ) throws(EvidenceError) -> [OutputRecord] {
    var records: [OutputRecord] = []
    var lines: [[UInt8]: Int] = [:]
    var reader = try lineReader(path, maxLineBytes)
    while let bytes = try nextLine(&reader) {
      let line = reader.line
      if bytes.isEmpty { throw .emptyLine(line: line) }
      let record = try OutputRecord(bytes, line: line)
      if let first = lines.updateValue(line, forKey: Array(record.id.utf8)) {
        throw .duplicateID(line: line, first: first)
      }
      records.append(record)
    }
    return records
  }
}

private func lineReader(
  _ path: FilePath, _ maxBytes: Int
) throws(EvidenceError) -> LineReader {
  do throws(LineError) { return try LineReader(path, maxBytes: maxBytes) } catch {
    throw EvidenceError(error)
  }
}

private func nextLine(_ reader: inout LineReader) throws(EvidenceError) -> [UInt8]? {
  do throws(LineError) { return try reader.next() } catch { throw EvidenceError(error) }
}

extension EvidenceError {
  init(_ error: LineError) {
    self =
      switch error {
      case .file(let error): .file(error)
      case .tooLong(let line, _): .lineTooLong(line: line)
      }
  }
}

/// What a record says about the model that made it.
public struct ModelIdentity: Sendable {
  /// Its name.
  public let name: String?
  /// Its version.
  public let version: String?
  /// SHA-256 of its weights, 64 hexadecimal digits.
  public let sha256: String?
}

/// Takes typed members out of one record.
private struct RecordReader {
  let object: JSONObject
  let line: Int

  func text(_ key: String) throws(EvidenceError) -> String? {
    switch object[key] {
    case nil, .null: return nil
    case .string(let text): return text
    default: throw .badType(line: line, field: key)
    }
  }

  func requiredText(_ key: String) throws(EvidenceError) -> String {
    guard let text = try text(key) else { throw .missing(line: line, field: key) }
    return text
  }

  func texts(_ key: String) throws(EvidenceError) -> [String] {
    switch object[key] {
    case nil, .null: return []
    case .array(let elements):
      var texts: [String] = []
      for element in elements {
        guard let text = element.string else { throw .badType(line: line, field: key) }
        texts.append(text)
      }
      return texts
    default: throw .badType(line: line, field: key)
    }
  }

  func object(_ key: String) throws(EvidenceError) -> JSONObject? {
    switch object[key] {
    case nil, .null: return nil
    case .object(let object): return object
    default: throw .badType(line: line, field: key)
    }
  }
}
