/// UTF-8 that remembers, byte by byte, who wrote it: the template, or the messages put into it.
///
/// Control tokens are made of the template's own bytes only, so that no question can write one,
/// whatever a template cuts, joins or replaces.
struct MarkedText: Sendable {
  /// A byte in the low eight bits; `messageMark` is set where a message brought it.
  private(set) var units: [UInt16]

  /// Marks a byte that a message brought.
  static let messageMark: UInt16 = 0x100

  /// No text.
  init() { units = [] }

  /// Units as other texts have them.
  init(units: some Sequence<UInt16>) { self.units = Array(units) }

  /// Text of the template or of the program.
  init(own text: some Sequence<UInt8>) { units = text.map { UInt16($0) } }

  /// Text of the template or of the program.
  init(own text: String) { self.init(own: text.utf8) }

  /// Text of a message.
  init(message text: String) { units = text.utf8.map { UInt16($0) | Self.messageMark } }

  /// The bytes alone.
  var bytes: [UInt8] { units.map { UInt8(truncatingIfNeeded: $0) } }

  /// Whether each byte is the template's.
  var isOwn: [Bool] { units.map { $0 < Self.messageMark } }

  var isEmpty: Bool { units.isEmpty }

  /// Bytes of the text.
  var count: Int { units.count }

  static func += (left: inout MarkedText, right: MarkedText) { left.units += right.units }

  /// Whether both read the same, whoever wrote them.
  func reads(as other: MarkedText) -> Bool {
    units.count == other.units.count
      && zip(units, other.units).allSatisfy { UInt8(truncatingIfNeeded: $0 ^ $1) == 0 }
  }

  /// Whether a text stands at a place.
  func has(_ other: MarkedText, at start: Int) -> Bool {
    start >= 0 && start + other.count <= count
      && zip(units[start..<(start + other.count)], other.units).allSatisfy {
        UInt8(truncatingIfNeeded: $0 ^ $1) == 0
      }
  }

  /// Where a text first occurs at or after a place; UTF-8 makes that a place between scalars.
  func first(_ other: MarkedText, from start: Int = 0) -> Int? {
    guard !other.isEmpty, other.count <= count else { return other.isEmpty ? start : nil }
    var place = start
    while place + other.count <= count {
      if has(other, at: place) { return place }
      place += 1
    }
    return nil
  }

  /// Where the scalars begin.
  var scalarStarts: [Int] { units.indices.filter { units[$0] & 0xC0 != 0x80 } }

  /// The scalars one by one, as texts.
  var scalars: [MarkedText] {
    let starts = scalarStarts + [count]
    return zip(starts, starts.dropFirst()).map { MarkedText(units: units[$0..<$1]) }
  }

  /// The number of a scalar that is one text.
  var scalarValue: UInt32 {
    String(decoding: bytes, as: UTF8.self).unicodeScalars.first?.value ?? 0
  }

  /// The text without some scalars at its ends.
  ///
  /// - Parameters:
  ///   - left: Whether its beginning loses them.
  ///   - right: Whether its end loses them.
  ///   - isStripped: Which scalars, by number.
  /// - Returns: The rest.
  func stripped(left: Bool, right: Bool, _ isStripped: (UInt32) -> Bool) -> MarkedText {
    var start = 0
    var end = count
    while left, start < end {
      var next = start + 1
      while next < end, units[next] & 0xC0 == 0x80 { next += 1 }
      guard isStripped(MarkedText(units: units[start..<next]).scalarValue) else { break }
      start = next
    }
    while right, start < end {
      var last = end - 1
      while last > start, units[last] & 0xC0 == 0x80 { last -= 1 }
      guard isStripped(MarkedText(units: units[last..<end]).scalarValue) else { break }
      end = last
    }
    return MarkedText(units: units[start..<end])
  }

  /// What Python calls space.
  static func isSpace(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F,
      0x205F, 0x3000:
      true
    default: false
    }
  }

  /// The text with one occurrence after the other replaced.
  func replacing(_ old: MarkedText, with new: MarkedText, atMost limit: Int) -> MarkedText {
    var result = MarkedText()
    var start = 0
    var left = limit
    if old.isEmpty {
      // Python puts the new text before every scalar and at the end.
      for scalar in scalars {
        if left > 0 { result += new }
        left -= 1
        result += scalar
      }
      if left > 0 { result += new }
      return result
    }
    while left > 0, let place = first(old, from: start) {
      result += MarkedText(units: units[start..<place])
      result += new
      start = place + old.count
      left -= 1
    }
    result += MarkedText(units: units[start...])
    return result
  }

  /// The parts between the occurrences of a text that is not empty.
  func parts(by separator: MarkedText, atMost limit: Int) -> [MarkedText] {
    var parts: [MarkedText] = []
    var start = 0
    while parts.count < limit, let place = first(separator, from: start) {
      parts.append(MarkedText(units: units[start..<place]))
      start = place + separator.count
    }
    return parts + [MarkedText(units: units[start...])]
  }

  /// The parts between runs of space, without empty ones.
  func words() -> [MarkedText] {
    var words: [MarkedText] = []
    var word = MarkedText()
    for scalar in scalars {
      if Self.isSpace(scalar.scalarValue) {
        if !word.isEmpty { words.append(word) }
        word = MarkedText()
      } else {
        word += scalar
      }
    }
    return word.isEmpty ? words : words + [word]
  }
}
