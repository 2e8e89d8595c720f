public import MedaiCore

extension YAMLNode {
  /// The value as JSON whose scalars are all strings; a digest of a YAML file is taken over the
  /// canonical form of this, so that comments and layout do not count.
  public var json: JSONValue {
    switch self {
    case .scalar(let text, _): return .string(text)
    case .sequence(let elements, _): return .array(elements.map(\.json))
    case .mapping(let members, _):
      var object = JSONObject()
      for member in members { object[member.key] = member.value.json }
      return .object(object)
    }
  }

  /// The value at a path of keys.
  public subscript(path: [String]) -> YAMLNode? {
    var node = self
    for key in path {
      guard let next = node[key] else { return nil }
      node = next
    }
    return node
  }
}
