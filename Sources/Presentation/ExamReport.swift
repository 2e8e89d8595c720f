/// Everything the page of `exam validate --report` shows.
public struct ExamReport: Sendable {
  /// What the rule of an exam says.
  public struct Rule: Sendable {
    /// The verdict on a rule.
    public enum Verdict: String, Sendable, CaseIterable {
      case pass, fail
      case notEvaluable = "not-evaluable"
    }
    /// The rule, such as `kmle`.
    public var name: String
    /// What came out.
    public var verdict: Verdict
    /// Why, in words.
    public var reason: Bilingual

    /// A rule's result.
    public init(name: String, verdict: Verdict, reason: Bilingual) {
      self.name = name
      self.verdict = verdict
      self.reason = reason
    }
  }

  /// The comparison with a second set of results on the same items.
  public struct Comparison: Sendable {
    /// The other results.
    public var name: String
    /// Their score.
    public var score: Double
    /// Exact McNemar p value.
    public var mcnemarP: Double
    /// Interval of the difference of the scores.
    public var difference: ScoreInterval
    /// The ratio of the scores.
    public var ratio: Double
    /// Its interval.
    public var ratioInterval: ScoreInterval

    /// A comparison.
    public init(
      name: String, score: Double, mcnemarP: Double, difference: ScoreInterval, ratio: Double,
      ratioInterval: ScoreInterval
    ) {
      self.name = name
      self.score = score
      self.mcnemarP = mcnemarP
      self.difference = difference
      self.ratio = ratio
      self.ratioInterval = ratioInterval
    }
  }

  /// The heading.
  public var title: Bilingual
  /// The tool and its version.
  public var tool: String
  /// The verdict over claim and rule.
  public var verdict: ReportVerdict
  /// The verdict as a sentence.
  public var verdictSentence: Bilingual
  /// The figures.
  public var figures: ExamFigures
  /// The rule's result, where one was asked for.
  public var rule: Rule?
  /// The comparison, where one was asked for.
  public var comparison: Comparison?
  /// What was run: model, digest of the results, template, settings.
  public var provenance: [ReportFact]
  /// Plain statements.
  public var statements: [Bilingual]
  /// Limits in words.
  public var limits: [Bilingual]

  /// A report.
  public init(
    title: Bilingual, tool: String, verdict: ReportVerdict, verdictSentence: Bilingual,
    figures: ExamFigures, rule: Rule? = nil, comparison: Comparison? = nil,
    provenance: [ReportFact] = [], statements: [Bilingual] = [], limits: [Bilingual] = []
  ) {
    self.title = title
    self.tool = tool
    self.verdict = verdict
    self.verdictSentence = verdictSentence
    self.figures = figures
    self.rule = rule
    self.comparison = comparison
    self.provenance = provenance
    self.statements = statements
    self.limits = limits
  }
}

/// A labelled fact, such as a digest or a setting.
public struct ReportFact: Sendable {
  /// What it is.
  public var label: Bilingual
  /// Its value; digests and ids are set in a fixed-width face.
  public var value: String

  /// A fact.
  public init(_ label: Bilingual, _ value: String) {
    self.label = label
    self.value = value
  }
}
