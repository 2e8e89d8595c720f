internal import Cryptography
internal import MedaiCore

/// `schemas.json`: what an entry of each type may say, so that entries can be read without this
/// program.
enum PackSchemas {
  /// The file of a log to which no other system has ever written.
  private static let ownOnly = bytes(.builtIn)

  /// The file's bytes: RFC 8785 canonical JSON.
  static func bytes(_ catalog: EventCatalog) -> [UInt8] {
    JSONValue.object([
      "format": .string("medai-audit-schemas/1"),
      "schemas": .array(
        catalog.schemas.map { schema in
          .object([
            "form": schema.canonicalForm, "other_system": .bool(schema.isExternal),
            "sha256": .string(schema.digest.hex),
          ])
        }),
    ]).encoded(.canonical)
  }

  /// The catalogue with the schemas of other systems that a pack brings along.
  ///
  /// That is safe because the entries themselves name the digest of such a schema.
  ///
  /// - Returns: `nil` where the bytes are not what `bytes(_:)` writes for some catalogue that
  ///   agrees with this one on the program's own types.
  static func extend(_ catalog: EventCatalog, by bytes: [UInt8]) -> EventCatalog? {
    if bytes == ownOnly { return catalog }
    guard let value = try? parseJSON(bytes, maxDepth: 8), value.encoded(.canonical) == bytes,
      let object = value.object, object.members.count == 2,
      sameBytes(object["format"]?.string ?? "", "medai-audit-schemas/1"),
      let elements = object["schemas"]?.array
    else { return nil }
    var catalog = catalog
    for element in elements {
      guard let member = element.object, member.members.count == 3, let form = member["form"],
        let hex = member["sha256"]?.string, let isExternal = member["other_system"]?.bool,
        sameBytes(sha256(form.encoded(.canonical)).hex, hex),
        let type = form["type"]?.string.flatMap({ Identifier($0) }), let version = form["v"]?.int
      else { return nil }
      if let known = try? catalog.schema(type, version: version) {
        // Another system's schema may differ here; then its entries cannot be judged.
        if known.isExternal != isExternal { return nil }
        if !isExternal, !sameBytes(known.digest.hex, hex) { return nil }
      } else if isExternal {
        guard let schema = try? EventSchema(file: form.encoded(.canonical)),
          sameBytes(schema.digest.hex, hex), let larger = try? catalog.adding([schema])
        else { return nil }
        catalog = larger
      }
    }
    return catalog
  }
}
