public import Cryptography
internal import MedaiCore

/// The closed list of what an entry of one type and version may say.
///
/// A field that the schema does not name cannot be written, and an entry that has one does not
/// verify. A change of any field is a new version; the old one stays for the old entries.
public struct EventSchema: Sendable {
  /// One field.
  public struct Field: Sendable, Equatable {
    /// Its name: lower-case words with underscores.
    public let name: String
    /// What it holds.
    public let kind: FieldKind
    /// Whether an entry without it is refused.
    public let isRequired: Bool
    /// The name as a leaf spells it, with quotes and colon.
    let spelling: [UInt8]

    init(_ name: String, _ kind: FieldKind, isRequired: Bool = true) {
      self.name = name
      spelling = Array("\"\(name)\":".utf8)
      self.kind = kind
      self.isRequired = isRequired
    }

    /// A field that an entry may leave out.
    static func optional(_ name: String, _ kind: FieldKind) -> Field {
      Field(name, kind, isRequired: false)
    }
  }

  /// The type's name.
  public let type: Identifier
  /// The version, from 1.
  public let version: Int
  /// The fields in byte order of their names.
  public let fields: [Field]
  /// The type of the entry that `pair` must point to; `nil` where there is no `pair`.
  public let pairedWith: Identifier?
  /// Whether the schema comes from a file; its entries then carry its digest.
  public let isExternal: Bool
  /// Whether entries of this type begin a run, and may go on from one that was interrupted.
  let isResumable: Bool
  /// SHA-256 of the schema's canonical form.
  public let digest: Digest

  init(
    _ type: Identifier, version: Int = 1, pairedWith: Identifier? = nil, isExternal: Bool = false,
    _ fields: [Field]
  ) {
    self.type = type
    self.version = version
    self.fields = fields.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    self.pairedWith = pairedWith
    self.isExternal = isExternal
    isResumable = fields.contains { sameBytes($0.name, "resumes") }
    digest = sha256(
      Self.canonicalForm(
        type: type, version: version, fields: self.fields, pairedWith: pairedWith
      ).encoded(.canonical))
  }

  /// What the digest is taken over: type, version and fields, without titles and notes.
  var canonicalForm: JSONValue {
    Self.canonicalForm(type: type, version: version, fields: fields, pairedWith: pairedWith)
  }

  private static func canonicalForm(
    type: Identifier, version: Int, fields: [Field], pairedWith: Identifier?
  ) -> JSONValue {
    var form: JSONObject = [
      "type": .string(type.text), "v": .integer(version),
      "fields": .array(fields.map(\.canonicalForm)),
    ]
    if let pairedWith { form["pair"] = .string(pairedWith.text) }
    return .object(form)
  }

  /// Checks the fields of an event before it is written.
  ///
  /// - Parameter values: Name and value of each field, in byte order of the names.
  /// - Throws: `EventError`, which names fields of the schema only.
  func check(_ values: [Event.Field]) throws(EventError) {
    do throws(EventError) {
      try merge(values)
    } catch {
      for index in values.indices.dropFirst()
      where !comesBefore(values[index - 1].name, values[index].name) {
        throw .duplicateField
      }
      throw error
    }
  }

  /// Both lists are sorted, so one pass merges them; what it accepts is in order.
  private func merge(_ values: [Event.Field]) throws(EventError) {
    var next = 0
    for field in fields {
      // Field names are lower-case ASCII, to which no other text is equivalent.
      guard next < values.count, values[next].name == field.name else {
        if field.isRequired { throw .missingField(field.name) }
        continue
      }
      guard field.kind.admits(values[next].value) else { throw .wrongValue(field.name) }
      next += 1
    }
    if next < values.count { throw .unknownField }
  }
}

extension EventSchema.Field {
  fileprivate var canonicalForm: JSONValue {
    var form: JSONObject = [
      "name": .string(name), "kind": .string(kind.name), "required": .bool(isRequired),
    ]
    switch kind {
    case .choice(let words): form["values"] = .array(words.map(JSONValue.string))
    case .list(let element), .map(let element): form["of"] = .string(element.name)
    default: break
    }
    return .object(form)
  }
}
