internal import Auditing
internal import Glibc
internal import MedaiCore
internal import SystemPackage

/// What arrived at once: events to be committed together, with the line each began at.
struct EventBatch {
  var events: [Event] = []
  var lines: [Int] = []
  /// What follows the events and cannot be accepted; nothing after it is read.
  var fault: EventFeed.Fault?
  /// Whether the input ends with these events.
  var isLast = false
}

/// Cuts a file or a stream into events of one type: one object, or one object a line (NDJSON).
///
/// A batch is whatever is there at this moment, at most `maxEvents`: while one batch is committed
/// the next gathers, so that a slow disk makes greater groups and a single event waits for nobody.
struct EventFeed {
  /// Why a line is refused. Says where, never what stood there.
  enum Fault: Error, Equatable {
    /// Not JSON.
    case json(line: Int, JSONError.Reason)
    /// Not an event of the type.
    case event(line: Int, EventError)
    /// Something follows the one object, which took more than a line.
    case trailing(line: Int)
    /// A line, or the one object, is longer than may be.
    case tooLong(line: Int, maxBytes: Int)
    /// The input cannot be read.
    case unreadable(code: Int32)
  }

  /// The longest line or object that is taken.
  static let maxBytes = 64 << 10
  private static let maxEvents = 1000
  private static let maxBatchBytes = 1 << 20

  private let descriptor: Int32
  private let type: Identifier
  private let catalog: EventCatalog
  /// What was read and is not yet a whole line.
  private var buffer: [UInt8] = []
  /// Where in the buffer the next line begins, and how far no line feed was found.
  private var start = 0
  private var searched = 0
  /// The lines of the first object so far, while it is not whole.
  private var opening: [UInt8] = []
  private var openingLine = 0
  private var shape = Shape.unknown
  private var line = 0
  private var atEnd = false

  /// What the input was found to be.
  private enum Shape { case unknown, lines, oneObject }

  /// A feed from a descriptor that the caller keeps open.
  init(_ descriptor: FileDescriptor, type: Identifier, catalog: EventCatalog) {
    self.descriptor = descriptor.rawValue
    self.type = type
    self.catalog = catalog
  }

  /// Waits for at least one event, the end or a fault, and takes with it what is there already.
  mutating func next() -> EventBatch {
    var batch = EventBatch()
    var taken = 0
    do throws(Fault) {
      while batch.events.count < Self.maxEvents, taken < Self.maxBatchBytes {
        if let text = try nextLine() {
          taken += text.count
          try take(text, into: &batch)
        } else if atEnd {
          try finish(&batch)
          batch.isLast = true
          return batch
        } else {
          // Only an empty batch waits.
          guard try read(waiting: batch.events.isEmpty) else { return batch }
        }
      }
    } catch {
      batch.fault = error
    }
    return batch
  }

  /// The next whole line; at the end, what has no line feed.
  private mutating func nextLine() throws(Fault) -> [UInt8]? {
    let found = buffer[searched...].firstIndex(of: 0x0A)
    let isWhole = found != nil || (atEnd && start < buffer.count)
    let end = found ?? buffer.count
    guard end - start <= Self.maxBytes else {
      throw .tooLong(line: line + 1, maxBytes: Self.maxBytes)
    }
    guard isWhole else {
      searched = buffer.count
      return nil
    }
    line += 1
    let text = Array(buffer[start..<end])
    start = min(end + 1, buffer.count)
    searched = start
    return text
  }

  private mutating func take(_ text: [UInt8], into batch: inout EventBatch) throws(Fault) {
    guard text.contains(where: { !isSpace($0) }) else { return }
    switch shape {
    case .oneObject: throw .trailing(line: line)
    case .lines: try append(try parse(text, line: line), line, to: &batch)
    case .unknown:
      if opening.isEmpty { openingLine = line }
      opening += text + [0x0A]
      guard opening.count <= Self.maxBytes + 1 else {
        throw .tooLong(line: openingLine, maxBytes: Self.maxBytes)
      }
      // Every line could end the object only where it ends in a brace.
      let isFirst = openingLine == line
      guard isFirst || text.last(where: { !isSpace($0) }) == UInt8(ascii: "}") else { return }
      let value: JSONValue
      do throws(Fault) {
        value = try parse(opening, line: openingLine)
      } catch {
        // An object may go on in the next line; the end of the input tells at last.
        if case .json(_, .unexpectedEnd) = error { return }
        throw error
      }
      opening = []
      shape = isFirst ? .lines : .oneObject
      try append(value, openingLine, to: &batch)
    }
  }

  private mutating func finish(_ batch: inout EventBatch) throws(Fault) {
    guard !opening.isEmpty else { return }
    throw .json(line: openingLine, .unexpectedEnd)
  }

  private func append(
    _ value: JSONValue, _ line: Int, to batch: inout EventBatch
  ) throws(Fault) {
    do throws(EventError) {
      batch.events.append(try catalog.event(type, value))
    } catch {
      throw .event(line: line, error)
    }
    batch.lines.append(line)
  }

  private func parse(_ text: [UInt8], line: Int) throws(Fault) -> JSONValue {
    do throws(JSONError) {
      return try parseJSON(text, maxDepth: 8)
    } catch {
      throw .json(line: line, error.reason)
    }
  }

  private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

  /// Reads what is there.
  ///
  /// - Parameter waiting: Whether to wait until something is.
  /// - Returns: Whether anything came: bytes or the end.
  /// - Throws: `Fault.unreadable`.
  private mutating func read(waiting: Bool) throws(Fault) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let ready = unsafe poll(&entry, 1, waiting ? -1 : 0)
      if ready == 0 { return false }
      if ready < 0 {
        if errno == EINTR { continue }
        throw .unreadable(code: errno)
      }
      let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 {
        if errno == EINTR || errno == EAGAIN { continue }
        throw .unreadable(code: errno)
      }
      if count == 0 { atEnd = true }
      buffer.removeSubrange(..<start)
      searched -= start
      start = 0
      buffer += chunk[..<count]
      return true
    }
  }
}
