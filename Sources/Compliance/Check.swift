internal import MedaiCore

/// Something that reads evidence and says what it found; the same evidence gives the same findings.
public protocol Check: Sendable {
  /// Stable name, for example `output.ai-notice`; catalogues refer to it.
  var id: String { get }
  /// Raised whenever the same evidence may give another finding.
  var version: Int { get }
  /// What it is about, Korean.
  var title: String { get }
  /// What it is about, English.
  var titleEnglish: String { get }
  /// What must be there for it to say anything but `insufficient-evidence`.
  var reads: [EvidenceKind] { get }
  /// Judges; called only when everything in `reads` is there.
  ///
  /// - Returns: At least one finding. A clean result is one `pass` finding without a record.
  func run(_ evidence: Evidence, _ tools: CheckTools) -> [Finding]
}

/// Finds personal identifiers in a text; Workflows hands in the de-identifier.
public protocol IdentifierScan: Sendable {
  /// The identifiers in UTF-8 bytes, in order of their start.
  func identifiers(in text: [UInt8]) -> [IdentifierHit]
}

/// A place that an identifier scan points at.
public struct IdentifierHit: Sendable, Equatable {
  /// What it is, for example `RRN`.
  public let type: String
  /// First byte.
  public let start: Int
  /// One past the last byte.
  public let end: Int

  /// A place in UTF-8 bytes.
  public init(type: String, start: Int, end: Int) {
    self.type = type
    self.start = start
    self.end = end
  }
}

/// What checks need besides evidence.
public struct CheckTools: Sendable {
  /// The wording rules of `Guidelines/wording`.
  public let wording: WordingRules
  /// Finds identifiers; without it `output.identifiers` cannot judge.
  public let identifiers: (any IdentifierScan)?
  /// The parameters of the catalogues that are being judged, in their order.
  public internal(set) var parameters: [CatalogParameter] = []

  /// Tools for one assessment.
  public init(wording: WordingRules, identifiers: (any IdentifierScan)?) {
    self.wording = wording
    self.identifiers = identifiers
  }

  /// A parameter that is a whole number.
  package func integer(_ id: String) -> Int? {
    parameters.first { sameBytes($0.id, id) }.flatMap { Int($0.value) }
  }
}

/// A threshold that a catalogue states and a site may override.
public struct CatalogParameter: Sendable {
  /// Unique over all catalogues.
  public let id: String
  /// The value as written.
  public let value: String
}
