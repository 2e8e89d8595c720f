/// The words of one statement or output, read as expressions in Jinja's order of precedence.
struct TemplateWords {
  private let tokens: [TemplateToken]
  private let start: Int
  private var index = 0
  private var depth = 0

  private static let maxDepth = 64

  /// Words, and the line they begin at.
  init(_ tokens: [TemplateToken], line: Int) {
    self.tokens = tokens
    start = line
  }

  /// Line of the next word, else of the last one.
  var line: Int { index < tokens.count ? tokens[index].line : tokens.last?.line ?? start }

  var isAtEnd: Bool { index == tokens.count }

  func fault(_ problem: TemplateProblem) -> TemplateFault {
    TemplateFault(line: line, problem: problem)
  }

  /// That the next word has no place there.
  func unexpected() -> TemplateFault {
    guard index < tokens.count else { return fault(.malformed("end of a tag")) }
    return switch tokens[index].kind {
    case .name(let name): fault(.malformed(shownName(name.utf8)))
    case .string: fault(.malformed("string"))
    case .integer: fault(.malformed("number"))
    case .mark(let mark): fault(.malformed(mark))
    }
  }

  func end() throws(TemplateFault) { if !isAtEnd { throw unexpected() } }

  private func isNext(_ mark: String) -> Bool {
    index < tokens.count && tokens[index].kind == .mark(mark)
  }

  private func isNext(name: String) -> Bool {
    index < tokens.count && tokens[index].kind == .name(name)
  }

  /// Takes a mark if it is next.
  mutating func take(_ mark: String) -> Bool {
    guard isNext(mark) else { return false }
    index += 1
    return true
  }

  /// Takes a word if it is next.
  mutating func take(name: String) -> Bool {
    guard isNext(name: name) else { return false }
    index += 1
    return true
  }

  /// The next word, which is a name.
  mutating func name() throws(TemplateFault) -> String {
    guard index < tokens.count, case .name(let name) = tokens[index].kind else {
      throw unexpected()
    }
    index += 1
    return name
  }

  private func node(_ kind: TemplateExpression.Kind, _ line: Int) -> TemplateExpression {
    TemplateExpression(kind: kind, line: line)
  }

  /// An expression, or several with commas, which make a list.
  mutating func tuple() throws(TemplateFault) -> TemplateExpression {
    let line = line
    let first = try expression()
    guard isNext(",") else { return first }
    var elements = [first]
    while take(",") {
      if isAtEnd || isNext(")") { break }
      elements.append(try expression())
    }
    return node(.list(elements), line)
  }

