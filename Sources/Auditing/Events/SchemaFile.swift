public import MedaiCore
public import SystemPackage

/// Why a schema file of another system's events is not accepted.
public enum SchemaError: Error, Equatable, Sendable {
  /// The file or folder could not be read.
  case file(FileError)
  /// The file is not strict JSON.
  case json(offset: Int)
  /// A member is missing, unknown or of the wrong kind.
  case member(String)
  /// A name that is no identifier, or a field name that is not lower-case words.
  case name
  /// Two fields of one name.
  case duplicateField
  /// The type and version have a schema already, or the type is one of the program's own.
  case taken(Identifier)
}

extension EventSchema {
  /// Reads a schema file: `{"type", "v", "title"?, "title_ko"?, "fields": [{"name", "kind",
  /// "required", "values"?, "of"?, "note"?}]}`.
  ///
  /// Titles and notes are for people and do not enter the digest.
  public init(file bytes: [UInt8]) throws(SchemaError) {
    let value: JSONValue
    do throws(JSONError) {
      value = try parseJSON(bytes, maxDepth: 8)
    } catch {
      throw .json(offset: error.offset)
    }
    let object = try allowing(value, ["type", "v", "title", "title_ko", "fields"])
    guard let text = object["type"]?.string, let type = Identifier(text),
      text.utf8.count <= 100
    else {
      throw .member("type")
    }
    guard let version = object["v"]?.int, (1...1000).contains(version) else { throw .member("v") }
    guard let elements = object["fields"]?.array, (1...64).contains(elements.count) else {
      throw .member("fields")
    }
    var fields: [Field] = []
    for element in elements {
      let field = try Self.field(element)
      guard !fields.contains(where: { sameBytes($0.name, field.name) }) else {
        throw .duplicateField
      }
      fields.append(field)
    }
    self.init(type, version: version, isExternal: true, fields)
  }

  private static func field(_ value: JSONValue) throws(SchemaError) -> Field {
    let object = try allowing(value, ["name", "kind", "required", "values", "of", "note"])
    guard let name = object["name"]?.string, isFieldName(name) else { throw .name }
    guard let kindName = object["kind"]?.string else { throw .member("kind") }
    guard let isRequired = object["required"]?.bool else { throw .member("required") }
    let kind: FieldKind
    switch kindName {
    case "choice":
      guard let values = object["values"]?.array, !values.isEmpty else { throw .member("values") }
      var words: [String] = []
      for value in values {
        guard let word = value.string, Identifier(word) != nil, !words.contains(word) else {
          throw .member("values")
        }
        words.append(word)
      }
      kind = .choice(words)
    case "list":
      guard let element = object["of"]?.string.flatMap(FieldKind.init(scalarName:)) else {
        throw .member("of")
      }
      kind = .list(element)
    case "map":
      guard let element = object["of"]?.string.flatMap(FieldKind.init(scalarName:)),
        element.isMapValue
      else { throw .member("of") }
      kind = .map(element)
    default:
      guard let scalar = FieldKind(scalarName: kindName) else { throw .member("kind") }
      kind = scalar
    }
    let isChoice = kindName == "choice"
    let isContainer = kindName == "list" || kindName == "map"
    guard isChoice == (object["values"] != nil) else { throw .member("values") }
    guard isContainer == (object["of"] != nil) else { throw .member("of") }
    return Field(name, kind, isRequired: isRequired)
  }
}

extension EventCatalog {
  /// The program's own types and every schema file (`*.json`) of a folder, by name.
  ///
  /// - Parameter folder: Usually `Guidelines/events`.
  /// - Returns: The catalogue.
  /// - Throws: `SchemaError` of the first file that is not accepted.
  public static func load(_ folder: FilePath) throws(SchemaError) -> EventCatalog {
    let names: [String]
    do throws(FileError) { names = try folderEntries(folder) } catch { throw .file(error) }
    var schemas: [EventSchema] = []
    for name in names where name.hasSuffix(".json") {
      let bytes: [UInt8]
      do throws(FileError) {
        bytes = try readFile(folder.appending(name), maxBytes: 1 << 20)
      } catch {
        throw .file(error)
      }
      schemas.append(try EventSchema(file: bytes))
    }
    return try EventCatalog.builtIn.adding(schemas)
  }
}

private func allowing(_ value: JSONValue, _ names: [String]) throws(SchemaError) -> JSONObject {
  guard let object = value.object else { throw .member("object") }
  for member in object.members where !names.contains(where: { sameBytes($0, member.key) }) {
    throw .member("unknown")
  }
  return object
}

private func isFieldName(_ name: String) -> Bool {
  (1...64).contains(name.utf8.count)
    && name.utf8.allSatisfy {
      (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
    }
}
