/// Cuts the elements of a top-level JSON array; any other JSON text is one record.
///
/// Only strings and brackets are followed here; each element is checked when it is redacted. Where
/// the array itself is broken the whole file is withheld, since its rest cannot be told apart.
struct JSONCutter: RecordCutter {
  let maxRecordBytes: Int
  private enum State { case outside, beforeElement, inElement, done, broken }
  private var buffer: [UInt8] = []
  private var start = 0
  private var position = 0
  private var state = State.outside
  private var depth = 0
  private var isInString = false
  private var isEscaped = false
  private var isWhole = false
  private var isSkipping = false
  private var isFinished = false
  private var between: [UInt8] = []
  private var ordinal = 0
  private var line = 1
  private var elementLine = 1

  init(maxRecordBytes: Int) { self.maxRecordBytes = maxRecordBytes }

  mutating func append(_ bytes: [UInt8]) {
    if start > 0 {
      buffer.removeSubrange(..<start)
      position -= start
      start = 0
    }
    buffer += bytes
  }

  mutating func finish() { isFinished = true }

  mutating func next() -> RawRecord? {
    if state == .outside && !isWhole {
      if let first = open() { return first }
      if state == .outside && !isWhole { return nil }
    }
    if isWhole { return whole() }
    while position < buffer.count {
      let byte = buffer[position]
      if byte == 0x0A { line += 1 }
      switch state {
      case .beforeElement:
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D: break
        case UInt8(ascii: "]"):
          // `[1,]`: a comma that nothing follows.
          if between.contains(UInt8(ascii: ",")) { return broken() }
          position += 1
          return close()
        case UInt8(ascii: ","): return broken()
        default:
          between += buffer[start..<position]
          start = position
          elementLine = line
          state = .inElement
          continue
        }
      case .inElement:
        if isEscaped {
          isEscaped = false
        } else if isInString {
          if byte == UInt8(ascii: "\\") { isEscaped = true }
          if byte == 0x22 { isInString = false }
        } else {
          switch byte {
          case 0x22: isInString = true
          case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
          case UInt8(ascii: "}"): depth -= 1
          case UInt8(ascii: "]") where depth > 0: depth -= 1
          case UInt8(ascii: "]"): return element(isLast: true)
          case UInt8(ascii: ",") where depth == 0: return element(isLast: false)
          default: break
          }
          if depth < 0 { return broken() }
        }
      case .done:
        if ![0x20, 0x09, 0x0A, 0x0D].contains(byte) { return broken() }
      case .outside, .broken: break
      }
      position += 1
    }
    if state == .inElement, isSkipping || buffer.count - start > maxRecordBytes {
      isSkipping = true
      start = buffer.count
    }
    guard isFinished else { return nil }
    switch state {
    case .done where start < buffer.count: return structure()
    case .done, .broken: return nil
    default: return broken()
    }
  }

  /// Looks for the first character that tells what kind of text this is.
  private mutating func open() -> RawRecord? {
    var first = buffer.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while first < buffer.count, [0x20, 0x09, 0x0A, 0x0D].contains(buffer[first]) { first += 1 }
    guard first < buffer.count else {
      if isFinished { isWhole = true }
      return nil
    }
    guard buffer[first] == UInt8(ascii: "[") else {
      isWhole = true
      return nil
    }
    line += buffer[..<first].count { $0 == 0x0A }
    state = .beforeElement
    position = first + 1
    return structure()
  }

  private mutating func whole() -> RawRecord? {
    if state == .done { return nil }
    if isSkipping || buffer.count > maxRecordBytes {
      isSkipping = true
      start = buffer.count
    }
    guard isFinished else { return nil }
    state = .done
    var bytes = isSkipping ? [] : buffer
    var before: [UInt8] = []
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      before = Array(bytes.prefix(3))
      bytes.removeFirst(3)
    }
    return RawRecord(
      bytes: bytes, before: before, ordinal: 1, line: 1, fault: isSkipping ? .tooLarge : nil)
  }

  private mutating func element(isLast: Bool) -> RawRecord {
    ordinal += 1
    let bytes = isSkipping ? [] : Array(buffer[start..<position])
    let isTooLarge = isSkipping || bytes.count > maxRecordBytes
    let record = RawRecord(
      bytes: isTooLarge ? [] : bytes, before: between, ordinal: ordinal, line: elementLine,
      fault: isTooLarge ? .tooLarge : nil)
    isSkipping = false
    if isLast {
      // The bracket is taken by the next call.
      between = []
      start = position
      state = .beforeElement
    } else {
      between = [UInt8(ascii: ",")]
      position += 1
      start = position
      state = .beforeElement
    }
    return record
  }

  private mutating func close() -> RawRecord {
    state = .done
    return structure()
  }

  private mutating func structure() -> RawRecord {
    let bytes = Array(buffer[start..<position])
    start = position
    return RawRecord(bytes: bytes, ordinal: 0, line: line, isStructure: true)
  }

  private mutating func broken() -> RawRecord {
    state = .broken
    position = buffer.count
    start = position
    return RawRecord(
      bytes: [], ordinal: ordinal + 1, line: line, fault: .malformed, breaksFile: true)
  }
}
