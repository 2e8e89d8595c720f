/// How a model answers.
public enum ExamMethod: String, Sendable, CaseIterable {
  /// The option whose letter scores highest after the prompt.
  case loglikelihood
  /// The letter, or the free answer, found in a greedy continuation.
  case generate
}

/// Everything besides items and model that decides a run.
public struct ExamSettings: Sendable {
  /// How items become prompts.
  public var preset: PromptPreset
  /// The examples before every prompt, in order.
  public var shots: [Item]
  /// How a model answers.
  public var method: ExamMethod
  /// How many further option orders every item is asked in.
  public var permutations: Int
  /// Whether log-probabilities are asked for.
  public var wantsLogprobs: Bool
  /// Whether the model's start token comes first; `nil` leaves it to the model file.
  public var bos: Bool?

  /// Settings; only the preset has no default.
  public init(
    preset: PromptPreset, shots: [Item] = [], method: ExamMethod = .loglikelihood,
    permutations: Int = 0, wantsLogprobs: Bool = false, bos: Bool? = nil
  ) {
    self.preset = preset
    self.shots = shots
    self.method = method
    self.permutations = permutations
    self.wantsLogprobs = wantsLogprobs
    self.bos = bos
  }
}

/// Why a run was refused or stopped; records count from 1.
public enum ExamRunError: Error, Equatable, Sendable {
  /// The file of examples has fewer than were asked for.
  case tooFewShots(wanted: Int, available: Int)
  /// An example has the id or the question of an item that is asked.
  case shotIsAsked(shot: Int, record: Int)
  /// A free answer cannot be scored by its options.
  case freeAnswerNeedsGeneration(record: Int)
  /// Option orders were asked for with an item that has no options.
  case freeAnswerHasNoOrders(record: Int)
  /// Generation needs a cascade, and none has the preset's name.
  case cascadeMissing
  /// The model gave another number of results than requests.
  case resultCount(expected: Int, found: Int)
  /// The model gave another number of scores than options.
  case optionCount(record: Int, expected: Int, found: Int)
  /// A score is infinite or not a number.
  case notFinite(record: Int)
}
