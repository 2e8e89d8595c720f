internal import Cryptography
internal import MedaiCore

/// The most bytes a leaf may have: tlog-tiles writes its length in 16 bits.
public let maxLeafBytes = 65_535

/// Writes an entry as its leaf: RFC 8785 JSON.
///
/// Every text in an entry is ASCII that needs no escape, and the names below stand in their sorted
/// order, so the canonical form is written straight down.
///
/// - Returns: The leaf's bytes, however many.
func encodeLeaf(_ entry: LogEntry) -> [UInt8] {
  var leaf = LeafWriter()
  leaf.raw("{\"actor\":{\"role\":")
  leaf.quoted(entry.actor.role.text)
  if let token = entry.actor.token {
    leaf.raw(",\"token\":")
    leaf.hex(token)
  }
  leaf.raw("},\"clock\":{\"boot\":")
  leaf.quoted(entry.boot.text)
  leaf.raw(",\"mono_us\":")
  leaf.raw(String(entry.monotonicMicroseconds))
  leaf.raw("},\"id\":")
  leaf.quoted(entry.id)
  leaf.raw(",\"log\":")
  leaf.quoted(entry.origin.text)
  if let pair = entry.pair {
    leaf.raw(",\"pair\":")
    leaf.raw(String(pair))
  }
  if let schema = entry.schema {
    leaf.raw(",\"schema\":")
    leaf.hex(schema)
  }
  leaf.raw(",\"seq\":")
  leaf.raw(String(entry.sequence))
  leaf.raw(",\"time\":")
  leaf.quoted(entry.time.text)
  leaf.raw(",\"tool\":{\"sha256\":")
  leaf.hex(entry.tool.sha256)
  leaf.raw(",\"version\":")
  leaf.quoted(entry.tool.version.text)
  leaf.raw("},\"type\":")
  leaf.quoted(entry.type.text)
  leaf.raw(",\"v\":")
  leaf.raw(String(entry.event.version))
  leaf.raw(",\"values\":{")
  for (index, field) in entry.event.fields.enumerated() {
    if index > 0 { leaf.raw(",") }
    leaf.quoted(field.name)
    leaf.raw(":")
    leaf.value(field.value)
  }
  leaf.raw("}}")
  return leaf.bytes
}

private struct LeafWriter {
  var bytes: [UInt8] = []

  init() { bytes.reserveCapacity(1024) }

  mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func quoted(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: text.utf8)
    bytes.append(UInt8(ascii: "\""))
  }

  mutating func hex(_ digest: Digest) {
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: hexDigits(of: digest.bytes))
    bytes.append(UInt8(ascii: "\""))
  }

  mutating func value(_ value: FieldValue) {
    switch value {
    case .digest(let digest), .commitment(let digest), .token(let digest),
      .publicKey(let digest):
      hex(digest)
    case .count(let count): raw(String(count))
    case .decimal(let decimal): quoted(decimal.text)
    case .choice(let word): quoted(word)
    case .time(let moment): quoted(moment.text)
    case .identifier(let identifier): quoted(identifier.text)
    case .list(let elements):
      raw("[")
      for (index, element) in elements.enumerated() {
        if index > 0 { raw(",") }
        self.value(element)
      }
      raw("]")
    case .map(let entries):
      raw("{")
      for (index, entry) in entries.enumerated() {
        if index > 0 { raw(",") }
        quoted(entry.key.text)
        raw(":")
        self.value(entry.value)
      }
      raw("}")
    }
  }
}
