extension TemplateRenderer {
  /// The value of an expression.
  mutating func value(
    of expression: TemplateExpression, _ scope: TemplateScope
  ) throws(TemplateFault) -> TemplateValue {
    let line = expression.line
    try step(line)
    switch expression.kind {
    case .text(let text): return .text(text)
    case .integer(let number): return .integer(number)
    case .bool(let value): return .bool(value)
    case .none: return .none
    case .name(let name): return scope.value(of: name) ?? .undefined
    case .list(let elements):
      var values: [TemplateValue] = []
      for element in elements { values.append(try value(of: element, scope)) }
      return .list(values)
    case .map(let members): return .map(try map(members, scope))
    case .attribute(let base, let name): return try attribute(value(of: base, scope), name, line)
    case .item(let base, let index):
      return try item(value(of: base, scope), value(of: index, scope), line)
    case .slice(let base, let from, let to, let by):
      var bounds: [Int?] = []
      for bound in [from, to, by] {
        guard let bound else {
          bounds.append(nil)
          continue
        }
        let given = try value(of: bound, scope)
        if case .none = given {
          bounds.append(nil)
        } else if let number = given.number {
          bounds.append(number)
        } else {
          throw TemplateFault(line: line, problem: .unsupported("slice by a \(given.kind)"))
        }
      }
      return try slice(value(of: base, scope), bounds[0], bounds[1], bounds[2] ?? 1, line)
    case .call(let function, let arguments): return try call(function, arguments, scope, line)
    case .filter(let base, let name, let arguments):
      return try filter(
        value(of: base, scope), name, given(arguments, scope), line)
    case .test(let base, let name, let arguments):
      return .bool(try test(value(of: base, scope), name, given(arguments, scope).values, line))
    case .not(let operand): return .bool(try !value(of: operand, scope).isTrue)
    case .negative(let operand):
      guard let number = try value(of: operand, scope).number, number != .min else {
        throw TemplateFault(line: line, problem: .badOperation("-"))
      }
      return .integer(-number)
    case .both(let left, let right):
      let left = try value(of: left, scope)
      return left.isTrue ? try value(of: right, scope) : left
    case .either(let left, let right):
      let left = try value(of: left, scope)
      return left.isTrue ? left : try value(of: right, scope)
    case .compare(let first, let others):
      var left = try value(of: first, scope)
      for other in others {
        let right = try value(of: other.value, scope)
        guard try compare(left, other.mark, right, line) else { return .bool(false) }
        left = right
      }
      return .bool(true)
    case .arithmetic(let mark, let left, let right):
      return try arithmetic(value(of: left, scope), mark, value(of: right, scope), line)
    case .joined(let values):
      var text = MarkedText()
      for part in values { text += try written(value(of: part, scope), part.line) }
      try count(text.count, line)
      return .text(text)
    case .choice(let condition, let then, let other):
      if try value(of: condition, scope).isTrue { return try value(of: then, scope) }
      guard let other else { return .undefined }
      return try value(of: other, scope)
    }
  }

  private mutating func map(
    _ members: [(key: TemplateExpression, value: TemplateExpression)], _ scope: TemplateScope
  ) throws(TemplateFault) -> [(key: MarkedText, value: TemplateValue)] {
    let made = TemplateNamespace([])
    for member in members {
      guard case .text(let key) = try value(of: member.key, scope) else {
        throw TemplateFault(line: member.key.line, problem: .unsupported("key that is no text"))
      }
      made.set(key, try value(of: member.value, scope))
    }
    return made.members
  }

  /// The values of arguments.
  mutating func given(
    _ arguments: TemplateArguments, _ scope: TemplateScope
  ) throws(TemplateFault) -> TemplateGiven {
    var values: [TemplateValue] = []
    for argument in arguments.values { values.append(try value(of: argument, scope)) }
    var named: [(name: String, value: TemplateValue)] = []
    for argument in arguments.named {
      named.append((argument.name, try value(of: argument.value, scope)))
    }
    return (values, named)
  }

