/// Renders the nodes of a template, within bounds of steps, depth and output.
///
/// No clock, no randomness, no file: the same template and values give the same text.
struct TemplateRenderer {
  /// Longest text that is made, in bytes.
  static let maxBytes = 32 << 20
  private static let maxSteps = 100_000
  private static let maxDepth = 48

  private var steps = 0
  private var depth = 0
  /// Bytes of all texts that were put together.
  private var made = 0

  /// How a body ended.
  private enum Ending { case whole, exitLoop, nextTurn }

  /// Renders a template.
  ///
  /// - Parameters:
  ///   - nodes: The template.
  ///   - values: What its names stand for.
  /// - Returns: The text.
  /// - Throws: `TemplateFault`.
  static func render(
    _ nodes: [TemplateNode], _ values: [String: TemplateValue]
  ) throws(TemplateFault) -> MarkedText {
    var renderer = TemplateRenderer()
    var output = MarkedText()
    let functions = ["raise_exception", "namespace", "range", "dict", "strftime_now"]
    let globals = TemplateScope(
      Dictionary(uniqueKeysWithValues: functions.map { ($0, TemplateValue.function($0)) }))
    _ = try renderer.run(nodes, TemplateScope(values, in: globals), &output)
    return output
  }

  /// Counts a step.
  mutating func step(_ line: Int) throws(TemplateFault) {
    steps += 1
    if steps > Self.maxSteps { throw TemplateFault(line: line, problem: .limit) }
  }

  /// Counts text that was made.
  mutating func count(_ bytes: Int, _ line: Int) throws(TemplateFault) {
    made += bytes
    if bytes > Self.maxBytes || made > 4 * Self.maxBytes {
      throw TemplateFault(line: line, problem: .limit)
    }
  }

  private mutating func run(
    _ nodes: [TemplateNode], _ scope: TemplateScope, _ output: inout MarkedText
  ) throws(TemplateFault) -> Ending {
    for node in nodes {
      switch node {
      case .text(let text):
        try count(text.count, 1)
        output += text
      case .output(let expression):
        let text = try written(try value(of: expression, scope), expression.line)
        try count(text.count, expression.line)
        output += text
      case .choice(let branches):
        for branch in branches {
          if let condition = branch.condition, try !value(of: condition, scope).isTrue { continue }
          let ending = try run(branch.body, scope, &output)
          if ending != .whole { return ending }
          break
        }
      case .loop(let names, let over, let filter, let body, let otherwise, let line):
        let elements = try self.elements(names, over, filter, scope, line)
        try turns(names, elements, body, scope, &output, line)
        if elements.isEmpty { _ = try run(otherwise, TemplateScope(in: scope), &output) }
      case .set(let name, let expression): scope.set(name, try value(of: expression, scope))
      case .setMember(let name, let member, let expression):
        guard case .namespace(let namespace)? = scope.value(of: name) else {
          throw TemplateFault(line: expression.line, problem: .badOperation("set of a member"))
        }
        namespace.set(MarkedText(own: member), try value(of: expression, scope))
      case .setBody(let name, let body):
        var text = MarkedText()
        _ = try run(body, TemplateScope(in: scope), &text)
        scope.set(name, .text(text))
      case .macro(let name, let macro): scope.set(name, .macro(macro, scope))
      case .scoped(let body):
        let ending = try run(body, TemplateScope(in: scope), &output)
        if ending != .whole { return ending }
      case .exitLoop(let line):
        try step(line)
        return .exitLoop
      case .nextTurn(let line):
        try step(line)
        return .nextTurn
      }
    }
    return .whole
  }

  /// What a loop goes over.
  private mutating func elements(
    _ names: [String], _ over: TemplateExpression, _ filter: TemplateExpression?,
    _ scope: TemplateScope, _ line: Int
  ) throws(TemplateFault) -> [TemplateValue] {
    let all = try listed(try value(of: over, scope), line)
    guard let filter else { return all }
    var kept: [TemplateValue] = []
    for element in all {
      let inner = TemplateScope(in: scope)
      try bind(names, element, inner, line)
      if try value(of: filter, inner).isTrue { kept.append(element) }
    }
    return kept
  }

