import Deidentification
import MedaiCore
import SystemPackage

/// A note as stretches of text, some of them marked with a type (`⟦TYPE:surface⟧`).
struct MarkedNote {
  /// A stretch.
  struct Part {
    var text: [Unicode.Scalar]
    var type: IdentifierType?
  }

  var id: String
  var parts: [Part]

  /// Reads every note of a folder's `train….txt` files.
  ///
  /// - Parameters:
  ///   - folder: Where they lie.
  ///   - without: Leaves out files whose place leaves this remainder by this divisor.
  /// - Returns: The notes in the order of the files' names.
  /// - Throws: `FileError`.
  static func read(_ folder: FilePath, without: (Int, Int)?) throws -> [MarkedNote] {
    let files = try folderEntries(folder).filter { $0.hasPrefix("train") && $0.hasSuffix(".txt") }
    return try files.sorted().enumerated().filter { place, _ in
      without.map { place % $0.1 != $0.0 } ?? true
    }.flatMap { try read(folder.appending($0.element)) }
  }

  private static func read(_ path: FilePath) throws -> [MarkedNote] {
    var notes: [MarkedNote] = []
    var body: [Substring] = []
    var id = ""
    func finish() {
      guard !id.isEmpty else { return }
      while body.first?.isEmpty == true { body.removeFirst() }
      while body.last?.isEmpty == true { body.removeLast() }
      notes.append(MarkedNote(id: id, parts: split(body.joined(separator: "\n"))))
    }
    let text = String(decoding: try readFile(path), as: UTF8.self)
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("=== id: ") {
        finish()
        body = []
        id = String(line.dropFirst(8).prefix { $0 != " " })
      } else {
        body.append(line)
      }
    }
    finish()
    return notes
  }

  private static func split(_ marked: String) -> [Part] {
    var parts: [Part] = []
    var text: [Unicode.Scalar] = []
    var scalars = Array(marked.unicodeScalars)[...]
    while let scalar = scalars.popFirst() {
      guard scalar == "⟦" else {
        text.append(scalar)
        continue
      }
      if !text.isEmpty { parts.append(Part(text: text)) }
      text = []
      let inside = scalars.prefix { $0 != "⟧" }
      scalars = scalars.dropFirst(inside.count + 1)
      let name = String(String.UnicodeScalarView(inside.prefix { $0 != ":" }))
      parts.append(
        Part(
          text: Array(inside.dropFirst(name.unicodeScalars.count + 1)),
          type: IdentifierType(rawValue: name)))
    }
    if !text.isEmpty { parts.append(Part(text: text)) }
    return parts
  }

  /// The text and its spans in bytes.
  var plain: (text: [UInt8], spans: [(range: Range<Int>, type: IdentifierType)]) {
    var text: [UInt8] = []
    var spans: [(range: Range<Int>, type: IdentifierType)] = []
    for part in parts {
      let start = text.count
      text += Array(String(String.UnicodeScalarView(part.text)).utf8)
      if let type = part.type { spans.append((range: start..<text.count, type: type)) }
    }
    return (text: text, spans: spans)
  }
}
