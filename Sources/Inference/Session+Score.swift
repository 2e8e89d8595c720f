internal import CKernels

/// How likely a continuation is.
public struct ContinuationScore: Sendable, Equatable {
  /// Natural logarithm of the probability of each of its tokens, given all before.
  public let logProbabilities: [Double]
  /// Whether greedy choice would have written it.
  public let isGreedy: Bool
  /// The sum, in ascending order.
  public var total: Double { logProbabilities.reduce(0, +) }
}

extension Session {
  /// Scores continuations of one prompt, each on its own.
  ///
  /// The prompt is computed once (what the cache shares with it not at all); each continuation is
  /// built upon it and rewound. A log probability is logit - (log of the sum of exp(logit - max) +
  /// max), in Float64, summed in ascending order of ids.
  ///
  /// - Parameters:
  ///   - prompt: At least one token.
  ///   - continuations: Each at least one token.
  /// - Returns: A score for each, in order.
  /// - Throws: `SessionError`; the cache then holds the prompt or a part of it.
  public func scoreContinuations(
    of prompt: [Int32], _ continuations: [[Int32]]
  ) throws(SessionError) -> [ContinuationScore] {
    guard !prompt.isEmpty else { throw .emptyPrompt }
    rewindToCommonPrefix(with: prompt)
    try advance(Array(prompt[count...]), output: .last)
    let first = withLogits { logits in Distribution(logits) }
    var scores: [ContinuationScore] = []
    for continuation in continuations {
      guard let start = continuation.first else { throw .emptyPrompt }
      guard start >= 0, start < model.info.vocabSize else { throw .unknownToken(start, index: 0) }
      var values = [first.logProbability(of: start)]
      var isGreedy = first.best == start
      try advance(Array(continuation.dropLast()), output: .all) { position, logits in
        let distribution = Distribution(logits)
        let next = continuation[position - prompt.count + 1]
        guard next >= 0, next < logits.count else { return }
        values.append(distribution.logProbability(of: next))
        isGreedy = isGreedy && distribution.best == next
      }
      if let last = continuation.last, last < 0 || last >= model.info.vocabSize {
        throw .unknownToken(last, index: continuation.count - 1)
      }
      scores.append(ContinuationScore(logProbabilities: values, isGreedy: isGreedy))
      rewind(to: prompt.count)
    }
    return scores
  }

  /// Log probabilities of some tokens at the last position, bit for bit as
  /// `scoreContinuations` gives them.
  ///
  /// - Parameters:
  ///   - logits: All logits of the position.
  ///   - ids: Tokens of the vocabulary.
  /// - Returns: One for each of `ids`.
  public static func logProbabilities(_ logits: [Float], of ids: [Int32]) -> [Double] {
    let distribution = Distribution(logits.span)
    return ids.map { distribution.logProbability(of: $0) }
  }
}

/// A position's logits with their normaliser.
private struct Distribution {
  let best: Int32
  private let normalizer: Double
  private let logits: [Float]

  init(_ span: Span<Float>) {
    logits = unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
    best = Int32(unsafe medai_argmax(logits, Int64(logits.count)))
    normalizer = unsafe medai_log_sum_exp(logits, Int64(logits.count))
  }

  func logProbability(of id: Int32) -> Double { Double(logits[Int(id)]) - normalizer }
}
