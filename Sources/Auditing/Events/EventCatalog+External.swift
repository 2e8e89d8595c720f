internal import Cryptography
public import MedaiCore

extension EventCatalog {
  /// Makes an event of another system's type from its JSON object.
  ///
  /// Names that look personal are refused here although the kinds would admit them: an identifier
  /// may spell `900101-1234567`.
  ///
  /// - Parameters:
  ///   - type: A type whose schema is external; the program's own types cannot be forged this way.
  ///   - value: The fields, and nothing else.
  /// - Returns: The event, to be appended.
  /// - Throws: `EventError`, which tells nothing of the input.
  public func event(_ type: Identifier, _ value: JSONValue) throws(EventError) -> Event {
    let schema = try newest(type)
    guard schema.isExternal else { throw .unknownType }
    guard let object = value.object else { throw .notAnObject }
    var fields: [(String, FieldValue?)] = []
    for member in object.members {
      guard let field = schema.fields.first(where: { sameBytes($0.name, member.key) }) else {
        throw .unknownField
      }
      guard let value = FieldValue(member.value, as: field.kind) else {
        throw .wrongValue(field.name)
      }
      if value.looksPersonal { throw .looksPersonal(field.name) }
      fields.append((field.name, value))
    }
    let event = Event(type, version: schema.version, fields)
    try schema.check(event.fields)
    return event
  }
}

extension FieldValue {
  /// The value of a kind that a JSON value spells; `nil` where it does not.
  init?(_ value: JSONValue, as kind: FieldKind) {
    switch kind {
    case .count:
      guard let count = value.int else { return nil }
      self = .count(count)
    case .list(let element):
      guard let elements = value.array else { return nil }
      var values: [FieldValue] = []
      for item in elements {
        guard let value = FieldValue(item, as: element) else { return nil }
        values.append(value)
      }
      self = .list(values)
    case .map(let element):
      guard let object = value.object else { return nil }
      var entries: [MapEntry] = []
      for member in object.members {
        guard let key = Identifier(member.key),
          let value = FieldValue(member.value, as: element)
        else { return nil }
        entries.append(MapEntry(key, value))
      }
      self = .map(entries.sorted { $0.key < $1.key })
    default:
      guard let text = value.string, let scalar = FieldValue(text: text, as: kind) else {
        return nil
      }
      self = scalar
    }
    guard kind.admits(self) else { return nil }
  }

  /// The value of a kind that a JSON string spells; `nil` where it does not.
  init?(text: String, as kind: FieldKind) {
    switch kind {
    case .digest, .commitment, .token, .publicKey:
      // Lower case only: one value has one text.
      guard let digest = Digest(hex: text), digest.hex == text else { return nil }
      switch kind {
      case .digest: self = .digest(digest)
      case .commitment: self = .commitment(digest)
      case .token: self = .token(digest)
      default: self = .publicKey(digest)
      }
    case .decimal:
      guard let decimal = DecimalText(text) else { return nil }
      self = .decimal(decimal)
    case .time:
      guard let moment = Timestamp(text: text) else { return nil }
      self = .time(moment)
    case .identifier:
      guard let identifier = Identifier(text) else { return nil }
      self = .identifier(identifier)
    case .choice(let words):
      guard words.contains(where: { sameBytes($0, text) }) else { return nil }
      self = .choice(text)
    case .count, .list, .map: return nil
    }
  }

  /// Whether an identifier in the value has the shape of a resident registration number (six
  /// digits, hyphen, seven digits) or of a mobile number (`01x-xxxx-xxxx`), with or without
  /// separators.
  var looksPersonal: Bool {
    switch self {
    case .identifier(let identifier): hasPersonalShape(identifier.text)
    case .list(let elements): elements.contains(where: \.looksPersonal)
    case .map(let entries): entries.contains { hasPersonalShape($0.key.text) }
    default: false
    }
  }
}

/// Looks for a run of digits, cut by single separators, that is as long as such a number.
private func hasPersonalShape(_ text: String) -> Bool {
  var run: [UInt8] = []
  var sawSeparator = false
  func isPersonal() -> Bool {
    let isMobile =
      (10...11).contains(run.count) && run[0] == UInt8(ascii: "0") && run[1] == UInt8(ascii: "1")
      && Array("016789".utf8).contains(run[2])
    let isResident =
      run.count == 13 && (UInt8(ascii: "0")...UInt8(ascii: "8")).contains(run[6])
      && (1...12).contains(Int(run[2] - 0x30) * 10 + Int(run[3] - 0x30))
      && (1...31).contains(Int(run[4] - 0x30) * 10 + Int(run[5] - 0x30))
    return isMobile || isResident
  }
  for byte in text.utf8 {
    if byte &- 0x30 < 10 {
      run.append(byte)
      sawSeparator = false
    } else if !sawSeparator, !run.isEmpty, [0x2D, 0x2E, 0x2F, 0x5F].contains(byte) {
      sawSeparator = true
    } else {
      if isPersonal() { return true }
      run = []
      sawSeparator = false
    }
  }
  return isPersonal()
}
