internal import Cryptography
internal import Glibc
internal import MedaiCore

/// Where the parts of a leaf stand, and its numbers; places count from the start of the buffer.
struct LeafOutline {
  /// The text of an identifier or a digest, without its quotes.
  struct Text {
    let start: Int32
    let count: Int32

    var range: Range<Int> { Int(start)..<Int(start + count) }
  }

  var role: Text
  var actorToken: Text?
  var boot: Text
  var monotonicMicroseconds: Int
  var id: Text
  var origin: Text
  var pair: Int?
  var schemaDigest: Text?
  var sequence: Int
  var time: Timestamp
  var toolDigest: Text
  var toolVersion: Text
  /// The schema's place in the catalogue.
  var schema: Int
  /// The program's own type; `nil` for another system's.
  var type: EventType?
  /// Where the first field begins.
  var values: Int
}

/// Checks leaves without building anything from them.
///
/// Accepts exactly the bytes that `encodeLeaf` writes for some entry of a known schema: canonical
/// form, field set and value kinds in one pass.
struct LeafScanner {
  private let grammar: LeafGrammar
  // Entries of one type come in rows.
  private var lastSchema = 0

  init(_ grammar: LeafGrammar) { self.grammar = grammar }

  /// Checks one leaf.
  ///
  /// - Parameters:
  ///   - bytes: A buffer that holds the leaf.
  ///   - range: Where.
  ///   - catalog: The schemas that the grammar was made of.
  /// - Returns: Where its parts stand.
  /// - Throws: `LeafError` with the offset within the leaf.
  mutating func scan(
    _ bytes: [UInt8], _ range: Range<Int>, _ catalog: EventCatalog
  ) throws(LeafError) -> LeafOutline {
    guard range.count <= maxLeafBytes else { throw .tooLong }
    var cursor = LeafCursor(bytes, range)
    try cursor.expect("{\"actor\":{\"role\":")
    let role = try cursor.identifier()
    let token = cursor.accept(",\"token\":") ? try cursor.digest() : nil
    try cursor.expect("},\"clock\":{\"boot\":")
    let boot = try cursor.identifier()
    try cursor.expect(",\"mono_us\":")
    let monotonic = try cursor.count()
    try cursor.expect("},\"id\":")
    let id = try cursor.uuid()
    try cursor.expect(",\"log\":")
    let origin = try cursor.identifier()
    let pair = cursor.accept(",\"pair\":") ? try cursor.count() : nil
    let schemaDigest = cursor.accept(",\"schema\":") ? try cursor.digest() : nil
    try cursor.expect(",\"seq\":")
    let sequence = try cursor.count()
    try cursor.expect(",\"time\":")
    guard let time = cursor.time(try cursor.text()) else { throw cursor.fault }
    try cursor.expect(",\"tool\":{\"sha256\":")
    let toolDigest = try cursor.digest()
    try cursor.expect(",\"version\":")
    let toolVersion = try cursor.identifier()
    try cursor.expect("},\"type\":")
    let type = try cursor.identifier()
    try cursor.expect(",\"v\":")
    let version = try cursor.count()
    try cursor.expect(",\"values\":{")
    let values = cursor.position
    let schema = try schema(cursor, type, version)
    try check(cursor, schemaDigest, schema)
    try fields(&cursor, schema, catalog)
    try cursor.expect("}}")
    guard cursor.isAtEnd else { throw cursor.fault }
    let row = grammar.schemas[schema]
    guard (pair != nil) == row.isPaired else { throw .schema(.wrongPair) }
    return LeafOutline(
      role: role, actorToken: token, boot: boot, monotonicMicroseconds: monotonic, id: id,
      origin: origin, pair: pair, schemaDigest: schemaDigest, sequence: sequence, time: time,
      toolDigest: toolDigest, toolVersion: toolVersion, schema: schema, type: row.eventType,
      values: values)
  }

  private mutating func schema(
    _ cursor: LeafCursor, _ type: LeafOutline.Text, _ version: Int
  ) throws(LeafError) -> Int {
    func names(_ index: Int) -> Bool {
      cursor.holds(grammar.text, grammar.schemas[index].type, at: type)
    }
    if lastSchema < grammar.schemas.count, grammar.schemas[lastSchema].version == version,
      names(lastSchema)
    {
      return lastSchema
    }
    var isKnown = false
    for index in grammar.schemas.indices where names(index) {
      isKnown = true
      guard grammar.schemas[index].version == version else { continue }
      lastSchema = index
      return index
    }
    throw isKnown ? .unknownVersion : .unknownType
  }

  private func check(
    _ cursor: LeafCursor, _ digest: LeafOutline.Text?, _ schema: Int
  ) throws(LeafError) {
    switch (digest, grammar.schemas[schema].digest) {
    case (nil, nil): return
    case (let digest?, let expected?) where cursor.holds(grammar.text, expected, at: digest):
      return
    default: throw .otherSchema
    }
  }

  /// The members of `values`, merged against the schema's fields: both are sorted.
  private func fields(
    _ cursor: inout LeafCursor, _ schema: Int, _ catalog: EventCatalog
  ) throws(LeafError) {
    let range = grammar.schemas[schema].fields
    var isFirst = true
    for index in range {
      let field = grammar.fields[index]
      let start = cursor.position
      guard isFirst || cursor.accept(UInt8(ascii: ",")), cursor.accept(grammar.text, field.name)
      else {
        cursor.position = start
        guard field.isRequired else { continue }
        throw .schema(
          .missingField(catalog.schemas[schema].fields[index - range.lowerBound].name))
      }
      isFirst = false
      guard try value(&cursor, field) else {
        throw .schema(.wrongValue(catalog.schemas[schema].fields[index - range.lowerBound].name))
      }
    }
    guard cursor.isAt(UInt8(ascii: "}")) else { throw .schema(.unknownField) }
  }

  /// Whether a value of the field's kind stands here.
  private func value(
    _ cursor: inout LeafCursor, _ field: LeafGrammar.Field
  ) throws(LeafError) -> Bool {
    var elements = 0
    switch field.shape {
    case .scalar: return try scalar(&cursor, field)
    case .list:
      try cursor.expect("[")
      while !cursor.accept(UInt8(ascii: "]")) {
        if elements > 0 { try cursor.expect(",") }
        guard elements < FieldKind.maxElements, try scalar(&cursor, field) else { return false }
        elements += 1
      }
    case .map:
      try cursor.expect("{")
      var last: LeafOutline.Text?
      while !cursor.accept(UInt8(ascii: "}")) {
        if elements > 0 { try cursor.expect(",") }
        let key = try cursor.identifier()
        if let last, !cursor.isAscending(last, key) { throw cursor.fault }
        try cursor.expect(":")
        guard elements < FieldKind.maxElements, try scalar(&cursor, field) else { return false }
        last = key
        elements += 1
      }
    }
    return true
  }

  private func scalar(
    _ cursor: inout LeafCursor, _ field: LeafGrammar.Field
  ) throws(LeafError) -> Bool {
    switch field.spelling {
    case .digest: _ = try cursor.digest()
    case .count: _ = try cursor.count()
    case .identifier: _ = try cursor.identifier()
    case .decimal: return cursor.isDecimal(try cursor.text())
    case .time: return cursor.time(try cursor.text()) != nil
    case .choice:
      let word = try cursor.text()
      for index in field.words where cursor.holds(grammar.text, grammar.words[index], at: word) {
        return true
      }
      return false
    }
    return true
  }
}
