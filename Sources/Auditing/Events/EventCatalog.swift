internal import MedaiCore

/// The schemas an entry may be checked against: the program's own and those of other systems.
public struct EventCatalog: Sendable {
  /// All schemas, in byte order of type and then by version.
  public let schemas: [EventSchema]
  private let byType: [Identifier: [EventSchema]]
  /// The same schemas as the scanner of leaves walks them.
  let grammar: LeafGrammar

  /// The program's own types only.
  public static let builtIn = EventCatalog(EventSchema.builtIn)

  private init(_ schemas: [EventSchema]) {
    self.schemas = schemas.sorted { ($0.type, $0.version) < ($1.type, $1.version) }
    byType = Dictionary(grouping: self.schemas) { $0.type }
    grammar = LeafGrammar(self.schemas)
  }

  /// The catalogue with the schemas of other systems added.
  ///
  /// - Throws: `SchemaError.taken` where a type and version has a schema already.
  public func adding(_ external: [EventSchema]) throws(SchemaError) -> EventCatalog {
    var result = schemas
    for schema in external {
      guard !result.contains(where: { $0.type == schema.type && $0.version == schema.version })
      else { throw .taken(schema.type) }
      guard EventType(rawValue: schema.type.text) == nil else { throw .taken(schema.type) }
      result.append(schema)
    }
    return EventCatalog(result)
  }

  /// The schema of a type and version.
  ///
  /// - Throws: `EventError.unknownType` or `unknownVersion`.
  public func schema(
    _ type: Identifier, version: Int
  ) throws(EventError) -> EventSchema {
    guard let versions = byType[type] else { throw .unknownType }
    guard let schema = versions.first(where: { $0.version == version }) else {
      throw .unknownVersion(version)
    }
    return schema
  }

  /// The newest schema of a type, for writing.
  public func newest(_ type: Identifier) throws(EventError) -> EventSchema {
    guard let schema = byType[type]?.last else { throw .unknownType }
    return schema
  }

  /// The types that other systems may append.
  public var externalTypes: [Identifier] {
    schemas.filter(\.isExternal).map(\.type)
  }
}
