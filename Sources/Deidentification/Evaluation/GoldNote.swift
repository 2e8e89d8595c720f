package import MedaiCore
internal import MedaiText
package import SystemPackage

/// Why marked notes or span lines are refused: places, never text.
package enum GoldError: Error, Equatable, Sendable {
  /// A line or note that breaks its format.
  case malformed(file: FilePath, line: Int)
  /// Bytes that are no UTF-8.
  case undecodable(file: FilePath)
  /// Two notes of one id.
  case duplicate(file: FilePath, line: Int)
  /// A span that does not lie in its note's text.
  case outside(file: FilePath, line: Int)
  /// A type that there is none of.
  case unknownType(file: FilePath, line: Int)
  /// No note at all.
  case empty(file: FilePath)
  case file(FileError)
}

/// A note with its marked identifiers: what a detector should find.
package struct GoldNote: Sendable {
  /// Its id; span lines name it as their record.
  package var id: String
  /// Its text without marks, well-formed UTF-8.
  package var text: [UInt8]
  /// What is marked, in bytes of the text, in order.
  package var spans: [IdentifierSpan]

  /// A note.
  package init(id: String, text: [UInt8], spans: [IdentifierSpan]) {
    self.id = id
    self.text = text
    self.spans = spans
  }

  /// Reads every note of a file, or of all `.txt`, `.ndjson` and `.jsonl` files of a folder.
  ///
  /// - Parameter path: `⟦TYPE:surface⟧` in texts, with `=== id:` lines before each note or the file's
  ///   name as its id; or NDJSON `{"id","text","spans":[{"start","end","type"}]}` that counts scalars.
  /// - Returns: The notes in the order of the files' names.
  /// - Returns: The notes in the order of the names of their files.
  /// - Throws: `GoldError`.
  package static func read(_ path: FilePath) throws(GoldError) -> [GoldNote] {
    var notes: [GoldNote] = []
    var seen = Set<[UInt8]>()
    for file in try files(path) {
      for (note, line) in try marked(in: file) {
        guard seen.insert(Array(note.id.utf8)).inserted else {
          throw .duplicate(file: file, line: line)
        }
        notes.append(note)
      }
    }
    if notes.isEmpty { throw .empty(file: path) }
    return notes
  }

  private static func files(_ path: FilePath) throws(GoldError) -> [FilePath] {
    do throws(FileError) {
      guard try fileStatus(path).kind == .folder else { return [path] }
      return try folderEntries(path).filter { name in
        [".txt", ".ndjson", ".jsonl"].contains { name.hasSuffix($0) }
      }.map { path.appending($0) }
    } catch {
      throw .file(error)
    }
  }

  private static func marked(in file: FilePath) throws(GoldError) -> [(GoldNote, Int)] {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try readFile(file, maxBytes: 1 << 30) } catch {
      throw .file(error)
    }
    if firstInvalidUTF8(in: bytes) != nil { throw .undecodable(file: file) }
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    let first = bytes.first { $0 > 0x20 }
    if first == UInt8(ascii: "{") { return try records(lines, file) }
    let header = Array("=== id: ".utf8)
    if first == nil { return [] }
    guard lines.contains(where: { $0.starts(with: header) }) else {
      let name = file.lastComponent?.string ?? ""
      return [(try unmarked(name, bytes, file, line: 1), 1)]
    }
    var notes: [(GoldNote, Int)] = []
    var body: [[UInt8]] = []
    var id = ""
    var start = 0
    func finish() throws(GoldError) {
      if id.isEmpty { return }
      var first = start + 1
      while body.first?.isEmpty == true {
        body.removeFirst()
        first += 1
      }
      while body.last?.isEmpty == true { body.removeLast() }
      let text = Array(body.joined(separator: [0x0A]))
      notes.append((try unmarked(id, text, file, line: first), start))
    }
    for (index, line) in lines.enumerated() {
      if line.starts(with: header) {
        try finish()
        body = []
        id = String(decoding: line.dropFirst(8).prefix { $0 > 0x20 }, as: UTF8.self)
        start = index + 1
        if id.isEmpty { throw .malformed(file: file, line: start) }
      } else {
        body.append(Array(line))
      }
    }
    try finish()
    return notes
  }

  /// Takes the marks out of a text.
  private static func unmarked(
    _ id: String, _ marked: [UInt8], _ file: FilePath, line: Int
  ) throws(GoldError) -> GoldNote {
    var note = GoldNote(id: id, text: [], spans: [])
    let open = Array("⟦".utf8)
    let close = Array("⟧".utf8)
    var index = 0
    // Where the mark began that is open.
    var mark: (start: Int, type: IdentifierType)?
    var at = line
    while index < marked.count {
      if marked[index] == 0x0A { at += 1 }
      if marked[index...].starts(with: open) {
        let rest = marked[(index + open.count)...]
        guard mark == nil, let colon = rest.prefix(16).firstIndex(of: UInt8(ascii: ":")) else {
          throw .malformed(file: file, line: at)
        }
        let name = String(decoding: rest[..<colon], as: UTF8.self)
        guard let type = IdentifierType(rawValue: name) else {
          throw .unknownType(file: file, line: at)
        }
        mark = (note.text.count, type)
        index = colon + 1
      } else if marked[index...].starts(with: close) {
        guard let open = mark, note.text.count > open.start else {
          throw .malformed(file: file, line: at)
        }
        note.spans.append(gold(open.start, note.text.count, open.type))
        mark = nil
        index += close.count
      } else {
        note.text.append(marked[index])
        index += 1
      }
    }
    if mark != nil { throw .malformed(file: file, line: at) }
    return note
  }

  private static func records(
    _ lines: [ArraySlice<UInt8>], _ file: FilePath
  ) throws(GoldError) -> [(GoldNote, Int)] {
    var notes: [(GoldNote, Int)] = []
    for (index, line) in lines.enumerated() where line.contains(where: { $0 > 0x20 }) {
      let number = index + 1
      guard let value = try? parseJSON(Array(line)), let id = recordID(value["id"]),
        let text = value["text"]?.string, let spans = value["spans"]?.array
      else { throw .malformed(file: file, line: number) }
      var note = GoldNote(id: id, text: Array(text.utf8), spans: [])
      let offsets = ScalarOffsets(note.text)
      for span in spans {
        guard let start = span["start"]?.int, let end = span["end"]?.int,
          let name = span["type"]?.string
        else { throw .malformed(file: file, line: number) }
        guard let type = IdentifierType(rawValue: name) else {
          throw .unknownType(file: file, line: number)
        }
        guard let range = offsets.bytes(start, end) else {
          throw .outside(file: file, line: number)
        }
        note.spans.append(gold(range.lowerBound, range.upperBound, type))
      }
      note.spans.sort { ($0.start, $0.end) < ($1.start, $1.end) }
      notes.append((note, number))
    }
    return notes
  }

  /// A record's id as span lines write it: text, or an integer's digits.
  private static func recordID(_ value: JSONValue?) -> String? {
    value?.string ?? value?.int.map { String($0) }
  }

  private static func gold(_ start: Int, _ end: Int, _ type: IdentifierType) -> IdentifierSpan {
    IdentifierSpan(start: start, end: end, type: type, detector: "gold", permille: 1000)
  }
}

/// The bytes at which the scalars of a text begin.
package struct ScalarOffsets {
  private var starts: [Int]

  /// Offsets of well-formed UTF-8.
  package init(_ text: [UInt8]) {
    starts = text.indices.filter { text[$0] & 0xC0 != 0x80 }
    starts.append(text.count)
  }

  /// The bytes of a stretch of scalars; `nil` where it is empty or lies outside.
  package func bytes(_ start: Int, _ end: Int) -> Range<Int>? {
    guard start >= 0, end > start, end < starts.count else { return nil }
    return starts[start]..<starts[end]
  }
}
