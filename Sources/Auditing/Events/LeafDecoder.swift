internal import Cryptography
internal import MedaiCore

/// Why bytes are not a leaf of this format.
public enum LeafError: Error, Equatable, Sendable {
  /// Longer than a leaf may be.
  case tooLong
  /// Not the canonical form, or a common field is missing or malformed; the byte where it shows.
  case malformed(offset: Int)
  /// The type has no schema here: the entry cannot be judged.
  case unknownType
  /// The type has no schema of this version here: the entry cannot be judged.
  case unknownVersion
  /// The schema at hand is not the one the entry was written under.
  case otherSchema
  /// The fields break the schema.
  case schema(EventError)
}

/// Reads a leaf back.
///
/// Accepts exactly the bytes that `encodeLeaf` writes for some entry of a known schema: canonical
/// form, field set and value kinds are checked in one pass.
public func decodeLeaf(
  _ bytes: [UInt8], catalog: EventCatalog
) throws(LeafError) -> LogEntry {
  var scanner = LeafScanner(catalog.grammar)
  let outline = try scanner.scan(bytes, 0..<bytes.count, catalog)
  return try LogEntry(outline, of: bytes, catalog)
}

extension LogEntry {
  /// The entry of a leaf that was checked.
  init(
    _ outline: LeafOutline, of bytes: [UInt8], _ catalog: EventCatalog
  ) throws(LeafError) {
    func identifier(_ text: LeafOutline.Text) -> Identifier {
      Identifier(unchecked: String(decoding: bytes[text.range], as: UTF8.self))
    }
    func digest(_ text: LeafOutline.Text) throws(LeafError) -> Digest {
      guard let digest = Digest(hex: String(decoding: bytes[text.range], as: UTF8.self)) else {
        throw .malformed(offset: 0)
      }
      return digest
    }
    let schema = catalog.schemas[outline.schema]
    var reader = LeafReader(bytes)
    reader.position = outline.values
    let event = Event(
      checked: schema.type, version: schema.version, pair: outline.pair,
      try reader.fields(schema))
    let token: Digest? = if let token = outline.actorToken { try digest(token) } else { nil }
    let written: Digest? = if let text = outline.schemaDigest { try digest(text) } else { nil }
    self.init(
      sequence: outline.sequence, origin: identifier(outline.origin),
      id: String(decoding: bytes[outline.id.range], as: UTF8.self), time: outline.time,
      boot: identifier(outline.boot), monotonicMicroseconds: outline.monotonicMicroseconds,
      actor: LogActor(role: identifier(outline.role), token: token),
      tool: LogTool(
        version: identifier(outline.toolVersion), sha256: try digest(outline.toolDigest)),
      event: event, schema: written)
  }
}

/// Builds the fields of a leaf that the scanner accepted, as strictly as if nobody had.
private struct LeafReader {
  let bytes: [UInt8]
  var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var fault: LeafError { .malformed(offset: position) }

  /// The members of `values`, merged against the schema's fields: both are sorted.
  mutating func fields(_ schema: EventSchema) throws(LeafError) -> [Event.Field] {
    var fields: [Event.Field] = []
    fields.reserveCapacity(schema.fields.count)
    for field in schema.fields {
      let start = position
      guard fields.isEmpty || accept(","), accept(field.spelling) else {
        position = start
        if field.isRequired { throw .schema(.missingField(field.name)) }
        continue
      }
      guard let value = try value(field.kind) else { throw .schema(.wrongValue(field.name)) }
      fields.append(Event.Field(name: field.name, value: value))
    }
    guard position < bytes.count, bytes[position] == UInt8(ascii: "}") else {
      throw .schema(.unknownField)
    }
    return fields
  }

  mutating func value(_ kind: FieldKind) throws(LeafError) -> FieldValue? {
    switch kind {
    case .count: return .count(try count())
    case .digest: return .digest(try digest())
    case .commitment: return .commitment(try digest())
    case .token: return .token(try digest())
    case .publicKey: return .publicKey(try digest())
    case .identifier: return .identifier(try identifier())
    case .decimal, .time, .choice: return FieldValue(text: try text(), as: kind)
    case .list(let element):
      try expect("[")
      var elements: [FieldValue] = []
      while !accept("]") {
        if !elements.isEmpty { try expect(",") }
        guard elements.count < FieldKind.maxElements, let value = try value(element) else {
          return nil
        }
        elements.append(value)
      }
      return .list(elements)
    case .map(let element):
      try expect("{")
      var entries: [FieldValue.MapEntry] = []
      while !accept("}") {
        if !entries.isEmpty { try expect(",") }
        let key = try identifier()
        if let last = entries.last, last.key >= key { throw fault }
        try expect(":")
        guard entries.count < FieldKind.maxElements, let value = try value(element) else {
          return nil
        }
        entries.append(FieldValue.MapEntry(key, value))
      }
      return .map(entries)
    }
  }

  mutating func expect(_ text: StaticString) throws(LeafError) {
    guard accept(text) else { throw fault }
  }

  mutating func accept(_ text: StaticString) -> Bool {
    let matches = text.withUTF8Buffer { expected in
      guard bytes.count - position >= expected.count else { return false }
      for index in expected.indices where unsafe bytes[position + index] != expected[index] {
        return false
      }
      return true
    }
    if matches { position += text.utf8CodeUnitCount }
    return matches
  }

  mutating func accept(_ expected: [UInt8]) -> Bool {
    guard bytes.count - position >= expected.count else { return false }
    for index in expected.indices where bytes[position + index] != expected[index] {
      return false
    }
    position += expected.count
    return true
  }

  /// A string of ASCII that needs no escape.
  mutating func text() throws(LeafError) -> String {
    try expect("\"")
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      let byte = bytes[position]
      guard byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\\") else { throw fault }
      position += 1
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    try expect("\"")
    return text
  }

  mutating func identifier() throws(LeafError) -> Identifier {
    try expect("\"")
    let start = position
    while position < bytes.count, isIdentifierByte(bytes[position]) { position += 1 }
    guard (1...128).contains(position - start) else { throw fault }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    try expect("\"")
    return Identifier(unchecked: text)
  }

  mutating func digest() throws(LeafError) -> Digest {
    try expect("\"")
    guard bytes.count - position >= 64 else { throw fault }
    var digest: [UInt8] = []
    digest.reserveCapacity(32)
    for _ in 0..<32 {
      guard let high = lowerHexDigit(bytes[position]),
        let low = lowerHexDigit(bytes[position + 1])
      else { throw fault }
      digest.append(high << 4 | low)
      position += 2
    }
    try expect("\"")
    guard let digest = Digest(bytes: digest) else { throw fault }
    return digest
  }

  /// An integer from 0 to 2^53 − 1 without leading zeros.
  mutating func count() throws(LeafError) -> Int {
    let start = position
    var value = 0
    while position < bytes.count, bytes[position] &- 0x30 < 10 {
      value = value * 10 + Int(bytes[position] - 0x30)
      guard value <= greatestCount else { throw fault }
      position += 1
    }
    guard position > start, position == start + 1 || bytes[start] != 0x30 else { throw fault }
    return value
  }
}

private func lowerHexDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case 0x30...0x39: byte - 0x30
  case 0x61...0x66: byte - 0x61 + 10
  default: nil
  }
}

extension Event {
  /// An event whose fields were read in order and checked against the schema.
  fileprivate init(checked type: Identifier, version: Int, pair: Int?, _ fields: [Field]) {
    self.type = type
    self.version = version
    self.pair = pair
    self.fields = fields
  }
}
