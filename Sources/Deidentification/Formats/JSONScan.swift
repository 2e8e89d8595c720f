internal import MedaiText

/// A string or number of a JSON text and where it lies.
struct JSONLeaf {
  enum Kind { case string, number, key }
  /// What it is.
  var kind: Kind
  /// Its bytes in the text, quotes included.
  var range: Range<Int>
  /// A string's characters as UTF-8, a number's digits.
  var value: [UInt8]
  /// JSON Pointer (RFC 6901) of the value, or of the member that a key names.
  var pointer: [UInt8]
  /// Name of the member that holds the value, through arrays.
  var name: [UInt8]
  /// Members and elements above it.
  var depth: Int
}

/// Why a JSON text was refused: a byte offset, no content.
enum JSONScanError: Error, Equatable {
  case malformed(offset: Int)
  case undecodable(offset: Int)
}

/// Walks one JSON text strictly (RFC 8259) and notes every string and number in place, so that only
/// what changes is written anew.
struct JSONScan {
  private let bytes: [UInt8]
  private let encoding: TextEncoding
  private var offset = 0
  private var pointer: [UInt8] = []
  private(set) var leaves: [JSONLeaf] = []

  /// Nesting beyond this is refused.
  private static let maxDepth = 128

  /// Walks the whole text.
  init(_ bytes: [UInt8], encoding: TextEncoding) throws(JSONScanError) {
    self.bytes = bytes
    self.encoding = encoding
    skipBlanks()
    try value(name: [], depth: 0)
    skipBlanks()
    if offset != bytes.count { throw .malformed(offset: offset) }
  }

  private mutating func skipBlanks() {
    while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
  }

  private mutating func value(name: [UInt8], depth: Int) throws(JSONScanError) {
    guard depth <= Self.maxDepth, offset < bytes.count else { throw .malformed(offset: offset) }
    switch bytes[offset] {
    case UInt8(ascii: "{"): try object(depth: depth)
    case UInt8(ascii: "["): try array(name: name, depth: depth)
    case 0x22:
      let start = offset
      let text = try string()
      leaves.append(
        JSONLeaf(
          kind: .string, range: start..<offset, value: text, pointer: pointer, name: name,
          depth: depth))
    case UInt8(ascii: "t"): try literal("true")
    case UInt8(ascii: "f"): try literal("false")
    case UInt8(ascii: "n"): try literal("null")
    default:
      let start = offset
      try number()
      leaves.append(
        JSONLeaf(
          kind: .number, range: start..<offset, value: Array(bytes[start..<offset]),
          pointer: pointer, name: name, depth: depth))
    }
  }

  private mutating func object(depth: Int) throws(JSONScanError) {
    offset += 1
    skipBlanks()
    if take(UInt8(ascii: "}")) { return }
    var names = Set<[UInt8]>()
    while true {
      skipBlanks()
      guard offset < bytes.count, bytes[offset] == 0x22 else { throw .malformed(offset: offset) }
      let start = offset
      let key = try string()
      let range = start..<offset
      // Two members of one name: which one a reader takes cannot be told.
      guard names.insert(key).inserted else { throw .malformed(offset: start) }
      let length = pointer.count
      pointer.append(UInt8(ascii: "/"))
      for byte in key {
        switch byte {
        case UInt8(ascii: "~"): pointer += "~0".utf8
        case UInt8(ascii: "/"): pointer += "~1".utf8
        default: pointer.append(byte)
        }
      }
      leaves.append(
        JSONLeaf(
          kind: .key, range: range, value: key, pointer: pointer, name: key, depth: depth + 1))
      skipBlanks()
      guard take(UInt8(ascii: ":")) else { throw .malformed(offset: offset) }
      skipBlanks()
      try value(name: key, depth: depth + 1)
      pointer.removeSubrange(length...)
      skipBlanks()
      if take(UInt8(ascii: "}")) { return }
      guard take(UInt8(ascii: ",")) else { throw .malformed(offset: offset) }
    }
  }

