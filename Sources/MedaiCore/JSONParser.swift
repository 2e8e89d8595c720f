/// Why bytes are not JSON that may be trusted, and where.
public struct JSONError: Error, Equatable {
  /// What is wrong.
  public enum Reason: Sendable, Equatable {
    case unexpectedEnd
    case unexpectedByte
    case invalidUTF8
    case invalidEscape
    case loneSurrogate
    case controlCharacter
    case invalidNumber
    case duplicateName
    case tooDeep
    case trailingBytes
    case byteOrderMark
  }

  /// What is wrong.
  public let reason: Reason
  /// Byte position, from 0.
  public let offset: Int
}

/// Reads JSON strictly (RFC 8259 over UTF-8): no duplicate names, no lone surrogates, no byte order
/// mark, nothing after the value, bounded depth.
///
/// - Parameters:
///   - bytes: The text.
///   - maxDepth: Containers that may be open at once.
/// - Returns: The value.
/// - Throws: `JSONError` with the offset of the first fault.
public func parseJSON(_ bytes: [UInt8], maxDepth: Int = 128) throws(JSONError) -> JSONValue {
  var parser = JSONParser(bytes: bytes, maxDepth: maxDepth)
  return try parser.document()
}

/// A recursive-descent reader; `position` never passes `bytes.count`.
private struct JSONParser {
  let bytes: [UInt8]
  let maxDepth: Int
  var position = 0
  var depth = 0

  init(bytes: [UInt8], maxDepth: Int) {
    self.bytes = bytes
    self.maxDepth = maxDepth
  }

  mutating func document() throws(JSONError) -> JSONValue {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw fault(.byteOrderMark) }
    let value = try value()
    skipSpace()
    if position < bytes.count { throw fault(.trailingBytes) }
    return value
  }

  func fault(_ reason: JSONError.Reason, at offset: Int? = nil) -> JSONError {
    JSONError(reason: reason, offset: offset ?? position)
  }

  mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  func peek() throws(JSONError) -> UInt8 {
    guard position < bytes.count else { throw fault(.unexpectedEnd) }
    return bytes[position]
  }

  mutating func value() throws(JSONError) -> JSONValue {
    skipSpace()
    switch try peek() {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw fault(.unexpectedByte)
    }
  }

  mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
    for byte in word.description.utf8 {
      guard try peek() == byte else { throw fault(.unexpectedByte) }
      position += 1
    }
    return value
  }

  mutating func open() throws(JSONError) {
    depth += 1
    if depth > maxDepth { throw fault(.tooDeep) }
    position += 1
  }

  mutating func object() throws(JSONError) -> JSONValue {
    try open()
    var object = JSONObject()
    var names = Set<[UInt8]>()
    skipSpace()
    if try peek() == UInt8(ascii: "}") {
      position += 1
      depth -= 1
      return .object(object)
    }
    while true {
      skipSpace()
      let start = position
      guard try peek() == UInt8(ascii: "\"") else { throw fault(.unexpectedByte) }
      let name = try string()
      guard names.insert(Array(name.utf8)).inserted else {
        throw fault(.duplicateName, at: start)
      }
      skipSpace()
      guard try peek() == UInt8(ascii: ":") else { throw fault(.unexpectedByte) }
      position += 1
      object.append(name, try value())
      skipSpace()
      let byte = try peek()
      position += 1
      if byte == UInt8(ascii: "}") { break }
      guard byte == UInt8(ascii: ",") else { throw fault(.unexpectedByte, at: position - 1) }
    }
    depth -= 1
    return .object(object)
  }

  mutating func array() throws(JSONError) -> JSONValue {
    try open()
    var elements: [JSONValue] = []
    skipSpace()
    if try peek() == UInt8(ascii: "]") {
      position += 1
      depth -= 1
      return .array(elements)
    }
    while true {
      elements.append(try value())
      skipSpace()
      let byte = try peek()
      position += 1
      if byte == UInt8(ascii: "]") { break }
      guard byte == UInt8(ascii: ",") else { throw fault(.unexpectedByte, at: position - 1) }
    }
    depth -= 1
    return .array(elements)
  }

  mutating func string() throws(JSONError) -> String {
    let start = position
    position += 1
    var text: [UInt8] = []
    while true {
      let byte = try peek()
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        guard let string = String(validating: text, as: UTF8.self) else {
          throw fault(.invalidUTF8, at: start)
        }
        return string
      case UInt8(ascii: "\\"):
        position += 1
        try escape(into: &text)
      case 0..<0x20: throw fault(.controlCharacter)
      default:
        text.append(byte)
        position += 1
      }
    }
  }

  mutating func escape(into text: inout [UInt8]) throws(JSONError) {
    let byte = try peek()
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      let start = position - 2
      var code = try hexQuad()
      if (0xD800..<0xDC00).contains(code) {
        guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
          bytes[position + 1] == UInt8(ascii: "u")
        else { throw fault(.loneSurrogate, at: start) }
        position += 2
        let low = try hexQuad()
        guard (0xDC00..<0xE000).contains(low) else { throw fault(.loneSurrogate, at: start) }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw fault(.loneSurrogate, at: start) }
      text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    default: throw fault(.invalidEscape, at: position - 1)
    }
  }

  mutating func hexQuad() throws(JSONError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = hexDigitValue(try peek()) else { throw fault(.invalidEscape) }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }

  mutating func number() throws(JSONError) -> JSONValue {
    let start = position
    if bytes[position] == UInt8(ascii: "-") { position += 1 }
    if try peek() == UInt8(ascii: "0") { position += 1 } else { try digits() }
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      try digits()
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(try peek()) { position += 1 }
      try digits()
    }
    let token = String(decoding: bytes[start..<position], as: UTF8.self)
    return .number(JSONNumber(token: token))
  }

  mutating func digits() throws(JSONError) {
    let start = position
    while position < bytes.count, bytes[position] &- 0x30 < 10 { position += 1 }
    if position == start {
      throw position < bytes.count ? fault(.invalidNumber) : fault(.unexpectedEnd)
    }
  }
}
