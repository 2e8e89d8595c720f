internal import MedaiText

/// The first rows of a table, held until it is known which of them is the header.
struct HeaderSearch: Sendable {
  enum State { case searching, settled, broken }

  /// A record that waits, with its cells where it is a row.
  struct Held: Sendable {
    var record: RawRecord
    var names: [[UInt8]] = []
    var readings: [FieldNames.Reading] = []
    /// How many cells are known names of fields.
    var known = 0
    /// Whether a cell cannot be a name.
    var hasData = false
  }

  var state = State.searching
  var held: [Held] = []
  var bytes = 0

  /// Rows among which the header is looked for.
  static let rows = 10
  /// Bytes that are held at most before the search ends.
  static let maxBytes = 1 << 20
  /// Records that are held at most: blank lines between the rows count here.
  static let maxHeld = 64
}

extension RecordRedactor {
  /// Takes the file's first records, in order, until it is known which row is the header.
  ///
  /// The header is the first of the first ten rows that holds a known name and nothing that cannot
  /// be a name; rows above it are texts.
  ///
  /// - Returns: What was held and can be told now, in order; `nil` where the record is data and
  ///   goes to `redact`.
  package mutating func prepare(_ record: RawRecord) -> [RecordOutcome]? {
    switch search.state {
    case .settled: return nil
    case .broken: return []
    case .searching: break
    }
    guard settings.format == .csv || settings.format == .tsv else {
      search.state = .settled
      return nil
    }
    if record.isStructure {
      if let declared = DelimitedRow.declaredSeparator(record.bytes) { separator = declared }
      if search.held.isEmpty { return [redact(record)] }
      search.held.append(HeaderSearch.Held(record: record))
      return isFull ? settle() : []
    }
    guard record.fault == nil, let row = read(record) else {
      // Where the first row names a field already, this one is data.
      if let first = search.held.first, first.known > 0 { return settle() + [redact(record)] }
      // Perhaps it was the header: without it no row can be trusted.
      search.state = .broken
      search.held = []
      var outcome = redact(record)
      outcome.breaksFile = true
      return [outcome]
    }
    search.held.append(row)
    search.bytes += record.bytes.count
    // A first row that names a field gives way only to one that names more.
    if row.known > (search.held.count > 1 ? search.held[0].known : 0), !row.hasData {
      return settle(header: search.held.count - 1)
    }
    return isFull ? settle() : []
  }

  /// Says that no record follows.
  ///
  /// - Returns: What was held.
  package mutating func finishPreparing() -> [RecordOutcome] {
    search.state == .searching ? settle() : []
  }

  private var isFull: Bool {
    search.held.count { !$0.record.isStructure } >= HeaderSearch.rows
      || search.held.count >= HeaderSearch.maxHeld || search.bytes > HeaderSearch.maxBytes
  }

  /// Takes a row apart; `nil` where it does not decode.
  private func read(_ record: RawRecord) -> HeaderSearch.Held? {
    var row = HeaderSearch.Held(record: record)
    for cell in DelimitedRow.cells(of: record.bytes, separator: separator) {
      guard let value = try? decoded(cell.value, at: 0) else { return nil }
      let name = trimmed(value)
      let reading = settings.fields.reading(of: name, isTop: true)
      row.names.append(name)
      row.readings.append(reading)
      if reading.isKnown { row.known += 1 }
      if reading.unknown > 0, isData(Array(name.prefix(reading.unknown))) { row.hasData = true }
    }
    return row
  }

  /// Whether a cell is a value rather than a name: a number or date, or it holds an identifier.
  private func isData(_ name: [UInt8]) -> Bool {
    let hasLetter = name.contains { $0 >= 0x80 || ($0 | 0x20) &- 0x61 < 26 }
    if !hasLetter { return name.contains { $0 &- 0x30 < 10 } }
    return name.count > 200 || !deidentifier.found(in: name, known: KnownValues()).isEmpty
  }

  /// Ends the search without a row that is a header beyond doubt.
  private mutating func settle() -> [RecordOutcome] {
    guard let first = search.held.first else { return settle(header: nil) }
    if first.known > 0 { return settle(header: 0) }
    // Without a known column: words, all different, none with a digit run or an identifier.
    let looksLikeNames =
      Set(first.names).count == first.names.count && !first.hasData
      && first.names.allSatisfy { name in
        !name.isEmpty && name.count <= 60 && name.count(where: { $0 &- 0x30 < 10 }) <= 2
          && !name.contains(0x0A)
      }
    let isEven = search.held.allSatisfy {
      $0.record.isStructure || $0.names.count == first.names.count
    }
    return settle(header: looksLikeNames && isEven ? 0 : nil)
  }

