/// An expression of a template, with its line.
struct TemplateExpression: Sendable {
  indirect enum Kind: Sendable {
    case text(MarkedText)
    case integer(Int)
    case bool(Bool)
    case none
    case name(String)
    case list([TemplateExpression])
    case map([(key: TemplateExpression, value: TemplateExpression)])
    case attribute(TemplateExpression, String)
    case item(TemplateExpression, TemplateExpression)
    case slice(
      TemplateExpression, from: TemplateExpression?, to: TemplateExpression?,
      by: TemplateExpression?)
    case call(TemplateExpression, TemplateArguments)
    case filter(TemplateExpression, String, TemplateArguments)
    case test(TemplateExpression, String, TemplateArguments)
    case not(TemplateExpression)
    case negative(TemplateExpression)
    case both(TemplateExpression, TemplateExpression)
    case either(TemplateExpression, TemplateExpression)
    /// A chain of comparisons, each between the value before it and its own.
    case compare(TemplateExpression, [(mark: String, value: TemplateExpression)])
    case arithmetic(String, TemplateExpression, TemplateExpression)
    /// Texts of values, one after the other.
    case joined([TemplateExpression])
    case choice(if: TemplateExpression, then: TemplateExpression, else: TemplateExpression?)
  }

  let kind: Kind
  let line: Int
}

/// What a call is given.
struct TemplateArguments: Sendable {
  var values: [TemplateExpression] = []
  var named: [(name: String, value: TemplateExpression)] = []
}

/// A macro: a piece of template with parameters.
struct TemplateMacro: Sendable {
  let parameters: [(name: String, value: TemplateExpression?)]
  let body: [TemplateNode]
}

/// A part of a template that is rendered.
indirect enum TemplateNode: Sendable {
  case text(MarkedText)
  case output(TemplateExpression)
  case choice([(condition: TemplateExpression?, body: [TemplateNode])])
  case loop(
    names: [String], over: TemplateExpression, where: TemplateExpression?, body: [TemplateNode],
    otherwise: [TemplateNode], line: Int)
  case set(name: String, TemplateExpression)
  case setMember(name: String, member: String, TemplateExpression)
  case setBody(name: String, [TemplateNode])
  case macro(name: String, TemplateMacro)
  /// Nodes whose names end with them.
  case scoped([TemplateNode])
  case exitLoop(line: Int)
  case nextTurn(line: Int)
}

extension TemplateNode {
  /// Whether a name is read anywhere in nodes.
  static func read(_ name: String, in nodes: [TemplateNode]) -> Bool {
    nodes.contains { node in
      switch node {
      case .text, .exitLoop, .nextTurn: false
      case .output(let value), .set(_, let value), .setMember(_, _, let value): value.reads(name)
      case .choice(let branches):
        branches.contains { $0.condition?.reads(name) == true || read(name, in: $0.body) }
      case .loop(_, let over, let filter, let body, let otherwise, _):
        over.reads(name) || filter?.reads(name) == true || read(name, in: body)
          || read(name, in: otherwise)
      case .setBody(_, let body), .scoped(let body): read(name, in: body)
      case .macro(_, let macro):
        read(name, in: macro.body) || macro.parameters.contains { $0.value?.reads(name) == true }
      }
    }
  }
}

extension TemplateExpression {
  /// Whether a name is read anywhere in the expression.
  func reads(_ name: String) -> Bool {
    func any(_ values: [TemplateExpression?]) -> Bool {
      values.contains { $0?.reads(name) == true }
    }
    return switch kind {
    case .text, .integer, .bool, .none: false
    case .name(let read): read == name
    case .list(let elements), .joined(let elements): any(elements)
    case .map(let members): members.contains { $0.key.reads(name) || $0.value.reads(name) }
    case .attribute(let base, _), .not(let base), .negative(let base): base.reads(name)
    case .item(let one, let other), .both(let one, let other), .either(let one, let other),
      .arithmetic(_, let one, let other):
      any([one, other])
    case .slice(let base, let from, let to, let by): any([base, from, to, by])
    case .call(let base, let given), .filter(let base, _, let given), .test(let base, _, let given):
      any([base] + given.values + given.named.map(\.value))
    case .compare(let first, let others): any([first] + others.map(\.value))
    case .choice(let condition, let then, let other): any([condition, then, other])
    }
  }
}
