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

/// Looks for digits that are as long as such a number and built like one, whatever separators cut
/// them: every sequence of neighbouring groups of digits counts, so that a group before or after
/// hides nothing.
private func hasPersonalShape(_ text: String) -> Bool {
  var groups: [[UInt8]] = []
  var isInGroup = false
  for byte in text.utf8 {
    if byte &- 0x30 < 10 {
      if !isInGroup { groups.append([]) }
      groups[groups.count - 1].append(byte &- 0x30)
      isInGroup = true
    } else {
      isInGroup = false
      if (byte | 0x20) &- 0x61 < 26 {
        if isPersonal(groups) { return true }
        groups = []
      }
    }
  }
  return isPersonal(groups)
}

private func isPersonal(_ groups: [[UInt8]]) -> Bool {
  for first in groups.indices {
    var digits: [UInt8] = []
    for group in groups[first...] {
      digits += group
      if digits.count > 15 { break }
      if isMobile(digits) || isResident(digits) { return true }
    }
  }
  return false
}

/// 010-1234-5678, with or without the country's 82.
private func isMobile(_ digits: [UInt8]) -> Bool {
  var rest = digits[...]
  if rest.starts(with: [8, 2]) {
    rest = rest.dropFirst(2)
    if rest.first != 0 { rest = [0] + rest }
  }
  let kinds: [UInt8] = [0, 1, 6, 7, 8, 9]
  return (10...11).contains(rest.count) && rest.starts(with: [0, 1])
    && kinds.contains(rest[rest.startIndex + 2])
}

/// 900101-1234567: six digits of a day, and a seventh that tells century and sex.
private func isResident(_ digits: [UInt8]) -> Bool {
  digits.count == 13 && digits[6] <= 8
    && (1...12).contains(Int(digits[2]) * 10 + Int(digits[3]))
    && (1...31).contains(Int(digits[4]) * 10 + Int(digits[5]))
}
