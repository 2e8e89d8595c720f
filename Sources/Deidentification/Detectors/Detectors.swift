public import Cryptography
public import SystemPackage

/// Values that the record itself already tells about its patient, to be found in its text.
public struct KnownValues: Sendable {
  /// Type and well-formed NFC UTF-8 of each value.
  public var values: [(type: IdentifierType, bytes: [UInt8])]

  /// Nothing is known.
  public init() { values = [] }
}

/// Every rule that finds identifiers, built once and shared by all workers.
public struct Detectors: Sendable {
  /// Digest of the rules' version and of every data file they use; part of the evidence.
  public let digest: Digest

  /// Loads the word lists.
  ///
  /// - Parameters:
  ///   - folder: The module's resource folder; `nil` looks where the program is installed.
  ///   - site: What the hospital adds.
  public init(resources folder: FilePath? = nil, site: SiteRules = SiteRules()) throws {
    digest = sha256([])
  }

  /// Finds identifiers.
  ///
  /// - Parameters:
  ///   - text: Well-formed UTF-8; offsets refer to these bytes whatever normalisation the rules use
  ///     inside.
  ///   - known: What the record tells about its patient.
  /// - Returns: Disjoint spans in ascending order.
  public func spans(in text: [UInt8], known: KnownValues = KnownValues()) -> [IdentifierSpan] {
    []
  }

  /// Lists every candidate with the evidence for and against it, in the order of the text.
  ///
  /// Slower than `spans`; the kept candidates are the same.
  public func explain(
    in text: [UInt8], known: KnownValues = KnownValues()
  ) -> [CandidateExplanation] {
    []
  }
}
