public import Cryptography
internal import MedaiCore

/// What a claim about a score is worth.
public enum ClaimVerdict: String, Sendable {
  /// At most the score, rounded to as many decimals as the claim has.
  case supported
  /// Above what the data allow: beyond the upper bound of the exact interval.
  case refuted
  /// Between: the data neither show it nor rule it out.
  case notShown = "not-shown"
}

/// What a pass rule says.
public enum RuleVerdict: String, Sendable {
  case pass
  case fail
  /// The rule needs something that the items do not tell.
  case notEvaluable = "not-evaluable"
}

/// What a judgement means for the one who asked, worst first.
public enum ExamOutcome: Int, Sendable {
  /// A claim is refuted or a rule failed.
  case negative = 1
  /// A claim or rule cannot be decided.
  case insufficient = 2
  /// Everything that was asked holds.
  case positive = 0
}

/// What to judge besides the score.
public struct JudgementQuestions: Sendable {
  /// A score that is claimed.
  public var claim: DecimalShare?
  /// The mean score of people.
  public var human: DecimalShare?
  /// A pass rule.
  public var rule: ExamRule?
  /// Another model's results on the same items.
  public var other: ExamResults?
  /// A share of the other model's score that is claimed.
  public var claimedRatio: DecimalShare?

  /// Questions; none by default.
  public init(
    claim: DecimalShare? = nil, human: DecimalShare? = nil, rule: ExamRule? = nil,
    other: ExamResults? = nil, claimedRatio: DecimalShare? = nil
  ) {
    self.claim = claim
    self.human = human
    self.rule = rule
    self.other = other
    self.claimedRatio = claimedRatio
  }
}

/// Why results cannot be judged as asked.
public enum JudgementError: Error, Equatable, Sendable {
  /// The two files are not about the same items; records from 1, 0 where none is meant.
  case notPaired(missing: Int, extra: Int, firstRecord: Int)
  /// The two files disagree on the right answer of an item; record of this file, from 1.
  case answersDiffer(record: Int)
  /// A ratio is claimed and there is nothing to compare with.
  case ratioNeedsComparison
}

/// A count of right answers with its interval.
public struct Score: Sendable, Equatable {
  /// Items.
  public let count: Int
  /// Right answers.
  public let correct: Int

  /// The share of right answers.
  public var value: Double { Double(correct) / Double(count) }
  /// Wilson's interval.
  public var wilson: ScoreInterval { .wilson(correct: correct, of: count) }

  /// Whether the share reaches a threshold, compared in integers.
  func reaches(percent: Int) -> Bool { 100 * correct >= percent * count }
}

/// What results show, and what they do not.
public struct Judgement: Sendable {
  /// A subject and its score.
  public struct Subject: Sendable, Equatable {
    /// The name as the items have it.
    public let name: String
    /// Its score.
    public let score: Score
  }

  /// How often a letter is right and how often it was answered.
  public struct Letter: Sendable, Equatable {
    /// The letter.
    public let name: String
    /// Items whose answer it is.
    public let answers: Int
    /// Items it was answered to.
    public let predictions: Int
  }

  /// Answers in further option orders.
  public struct OrderCheck: Sendable, Equatable {
    /// Items that were asked in further orders.
    public let items: Int
    /// Items with the same answer in every order.
    public let consistent: Int
  }

  /// Digest of the judged file.
  public let resultsSHA256: Digest
  /// The score over all items.
  public let score: Score
  /// Items without a usable answer; they count as wrong.
  public let invalid: Int
  /// Clopper and Pearson's interval.
  public let clopperPearson: ScoreInterval
  /// What guessing evenly would score; `nil` for free answers.
  public let random: Double?
  /// What always answering the most frequent answer would score.
  public let majority: Double
  /// Scores by subject, in the order of their first item.
  public let subjects: [Subject]
  /// Letters that are an answer or were answered.
  public let letters: [Letter]
  /// How stable answers are against the order of options.
  public let orders: OrderCheck?

  /// The claim and its verdict.
  public let claim: (share: DecimalShare, verdict: ClaimVerdict)?
  /// The mean of people and the chance of a score as high if the model were no better.
  public let human: (share: DecimalShare, pValue: Double)?
  /// The rule and its verdict.
  public let rule: (rule: ExamRule, verdict: RuleVerdict)?
  /// The comparison.
  public let comparison: PairedComparison?
  /// The claimed ratio and its verdict.
  public let ratioClaim: (share: DecimalShare, verdict: ClaimVerdict)?
  /// What the numbers do not show, in a fixed order.
  public let notes: [JudgementNote]

