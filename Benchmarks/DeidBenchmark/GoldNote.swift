import Deidentification
import MedaiCore
import SystemPackage

/// A note of the development set with its marked spans.
struct GoldNote {
  var id: String
  var text: [UInt8]
  var spans: [IdentifierSpan]

  /// Reads every note of a file, or of all `.txt` files of a folder.
  static func read(_ path: FilePath) throws -> [GoldNote] {
    if let status = try? fileStatus(path), status.kind == .folder {
      return try folderEntries(path).filter { $0.hasSuffix(".txt") }
        .flatMap { try read(path.appending($0)) }
    }
    var notes: [GoldNote] = []
    var body: [[UInt8]] = []
    var id = ""
    func finish() {
      guard !id.isEmpty else { return }
      while body.first?.isEmpty == true { body.removeFirst() }
      while body.last?.isEmpty == true { body.removeLast() }
      notes.append(unmark(id, Array(body.joined(separator: [0x0A]))))
    }
    for line in try readFile(path).split(separator: 0x0A, omittingEmptySubsequences: false) {
      if line.starts(with: Array("=== id: ".utf8)) {
        finish()
        body = []
        id = String(decoding: line.dropFirst(8).prefix { $0 != 0x20 }, as: UTF8.self)
      } else {
        body.append(Array(line))
      }
    }
    finish()
    return notes
  }

  private static func unmark(_ id: String, _ marked: [UInt8]) -> GoldNote {
    var note = GoldNote(id: id, text: [], spans: [])
    let open = Array("⟦".utf8)
    let close = Array("⟧".utf8)
    var index = 0
    while index < marked.count {
      if marked[index...].starts(with: open) {
        index += open.count
        var type: [UInt8] = []
        while marked[index] != 0x3A {
          type.append(marked[index])
          index += 1
        }
        index += 1
        let start = note.text.count
        while !marked[index...].starts(with: close) {
          note.text.append(marked[index])
          index += 1
        }
        index += close.count
        if let type = IdentifierType(rawValue: String(decoding: type, as: UTF8.self)) {
          note.spans.append(
            IdentifierSpan(
              start: start, end: note.text.count, type: type, detector: "gold", permille: 1000))
        }
      } else {
        note.text.append(marked[index])
        index += 1
      }
    }
    return note
  }
}
