/// One requirement of a guideline.
public struct Control: Sendable {
  /// Unique over all catalogues, for example `mfds-req-024`.
  public let id: String
  /// Authoritative title, Korean.
  public let title: String
  /// English title.
  public let titleEnglish: String
  /// Authoritative wording, Korean, ours and not the source's.
  public let statement: String
  /// English wording.
  public let statementEnglish: String
  /// How much it binds.
  public let strength: Strength
  /// Whether the duty binds only in cases that a person has to recognise.
  public let isConditional: Bool
  /// How it is known.
  public let source: SourceClass
  /// Whom it addresses, in the catalogue's order.
  public let actors: [Actor]
  /// How it is examined, in the catalogue's order.
  public let methods: [Method]
  /// The checks that serve its TEST method.
  public let checks: [String]
  /// The sources in words, for example `디지털의료제품법 제14조`.
  public let citations: [String]
  /// The group (section) it stands in.
  public let group: String
  /// Where it stands in the file, from 1.
  public let line: Int
}

/// A section of a catalogue.
public struct ControlGroup: Sendable {
  /// Its id.
  public let id: String
  /// Korean title.
  public let title: String
  /// English title.
  public let titleEnglish: String
}