  /// Names of a Python dictionary's own; as a member without a call they would be something else.
  private static let mapMethods = [
    "items", "keys", "values", "get", "pop", "update", "copy", "clear", "fromkeys", "popitem",
    "setdefault",
  ]

  private func attribute(
    _ base: TemplateValue, _ name: String, _ line: Int
  ) throws(TemplateFault) -> TemplateValue {
    let key = MarkedText(own: name)
    switch base {
    case .undefined:
      throw TemplateFault(
        line: line, problem: .badOperation("\(shownName(name.utf8)) of an undefined value"))
    case .map:
      if Self.mapMethods.contains(name) {
        throw TemplateFault(line: line, problem: .unsupported("\(name) without a call"))
      }
      return base.member(key) ?? .undefined
    case .namespace(let namespace):
      return namespace.members.first { $0.key.reads(as: key) }?.value ?? .undefined
    case .none, .bool, .integer, .text, .list: return .undefined
    case .macro, .function:
      throw TemplateFault(line: line, problem: .unsupported("member of a function"))
    }
  }

  private func item(
    _ base: TemplateValue, _ index: TemplateValue, _ line: Int
  ) throws(TemplateFault) -> TemplateValue {
    switch (base, index) {
    case (.undefined, _):
      throw TemplateFault(line: line, problem: .badOperation("member of an undefined value"))
    case (.map, .text(let key)): return base.member(key) ?? .undefined
    case (.list(let elements), .integer), (.list(let elements), .bool):
      let number = index.number ?? 0
      let place = number < 0 ? number + elements.count : number
      return elements.indices.contains(place) ? elements[place] : .undefined
    case (.text(let text), .integer), (.text(let text), .bool):
      let number = index.number ?? 0
      let scalars = text.scalars
      let place = number < 0 ? number + scalars.count : number
      return scalars.indices.contains(place) ? .text(scalars[place]) : .undefined
    case (.namespace(let namespace), .text(let key)):
      return namespace.members.first { $0.key.reads(as: key) }?.value ?? .undefined
    case (.none, _), (.bool, _), (.integer, _), (.map, _), (.list, _), (.text, _):
      return .undefined
    case (.namespace, _), (.macro, _), (.function, _):
      throw TemplateFault(line: line, problem: .unsupported("member of a \(base.kind)"))
    }
  }

  private mutating func slice(
    _ base: TemplateValue, _ from: Int?, _ to: Int?, _ by: Int, _ line: Int
  ) throws(TemplateFault) -> TemplateValue {
    let isText = if case .text = base { true } else { false }
    let elements: [TemplateValue]
    switch base {
    case .text, .list: elements = try listed(base, line)
    default: throw TemplateFault(line: line, problem: .unsupported("slice of a \(base.kind)"))
    }
    let count = elements.count
    guard by != 0, by.magnitude <= 1 << 40 else {
      throw TemplateFault(line: line, problem: .badOperation("slice"))
    }
    // Python's rules for bounds that are negative or beyond the ends.
    func bound(_ given: Int?, _ otherwise: Int) -> Int {
      guard let given else { return otherwise }
      let place = given < 0 ? max(given, -(1 << 40)) + count : given
      return by > 0 ? min(max(place, 0), count) : min(max(place, -1), count - 1)
    }
    let start = bound(from, by > 0 ? 0 : count - 1)
    let end = bound(to, by > 0 ? count : -1)
    let kept = stride(from: start, to: end, by: by).map { elements[$0] }
    guard isText else { return .list(kept) }
    var text = MarkedText()
    for case .text(let part) in kept { text += part }
    return .text(text)
  }

