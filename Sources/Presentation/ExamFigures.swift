/// A score with its interval, as fractions of one.
public struct ScoreInterval: Sendable, Equatable {
  /// The lower bound.
  public var low: Double
  /// The upper bound.
  public var high: Double

  /// An interval.
  public init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }
}

/// The result of an exam; every share is a fraction of one.
public struct ExamFigures: Sendable {
  /// What a claim of a score turned out to be.
  public enum ClaimVerdict: String, Sendable, CaseIterable {
    case supported
    case refuted
    case notShown = "not-shown"
  }

  /// The result of one subject.
  public struct Subject: Sendable {
    /// Its name.
    public var name: String
    /// Items.
    public var n: Int
    /// Right answers.
    public var correct: Int
    /// The Wilson interval at 95 %.
    public var wilson: ScoreInterval

    /// A subject.
    public init(name: String, n: Int, correct: Int, wilson: ScoreInterval) {
      self.name = name
      self.n = n
      self.correct = correct
      self.wilson = wilson
    }
  }

  /// The exam or item set.
  public var name: String
  /// Items.
  public var n: Int
  /// Right answers.
  public var correct: Int
  /// Answers that name no option.
  public var invalid: Int
  /// The score.
  public var score: Double
  /// The Wilson interval at 95 %.
  public var wilson: ScoreInterval
  /// The Clopper-Pearson interval at 95 %, where it was computed.
  public var clopperPearson: ScoreInterval?
  /// What guessing would score.
  public var randomBaseline: Double
  /// What always choosing the commonest letter would score.
  public var majorityBaseline: Double?
  /// The claimed score.
  public var claim: Double?
  /// What became of the claim.
  public var claimVerdict: ClaimVerdict?
  /// The mean of human candidates.
  public var human: Double?
  /// One-sided exact p value of "not better than the human mean".
  public var humanPValue: Double?
  /// The subjects, in the order of the item set.
  public var subjects: [Subject]

  /// The result of an exam.
  public init(
    name: String, n: Int, correct: Int, invalid: Int = 0, score: Double, wilson: ScoreInterval,
    clopperPearson: ScoreInterval? = nil, randomBaseline: Double, majorityBaseline: Double? = nil,
    claim: Double? = nil, claimVerdict: ClaimVerdict? = nil, human: Double? = nil,
    humanPValue: Double? = nil, subjects: [Subject] = []
  ) {
    self.name = name
    self.n = n
    self.correct = correct
    self.invalid = invalid
    self.score = score
    self.wilson = wilson
    self.clopperPearson = clopperPearson
    self.randomBaseline = randomBaseline
    self.majorityBaseline = majorityBaseline
    self.claim = claim
    self.claimVerdict = claimVerdict
    self.human = human
    self.humanPValue = humanPValue
    self.subjects = subjects
  }
}
