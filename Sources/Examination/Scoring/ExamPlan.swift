internal import MedaiCore

/// An exam as a list of requests, and the way back from results to marks.
///
/// Building the list and marking are apart, so that a caller may ask in parts, resume, or only
/// write down what would be asked.
public struct ExamPlan: Sendable {
  /// The exam.
  public let exam: Exam
  /// How it is asked.
  public let settings: ExamSettings
  /// The examples, as they stand before every prompt.
  private let prefix: String
  private let cascade: AnswerCascade?

  /// Checks that the items can be asked as the settings say.
  ///
  /// - Parameters:
  ///   - exam: The items.
  ///   - settings: Preset, examples, method.
  ///   - cascade: Finds answers in generated text; only `generate` needs it.
  /// - Throws: `ExamRunError` with the record.
  public init(
    _ exam: Exam, settings: ExamSettings, cascade: AnswerCascade? = nil
  ) throws(ExamRunError) {
    for (index, item) in exam.items.enumerated() {
      if item.options.isEmpty, settings.method == .loglikelihood {
        throw .freeAnswerNeedsGeneration(record: index + 1)
      }
      if item.options.isEmpty, settings.permutations > 0 {
        throw .freeAnswerHasNoOrders(record: index + 1)
      }
      for (shot, example) in settings.shots.enumerated()
      where sameBytes(example.id, item.id) || sameBytes(example.question, item.question) {
        throw .shotIsAsked(shot: shot + 1, record: index + 1)
      }
    }
    if settings.method == .generate, cascade == nil { throw .cascadeMissing }
    self.exam = exam
    self.settings = settings
    self.cascade = cascade
    prefix = settings.shots.map(settings.preset.shot).joined()
  }

  /// The first examples of a file, in its order.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - exam: The file of examples; not the exam itself.
  /// - Returns: The examples.
  /// - Throws: `ExamRunError.tooFewShots`.
  public static func shots(_ count: Int, from exam: Exam) throws(ExamRunError) -> [Item] {
    guard count <= exam.items.count else {
      throw .tooFewShots(wanted: count, available: exam.items.count)
    }
    return Array(exam.items.prefix(max(0, count)))
  }

  /// The orders one item is asked in; the file's own first.
  func orders(of item: Item) -> [OptionOrder] {
    [OptionOrder(Array(item.options.indices))]
      + OptionOrder.further(options: item.options.count, wanted: settings.permutations)
  }

  /// One thing that is asked.
  private struct Question {
    let id: String
    let prompt: String
    let optionCount: Int
  }

  private func questions(about item: Item) -> [Question] {
    orders(of: item).enumerated().map { number, order in
      Question(
        id: number == 0 ? item.id : "\(item.id)#\(order.letters)",
        prompt: prefix
          + settings.preset.prompt(for: item, order: item.options.isEmpty ? nil : order),
        optionCount: item.options.count)
    }
  }

  /// The prompt of an item in the file's own order, examples included.
  func prompt(of item: Item) -> String { prefix + settings.preset.prompt(for: item) }

  /// How many requests an item makes.
  func requestCount(of item: Item) -> Int { orders(of: item).count }

  /// What a model is to score, item by item, order by order.
  ///
  /// - Parameter items: The items, by place in the exam; `nil` for all.
  /// - Returns: One request an item and order.
  public func scoreRequests(items: Range<Int>? = nil) -> [ScoreRequest] {
    exam.items[items ?? exam.items.indices].flatMap { item in
      questions(about: item).map { question in
        ScoreRequest(
          id: question.id, prompt: question.prompt, bos: settings.bos,
          continuations: settings.preset.continuations(count: question.optionCount),
          wantLogprobs: settings.wantsLogprobs)
      }
    }
  }

