public import Cryptography
internal import MedaiCore
public import Settings

/// One edition of a guideline as controls; read from an OSCAL catalogue in YAML.
public struct Catalog: Sendable {
  /// The guideline's id: the name of its folder.
  public let id: String
  /// Korean title.
  public let title: String
  /// English title.
  public let titleEnglish: String
  /// The catalogue's version, for example `2025.01+medai.1`.
  public let edition: String
  /// Whether the source was not read and the catalogue holds nothing.
  public let isStub: Bool
  /// What a report must say of this catalogue, Korean.
  public let notice: String
  /// The same in English.
  public let noticeEnglish: String
  /// Sections in order.
  public let groups: [ControlGroup]
  /// Controls in order.
  public let controls: [Control]
  /// Thresholds in order.
  public let parameters: [CatalogParameter]
  /// SHA-256 of the canonical JSON form of the file.
  public let sha256: Digest

  /// Reads a catalogue.
  ///
  /// - Parameters:
  ///   - bytes: The YAML file.
  ///   - id: The guideline's id.
  /// - Throws: `YAMLError` with the line of the first fault.
  public init(yaml bytes: [UInt8], id: String) throws(YAMLError) {
    let file = try parseYAML(bytes)
    try self.init(file, id: id)
  }
}

/// The namespace of props and parts that OSCAL does not define.
package let medaiNamespace = "urn:medai:ns:oscal"
