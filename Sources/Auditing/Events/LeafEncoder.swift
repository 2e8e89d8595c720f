internal import Cryptography
internal import MedaiCore

/// The most bytes a leaf may have: tlog-tiles writes its length in 16 bits.
public let maxLeafBytes = 65_535

/// Writes an entry as its leaf: RFC 8785 JSON.
///
/// - Returns: The leaf's bytes, however many.
func encodeLeaf(_ entry: LogEntry) -> [UInt8] {
  let template = LeafTemplate(
    origin: entry.origin, boot: entry.boot, actor: entry.actor, tool: entry.tool)
  var leaf: [UInt8] = []
  template.write(
    entry.event, sequence: entry.sequence, time: Array(entry.time.text.utf8),
    monotonicMicroseconds: entry.monotonicMicroseconds, schema: entry.schema, to: &leaf
  ) { $0.append(contentsOf: entry.id.utf8) }
  return leaf
}

/// What the leaves of one open log have in common, spelled once.
///
/// Every text in an entry is ASCII that needs no escape, and the names stand in their sorted order,
/// so the canonical form is written straight down.
struct LeafTemplate {
  /// Up to the monotonic clock.
  private let head: [UInt8]
  /// From the end of the id through the log's name.
  private let origin: [UInt8]
  /// From the end of the time up to the type.
  private let tool: [UInt8]

  init(origin: Identifier, boot: Identifier, actor: LogActor, tool: LogTool) {
    var head: [UInt8] = []
    head.raw("{\"actor\":{\"role\":")
    head.quoted(actor.role.text)
    if let token = actor.token {
      head.raw(",\"token\":")
      head.hex(token)
    }
    head.raw("},\"clock\":{\"boot\":")
    head.quoted(boot.text)
    head.raw(",\"mono_us\":")
    self.head = head
    var name = Array("\",\"log\":".utf8)
    name.quoted(origin.text)
    self.origin = name
    var program = Array("\",\"tool\":{\"sha256\":".utf8)
    program.hex(tool.sha256)
    program.raw(",\"version\":")
    program.quoted(tool.version.text)
    program.raw("},\"type\":")
    self.tool = program
  }

  /// Appends a leaf.
  ///
  /// - Parameters:
  ///   - event: What happened, checked against its schema.
  ///   - sequence: The entry's number.
  ///   - time: UTC, spelled: the same for all that is appended together.
  ///   - monotonicMicroseconds: The clock that nobody sets.
  ///   - schema: Digest of the schema, where the type is another system's.
  ///   - leaf: Takes the bytes.
  ///   - id: Appends the 36 characters of the entry's id.
  func write(
    _ event: Event, sequence: Int, time: [UInt8], monotonicMicroseconds: Int, schema: Digest?,
    to leaf: inout [UInt8], id: (inout [UInt8]) -> Void
  ) {
    leaf.append(contentsOf: head)
    leaf.number(monotonicMicroseconds)
    leaf.raw("},\"id\":\"")
    id(&leaf)
    leaf.append(contentsOf: origin)
    if let pair = event.pair {
      leaf.raw(",\"pair\":")
      leaf.number(pair)
    }
    if let schema {
      leaf.raw(",\"schema\":")
      leaf.hex(schema)
    }
    leaf.raw(",\"seq\":")
    leaf.number(sequence)
    leaf.raw(",\"time\":\"")
    leaf.append(contentsOf: time)
    leaf.append(contentsOf: tool)
    leaf.quoted(event.type.text)
    leaf.raw(",\"v\":")
    leaf.number(event.version)
    leaf.raw(",\"values\":{")
    var isFirst = true
    for field in event.fields {
      if !isFirst { leaf.append(UInt8(ascii: ",")) }
      isFirst = false
      leaf.quoted(field.name)
      leaf.append(UInt8(ascii: ":"))
      leaf.value(field.value)
    }
    leaf.raw("}}")
  }
}

extension [UInt8] {
  fileprivate mutating func raw(_ text: StaticString) {
    text.withUTF8Buffer { unsafe append(contentsOf: $0) }
  }

  fileprivate mutating func quoted(_ text: String) {
    append(UInt8(ascii: "\""))
    append(contentsOf: text.utf8)
    append(UInt8(ascii: "\""))
  }

  fileprivate mutating func hex(_ digest: Digest) {
    append(UInt8(ascii: "\""))
    digest.appendHex(to: &self)
    append(UInt8(ascii: "\""))
  }

  /// A count in decimal digits.
  fileprivate mutating func number(_ value: Int) {
    var digits = InlineArray<20, UInt8>(repeating: UInt8(ascii: "0"))
    var first = digits.count - 1
    var rest = value.magnitude
    while rest >= 10 {
      digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
      first -= 1
    }
    digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest)
    // A count is never negative; a wrong one is refused by its schema, not spelled as another.
    if value < 0 { append(UInt8(ascii: "-")) }
    for index in first..<digits.count { append(digits[index]) }
  }

  fileprivate mutating func value(_ value: FieldValue) {
    switch value {
    case .digest(let digest), .commitment(let digest), .token(let digest),
      .publicKey(let digest):
      hex(digest)
    case .count(let count): number(count)
    case .decimal(let decimal): quoted(decimal.text)
    case .choice(let word): quoted(word)
    case .time(let moment):
      append(UInt8(ascii: "\""))
      moment.append(to: &self)
      append(UInt8(ascii: "\""))
    case .identifier(let identifier): quoted(identifier.text)
    case .list(let elements):
      append(UInt8(ascii: "["))
      for index in elements.indices {
        if index > 0 { append(UInt8(ascii: ",")) }
        self.value(elements[index])
      }
      append(UInt8(ascii: "]"))
    case .map(let entries):
      append(UInt8(ascii: "{"))
      for index in entries.indices {
        if index > 0 { append(UInt8(ascii: ",")) }
        quoted(entries[index].key.text)
        append(UInt8(ascii: ":"))
        self.value(entries[index].value)
      }
      append(UInt8(ascii: "}"))
    }
  }
}
