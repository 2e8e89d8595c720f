internal import MedaiCore
internal import MedaiText
public import Settings
public import SystemPackage

/// What a hospital adds to the rules: the `site` section of a policy, or a file of its own.
public struct SiteAdditions: Sendable {
  /// Shapes of its registration numbers.
  public let rules: SiteRules
  /// Its words and patterns; `nil` where it has none.
  public let search: SiteSearch?

  /// The most words or patterns.
  static let maxWords = 100_000
  static let maxPatterns = 256
  /// The longest word in bytes.
  static let maxWordBytes = 256

  /// Reads a file of its own: the keys of a policy's `site` section at the top.
  ///
  /// - Throws: `PolicyError`.
  public static func load(_ path: FilePath) throws(PolicyError) -> SiteAdditions {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try readFile(path, maxBytes: 16 << 20) } catch {
      throw .file(error)
    }
    do throws(YAMLError) { return try SiteAdditions(node: parseYAML(bytes)) } catch {
      throw .invalid(error)
    }
  }

  /// Reads a `site` section: `mrn_shapes`, `words` by type, `patterns`.
  ///
  /// - Throws: `YAMLError` with the line of the fault; a pattern that takes more than linear time
  ///   (look-around, backreferences) is one.
  public init(node: YAMLNode) throws(YAMLError) {
    try node.checked(allowed: ["mrn_shapes", "words", "patterns"])
    var shapes: [[UInt8]] = []
    for element in try Self.list(node["mrn_shapes"]) {
      let text = Array((element.text ?? "").utf8)
      guard (1...32).contains(text.count), shapes.count < 16,
        text.contains(where: { $0 == UInt8(ascii: "#") })
      else {
        throw YAMLError(
          .badValue(key: "mrn_shapes", allowed: "up to 16 shapes of 1 to 32 bytes with a #"),
          line: element.place.line)
      }
      shapes.append(text)
    }
    let words = try Self.words(node["words"])
    let patterns = try Self.patterns(node["patterns"])
    rules = SiteRules(recordNumberShapes: shapes)
    search =
      words.isEmpty && patterns.isEmpty ? nil : SiteSearch(words: words, patterns: patterns)
  }

  private static func list(_ node: YAMLNode?) throws(YAMLError) -> [YAMLNode] {
    guard let node else { return [] }
    guard let elements = node.elements else {
      throw YAMLError(.expected("list"), line: node.place.line)
    }
    return elements
  }

  private static func words(
    _ node: YAMLNode?
  ) throws(YAMLError) -> [(word: [UInt8], type: IdentifierType)] {
    guard let node else { return [] }
    try node.checked(allowed: IdentifierType.allCases.map(\.rawValue))
    var result: [(word: [UInt8], type: IdentifierType)] = []
    for type in IdentifierType.allCases {
      for element in try list(node[type.rawValue]) {
        let word = Array((element.text ?? "").utf8)
        // One letter or digit alone would be found everywhere.
        let letters = scalars(of: word).count { isLetter($0) || isNumber($0) }
        guard letters >= 2, word.count <= maxWordBytes, result.count < maxWords else {
          throw YAMLError(
            .badValue(
              key: type.rawValue,
              allowed: "words of two letters or digits to \(maxWordBytes) bytes"),
            line: element.place.line)
        }
        result.append((word, type))
      }
    }
    return result
  }

  private static func patterns(
    _ node: YAMLNode?
  ) throws(YAMLError) -> [(source: [UInt8], pattern: SitePattern, type: IdentifierType)] {
    var result: [(source: [UInt8], pattern: SitePattern, type: IdentifierType)] = []
    for element in try list(node) {
      try element.checked(allowed: ["type", "pattern"], required: ["type", "pattern"])
      let word = try element.requiredWord("type", of: IdentifierType.allCases.map(\.rawValue))
      let source = Array(try element.requiredText("pattern").utf8)
      let line = element["pattern"]?.place.line ?? element.place.line
      func refused(_ allowed: String) -> YAMLError {
        YAMLError(.badValue(key: "pattern", allowed: allowed), line: line)
      }
      guard result.count < maxPatterns, let type = IdentifierType(rawValue: word) else {
        throw refused("one of at most \(maxPatterns)")
      }
      do throws(SitePatternFault) {
        result.append((source, try SitePattern(source), type))
      } catch {
        switch error {
        case .unsupported:
          throw refused(
            "without look-around ((?=, (?!, (?<=, (?<!), backreferences (\\1) and other escapes "
              + "that RE2 does not know: they take more than linear time")
        case .syntax: throw refused("an RE2 pattern")
        case .tooLarge: throw refused("at most \(SitePattern.maxBytes) bytes, and smaller compiled")
        case .matchesNothing: throw refused("a pattern that does not match empty text")
        }
      }
    }
    return result
  }
}

extension Detectors {
  /// The rules with what a hospital adds; a file's additions go before a policy's.
  public init(
    resources folder: FilePath? = nil, policy: Policy, site: SiteAdditions? = nil
  ) throws {
    let additions = site ?? policy.site
    try self.init(
      resources: folder, site: additions?.rules ?? SiteRules(), search: additions?.search)
  }
}
