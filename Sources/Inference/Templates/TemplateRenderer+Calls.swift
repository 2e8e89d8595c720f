/// What a call, filter or test was given.
typealias TemplateGiven = (values: [TemplateValue], named: [(name: String, value: TemplateValue)])

extension TemplateRenderer {
  /// Calls a function, a macro, or a method of a text or a map.
  mutating func call(
    _ function: TemplateExpression, _ arguments: TemplateArguments, _ scope: TemplateScope,
    _ line: Int
  ) throws(TemplateFault) -> TemplateValue {
    if case .attribute(let base, let name) = function.kind {
      let base = try value(of: base, scope)
      let given = try given(arguments, scope)
      switch base {
      case .text(let text): return try method(name, of: text, given, line)
      case .map: return try method(name, ofMap: base, given, line)
      case .namespace(let namespace):
        let member = namespace.members.first { $0.key.reads(as: MarkedText(own: name)) }?.value
        return try call(member ?? .undefined, name, given, line)
      case .undefined:
        throw TemplateFault(
          line: line, problem: .badOperation("\(shownName(name.utf8)) of an undefined value"))
      default: throw TemplateFault(line: line, problem: .unsupported(shownName(name.utf8)))
      }
    }
    let name = if case .name(let name) = function.kind { name } else { "call" }
    return try call(value(of: function, scope), name, given(arguments, scope), line)
  }

  private mutating func call(
    _ function: TemplateValue, _ shown: String, _ given: TemplateGiven, _ line: Int
  ) throws(TemplateFault) -> TemplateValue {
    switch function {
    case .macro(let macro, let scope):
      return try call(macro, in: scope, given.values, given.named, line)
    case .function("raise_exception"):
      guard case .text(let text)? = given.values.first else {
        throw TemplateFault(line: line, problem: .raised(""))
      }
      // What a message brought into the sentence stays out of it.
      let shown = text.units.prefix(200).map { (0x20..<0x7F).contains($0) ? UInt8($0) : 0x3F }
      throw TemplateFault(
        line: line, problem: .raised(String(decoding: shown, as: UTF8.self)))
    case .function("namespace"), .function("dict"):
      let made = TemplateNamespace([])
      if let first = given.values.first {
        guard case .map(let members) = first, given.values.count == 1 else {
          throw TemplateFault(line: line, problem: .unsupported("\(shown) of a \(first.kind)"))
        }
        for member in members { made.set(member.key, member.value) }
      }
      for argument in given.named { made.set(MarkedText(own: argument.name), argument.value) }
      if case .function("dict") = function { return .map(made.members) }
      return .namespace(made)
    case .function("range"): return try range(given, line)
    case .function("strftime_now"):
      // The same prompt would be another one tomorrow.
      throw TemplateFault(line: line, problem: .unsupported("strftime_now"))
    case .undefined:
      throw TemplateFault(line: line, problem: .unsupported(shownName(shown.utf8)))
    default:
      throw TemplateFault(line: line, problem: .badOperation("call of a \(function.kind)"))
    }
  }

  private mutating func range(
    _ given: TemplateGiven, _ line: Int
  ) throws(TemplateFault) -> TemplateValue {
    let numbers = given.values.compactMap(\.number)
    guard numbers.count == given.values.count, (1...3).contains(numbers.count),
      given.named.isEmpty, numbers.allSatisfy({ $0.magnitude <= 1 << 40 })
    else { throw TemplateFault(line: line, problem: .badOperation("range")) }
    let by = numbers.count > 2 ? numbers[2] : 1
    guard by != 0 else { throw TemplateFault(line: line, problem: .badOperation("range")) }
    let all = stride(
      from: numbers.count > 1 ? numbers[0] : 0, to: numbers[min(1, numbers.count - 1)], by: by)
    // Jinja's sandbox stops at the same length.
    let kept = all.prefix(100_001)
    guard kept.underestimatedCount <= 100_000, Array(kept).count <= 100_000 else {
      throw TemplateFault(line: line, problem: .limit)
    }
    return .list(kept.map { .integer($0) })
  }

  private mutating func method(
    _ name: String, ofMap base: TemplateValue, _ given: TemplateGiven, _ line: Int
  ) throws(TemplateFault) -> TemplateValue {
    guard case .map(let members) = base, given.named.isEmpty else {
      throw TemplateFault(line: line, problem: .badOperation(shownName(name.utf8)))
    }
    switch (name, given.values.count) {
    case ("items", 0): return .list(members.map { .list([.text($0.key), $0.value]) })
    case ("keys", 0): return .list(members.map { .text($0.key) })
    case ("values", 0): return .list(members.map(\.value))
    case ("get", 1), ("get", 2):
      let otherwise = given.values.count > 1 ? given.values[1] : .none
      guard case .text(let key) = given.values[0] else { return otherwise }
      return base.member(key) ?? otherwise
    default:
      guard let member = base.member(MarkedText(own: name)) else {
        throw TemplateFault(line: line, problem: .unsupported(shownName(name.utf8)))
      }
      return try call(member, name, given, line)
    }
  }

