/// How a JSON value becomes bytes.
public enum JSONStyle: Sendable {
  /// RFC 8785: members sorted by UTF-16 code units, numbers as ECMAScript writes them.
  case canonical
  /// One line, members in their own order, numbers in their own digits.
  case compact
  /// Two spaces of indentation, members in their own order.
  case pretty
}

extension JSONValue {
  /// The value as UTF-8 bytes, without a final line break.
  ///
  /// - Parameter style: The layout. `canonical` needs every number to be a finite double; one that
  ///   is not is written with its own digits, which no canonical reader accepts.
  /// - Returns: The bytes.
  public func encoded(_ style: JSONStyle = .compact) -> [UInt8] {
    var writer = JSONWriter(style: style)
    writer.write(self, indent: 0)
    return writer.bytes
  }
}

/// Appends JSON to a byte array.
private struct JSONWriter {
  let style: JSONStyle
  var bytes: [UInt8] = []

  init(style: JSONStyle) { self.style = style }

  mutating func write(_ value: JSONValue, indent: Int) {
    switch value {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .number(let number): write(number)
    case .string(let text): write(text)
    case .array(let elements):
      container("[", "]", isEmpty: elements.isEmpty, indent: indent) { writer in
        for (index, element) in elements.enumerated() {
          if index > 0 { writer.bytes.append(UInt8(ascii: ",")) }
          writer.line(indent + 1)
          writer.write(element, indent: indent + 1)
        }
      }
    case .object(let object):
      container("{", "}", isEmpty: object.members.isEmpty, indent: indent) { writer in
        for (index, member) in writer.ordered(object.members).enumerated() {
          if index > 0 { writer.bytes.append(UInt8(ascii: ",")) }
          writer.line(indent + 1)
          writer.write(member.key)
          writer.bytes += (writer.style == .pretty ? ": " : ":").utf8
          writer.write(member.value, indent: indent + 1)
        }
      }
    }
  }

  mutating func container(
    _ open: String, _ close: String, isEmpty: Bool, indent: Int, _ body: (inout Self) -> Void
  ) {
    bytes += open.utf8
    body(&self)
    if !isEmpty { line(indent) }
    bytes += close.utf8
  }

  mutating func line(_ indent: Int) {
    guard style == .pretty else { return }
    bytes.append(0x0A)
    bytes += repeatElement(0x20, count: 2 * indent)
  }

  func ordered(_ members: [(key: String, value: JSONValue)]) -> [(key: String, value: JSONValue)] {
    guard style == .canonical else { return members }
    return members.sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
  }

  mutating func write(_ number: JSONNumber) {
    if style == .canonical, let value = number.double {
      bytes += ecmaScriptNumber(value).utf8
    } else {
      bytes += number.token.utf8
    }
  }

  mutating func write(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): bytes += "\\\"".utf8
      case UInt8(ascii: "\\"): bytes += "\\\\".utf8
      case 0x08: bytes += "\\b".utf8
      case 0x09: bytes += "\\t".utf8
      case 0x0A: bytes += "\\n".utf8
      case 0x0C: bytes += "\\f".utf8
      case 0x0D: bytes += "\\r".utf8
      case 0..<0x20: bytes += "\\u00".utf8 + hexDigits(of: [byte])
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