  private mutating func array(name: [UInt8], depth: Int) throws(JSONScanError) {
    offset += 1
    skipBlanks()
    if take(UInt8(ascii: "]")) { return }
    var index = 0
    while true {
      let length = pointer.count
      pointer += "/\(index)".utf8
      skipBlanks()
      try value(name: name, depth: depth + 1)
      pointer.removeSubrange(length...)
      skipBlanks()
      if take(UInt8(ascii: "]")) { return }
      guard take(UInt8(ascii: ",")) else { throw .malformed(offset: offset) }
      index += 1
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard offset < bytes.count, bytes[offset] == byte else { return false }
    offset += 1
    return true
  }

  private mutating func literal(_ word: String) throws(JSONScanError) {
    guard bytes[offset...].starts(with: word.utf8) else { throw .malformed(offset: offset) }
    offset += word.utf8.count
  }

  private mutating func number() throws(JSONScanError) {
    _ = take(UInt8(ascii: "-"))
    let first = digits()
    guard first.count > 0, first.count == 1 || bytes[first.start] != 0x30 else {
      throw .malformed(offset: offset)
    }
    if take(UInt8(ascii: ".")), digits().count == 0 { throw .malformed(offset: offset) }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      if digits().count == 0 { throw .malformed(offset: offset) }
    }
  }

  private mutating func digits() -> (start: Int, count: Int) {
    let start = offset
    while offset < bytes.count, bytes[offset] &- 0x30 < 10 { offset += 1 }
    return (start, offset - start)
  }

  /// The characters of the string that begins here.
  private mutating func string() throws(JSONScanError) -> [UInt8] {
    offset += 1
    let start = offset
    var raw: [UInt8] = []
    var rawStart = start
    var text: [UInt8] = []
    func decoded(_ raw: [UInt8], at start: Int) throws(JSONScanError) -> [UInt8] {
      do throws(SourceTextError) { return try decodedText(raw, encoding) } catch {
        throw .undecodable(offset: start + error.offset)
      }
    }
    while offset < bytes.count {
      let byte = bytes[offset]
      switch byte {
      case 0x22:
        text += try decoded(raw, at: rawStart)
        offset += 1
        return text
      case UInt8(ascii: "\\"):
        text += try decoded(raw, at: rawStart)
        raw = []
        text += try escape()
        rawStart = offset
      case 0..<0x20: throw .malformed(offset: offset)
      default:
        raw.append(byte)
        offset += 1
      }
    }
    throw .malformed(offset: offset)
  }

  private mutating func escape() throws(JSONScanError) -> [UInt8] {
    let start = offset
    offset += 1
    guard offset < bytes.count else { throw .malformed(offset: start) }
    let byte = bytes[offset]
    offset += 1
    switch byte {
    case 0x22, UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"):
      var value = try unit()
      if value >= 0xD800 && value < 0xDC00 {
        guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
          throw .malformed(offset: start)
        }
        let low = try unit()
        guard low >= 0xDC00 && low < 0xE000 else { throw .malformed(offset: start) }
        value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(value) else { throw .malformed(offset: start) }
      return utf8Bytes(of: [scalar])
    default: throw .malformed(offset: start)
    }
  }

  private mutating func unit() throws(JSONScanError) -> UInt32 {
    guard offset + 4 <= bytes.count else { throw .malformed(offset: offset) }
    var value: UInt32 = 0
    for _ in 0..<4 {
      let byte = bytes[offset]
      switch byte {
      case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
      case 0x41...0x46, 0x61...0x66: value = value << 4 | UInt32((byte | 0x20) - 0x57)
      default: throw .malformed(offset: offset)
      }
      offset += 1
    }
    return value
  }
}

/// A string as JSON writes it, in UTF-8 or in ASCII alone.
func jsonString(_ text: [UInt8], ascii: Bool) -> [UInt8] {
  var result: [UInt8] = [0x22]
  func unit(_ value: UInt32) {
    result += "\\u".utf8
    for shift in [12, 8, 4, 0] {
      let digit = UInt8(value >> UInt32(shift) & 15)
      result.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
    }
  }
  var offset = 0
  while offset < text.count {
    let byte = text[offset]
    offset += 1
    switch byte {
    case 0x22: result += "\\\"".utf8
    case 0x5C: result += "\\\\".utf8
    case 0x08: result += "\\b".utf8
    case 0x09: result += "\\t".utf8
    case 0x0A: result += "\\n".utf8
    case 0x0C: result += "\\f".utf8
    case 0x0D: result += "\\r".utf8
    case 0..<0x20: unit(UInt32(byte))
    case 0x80... where ascii:
      let (scalar, length) = scalar(in: text, at: offset - 1)
      offset += length - 1
      if scalar.value < 0x10000 {
        unit(scalar.value)
      } else {
        unit(0xD7C0 + scalar.value >> 10)
        unit(0xDC00 + scalar.value & 0x3FF)
      }
    default: result.append(byte)
    }
  }
  result.append(0x22)
  return result
}
