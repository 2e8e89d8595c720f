internal import Yams

/// Why a YAML text was refused, and where.
public struct YAMLError: Error, Equatable, Sendable {
  /// What is wrong.
  public enum Reason: Sendable, Equatable {
    case notUTF8
    case syntax
    case anchor
    case alias
    case tag
    case keyNotScalar
    case duplicateKey
    case empty
    case tooLarge
    case expected(String)
    case unknownKey(String)
    case missingKey(String)
    case badValue(key: String, allowed: String)
  }

  /// What is wrong.
  public let reason: Reason
  /// Line from 1; 0 where the text as a whole is meant.
  public let line: Int

  /// A fault at a line.
  public init(_ reason: Reason, line: Int) {
    self.reason = reason
    self.line = line
  }
}

/// Reads one YAML document as text scalars; anchors, aliases, tags and duplicate keys are refused.
///
/// Anchors are refused because a 271-byte file of nested aliases expands to 2 GB.
///
/// - Parameters:
///   - bytes: The file.
///   - maxBytes: A larger file is refused.
/// - Returns: The root value.
/// - Throws: `YAMLError` with the line of the first fault.
public func parseYAML(_ bytes: [UInt8], maxBytes: Int = 8 << 20) throws(YAMLError) -> YAMLNode {
  if bytes.count > maxBytes { throw YAMLError(.tooLarge, line: 0) }
  guard let text = String(validating: bytes, as: UTF8.self) else {
    throw YAMLError(.notUTF8, line: 0)
  }
  // The parser owns the anchors and nodes hold them weakly: it has to live until all are seen.
  let parser: Parser
  let node: Node?
  do {
    parser = try Parser(yaml: text, resolver: .basic)
    node = try parser.singleRoot()
  } catch let error as YamlError {
    switch error {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
      throw YAMLError(.syntax, line: mark.line)
    case .duplicatedKeysInMapping: throw YAMLError(.duplicateKey, line: 0)
    default: throw YAMLError(.syntax, line: 0)
    }
  } catch {
    throw YAMLError(.syntax, line: 0)
  }
  guard let node else { throw YAMLError(.empty, line: 0) }
  defer { withExtendedLifetime(parser) {} }
  return try convert(node)
}

private func convert(_ node: Node) throws(YAMLError) -> YAMLNode {
  let line = node.mark?.line ?? 0
  let place = YAMLPlace(line: line, column: node.mark?.column ?? 0)
  if node.anchor != nil { throw YAMLError(.anchor, line: line) }
  switch node {
  case .alias: throw YAMLError(.alias, line: line)
  case .scalar(let scalar):
    // A quoted scalar is tagged as a string by the parser itself.
    let isPlain = ["", "tag:yaml.org,2002:str"].contains(scalar.tag.description)
    if !isPlain { throw YAMLError(.tag, line: line) }
    return .scalar(scalar.string, place)
  case .sequence(let sequence):
    if !sequence.tag.description.isEmpty { throw YAMLError(.tag, line: line) }
    var elements: [YAMLNode] = []
    for element in sequence { elements.append(try convert(element)) }
    return .sequence(elements, place)
  case .mapping(let mapping):
    if !mapping.tag.description.isEmpty { throw YAMLError(.tag, line: line) }
    var members: [(key: String, keyPlace: YAMLPlace, value: YAMLNode)] = []
    var names = Set<[UInt8]>()
    for (key, value) in mapping {
      let keyLine = key.mark?.line ?? line
      guard case .scalar(let name) = key else { throw YAMLError(.keyNotScalar, line: keyLine) }
      guard names.insert(Array(name.string.utf8)).inserted else {
        throw YAMLError(.duplicateKey, line: keyLine)
      }
      members.append(
        (
          key: name.string, keyPlace: YAMLPlace(line: keyLine, column: key.mark?.column ?? 0),
          value: try convert(value)
        ))
    }
    return .mapping(members, place)
  }
}
