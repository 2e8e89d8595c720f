/// Reads the parts of a template as nodes. What the language has and this program lacks is refused
/// by name.
struct TemplateParser {
  private let parts: [TemplatePart]
  private var index = 0
  private var depth = 0
  private var loops = 0

  private static let maxDepth = 64

  /// The nodes of a template.
  ///
  /// - Throws: `TemplateFault`.
  static func nodes(of text: [UInt8]) throws(TemplateFault) -> [TemplateNode] {
    var parser = TemplateParser(try TemplateLexer.parts(of: text))
    let (nodes, _, _) = try parser.body(until: [], from: 1)
    return nodes
  }

  private init(_ parts: [TemplatePart]) { self.parts = parts }

  /// The nodes up to one of some words, that word, and the rest of its statement.
  private mutating func body(
    until ends: [String], from line: Int
  ) throws(TemplateFault) -> (nodes: [TemplateNode], end: String, rest: TemplateWords) {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maxDepth else { throw TemplateFault(line: line, problem: .limit) }
    var nodes: [TemplateNode] = []
    while index < parts.count {
      let part = parts[index]
      index += 1
      switch part {
      case .text(let text): nodes.append(.text(MarkedText(own: text)))
      case .output(let tokens):
        guard let first = tokens.first else {
          throw TemplateFault(line: line, problem: .malformed("empty output"))
        }
        var words = TemplateWords(tokens, line: first.line)
        nodes.append(.output(try words.tuple()))
        try words.end()
      case .statement(let tokens):
        var words = TemplateWords(tokens, line: tokens.first?.line ?? line)
        let word = try words.name()
        if ends.contains(word) { return (nodes, word, words) }
        nodes += try statement(word, &words)
      }
    }
    guard ends.isEmpty else {
      throw TemplateFault(line: line, problem: .malformed("no \(ends[ends.count - 1])"))
    }
    return (nodes, "", TemplateWords([], line: line))
  }

  /// One statement's nodes.
  private mutating func statement(
    _ word: String, _ words: inout TemplateWords
  ) throws(TemplateFault) -> [TemplateNode] {
    switch word {
    case "if": return [try choice(&words)]
    case "for": return [try loop(&words)]
    case "set": return [try assignment(&words)]
    case "macro": return [try macro(&words)]
    case "break", "continue":
      guard loops > 0 else { throw words.fault(.malformed(word)) }
      try words.end()
      return [word == "break" ? .exitLoop(line: words.line) : .nextTurn(line: words.line)]
    case "generation":
      // transformers marks the model's own turns with it; it renders as what is in it.
      try words.end()
      let (nodes, _, rest) = try body(until: ["endgeneration"], from: words.line)
      try rest.end()
      return [.scoped(nodes)]
    case "raw", "include", "import", "from", "extends", "block", "call", "filter", "with", "do",
      "autoescape", "trans", "debug":
      throw words.fault(.unsupported(word))
    default: throw words.fault(.malformed(shownName(word.utf8)))
    }
  }

  private mutating func choice(_ words: inout TemplateWords) throws(TemplateFault) -> TemplateNode {
    var branches: [(condition: TemplateExpression?, body: [TemplateNode])] = []
    var condition: TemplateExpression? = try words.tuple()
    try words.end()
    while true {
      let ends = condition == nil ? ["endif"] : ["elif", "else", "endif"]
      var (nodes, end, rest) = try body(until: ends, from: words.line)
      branches.append((condition, nodes))
      if end == "endif" {
        try rest.end()
        return .choice(branches)
      }
      condition = end == "elif" ? try rest.tuple() : nil
      try rest.end()
    }
  }

  private mutating func loop(_ words: inout TemplateWords) throws(TemplateFault) -> TemplateNode {
    var names = [try words.name()]
    while words.take(",") { names.append(try words.name()) }
    guard words.take(name: "in") else { throw words.unexpected() }
    let over = try words.either()
    let filter = words.take(name: "if") ? try words.expression() : nil
    if words.take(name: "recursive") { throw words.fault(.unsupported("recursive")) }
    try words.end()
    loops += 1
    var (nodes, end, rest) = try body(until: ["else", "endfor"], from: words.line)
    loops -= 1
    try rest.end()
    var otherwise: [TemplateNode] = []
    if end == "else" {
      (otherwise, _, rest) = try body(until: ["endfor"], from: words.line)
      try rest.end()
    }
    return .loop(
      names: names, over: over, where: filter, body: nodes, otherwise: otherwise, line: words.line)
  }

  private mutating func assignment(
    _ words: inout TemplateWords
  ) throws(TemplateFault) -> TemplateNode {
    let name = try words.name()
    if words.take(".") {
      let member = try words.name()
      guard words.take("=") else { throw words.unexpected() }
      let value = try words.tuple()
      try words.end()
      return .setMember(name: name, member: member, value)
    }
    if words.take("=") {
      let value = try words.tuple()
      try words.end()
      return .set(name: name, value)
    }
    guard words.isAtEnd else { throw words.fault(.unsupported("set of several names")) }
    let (nodes, _, rest) = try body(until: ["endset"], from: words.line)
    try rest.end()
    return .setBody(name: name, nodes)
  }

  private mutating func macro(_ words: inout TemplateWords) throws(TemplateFault) -> TemplateNode {
    let name = try words.name()
    guard words.take("(") else { throw words.unexpected() }
    var parameters: [(name: String, value: TemplateExpression?)] = []
    while !words.take(")") {
      if !parameters.isEmpty, !words.take(",") { throw words.unexpected() }
      let parameter = try words.name()
      parameters.append((parameter, words.take("=") ? try words.expression() : nil))
    }
    try words.end()
    let outer = loops
    loops = 0
    var (nodes, _, rest) = try body(until: ["endmacro"], from: words.line)
    loops = outer
    if !rest.isAtEnd { _ = try rest.name() }
    try rest.end()
    return .macro(name: name, TemplateMacro(parameters: parameters, body: nodes))
  }
}
