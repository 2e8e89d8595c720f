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
    var sorted: [Field] = []
    sorted.reserveCapacity(fields.count)
    for (name, value) in fields {
      guard let value else { continue }
      // A dozen fields, most of them in place: no general sort is as fast.
      var place = sorted.count
      while place > 0, comesBefore(name, sorted[place - 1].name) { place -= 1 }
      let field = Field(name: name, value: value)
      if place == sorted.count { sorted.append(field) } else { sorted.insert(field, at: place) }
    }
    self.fields = sorted
  }

  init(_ type: EventType, pair: Int? = nil, _ fields: [(String, FieldValue?)]) {
    self.init(type.identifier, pair: pair, fields)
  }
}

/// Whether a field's name comes before another: of ASCII names Swift's order is byte order.
func comesBefore(_ left: String, _ right: String) -> Bool { left < right }