  /// A method of a text, as Python's.
  mutating func method(
    _ name: String, of text: MarkedText, _ given: TemplateGiven, _ line: Int
  ) throws(TemplateFault) -> TemplateValue {
    let unsupported = TemplateFault(line: line, problem: .unsupported("\(shownName(name.utf8))()"))
    guard given.named.isEmpty else { throw unsupported }
    try count(text.count, line)
    var texts: [MarkedText] = []
    for case .text(let text) in given.values { texts.append(text) }
    let values = given.values
    let areTexts = texts.count == values.count
    switch name {
    case "strip", "lstrip", "rstrip":
      guard values.count <= 1 else { throw unsupported }
      return .text(
        try stripped(text, left: name != "rstrip", right: name != "lstrip", values.first, line))
    case "split", "rsplit":
      var limit = Int.max
      if values.count == 2, let number = values[1].number { limit = number < 0 ? .max : number }
      guard values.count <= 2, name == "split" || limit == .max else { throw unsupported }
      switch values.first {
      case nil, .some(.none):
        guard limit == .max else { throw unsupported }
        return .list(text.words().map { .text($0) })
      case .text(let separator)? where !separator.isEmpty:
        return .list(text.parts(by: separator, atMost: limit).map { .text($0) })
      default: throw unsupported
      }
    case "startswith" where texts.count == 1 && areTexts: return .bool(text.has(texts[0], at: 0))
    case "endswith" where texts.count == 1 && areTexts:
      return .bool(text.has(texts[0], at: text.count - texts[0].count))
    case "removeprefix" where texts.count == 1 && areTexts:
      let isThere = text.has(texts[0], at: 0)
      return .text(MarkedText(units: text.units.dropFirst(isThere ? texts[0].count : 0)))
    case "removesuffix" where texts.count == 1 && areTexts:
      let isThere = text.has(texts[0], at: text.count - texts[0].count)
      return .text(MarkedText(units: text.units.dropLast(isThere ? texts[0].count : 0)))
    case "replace" where texts.count == 2 && values.count <= 3:
      let limit = values.count == 3 ? values[2].number ?? -1 : -1
      return .text(try replaced(text, texts[0], texts[1], limit < 0 ? .max : limit, line))
    case "join" where values.count == 1: return .text(try joined(values[0], by: text, line))
    case "upper", "lower", "capitalize":
      guard values.isEmpty else { throw unsupported }
      return .text(try cased(text, name, line))
    case "count" where texts.count == 1 && areTexts && !texts[0].isEmpty:
      return .integer(text.parts(by: texts[0], atMost: .max).count - 1)
    case "find" where texts.count == 1 && areTexts:
      guard let place = text.first(texts[0]) else { return .integer(-1) }
      return .integer(MarkedText(units: text.units[..<place]).scalarStarts.count)
    default: throw unsupported
    }
  }

  /// A text without white space, or without the scalars of another text, at its ends.
  func stripped(
    _ text: MarkedText, left: Bool, right: Bool, _ scalars: TemplateValue?, _ line: Int
  ) throws(TemplateFault) -> MarkedText {
    switch scalars {
    case nil, .some(.none): return text.stripped(left: left, right: right, MarkedText.isSpace)
    case .text(let text2)?:
      let set = text2.scalars.map(\.scalarValue)
      return text.stripped(left: left, right: right) { set.contains($0) }
    default: throw TemplateFault(line: line, problem: .badOperation("strip"))
    }
  }

  /// A text with another one replaced.
  mutating func replaced(
    _ text: MarkedText, _ old: MarkedText, _ new: MarkedText, _ limit: Int, _ line: Int
  ) throws(TemplateFault) -> MarkedText {
    let places = old.isEmpty ? text.count + 1 : text.parts(by: old, atMost: .max).count - 1
    let (grown, isTooMuch) = places.multipliedReportingOverflow(by: new.count)
    guard !isTooMuch else { throw TemplateFault(line: line, problem: .limit) }
    try count(text.count + grown, line)
    return text.replacing(old, with: new, atMost: limit)
  }

  /// The texts of a list with another between them.
  mutating func joined(
    _ list: TemplateValue, by separator: MarkedText, _ line: Int
  ) throws(TemplateFault) -> MarkedText {
    var result = MarkedText()
    for (index, element) in try listed(list, line).enumerated() {
      if index > 0 { result += separator }
      result += try written(element, line)
      try count(separator.count, line)
    }
    try count(result.count, line)
    return result
  }

  /// A text in capitals or small letters. Letters beyond ASCII that have two forms are refused:
  /// their rules are another Unicode version's on another machine.
  func cased(
    _ text: MarkedText, _ name: String, _ line: Int
  ) throws(TemplateFault) -> MarkedText {
    let scalars = String(decoding: text.bytes, as: UTF8.self).unicodeScalars
    for scalar in scalars where scalar.value > 127 {
      let shown = String(Character(scalar)).unicodeScalars
      guard scalar.properties.lowercaseMapping.unicodeScalars.elementsEqual(shown),
        scalar.properties.uppercaseMapping.unicodeScalars.elementsEqual(shown)
      else { throw TemplateFault(line: line, problem: .unsupported("\(name) beyond ASCII")) }
    }
    return MarkedText(
      units: text.units.enumerated().map { index, unit in
        let byte = UInt8(truncatingIfNeeded: unit)
        let isUpper = name == "upper" || (name == "capitalize" && index == 0)
        if isUpper, byte &- 0x61 < 26 { return unit - 0x20 }
        if !isUpper, byte &- 0x41 < 26 { return unit + 0x20 }
        return unit
      })
  }
}
