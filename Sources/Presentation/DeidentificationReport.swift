/// What was found and done, by type of identifier.
public struct DeidentificationFigures: Sendable {
  /// One type of identifier.
  public struct TypeCount: Sendable {
    /// The type, such as `NAME`.
    public var type: String
    /// Its name for a reader; empty where the type says enough.
    public var label: Bilingual
    /// How many were found.
    public var count: Int
    /// What was done with them, such as "surrogate".
    public var action: Bilingual

    /// A count.
    public init(
      type: String, label: Bilingual = Bilingual(""), count: Int, action: Bilingual
    ) {
      self.type = type
      self.label = label
      self.count = count
      self.action = action
    }
  }

  /// Records released.
  public var records: Int
  /// Records withheld because they could not be treated safely.
  public var withheld: Int
  /// The counts, in the policy's order; the page keeps it.
  public var types: [TypeCount]

  /// Figures.
  public init(records: Int, withheld: Int, types: [TypeCount]) {
    self.records = records
    self.withheld = withheld
    self.types = types
  }
}

/// Everything the page of `deid report` shows.
public struct DeidentificationReport: Sendable {
  /// One file that was treated.
  public struct File: Sendable {
    /// Its name or token.
    public var name: String
    /// Records released.
    public var records: Int
    /// Records withheld.
    public var withheld: Int
    /// SHA-256 of the input, in hexadecimal.
    public var inputSHA256: String
    /// SHA-256 of the output, in hexadecimal.
    public var outputSHA256: String

    /// A file.
    public init(
      name: String, records: Int, withheld: Int, inputSHA256: String, outputSHA256: String
    ) {
      self.name = name
      self.records = records
      self.withheld = withheld
      self.inputSHA256 = inputSHA256
      self.outputSHA256 = outputSHA256
    }
  }

  /// Why records were withheld.
  public struct WithheldReason: Sendable {
    /// The reason.
    public var reason: Bilingual
    /// Records.
    public var count: Int

    /// A reason.
    public init(reason: Bilingual, count: Int) {
      self.reason = reason
      self.count = count
    }
  }

  /// The heading.
  public var title: Bilingual
  /// The tool and its version.
  public var tool: String
  /// The verdict: `pass` where every record was released.
  public var verdict: ReportVerdict
  /// The verdict as a sentence.
  public var verdictSentence: Bilingual
  /// The figures.
  public var figures: DeidentificationFigures
  /// Policy, key id, settings, log entries.
  public var provenance: [ReportFact]
  /// The files, in the order they were treated.
  public var files: [File]
  /// Why records were withheld.
  public var withheldReasons: [WithheldReason]
  /// Plain statements.
  public var statements: [Bilingual]
  /// Limits in words.
  public var limits: [Bilingual]

  /// A report.
  public init(
    title: Bilingual, tool: String, verdict: ReportVerdict, verdictSentence: Bilingual,
    figures: DeidentificationFigures, provenance: [ReportFact] = [], files: [File] = [],
    withheldReasons: [WithheldReason] = [], statements: [Bilingual] = [], limits: [Bilingual] = []
  ) {
    self.title = title
    self.tool = tool
    self.verdict = verdict
    self.verdictSentence = verdictSentence
    self.figures = figures
    self.provenance = provenance
    self.files = files
    self.withheldReasons = withheldReasons
    self.statements = statements
    self.limits = limits
  }
}