  /// An expression with its `if`.
  mutating func expression() throws(TemplateFault) -> TemplateExpression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maxDepth else { throw fault(.limit) }
    let line = line
    var value = try either()
    while take(name: "if") {
      let condition = try either()
      let other = take(name: "else") ? try expression() : nil
      value = node(.choice(if: condition, then: value, else: other), line)
    }
    return value
  }

  /// An expression without its `if`.
  mutating func either() throws(TemplateFault) -> TemplateExpression {
    let line = line
    var left = try both()
    while take(name: "or") { left = node(.either(left, try both()), line) }
    return left
  }

  private mutating func both() throws(TemplateFault) -> TemplateExpression {
    let line = line
    var left = try negation()
    while take(name: "and") { left = node(.both(left, try negation()), line) }
    return left
  }

  private mutating func negation() throws(TemplateFault) -> TemplateExpression {
    let line = line
    guard take(name: "not") else { return try comparison() }
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maxDepth else { throw fault(.limit) }
    return node(.not(try negation()), line)
  }

  private mutating func comparison() throws(TemplateFault) -> TemplateExpression {
    let line = line
    let first = try sum()
    var others: [(mark: String, value: TemplateExpression)] = []
    loop: while index < tokens.count {
      switch tokens[index].kind {
      case .mark(let mark) where ["==", "!=", "<", "<=", ">", ">="].contains(mark):
        index += 1
        others.append((mark, try sum()))
      case .name("in"):
        index += 1
        others.append(("in", try sum()))
      case .name("not")
      where index + 1 < tokens.count && tokens[index + 1].kind == .name("in"):
        index += 2
        others.append(("not in", try sum()))
      default: break loop
      }
    }
    return others.isEmpty ? first : node(.compare(first, others), line)
  }

  private mutating func sum() throws(TemplateFault) -> TemplateExpression {
    let line = line
    var left = try concatenation()
    while isNext("+") || isNext("-") {
      let mark = take("+") ? "+" : "-"
      if mark == "-" { index += 1 }
      left = node(.arithmetic(mark, left, try concatenation()), line)
    }
    return left
  }

  private mutating func concatenation() throws(TemplateFault) -> TemplateExpression {
    let line = line
    let first = try product()
    guard isNext("~") else { return first }
    var values = [first]
    while take("~") { values.append(try product()) }
    return node(.joined(values), line)
  }

  private mutating func product() throws(TemplateFault) -> TemplateExpression {
    let line = line
    var left = try unary()
    while index < tokens.count, case .mark(let mark) = tokens[index].kind,
      ["*", "/", "//", "%", "**"].contains(mark)
    {
      if mark == "/" || mark == "**" { throw fault(.unsupported(mark)) }
      index += 1
      left = node(.arithmetic(mark, left, try unary()), line)
    }
    return left
  }

  private mutating func unary(filtered: Bool = true) throws(TemplateFault) -> TemplateExpression {
    let line = line
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maxDepth else { throw fault(.limit) }
    if take("+") { throw fault(.unsupported("+")) }
    var value =
      take("-") ? node(.negative(try unary(filtered: false)), line) : try postfixed(primary())
    while filtered, index < tokens.count {
      if take("|") {
        value = try filter(value)
      } else if take(name: "is") {
        value = try test(value)
      } else if isNext("(") {
        value = node(.call(value, try arguments()), line)
      } else {
        break
      }
    }
    return value
  }

  private mutating func primary() throws(TemplateFault) -> TemplateExpression {
    let line = line
    guard index < tokens.count else { throw unexpected() }
    switch tokens[index].kind {
    case .name(let name):
      index += 1
      switch name {
      case "true", "True": return node(.bool(true), line)
      case "false", "False": return node(.bool(false), line)
      case "none", "None": return node(.none, line)
      case "and", "or", "not", "in", "is", "if", "else":
        index -= 1
        throw unexpected()
      default: return node(.name(name), line)
      }
    case .string:
      var text: [UInt8] = []
      while index < tokens.count, case .string(let part) = tokens[index].kind {
        text += part
        index += 1
      }
      return node(.text(MarkedText(own: text)), line)
    case .integer(let number):
      index += 1
      return node(.integer(number), line)
    case .mark("("):
      index += 1
      if take(")") { return node(.list([]), line) }
      let value = try tuple()
      guard take(")") else { throw unexpected() }
      return value
    case .mark("["):
      index += 1
      var elements: [TemplateExpression] = []
      while !take("]") {
        if !elements.isEmpty, !take(",") { throw unexpected() }
        if take("]") { break }
        elements.append(try expression())
      }
      return node(.list(elements), line)
    case .mark("{"):
      index += 1
      var members: [(key: TemplateExpression, value: TemplateExpression)] = []
      while !take("}") {
        if !members.isEmpty, !take(",") { throw unexpected() }
        if take("}") { break }
        let key = try expression()
        guard take(":") else { throw unexpected() }
        members.append((key, try expression()))
      }
      return node(.map(members), line)
    case .mark: throw unexpected()
    }
  }

  private mutating func postfixed(
    _ value: TemplateExpression
  ) throws(TemplateFault) -> TemplateExpression {
    var value = value
    while index < tokens.count {
      let line = line
      if take(".") {
        if index < tokens.count, case .integer(let number) = tokens[index].kind {
          index += 1
          value = node(.item(value, node(.integer(number), line)), line)
        } else {
          value = node(.attribute(value, try name()), line)
        }
      } else if take("[") {
        value = try subscripted(value, line)
      } else if isNext("(") {
        value = node(.call(value, try arguments()), line)
      } else {
        break
      }
    }
    return value
  }

  private mutating func subscripted(
    _ value: TemplateExpression, _ line: Int
  ) throws(TemplateFault) -> TemplateExpression {
    var bounds: [TemplateExpression?] = [nil]
    while !take("]") {
      if take(":") {
        bounds.append(nil)
        if bounds.count > 3 { throw unexpected() }
      } else if bounds[bounds.count - 1] == nil {
        bounds[bounds.count - 1] = try expression()
      } else {
        throw unexpected()
      }
    }
    if bounds.count == 1 {
      guard let index = bounds[0] else { throw fault(.malformed("[]")) }
      return node(.item(value, index), line)
    }
    return node(
      .slice(value, from: bounds[0], to: bounds[1], by: bounds.count > 2 ? bounds[2] : nil), line)
  }

  private mutating func arguments() throws(TemplateFault) -> TemplateArguments {
    guard take("(") else { throw unexpected() }
    var arguments = TemplateArguments()
    while !take(")") {
      if !arguments.values.isEmpty || !arguments.named.isEmpty, !take(",") { throw unexpected() }
      if take(")") { break }
      if isNext("*") || isNext("**") { throw fault(.unsupported("*")) }
      if index + 1 < tokens.count, case .name(let name) = tokens[index].kind,
        tokens[index + 1].kind == .mark("=")
      {
        index += 2
        arguments.named.append((name, try expression()))
      } else {
        guard arguments.named.isEmpty else { throw unexpected() }
        arguments.values.append(try expression())
      }
    }
    return arguments
  }

  private mutating func filter(
    _ value: TemplateExpression
  ) throws(TemplateFault) -> TemplateExpression {
    let line = line
    let name = try name()
    return node(
      .filter(value, name, isNext("(") ? try arguments() : TemplateArguments()), line)
  }

  private mutating func test(
    _ value: TemplateExpression
  ) throws(TemplateFault) -> TemplateExpression {
    let line = line
    let isNegated = take(name: "not")
    let name = try name()
    var given = TemplateArguments()
    if isNext("(") {
      given = try arguments()
    } else if index < tokens.count {
      let takesValue =
        switch tokens[index].kind {
        case .name(let next): !["else", "or", "and", "is", "if", "in", "not"].contains(next)
        case .string, .integer: true
        case .mark(let mark): mark == "[" || mark == "{"
        }
      if takesValue { given.values = [try postfixed(primary())] }
    }
    let tested = node(.test(value, name, given), line)
    return isNegated ? node(.not(tested), line) : tested
  }
}