  /// What a model is to continue, item by item, order by order.
  ///
  /// - Parameter items: The items, by place in the exam; `nil` for all.
  /// - Returns: One request an item and order.
  public func generateRequests(items: Range<Int>? = nil) -> [GenerateRequest] {
    exam.items[items ?? exam.items.indices].flatMap { item in
      questions(about: item).map { question in
        GenerateRequest(
          id: question.id, prompt: question.prompt, bos: settings.bos,
          maxTokens: settings.preset.maxTokens, stop: settings.preset.stop)
      }
    }
  }

  /// What would be asked, as lines `{"id", "prompt", "bos", "continuations"}`.
  ///
  /// - Parameter modelAddsStart: What the model file says where the settings leave `bos` open.
  /// - Returns: NDJSON.
  public func promptLines(modelAddsStart: Bool) -> [UInt8] {
    var bytes: [UInt8] = []
    for item in exam.items {
      for question in questions(about: item) {
        let continuations =
          settings.method == .loglikelihood
          ? settings.preset.continuations(count: question.optionCount) : []
        let line: JSONObject = [
          "id": .string(question.id), "prompt": .string(question.prompt),
          "bos": .bool(settings.bos ?? modelAddsStart),
          "continuations": .array(continuations.map(JSONValue.string)),
        ]
        bytes += JSONValue.object(line).encoded() + [0x0A]
      }
    }
    return bytes
  }

  /// Asks the model everything and marks its answers.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - items: The items to ask, by place in the exam; `nil` for all.
  ///   - progress: Told how many requests are done.
  /// - Returns: One mark an item, in the exam's order.
  /// - Throws: `ExamRunError`, and whatever the model throws.
  public func run(
    _ model: some LanguageModel, items: Range<Int>? = nil, progress: ExamProgress = { _, _ in }
  ) throws -> [Mark] {
    switch settings.method {
    case .loglikelihood:
      let results = try model.score(scoreRequests(items: items), progress: progress)
      return try marks(scored: results, items: items)
    case .generate:
      let results = try model.generate(generateRequests(items: items), progress: progress)
      return try marks(generated: results, items: items)
    }
  }

  /// Marks scores that came back in the order of `scoreRequests`.
  public func marks(
    scored results: [ScoreResult], items: Range<Int>? = nil
  ) throws(ExamRunError) -> [Mark] {
    try marks(results, items: items) { item, record, order, result throws(ExamRunError) in
      let count = item.options.count
      guard result.optionLogits.count == count,
        (result.optionLogprobs?.count ?? count) == count
      else {
        throw .optionCount(record: record, expected: count, found: result.optionLogits.count)
      }
      guard result.optionLogits.allSatisfy(\.isFinite),
        result.optionLogprobs?.allSatisfy(\.isFinite) ?? true
      else { throw .notFinite(record: record) }
      return Answered(scores: result, order: order)
    }
  }

  /// Marks continuations that came back in the order of `generateRequests`.
  public func marks(
    generated results: [GenerateResult], items: Range<Int>? = nil
  ) throws(ExamRunError) -> [Mark] {
    guard let cascade else { throw .cascadeMissing }
    return try marks(results, items: items) { item, _, order, result throws(ExamRunError) in
      Answered(text: result, item: item, order: order, cascade: cascade)
    }
  }

  private func marks<Result>(
    _ results: [Result], items: Range<Int>?,
    _ answered: (Item, Int, OptionOrder, Result) throws(ExamRunError) -> Answered
  ) throws(ExamRunError) -> [Mark] {
    let range = items ?? exam.items.indices
    var expected = 0
    for index in range { expected += requestCount(of: exam.items[index]) }
    guard results.count == expected else {
      throw .resultCount(expected: expected, found: results.count)
    }
    var next = 0
    var marks: [Mark] = []
    for index in range {
      let item = exam.items[index]
      var answers: [Answered] = []
      for order in orders(of: item) {
        answers.append(try answered(item, index + 1, order, results[next]))
        next += 1
      }
      marks.append(Mark(item: item, prompt: prompt(of: item), answers: answers))
    }
    return marks
  }
}
