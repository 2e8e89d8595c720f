/// What a template computes with.
indirect enum TemplateValue {
  /// What was never set; it reads as nothing and is false.
  case undefined
  case none
  case bool(Bool)
  case integer(Int)
  case text(MarkedText)
  case list([TemplateValue])
  /// Members in the order they were put in.
  case map([(key: MarkedText, value: TemplateValue)])
  case namespace(TemplateNamespace)
  case macro(TemplateMacro, TemplateScope)
  /// A function of the language, by name.
  case function(String)

  /// Text of the program's own.
  static func own(_ text: String) -> TemplateValue { .text(MarkedText(own: text)) }

  /// Whether a condition holds that is this value.
  var isTrue: Bool {
    switch self {
    case .undefined, .none: false
    case .bool(let value): value
    case .integer(let number): number != 0
    case .text(let text): !text.isEmpty
    case .list(let elements): !elements.isEmpty
    case .map(let members): !members.isEmpty
    case .namespace, .macro, .function: true
    }
  }

  /// The number that a value counts as; Python's booleans are numbers.
  var number: Int? {
    switch self {
    case .integer(let number): number
    case .bool(let value): value ? 1 : 0
    default: nil
    }
  }

  /// The member of a map.
  func member(_ name: MarkedText) -> TemplateValue? {
    guard case .map(let members) = self else { return nil }
    return members.last { $0.key.reads(as: name) }?.value
  }

  /// What kind of value it is, for a message.
  var kind: String {
    switch self {
    case .undefined: "undefined value"
    case .none: "none"
    case .bool: "truth value"
    case .integer: "number"
    case .text: "text"
    case .list: "list"
    case .map: "map"
    case .namespace: "namespace"
    case .macro, .function: "function"
    }
  }

  /// Whether two values are equal, as Python has it.
  func equals(_ other: TemplateValue) -> Bool {
    if let number, let theirs = other.number { return number == theirs }
    switch (self, other) {
    case (.undefined, .undefined), (.none, .none): return true
    case (.text(let text), .text(let theirs)): return text.reads(as: theirs)
    case (.list(let elements), .list(let theirs)):
      return elements.count == theirs.count && zip(elements, theirs).allSatisfy { $0.equals($1) }
    case (.map(let members), .map(let theirs)):
      return members.count == theirs.count
        && members.allSatisfy { other.member($0.key)?.equals($0.value) == true }
    case (.namespace(let one), .namespace(let theirs)): return one === theirs
    default: return false
    }
  }
}

/// Members that a loop's body may set and that outlive it.
final class TemplateNamespace {
  var members: [(key: MarkedText, value: TemplateValue)]

  init(_ members: [(key: MarkedText, value: TemplateValue)]) { self.members = members }

  /// Sets a member.
  func set(_ name: MarkedText, _ value: TemplateValue) {
    if let place = members.firstIndex(where: { $0.key.reads(as: name) }) {
      members[place].value = value
    } else {
      members.append((name, value))
    }
  }
}

/// Names and what they stand for; a loop's turn and a macro have a scope of their own.
final class TemplateScope {
  private var values: [String: TemplateValue]
  private let outer: TemplateScope?

  init(_ values: [String: TemplateValue] = [:], in outer: TemplateScope? = nil) {
    self.values = values
    self.outer = outer
  }

  /// The value of a name; the innermost scope that has it counts.
  func value(of name: String) -> TemplateValue? { values[name] ?? outer?.value(of: name) }

  /// Sets a name in this scope.
  func set(_ name: String, _ value: TemplateValue) { values[name] = value }
}
