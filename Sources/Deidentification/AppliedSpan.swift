internal import MedaiCore

/// An identifier that was found and what became of it.
public struct AppliedSpan: Sendable, Equatable {
  /// First Unicode scalar of the identifier in the innermost decoded text.
  public var start: Int
  /// One past its last scalar.
  public var end: Int
  /// What it is.
  public var type: IdentifierType
  /// The rule that found it.
  public var detector: String
  /// How sure the rule is, 0 to 1000.
  public var permille: Int
  /// What the policy did.
  public var action: String
  /// What stands in its place; empty where the identifier was removed or kept.
  public var replacement: [UInt8]
  /// Where the text lies in the record: JSON Pointer, `/row/column`.
  public var field: String
  /// The identifier itself; present only where the caller asked for spans with text.
  public var text: [UInt8]?

  /// One line of a spans file, without its line break.
  ///
  /// - Parameter record: The id of the record in the input.
  /// - Returns: A compact JSON object; where `text` is set it holds the identifier itself.
  public func line(record: String) -> [UInt8] {
    var object: JSONObject = [
      "record": .string(record),
      "field": .string(field),
      "start": .number(JSONNumber(start)),
      "end": .number(JSONNumber(end)),
      "type": .string(type.rawValue),
      "detector": .string(detector),
      "confidence": .number(JSONNumber(shortest: Double(permille) / 1000)),
      "action": .string(action),
      "replacement": .string(String(decoding: replacement, as: UTF8.self)),
    ]
    if let text { object["text"] = .string(String(decoding: text, as: UTF8.self)) }
    return JSONValue.object(object).encoded(.compact)
  }
}
