extension TemplateRenderer {
  /// A filter's result.
  mutating func filter(
    _ value: TemplateValue, _ name: String, _ given: TemplateGiven, _ line: Int
  ) throws(TemplateFault) -> TemplateValue {
    let unsupported = TemplateFault(
      line: line, problem: .unsupported("filter \(shownName(name.utf8))"))
    func argument(_ index: Int, _ name: String) -> TemplateValue? {
      index < given.values.count
        ? given.values[index] : given.named.first { $0.name == name }?.value
    }
    let known: [String] =
      switch name {
      case "default", "d": ["default_value", "boolean"]
      case "trim": ["chars"]
      case "join": ["d", "attribute"]
      case "replace": ["old", "new", "count"]
      case "tojson": ["indent", "ensure_ascii", "separators", "sort_keys"]
      case "map": ["attribute", "default"]
      default: []
      }
    guard given.named.allSatisfy({ known.contains($0.name) }) else { throw unsupported }
    switch name {
    case "default", "d":
      let otherwise = argument(0, "default_value") ?? .own("")
      if case .undefined = value { return otherwise }
      return argument(1, "boolean")?.isTrue == true && !value.isTrue ? otherwise : value
    case "length", "count":
      guard given.values.isEmpty else { throw unsupported }
      switch value {
      case .undefined: return .integer(0)
      case .text(let text): return .integer(text.scalarStarts.count)
      case .list(let elements): return .integer(elements.count)
      case .map(let members): return .integer(members.count)
      default:
        throw TemplateFault(line: line, problem: .badOperation("length of a \(value.kind)"))
      }
    case "safe", "string": return .text(try written(value, line))
    case "list": return .list(try listed(value, line))
    case "first", "last":
      let elements = try listed(value, line)
      return (name == "first" ? elements.first : elements.last) ?? .undefined
    case "reverse":
      let elements = Array(try listed(value, line).reversed())
      guard case .text = value else { return .list(elements) }
      return .text(try joined(.list(elements), by: MarkedText(), line))
    case "join":
      guard argument(1, "attribute") == nil else { throw unsupported }
      return .text(try joined(value, by: written(argument(0, "d") ?? .own(""), line), line))
    case "trim":
      return .text(
        try stripped(written(value, line), left: true, right: true, argument(0, "chars"), line))
    case "upper", "lower", "capitalize": return .text(try cased(written(value, line), name, line))
    case "replace":
      guard case .text(let old)? = argument(0, "old"), case .text(let new)? = argument(1, "new")
      else { throw unsupported }
      let limit = argument(2, "count")?.number ?? -1
      return .text(try replaced(written(value, line), old, new, limit < 0 ? .max : limit, line))
    case "items":
      switch value {
      case .undefined: return .list([])
      case .map(let members): return .list(members.map { .list([.text($0.key), $0.value]) })
      default: throw TemplateFault(line: line, problem: .badOperation("items"))
      }
    case "tojson":
      if argument(1, "ensure_ascii")?.isTrue == true { throw unsupported }
      if argument(3, "sort_keys")?.isTrue == true { throw unsupported }
      switch (argument(0, "indent"), argument(2, "separators")) {
      case (nil, nil), (.some(.none), nil): break
      default: throw unsupported
      }
      let json = try json(value, line)
      try count(json.count, line)
      return .text(json)
    case "map":
      guard given.values.isEmpty, argument(1, "default") == nil,
        case .text(let member)? = argument(0, "attribute")
      else { throw unsupported }
      return .list(try listed(value, line).map { $0.member(member) ?? .undefined })
    case "selectattr", "rejectattr", "select", "reject":
      return .list(try selected(value, name, given.values, line))
    default: throw unsupported
    }
  }

