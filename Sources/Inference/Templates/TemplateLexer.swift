/// What a template's text is made of.
enum TemplatePart {
  /// Text that is written as it stands.
  case text([UInt8])
  /// What stands between `{{` and `}}`.
  case output([TemplateToken])
  /// What stands between `{%` and `%}`.
  case statement([TemplateToken])
}

/// A word of an expression or statement, with its line.
struct TemplateToken {
  enum Kind: Equatable {
    case name(String)
    case string([UInt8])
    case integer(Int)
    /// Punctuation or an operator.
    case mark(String)
  }

  let kind: Kind
  let line: Int
}

/// Cuts a template into text, outputs and statements.
///
/// White space goes as transformers configures Jinja: the newline after a statement or a comment is
/// left out, and so are spaces before one at the beginning of a line; `-` strips all white space,
/// `+` keeps it; the template's own last newline is no part of it.
struct TemplateLexer {
  private let source: [UInt8]
  private var place = 0
  private var line = 1
  private var parts: [TemplatePart] = []
  /// Whether what was read last ended a line.
  private var isAtLineStart = true

  /// The parts of a template, each with the line it begins at.
  ///
  /// - Throws: `TemplateFault` at what is no template.
  static func parts(of text: [UInt8]) throws(TemplateFault) -> [TemplatePart] {
    guard String(validating: text, as: UTF8.self) != nil else {
      throw TemplateFault(line: 1, problem: .notText)
    }
    var lexer = TemplateLexer(text)
    try lexer.cut()
    return lexer.parts
  }

  private init(_ text: [UInt8]) {
    var source: [UInt8] = []
    source.reserveCapacity(text.count)
    for (index, byte) in text.enumerated() {
      if byte == 0x0D {
        source.append(0x0A)
      } else if byte != 0x0A || index == 0 || text[index - 1] != 0x0D {
        source.append(byte)
      }
    }
    if source.last == 0x0A { source.removeLast() }
    self.source = source
  }

  private func fault(_ problem: TemplateProblem) -> TemplateFault {
    TemplateFault(line: line, problem: problem)
  }

  private func starts(with text: String, at start: Int? = nil) -> Bool {
    source[(start ?? place)...].starts(with: text.utf8)
  }

  private mutating func advance(to end: Int) {
    line += source[place..<end].count { $0 == 0x0A }
    place = end
  }

  private mutating func cut() throws(TemplateFault) {
    while place < source.count {
      var end = place
      while end < source.count,
        !(source[end] == UInt8(ascii: "{") && end + 1 < source.count
          && [UInt8(ascii: "{"), UInt8(ascii: "%"), UInt8(ascii: "#")].contains(source[end + 1]))
      {
        end += 1
      }
      guard end < source.count else {
        add(text: source[place...])
        place = source.count
        return
      }
      let kind = source[end + 1]
      let sign = end + 2 < source.count ? source[end + 2] : 0
      var text = source[place..<end]
      if sign == UInt8(ascii: "-") {
        text = strippedEnd(text)
      } else if sign != UInt8(ascii: "+"), kind != UInt8(ascii: "{") {
        let lineStart = text.lastIndex(of: 0x0A).map { $0 + 1 }
        if lineStart != nil || isAtLineStart {
          let start = lineStart ?? text.startIndex
          if isSpace(text[start...]) { text = text[..<start] }
        }
      }
      add(text: text)
      let hasSign = sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+")
      // A minus that begins an expression is written after a space.
      advance(to: end + (hasSign ? 3 : 2))
      switch kind {
      case UInt8(ascii: "#"): try skipComment()
      case UInt8(ascii: "{"): try parts.append(.output(tokens(until: "}}")))
      default: try parts.append(.statement(tokens(until: "%}")))
      }
    }
  }

  private mutating func add(text: ArraySlice<UInt8>) {
    if !text.isEmpty { parts.append(.text(Array(text))) }
  }

  private func isSpace(_ text: ArraySlice<UInt8>) -> Bool { strippedEnd(text).isEmpty }

  private func strippedEnd(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let kept = MarkedText(own: text).stripped(left: false, right: true, MarkedText.isSpace)
    return text.prefix(kept.count)
  }

  /// Skips what ends a tag: `end`, with the white space that goes with it.
  private mutating func close(_ end: String, sign: UInt8?) {
    var next = place + (sign == nil ? 0 : 1) + end.utf8.count
    if sign == UInt8(ascii: "-") {
      let rest = MarkedText(own: source[next...])
      next += rest.count - rest.stripped(left: true, right: false, MarkedText.isSpace).count
    } else if sign == nil, end != "}}", next < source.count, source[next] == 0x0A {
      next += 1
    }
    advance(to: next)
    isAtLineStart = source[next - 1] == 0x0A
  }

  /// Whether a tag ends here, and with which sign.
  private func ending(_ end: String) -> (isEnd: Bool, sign: UInt8?) {
    if starts(with: end) { return (true, nil) }
    guard place < source.count, starts(with: end, at: place + 1) else { return (false, nil) }
    let sign = source[place]
    let isSign = sign == UInt8(ascii: "-") || (sign == UInt8(ascii: "+") && end != "}}")
    return (isSign, isSign ? sign : nil)
  }