  /// Ends the search.
  ///
  /// - Parameter index: Place of the header among what is held; `nil` where none of it is one.
  /// - Returns: What was held, in order.
  private mutating func settle(header index: Int?) -> [RecordOutcome] {
    let held = search.held
    search = HeaderSearch(state: .settled)
    let data = held[(index.map { $0 + 1 } ?? 0)...]
    readsRowsAsText = true
    var outcomes: [RecordOutcome] = []
    if let index {
      let header = held[index]
      headerOrdinal = header.record.ordinal
      outcomes += held[..<index].map { redact($0.record) }
      // Only a header that stands first and is beyond doubt vouches for the rows below it.
      readsRowsAsText = index > 0 || header.known == 0 || header.hasData
      outcomes.append(release(header))
    }
    if index.map({ held[$0].known == 0 }) ?? true {
      contentRoles = roles(byContent: data, hasNames: index != nil)
    }
    return outcomes + data.map { redact($0.record) }
  }

  /// The header as it is released; notes the columns.
  private mutating func release(_ header: HeaderSearch.Held) -> RecordOutcome {
    let (record, names) = (header.record, header.names)
    let cells = DelimitedRow.cells(of: record.bytes, separator: separator)
    var scope = scope(for: Facts(), record)
    let told = readsRowsAsText ? findings(inRow: names, known: scope.known) : []
    var released: [UInt8] = []
    var copied = 0
    for (index, cell) in cells.enumerated() {
      let (name, reading) = (names[index], header.readings[index])
      var shown = name
      if !deidentifier.policy.passes(field: name) {
        if reading.unknown == name.count {
          let also = told.isEmpty ? [] : told[index]
          shown = deidentifier.redact(name, field: "/0/\(index)", also: also, scope: &scope)
        } else {
          shown = redact(
            name: name, unknown: reading.unknown, field: "/0/\(index)", scope: &scope)
        }
      }
      columns.append(Column(name: name, role: reading.role, released: shown))
      guard shown != name, let written = try? encoded(shown) else { continue }
      released += record.bytes[copied..<cell.range.lowerBound]
      released += DelimitedRow.written(written, separator: separator, quoted: cell.isQuoted)
      copied = cell.range.upperBound
    }
    released += record.bytes[copied...]
    return RecordOutcome(
      released: RedactedText(redacted: released, encoding: settings.encoding),
      before: record.before, after: record.after, spans: scope.spans, reference: "header",
      token: "", ordinal: 0, line: record.line)
  }

  /// What columns hold by the rows that were seen: a type that is the whole of half their values,
  /// and of two at least.
  ///
  /// - Parameters:
  ///   - rows: The rows below the header, or all that were held where there is none.
  ///   - hasNames: Whether the columns have names, if unknown ones; without any, numbers of six to
  ///     fourteen digits are taken for registration numbers.
  /// - Returns: A role for each column of the widest row; `text` where the values tell none.
  private func roles(
    byContent rows: ArraySlice<HeaderSearch.Held>, hasNames: Bool
  ) -> [FieldRole] {
    let types = IdentifierType.allCases
    let width = rows.map(\.names.count).max() ?? 0
    return (0..<width).map { column in
      var filled = 0
      var counts = [Int](repeating: 0, count: types.count)
      for row in rows where column < row.names.count && !row.names[column].isEmpty {
        filled += 1
        let value = row.names[column]
        let spans = deidentifier.found(in: value, known: KnownValues())
        // Of ages only the high ones identify; they are found one by one.
        if spans.count == 1, spans[0].start == 0, spans[0].end == value.count,
          spans[0].type != .age
        {
          counts[spans[0].type.index] += 1
        } else if !hasNames, (6...14).contains(value.count),
          value.allSatisfy({ $0 &- 0x30 < 10 })
        {
          counts[IdentifierType.mrn.index] += 1
        }
      }
      guard let most = counts.max(), most >= 2, most * 2 >= filled,
        let place = counts.firstIndex(of: most)
      else { return .text }
      return .identifier(types[place])
    }
  }
}
