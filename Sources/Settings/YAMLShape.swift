public import MedaiCore

/// What a YAML value has to look like; one description serves the strict reader and the JSON Schema
/// that travels with the format.
public indirect enum YAMLShape: Sendable {
  /// Text that is not blank.
  case text
  /// A whole number in plain digits within a range.
  case integer(ClosedRange<Int>)
  /// A decimal number in plain digits, such as `0.862`.
  case decimal
  /// `true` or `false`.
  case bool
  /// One of a few words.
  case word([String])
  /// 64 lower-case hexadecimal digits.
  case sha256
  /// A day, `2026-11-24`.
  case date
  /// A sequence of one shape.
  case list(YAMLShape)
  /// A mapping that may hold only these fields.
  case map([YAMLField])
}

/// A field of a mapping.
public struct YAMLField: Sendable {
  /// Its key.
  public let key: String
  /// What its value looks like.
  public let shape: YAMLShape
  /// Whether it has to be there.
  public let isRequired: Bool

  /// A field.
  public init(_ key: String, _ shape: YAMLShape, required isRequired: Bool = false) {
    self.key = key
    self.shape = shape
    self.isRequired = isRequired
  }
}

extension YAMLNode {
  /// Checks the value and everything in it against a shape.
  ///
  /// - Throws: `YAMLError` of the first fault in file order, with its line.
  public func checked(against shape: YAMLShape) throws(YAMLError) {
    switch shape {
    case .list(let element):
      guard let elements else { throw fault("list") }
      for node in elements { try node.checked(against: element) }
    case .map(let fields):
      try checked(allowed: fields.map(\.key), required: fields.filter(\.isRequired).map(\.key))
      for member in members ?? [] {
        for field in fields where field.key.utf8.elementsEqual(member.key.utf8) {
          try member.value.checked(against: field.shape)
        }
      }
    case .integer(let range):
      guard range.contains(try requiredInteger()) else {
        throw fault("integer from \(range.lowerBound) to \(range.upperBound)")
      }
    case .bool: _ = try requiredBool()
    case .text:
      guard let text, text.utf8.contains(where: { $0 > 0x20 }) else { throw fault("text") }
    case .decimal:
      guard let text, isDecimal(Array(text.utf8)) else { throw fault("decimal number") }
    case .word(let words):
      guard let text, words.contains(where: { $0.utf8.elementsEqual(text.utf8) }) else {
        throw fault("one of \(words.joined(separator: ", "))")
      }
    case .sha256:
      guard let text, text.utf8.count == 64, text.utf8.allSatisfy(isLowerHex) else {
        throw fault("SHA-256 in lower-case hexadecimal")
      }
    case .date:
      guard let text, isDay(text) else { throw fault("day such as 2026-11-24") }
    }
  }

  private func fault(_ expected: String) -> YAMLError {
    YAMLError(.expected(expected), line: place.line)
  }
}

private func isLowerHex(_ byte: UInt8) -> Bool {
  byte &- UInt8(ascii: "0") < 10 || byte &- UInt8(ascii: "a") < 6
}

private func isDay(_ text: String) -> Bool {
  let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    .map { String(decoding: $0, as: UTF8.self) }
  guard parts.map(\.utf8.count) == [4, 2, 2], let year = Int(parts[0]), let month = Int(parts[1]),
    let day = Int(parts[2]), let date = CivilDate(year: year, month: month, day: day)
  else { return false }
  return date.text.utf8.elementsEqual(text.utf8)
}

private func isDecimal(_ bytes: [UInt8]) -> Bool {
  let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
  return bytes.count <= 18 && parts.count <= 2
    && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0 &- 0x30 < 10 } }
}

extension YAMLShape {
  /// The shape as a JSON Schema (draft 2020-12) over the JSON form in which scalars are strings.
  public var jsonSchema: JSONObject {
    switch self {
    case .text: return ["type": .string("string"), "pattern": .string("\\S")]
    case .integer, .decimal:
      return ["type": .array([.string("string"), .string("number")])]
    case .bool:
      return ["enum": .array([.string("true"), .string("false"), .bool(true), .bool(false)])]
    case .word(let words): return ["enum": .array(words.map { .string($0) })]
    case .sha256: return ["type": .string("string"), "pattern": .string("^[0-9a-f]{64}$")]
    case .date:
      return ["type": .string("string"), "pattern": .string("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    case .list(let element):
      return ["type": .string("array"), "items": .object(element.jsonSchema)]
    case .map(let fields):
      var properties = JSONObject()
      for field in fields { properties[field.key] = .object(field.shape.jsonSchema) }
      let required = fields.filter(\.isRequired).map { JSONValue.string($0.key) }
      return [
        "type": .string("object"), "additionalProperties": .bool(false),
        "required": .array(required), "properties": .object(properties),
      ]
    }
  }
}
