/// A JSON value as it was written: members keep their order, numbers their digits.
///
/// Numbers stay text because `1.10` must not become `1.1`, and because an audit leaf admits only
/// integers; whoever needs arithmetic asks for it.
public enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case number(JSONNumber)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// An integer value.
  public static func integer(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }

  /// The members, where this is an object.
  public var object: JSONObject? {
    if case .object(let object) = self { object } else { nil }
  }

  /// The elements, where this is an array.
  public var array: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The text, where this is a string.
  public var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The truth value, where this is a Boolean.
  public var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The value, where this is a number written as an integer that fits.
  public var int: Int? {
    if case .number(let number) = self { number.int } else { nil }
  }

  /// The value, where this is a finite number.
  public var double: Double? {
    if case .number(let number) = self { number.double } else { nil }
  }

  /// The value of a member, where this is an object that has it.
  public subscript(key: String) -> JSONValue? { object?[key] }
}

/// A JSON number in the digits it was written with.
public struct JSONNumber: Sendable {
  /// The token, a valid JSON number (RFC 8259 section 6).
  public let token: String

  init(token: String) { self.token = token }

  /// A number from an integer.
  public init(_ value: Int) { token = String(value) }

  /// A number with a fixed count of decimals, so that two runs print the same bytes.
  ///
  /// - Parameters:
  ///   - value: The value; must be finite.
  ///   - decimals: Digits after the point, 0 to 15.
  public init(_ value: Double, decimals: Int) { token = fixedPoint(value, decimals: decimals) }

  /// The number in its shortest form that reads back as the same value, as RFC 8785 writes it.
  ///
  /// - Parameter value: The value; must be finite.
  public init(shortest value: Double) { token = ecmaScriptNumber(value) }

  /// The value, where the token is an integer that fits.
  public var int: Int? { Int(token) }

  /// The nearest finite double.
  public var double: Double? {
    guard let value = Double(token), value.isFinite else { return nil }
    return value
  }
}

/// The members of a JSON object in the order they were written, without duplicates.
public struct JSONObject: Sendable, ExpressibleByDictionaryLiteral {
  /// Name and value of each member.
  public private(set) var members: [(key: String, value: JSONValue)]

  /// An object without members.
  public init() { members = [] }

  /// An object from literal members; the caller vouches that the names differ.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    members = elements.map { (key: $0.0, value: $0.1) }
  }

  /// Adds a member; the caller vouches that its name is new.
  public mutating func append(_ key: String, _ value: JSONValue) {
    members.append((key: key, value: value))
  }

  /// The value of the member whose name has exactly these bytes.
  ///
  /// Names are compared as UTF-8: Swift's `==` would call a precomposed and a decomposed Hangul
  /// syllable the same name.
  public subscript(key: String) -> JSONValue? {
    get { members.first { sameBytes($0.key, key) }?.value }
    set {
      let index = members.firstIndex { sameBytes($0.key, key) }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append((key: key, value: value))
      case (nil, nil): break
      }
    }
  }
}

/// Whether two strings have the same UTF-8 bytes.
public func sameBytes(_ left: String, _ right: String) -> Bool {
  let left = left.utf8Span
  let right = right.utf8Span
  guard left.count == right.count else { return false }
  let (one, other) = (left.span, right.span)
  for index in one.indices where one[index] != other[index] { return false }
  return true
}
