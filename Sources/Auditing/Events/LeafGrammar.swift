internal import Cryptography
internal import MedaiCore

/// Schemas as the scanner walks them: flat tables without references, of which each thread has its
/// own, so that no reference is counted while leaves are read.
struct LeafGrammar: Sendable {
  /// A piece of `text`.
  struct Piece {
    let start: Int
    let count: Int
  }

  /// What a value is spelled as; four kinds of digests are spelled alike.
  enum Spelling { case digest, count, decimal, time, identifier, choice }

  /// Whether a field holds one value or many.
  enum Shape { case scalar, list, map }

  /// One field of a schema.
  struct Field {
    let name: Piece
    let isRequired: Bool
    let shape: Shape
    let spelling: Spelling
    /// Places in `words`, where the value is a choice.
    let words: Range<Int>
  }

  /// One schema, at the place it has in the catalogue.
  struct Schema {
    let type: Piece
    let version: Int
    let fields: Range<Int>
    let isPaired: Bool
    /// The digest that entries must carry, in hexadecimal digits.
    let digest: Piece?
    let eventType: EventType?
  }

  private(set) var text: [UInt8] = []
  private(set) var words: [Piece] = []
  private(set) var fields: [Field] = []
  private(set) var schemas: [Schema] = []

  /// Tables of a catalogue's schemas, in their order.
  init(_ schemas: [EventSchema]) {
    for schema in schemas {
      let first = fields.count
      for field in schema.fields { add(field) }
      self.schemas.append(
        Schema(
          type: add(Array(schema.type.text.utf8)), version: schema.version,
          fields: first..<fields.count, isPaired: schema.pairedWith != nil,
          digest: schema.isExternal ? add(Array(schema.digest.hex.utf8)) : nil,
          eventType: EventType(rawValue: schema.type.text)))
    }
  }

  private mutating func add(_ bytes: [UInt8]) -> Piece {
    let piece = Piece(start: text.count, count: bytes.count)
    text += bytes
    return piece
  }

  private mutating func add(_ field: EventSchema.Field) {
    var kind = field.kind
    var shape = Shape.scalar
    switch kind {
    case .list(let element): (kind, shape) = (element, .list)
    case .map(let element): (kind, shape) = (element, .map)
    default: break
    }
    let first = words.count
    let spelling: Spelling
    switch kind {
    case .digest, .commitment, .token, .publicKey: spelling = .digest
    case .count: spelling = .count
    case .decimal: spelling = .decimal
    case .time: spelling = .time
    case .identifier: spelling = .identifier
    case .choice(let choices):
      spelling = .choice
      for choice in choices { words.append(add(Array(choice.utf8))) }
    case .list, .map: preconditionFailure("lists and maps hold single values")
    }
    fields.append(
      Field(
        name: add(field.spelling), isRequired: field.isRequired, shape: shape, spelling: spelling,
        words: first..<words.count))
  }
}
