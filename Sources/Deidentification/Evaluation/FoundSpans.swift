internal import MedaiCore
package import SystemPackage

/// What a run found, by record, read from its span lines.
package struct FoundSpans {
  /// Lines of records that no note has.
  package private(set) var unknownRecords = 0
  /// Lines of other fields than the one that is compared.
  package private(set) var otherFields = 0
  private var byRecord: [[UInt8]: [IdentifierSpan]] = [:]

  /// Reads span lines.
  ///
  /// - Parameters:
  ///   - path: The file that `deid --spans` writes.
  ///   - notes: The notes that they are compared with.
  ///   - field: The field that holds the notes' text.
  /// - Throws: `GoldError` for a line that is none, names an unknown type, or lies outside its note.
  package init(
    _ path: FilePath, of notes: [GoldNote], field: String
  ) throws(GoldError) {
    var offsets: [[UInt8]: ScalarOffsets] = [:]
    for note in notes { offsets[Array(note.id.utf8)] = ScalarOffsets(note.text) }
    var number = 0
    do {
      var reader = try LineReader(path)
      while let line = try reader.next() {
        number = reader.line
        if !line.contains(where: { $0 > 0x20 }) { continue }
        guard let value = try? parseJSON(line), let record = value["record"]?.string,
          let start = value["start"]?.int, let end = value["end"]?.int,
          let name = value["type"]?.string
        else { throw GoldError.malformed(file: path, line: number) }
        guard let type = IdentifierType(rawValue: name) else {
          throw GoldError.unknownType(file: path, line: number)
        }
        if let own = value["field"]?.string, !sameBytes(own, field) {
          otherFields += 1
          continue
        }
        let key = Array(record.utf8)
        guard let places = offsets[key] else {
          unknownRecords += 1
          continue
        }
        guard let range = places.bytes(start, end) else {
          throw GoldError.outside(file: path, line: number)
        }
        byRecord[key, default: []].append(
          IdentifierSpan(
            start: range.lowerBound, end: range.upperBound, type: type, detector: "found",
            permille: 1000))
      }
    } catch let error as GoldError {
      throw error
    } catch let error as LineError {
      switch error {
      case .file(let cause): throw .file(cause)
      case .tooLong(let line, _): throw .malformed(file: path, line: line)
      }
    } catch {
      throw .malformed(file: path, line: number)
    }
  }

  /// What was found in a note, in order, the same span once.
  package func spans(of note: GoldNote) -> [IdentifierSpan] {
    var result: [IdentifierSpan] = []
    let all = (byRecord[Array(note.id.utf8)] ?? []).sorted {
      ($0.start, $0.end, $0.type.index) < ($1.start, $1.end, $1.type.index)
    }
    for span in all where result.last != span { result.append(span) }
    return result
  }
}