  private mutating func skipComment() throws(TemplateFault) {
    let start = line
    while place < source.count {
      let (isEnd, sign) = ending("#}")
      if isEnd {
        close("#}", sign: sign)
        return
      }
      advance(to: place + 1)
    }
    throw TemplateFault(line: start, problem: .malformed("{#"))
  }

  private mutating func tokens(until end: String) throws(TemplateFault) -> [TemplateToken] {
    let start = line
    var tokens: [TemplateToken] = []
    var open: [String] = []
    while place < source.count {
      if open.isEmpty {
        let (isEnd, sign) = ending(end)
        if isEnd {
          close(end, sign: sign)
          return tokens
        }
      }
      let byte = source[place]
      if MarkedText.isSpace(UInt32(byte)), byte < 0x80 {
        advance(to: place + 1)
        continue
      }
      let at = line
      let kind = try token()
      if case .mark(let mark) = kind {
        if let closing = ["(": ")", "[": "]", "{": "}"][mark] {
          open.append(closing)
          if open.count > 100 { throw fault(.limit) }
        } else if [")", "]", "}"].contains(mark), open.popLast() != mark {
          throw fault(.malformed(mark))
        }
      }
      tokens.append(TemplateToken(kind: kind, line: at))
    }
    throw TemplateFault(line: start, problem: .malformed(end == "}}" ? "{{" : "{%"))
  }

  private static let marks = [
    "**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")", "[",
    "]", "{", "}", ".", ",", ":", "|",
  ]

  private mutating func token() throws(TemplateFault) -> TemplateToken.Kind {
    let byte = source[place]
    if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") { return .string(try string(byte)) }
    if isLetter(byte) || isDigit(byte) {
      var end = place
      while end < source.count, isLetter(source[end]) || isDigit(source[end]) { end += 1 }
      let word = String(decoding: source[place..<end], as: UTF8.self)
      if !isDigit(byte) {
        advance(to: end)
        return .name(word)
      }
      // `0.5` is a number with a point, `messages.0.role` is none.
      let isPoint =
        end + 1 < source.count && source[end] == UInt8(ascii: ".") && isDigit(source[end + 1])
      guard let number = Int(word), !isPoint || isAfterPoint else {
        throw fault(.unsupported(isPoint ? "number with a point" : shownName(word.utf8)))
      }
      advance(to: end)
      return .integer(number)
    }
    for mark in Self.marks where starts(with: mark) {
      advance(to: place + mark.utf8.count)
      return .mark(mark)
    }
    throw fault(.malformed(shownName([byte])))
  }

  private var isAfterPoint: Bool { place > 0 && source[place - 1] == UInt8(ascii: ".") }

  private func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  private func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 &- 0x61 < 26 || byte == 0x5F }

  private mutating func string(_ quote: UInt8) throws(TemplateFault) -> [UInt8] {
    let start = line
    advance(to: place + 1)
    var text: [UInt8] = []
    while place < source.count {
      let byte = source[place]
      advance(to: place + 1)
      if byte == quote { return text }
      guard byte == UInt8(ascii: "\\") else {
        text.append(byte)
        continue
      }
      guard place < source.count else { break }
      let escape = source[place]
      advance(to: place + 1)
      switch escape {
      case UInt8(ascii: "n"): text.append(0x0A)
      case UInt8(ascii: "t"): text.append(0x09)
      case UInt8(ascii: "r"): text.append(0x0D)
      case UInt8(ascii: "b"): text.append(0x08)
      case UInt8(ascii: "f"): text.append(0x0C)
      case UInt8(ascii: "a"): text.append(0x07)
      case UInt8(ascii: "v"): text.append(0x0B)
      case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): text.append(escape)
      case 0x0A: break
      case UInt8(ascii: "x"): try appendScalar(digits: 2, to: &text)
      case UInt8(ascii: "u"): try appendScalar(digits: 4, to: &text)
      case UInt8(ascii: "U"): try appendScalar(digits: 8, to: &text)
      case UInt8(ascii: "N"), UInt8(ascii: "0")...UInt8(ascii: "7"):
        throw fault(.unsupported("escape in a string"))
      // As Python does, which keeps both.
      default: text += [UInt8(ascii: "\\"), escape]
      }
    }
    throw TemplateFault(line: start, problem: .malformed("string without end"))
  }

  private mutating func appendScalar(digits: Int, to text: inout [UInt8]) throws(TemplateFault) {
    let end = place + digits
    guard end <= source.count,
      let value = UInt32(String(decoding: source[place..<end], as: UTF8.self), radix: 16),
      source[place] != UInt8(ascii: "+"), let scalar = Unicode.Scalar(value)
    else { throw fault(.malformed("escape in a string")) }
    text += Array(String(Character(scalar)).utf8)
    advance(to: end)
  }
}