  /// Judges results.
  ///
  /// - Parameters:
  ///   - results: The results.
  ///   - questions: What to judge besides the score.
  /// - Throws: `JudgementError`.
  public init(
    _ results: ExamResults, _ questions: JudgementQuestions = JudgementQuestions()
  ) throws(JudgementError) {
    let tally = ResultTally(results.results)
    let score = tally.score
    self.score = score
    resultsSHA256 = results.sha256
    invalid = tally.invalid
    clopperPearson = .clopperPearson(correct: score.correct, of: score.count)
    random = tally.random
    majority = tally.majority
    subjects = tally.subjects
    letters = tally.letters
    orders = tally.orders
    let upper = clopperPearson.upper
    claim = questions.claim.map { ($0, Self.verdict(on: $0, score, upper: upper)) }
    human = questions.human.map {
      ($0, BinomialTail(count: score.count, probability: $0.value).atLeast(score.correct))
    }
    rule = questions.rule.map { ($0, Self.verdict(by: $0, tally)) }
    if let other = questions.other {
      comparison = try Self.compare(results, other)
    } else {
      comparison = nil
      if questions.claimedRatio != nil { throw .ratioNeedsComparison }
    }
    if let share = questions.claimedRatio, let comparison {
      ratioClaim = (share, Self.verdict(on: share, comparison))
    } else {
      ratioClaim = nil
    }
    notes = JudgementNote.all(
      tally: tally, questions: questions, rule: rule?.verdict, claim: claim?.verdict)
  }

  /// What all of it means; the worst wins.
  public var outcome: ExamOutcome {
    let verdicts = [claim?.verdict, ratioClaim?.verdict]
    if verdicts.contains(.refuted) || rule?.verdict == .fail { return .negative }
    if verdicts.contains(.notShown) || rule?.verdict == .notEvaluable { return .insufficient }
    return .positive
  }

  /// A claim with few decimals can be both what the score rounds to and beyond the interval; then
  /// the interval wins.
  private static func verdict(
    on claim: DecimalShare, _ score: Score, upper: Double
  ) -> ClaimVerdict {
    if claim.value > upper { return .refuted }
    return claim.isAtMostRounded(score.correct, of: score.count) ? .supported : .notShown
  }

  private static func verdict(
    on claim: DecimalShare, _ comparison: PairedComparison
  ) -> ClaimVerdict {
    // Nothing is a share of a model that knows nothing.
    guard comparison.correctOther > 0 else { return .notShown }
    if claim.value > comparison.ratioInterval.upper { return .refuted }
    return claim.isAtMostRounded(comparison.correctThis, of: comparison.correctOther)
      ? .supported : .notShown
  }

  private static func verdict(by rule: ExamRule, _ tally: ResultTally) -> RuleVerdict {
    if tally.withoutSubject > 0 { return .notEvaluable }
    let holds =
      tally.score.reaches(percent: rule.totalPercent)
      && tally.subjects.allSatisfy { $0.score.reaches(percent: rule.subjectPercent) }
    return holds ? .pass : .fail
  }

  private static func compare(
    _ results: ExamResults, _ other: ExamResults
  ) throws(JudgementError) -> PairedComparison {
    var places: [[UInt8]: Int] = [:]
    for (place, result) in other.results.enumerated() { places[Array(result.id.utf8)] = place }
    var pairs: [(this: Bool, other: Bool)] = []
    var missing = 0
    var firstRecord = 0
    for (index, result) in results.results.enumerated() {
      guard let place = places[Array(result.id.utf8)] else {
        missing += 1
        if firstRecord == 0 { firstRecord = index + 1 }
        continue
      }
      guard sameBytes(other.results[place].answer, result.answer) else {
        throw .answersDiffer(record: index + 1)
      }
      pairs.append((result.isCorrect, other.results[place].isCorrect))
    }
    let extra = other.results.count - pairs.count
    guard missing == 0, extra == 0 else {
      throw .notPaired(missing: missing, extra: extra, firstRecord: firstRecord)
    }
    return PairedComparison(
      this: pairs.map(\.this), other: pairs.map(\.other), groups: groups(of: results.results))
  }

  /// Numbers the groups in the order of their first item; an item without one is its own.
  private static func groups(of results: [ExamResult]) -> [Int]? {
    guard results.contains(where: { $0.group != nil }) else { return nil }
    var numbers: [[UInt8]: Int] = [:]
    var next = 0
    return results.map { result in
      if let group = result.group, let number = numbers[Array(group.utf8)] { return number }
      if let group = result.group { numbers[Array(group.utf8)] = next }
      next += 1
      return next - 1
    }
  }
}
