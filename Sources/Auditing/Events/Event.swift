/// Something that happened, ready to be logged: a type, its version and fields by its schema.
///
/// Made by the functions named after the types (`Event.deidRunBegin(…)`), so that no field can be
/// forgotten, or from another system's JSON by `EventCatalog.event`.
public struct Event: Sendable, Equatable {
  /// A named value.
  public struct Field: Sendable, Equatable {
    /// The field's name in the schema.
    public let name: String
    /// What it holds.
    public let value: FieldValue
  }

  /// The type's name.
  public let type: Identifier
  /// The version of the type's schema.
  public let version: Int
  /// The number of the entry that this one ends or belongs to.
  public let pair: Int?
  /// The values in byte order of their names.
  public let fields: [Field]

  init(
    _ type: Identifier, version: Int = 1, pair: Int? = nil, _ fields: [(String, FieldValue?)]
  ) {
    self.type = type
    self.version = version
    self.pair = pair
    self.fields =
      fields
      .compactMap { name, value in value.map { Field(name: name, value: $0) } }
      .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  init(_ type: EventType, pair: Int? = nil, _ fields: [(String, FieldValue?)]) {
    self.init(type.identifier, pair: pair, fields)
  }
}
