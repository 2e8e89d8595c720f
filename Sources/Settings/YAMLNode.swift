/// A YAML value whose scalars are all text until a schema types them.
///
/// Implicit typing is what turns `1.10` into 1.1, `no` into false and `010` into 8; here nothing
/// is typed before somebody asks for a type.
public indirect enum YAMLNode: Sendable {
  case scalar(String, YAMLPlace)
  case sequence([YAMLNode], YAMLPlace)
  case mapping([(key: String, keyPlace: YAMLPlace, value: YAMLNode)], YAMLPlace)

  /// Where the value starts.
  public var place: YAMLPlace {
    switch self {
    case .scalar(_, let place), .sequence(_, let place), .mapping(_, let place): place
    }
  }

  /// The text, where this is a scalar.
  public var text: String? {
    if case .scalar(let text, _) = self { text } else { nil }
  }

  /// The elements, where this is a sequence.
  public var elements: [YAMLNode]? {
    if case .sequence(let elements, _) = self { elements } else { nil }
  }

  /// The members, where this is a mapping.
  public var members: [(key: String, keyPlace: YAMLPlace, value: YAMLNode)]? {
    if case .mapping(let members, _) = self { members } else { nil }
  }

  /// The value of a member, where this is a mapping that has it.
  public subscript(key: String) -> YAMLNode? {
    members?.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
  }
}

/// A place in a YAML file, counted from 1.
public struct YAMLPlace: Sendable, Equatable {
  /// The line.
  public let line: Int
  /// The column.
  public let column: Int
}
