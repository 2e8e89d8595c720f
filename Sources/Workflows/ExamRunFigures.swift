internal import Auditing
internal import Cryptography
internal import Examination

/// What the end entry of an exam run says of its marks.
struct ExamRunFigures {
  /// Items right.
  let correct: Int
  /// Items without a usable answer.
  let invalid: Int
  /// Share right.
  let score: DecimalText
  /// SHA-256 of the result file.
  let results: Digest
  /// Chained digest of the items' logits, from 32 zero bytes on, in item order.
  let logitsChain: Digest
  /// Tokens read.
  let promptTokens: Int

  /// Figures of marks.
  ///
  /// - Parameters:
  ///   - marks: At least one, in item order.
  ///   - model: Who answered.
  ///   - write: Takes each line of the result file.
  /// - Throws: What `write` throws.
  init(
    _ marks: [Mark], by model: Examination.ModelIdentity,
    write: ([UInt8]) throws -> Void = { _ in }
  ) rethrows {
    var hash = SHA256()
    var chain = Digest.zero
    for mark in marks {
      let line = mark.line(by: model) + [0x0A]
      hash.update(line)
      try write(line)
      if let digest = mark.optionLogitsSHA256 { chain = sha256(chain.bytes + digest.bytes) }
    }
    correct = marks.count(where: \.isCorrect)
    invalid = marks.count { $0.answered.prediction == nil }
    score = DecimalText(Double(correct) / Double(marks.count), decimals: 9)
    results = hash.finalize()
    logitsChain = chain
    promptTokens = marks.reduce(0) { $0 + $1.answered.promptTokens }
  }
}