  /// Whether a comparison holds.
  func compare(
    _ left: TemplateValue, _ mark: String, _ right: TemplateValue, _ line: Int
  ) throws(TemplateFault) -> Bool {
    switch mark {
    case "==": return left.equals(right)
    case "!=": return !left.equals(right)
    case "in": return try contains(right, left, line)
    case "not in": return try !contains(right, left, line)
    default: break
    }
    let isLess: Bool
    let isEqual: Bool
    if let one = left.number, let other = right.number {
      (isLess, isEqual) = (one < other, one == other)
    } else if case .text(let one) = left, case .text(let other) = right {
      (isLess, isEqual) = (
        one.bytes.lexicographicallyPrecedes(other.bytes), one.reads(as: other)
      )
    } else {
      let what = "\(mark) of a \(left.kind) and a \(right.kind)"
      if case (.list, .list) = (left, right) {
        throw TemplateFault(line: line, problem: .unsupported(what))
      }
      throw TemplateFault(line: line, problem: .badOperation(what))
    }
    return switch mark {
    case "<": isLess
    case "<=": isLess || isEqual
    case ">": !isLess && !isEqual
    default: !isLess
    }
  }

  private func contains(
    _ whole: TemplateValue, _ part: TemplateValue, _ line: Int
  ) throws(TemplateFault) -> Bool {
    switch (whole, part) {
    case (.undefined, _): return false
    case (.list(let elements), _): return elements.contains { $0.equals(part) }
    case (.map, .text(let key)): return whole.member(key) != nil
    case (.map, _): return false
    case (.text(let text), .text(let part)): return text.first(part) != nil
    default:
      throw TemplateFault(
        line: line, problem: .badOperation("in of a \(part.kind) and a \(whole.kind)"))
    }
  }

  private mutating func arithmetic(
    _ left: TemplateValue, _ mark: String, _ right: TemplateValue, _ line: Int
  ) throws(TemplateFault) -> TemplateValue {
    let wrong = TemplateFault(
      line: line, problem: .badOperation("\(mark) of a \(left.kind) and a \(right.kind)"))
    switch (left, mark, right) {
    case (.text(let one), "+", .text(let other)):
      try count(one.count + other.count, line)
      return .text(MarkedText(units: one.units + other.units))
    case (.list(let one), "+", .list(let other)):
      try count(one.count + other.count, line)
      return .list(one + other)
    case (.text, "%", _), (.list, "*", _), (_, "*", .list):
      // Python formats and repeats; no chat template that was seen does.
      throw TemplateFault(
        line: line, problem: .unsupported("\(mark) of a \(left.kind) and a \(right.kind)"))
    case (.text(let text), "*", _) where right.number != nil,
      (_, "*", .text(let text)) where left.number != nil:
      let times = right.number ?? left.number ?? 0
      let (size, isTooMuch) = text.count.multipliedReportingOverflow(by: max(0, times))
      guard !isTooMuch else { throw TemplateFault(line: line, problem: .limit) }
      try count(size, line)
      var repeated: [UInt16] = []
      repeated.reserveCapacity(size)
      for _ in 0..<(text.isEmpty ? 0 : max(0, times)) { repeated += text.units }
      return .text(MarkedText(units: repeated))
    default: break
    }
    guard let one = left.number, let other = right.number else { throw wrong }
    let result: (partialValue: Int, overflow: Bool)
    switch mark {
    case "+": result = one.addingReportingOverflow(other)
    case "-": result = one.subtractingReportingOverflow(other)
    case "*": result = one.multipliedReportingOverflow(by: other)
    default:
      guard other != 0, !(one == .min && other == -1) else { throw wrong }
      // Python rounds down, and the rest has the divisor's sign.
      let rest = one % other
      let isShort = rest != 0 && (rest < 0) != (other < 0)
      return .integer(mark == "//" ? one / other - (isShort ? 1 : 0) : rest + (isShort ? other : 0))
    }
    guard !result.overflow else { throw TemplateFault(line: line, problem: .limit) }
    return .integer(result.partialValue)
  }
}