  private mutating func selected(
    _ value: TemplateValue, _ name: String, _ given: [TemplateValue], _ line: Int
  ) throws(TemplateFault) -> [TemplateValue] {
    var given = given[...]
    var member: MarkedText?
    if name.hasSuffix("attr") {
      guard case .text(let text)? = given.popFirst(), text.first(MarkedText(own: ".")) == nil else {
        throw TemplateFault(line: line, problem: .unsupported("filter \(name)"))
      }
      member = text
    }
    var test: String?
    if let first = given.popFirst() {
      guard case .text(let text) = first else {
        throw TemplateFault(line: line, problem: .unsupported("filter \(name)"))
      }
      test = String(decoding: text.bytes, as: UTF8.self)
    }
    var kept: [TemplateValue] = []
    for element in try listed(value, line) {
      try step(line)
      let tested = member.map { element.member($0) ?? .undefined } ?? element
      let holds =
        if let test { try self.test(tested, test, Array(given), line) } else { tested.isTrue }
      if holds == name.hasPrefix("select") { kept.append(element) }
    }
    return kept
  }

  /// Whether a test holds.
  mutating func test(
    _ value: TemplateValue, _ name: String, _ given: [TemplateValue], _ line: Int
  ) throws(TemplateFault) -> Bool {
    switch (name, given.count) {
    case ("defined", 0): if case .undefined = value { return false } else { return true }
    case ("undefined", 0): if case .undefined = value { return true } else { return false }
    case ("none", 0): if case .none = value { return true } else { return false }
    case ("string", 0): if case .text = value { return true } else { return false }
    case ("mapping", 0): if case .map = value { return true } else { return false }
    case ("boolean", 0): if case .bool = value { return true } else { return false }
    case ("integer", 0): if case .integer = value { return true } else { return false }
    case ("number", 0): return value.number != nil
    case ("true", 0): if case .bool(true) = value { return true } else { return false }
    case ("false", 0): if case .bool(false) = value { return true } else { return false }
    case ("iterable", 0), ("sequence", 0):
      switch value {
      case .text, .list, .map, .undefined: return true
      case .none, .bool, .integer, .namespace, .macro, .function: return false
      }
    case ("odd", 0), ("even", 0), ("divisibleby", 1):
      guard let number = value.number, let by = given.isEmpty ? 2 : given[0].number, by != 0,
        by != -1
      else { throw TemplateFault(line: line, problem: .badOperation(name)) }
      return (number % by == 0) == (name != "odd")
    case ("in", 1): return try compare(value, "in", given[0], line)
    case ("equalto", 1), ("eq", 1), ("==", 1): return value.equals(given[0])
    case ("ne", 1), ("!=", 1): return !value.equals(given[0])
    default:
      throw TemplateFault(line: line, problem: .unsupported("test \(shownName(name.utf8))"))
    }
  }

  /// A value as JSON, as Python writes it; who wrote which byte stays known.
  private func json(_ value: TemplateValue, _ line: Int) throws(TemplateFault) -> MarkedText {
    var result = MarkedText()
    func add(_ text: String) { result += MarkedText(own: text) }
    switch value {
    case .none: add("null")
    case .bool(let value): add(value ? "true" : "false")
    case .integer(let number): add(String(number))
    case .text(let text): result = Self.json(text)
    case .list(let elements):
      add("[")
      for (index, element) in elements.enumerated() {
        if index > 0 { add(", ") }
        result += try json(element, line)
      }
      add("]")
    case .map(let members):
      add("{")
      for (index, member) in members.enumerated() {
        if index > 0 { add(", ") }
        result += Self.json(member.key)
        add(": ")
        result += try json(member.value, line)
      }
      add("}")
    case .undefined, .namespace, .macro, .function:
      throw TemplateFault(line: line, problem: .badOperation("tojson of a \(value.kind)"))
    }
    return result
  }

  private static func json(_ text: MarkedText) -> MarkedText {
    var units: [UInt16] = [0x22]
    for unit in text.units {
      let mark = unit & MarkedText.messageMark
      let escape: String? =
        switch UInt8(truncatingIfNeeded: unit) {
        case 0x22: "\\\""
        case 0x5C: "\\\\"
        case 0x0A: "\\n"
        case 0x0D: "\\r"
        case 0x09: "\\t"
        case 0x08: "\\b"
        case 0x0C: "\\f"
        case let byte where byte < 0x20:
          "\\u00" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16)
        default: nil
        }
      if let escape { units += escape.utf8.map { UInt16($0) | mark } } else { units.append(unit) }
    }
    return MarkedText(units: units + [0x22])
  }
}