  private func bind(
    _ names: [String], _ element: TemplateValue, _ scope: TemplateScope, _ line: Int
  ) throws(TemplateFault) {
    if names.count == 1 {
      scope.set(names[0], element)
      return
    }
    guard case .list(let parts) = element, parts.count == names.count else {
      throw TemplateFault(line: line, problem: .badOperation("several names in a loop"))
    }
    for (name, part) in zip(names, parts) { scope.set(name, part) }
  }

  private mutating func turns(
    _ names: [String], _ elements: [TemplateValue], _ body: [TemplateNode],
    _ scope: TemplateScope, _ output: inout MarkedText, _ line: Int
  ) throws(TemplateFault) {
    for (index, element) in elements.enumerated() {
      try step(line)
      let inner = TemplateScope(in: scope)
      let last = elements.count - 1
      let loop: [(String, TemplateValue)] = [
        ("index", .integer(index + 1)), ("index0", .integer(index)),
        ("revindex", .integer(last - index + 1)), ("revindex0", .integer(last - index)),
        ("first", .bool(index == 0)), ("last", .bool(index == last)),
        ("length", .integer(elements.count)),
        ("previtem", index > 0 ? elements[index - 1] : .undefined),
        ("nextitem", index < last ? elements[index + 1] : .undefined),
      ]
      inner.set("loop", .map(loop.map { (MarkedText(own: $0.0), $0.1) }))
      try bind(names, element, inner, line)
      if try run(body, inner, &output) == .exitLoop { return }
    }
  }

  /// Renders a macro.
  mutating func call(
    _ macro: TemplateMacro, in scope: TemplateScope, _ values: [TemplateValue],
    _ named: [(name: String, value: TemplateValue)], _ line: Int
  ) throws(TemplateFault) -> TemplateValue {
    depth += 1
    defer { depth -= 1 }
    let isKnown = named.allSatisfy { argument in
      macro.parameters.dropFirst(values.count).contains { $0.name == argument.name }
    }
    guard depth <= Self.maxDepth else { throw TemplateFault(line: line, problem: .limit) }
    guard values.count <= macro.parameters.count, isKnown else {
      throw TemplateFault(line: line, problem: .badOperation("arguments of a macro"))
    }
    let inner = TemplateScope(in: scope)
    for (index, parameter) in macro.parameters.enumerated() {
      var given = index < values.count ? values[index] : nil
      given = given ?? named.first { $0.name == parameter.name }?.value
      if given == nil, let expression = parameter.value { given = try value(of: expression, inner) }
      inner.set(parameter.name, given ?? .undefined)
    }
    var text = MarkedText()
    _ = try run(macro.body, inner, &text)
    return .text(text)
  }

  /// The text that an output gives.
  func written(_ value: TemplateValue, _ line: Int) throws(TemplateFault) -> MarkedText {
    switch value {
    case .undefined: return MarkedText()
    case .none: return MarkedText(own: "None")
    case .bool(let value): return MarkedText(own: value ? "True" : "False")
    case .integer(let number): return MarkedText(own: String(number))
    case .text(let text): return text
    case .list, .map, .namespace, .macro, .function:
      throw TemplateFault(line: line, problem: .unsupported("\(value.kind) as text"))
    }
  }

  /// What a value holds, one after the other.
  mutating func listed(
    _ value: TemplateValue, _ line: Int
  ) throws(TemplateFault) -> [TemplateValue] {
    switch value {
    case .undefined: return []
    case .list(let elements): return elements
    case .map(let members): return members.map { .text($0.key) }
    case .text(let text):
      try count(text.count, line)
      return text.scalars.map { .text($0) }
    case .none, .bool, .integer, .namespace, .macro, .function:
      throw TemplateFault(line: line, problem: .badOperation("loop over a \(value.kind)"))
    }
  }
}
