import Cryptography
import Inference
import SystemPackage
import Testing

/// What a session refuses, and what it gives besides logits.
struct SessionTests {
  @Test func refusesWhatItCannotCompute() throws {
    let session = try Session(TinyModel.q41.open(), capacity: 10)
    #expect(throws: SessionError.emptyPrompt) { _ = try session.prefill([]) }
    #expect(throws: SessionError.unknownToken(397, index: 1)) {
      _ = try session.prefill([1, 397])
    }
    #expect(throws: SessionError.unknownToken(-1, index: 0)) { _ = try session.prefill([-1]) }
    #expect(throws: SessionError.contextFull(needed: 11, capacity: 10)) {
      _ = try session.prefill([Int32](repeating: 3, count: 11))
    }
    #expect(throws: SessionError.noPosition) { _ = try session.logitRows([1]) }
    #expect(session.count == 0)
    _ = try session.prefill([1, 2, 3])
    #expect(session.tokens == [1, 2, 3])
    session.rewind(to: 2)
    #expect(throws: SessionError.noPosition) { _ = try session.logitRows([1]) }
    #expect(throws: SessionError.contextFull(needed: 513, capacity: 512)) {
      _ = try Session(session.model, capacity: 513)
    }
  }

  @Test func anImplementationThatIsNotThereIsAnError() throws {
    #expect(throws: ModelError(path: "", problem: .instructionSetUnavailable)) {
      _ = try TinyModel.q41.open(isa: .avx512)
    }
    #expect(ISAChoice.portable.runsHere && ISAChoice.auto.runsHere)
  }

  @Test func aWeightThatIsNoNumberIsAnError() throws {
    var bytes = try TinyModel.f32.bytes()
    // The last tensor's last weight: one column of ffn_down.
    bytes.replaceSubrange(bytes.count - 4..<bytes.count, with: [0, 0, 0xC0, 0x7F])
    let session = try Session(Model.open(bytes: bytes))
    #expect(throws: SessionError.nonFiniteLogits(position: 2)) {
      _ = try session.prefill([1, 2, 3])
    }
  }

  @Test func aScaleThatIsNoNumberIsAnError() throws {
    var bytes = try TinyModel.q41.bytes()
    let last = bytes.count - 20
    bytes.replaceSubrange(last..<last + 2, with: [0, 0x7E])
    let session = try Session(Model.open(bytes: bytes))
    #expect(throws: SessionError.nonFiniteLogits(position: 0)) { _ = try session.prefill([1]) }
  }

  @Test func generationEndsForItsReason() throws {
    let session = try Session(TinyModel.f16.open(), capacity: 12)
    let all = try session.generate([1, 5], maxTokens: 4, stopTokens: [])
    #expect(all.stopReason == .length && all.tokens.count == 4 && all.promptTokens == 2)
    let stopped = try session.generate([1, 5], maxTokens: 4, stopTokens: [all.tokens[2]])
    #expect(stopped.stopReason == .stop)
    #expect(stopped.tokens == Array(all.tokens.prefix { $0 != all.tokens[2] }))
    var seen: [Int32] = []
    let told = try session.generate([1, 5], maxTokens: 4, stopTokens: []) { token in
      seen.append(token)
      return seen.count < 2
    }
    #expect(told.stopReason == .caller && told.tokens == seen && seen.count == 2)
    let full = try session.generate([1, 5], maxTokens: 40, stopTokens: [])
    #expect(full.stopReason == .context && full.tokens.count == 11)
    #expect(Array(full.tokens[..<4]) == all.tokens)
    let none = try session.generate([1, 5], maxTokens: 0, stopTokens: [])
    #expect(none.tokens.isEmpty && none.logitsDigest.bytes == [UInt8](repeating: 0, count: 32))
  }

  @Test func scoresAreLogSoftmaxOfLogits() throws {
    let model = try TinyModel.f32.open(threads: 2)
    let prompt = Array(TinyModel.prompt[..<10])
    let continuations: [[Int32]] = [[4], [4, 9, 30], [8, 8]]
    let session = try Session(model)
    let scores = try session.scoreContinuations(of: prompt, continuations)
    #expect(session.tokens == prompt)
    for (continuation, score) in zip(continuations, scores) {
      var expected: [Double] = []
      var isGreedy = true
      for index in continuation.indices {
        let logits = try Session(model).prefill(prompt + continuation[..<index])
        expected += Session.logProbabilities(logits, of: [continuation[index]])
        isGreedy = isGreedy && logits.firstIndex(of: logits.max() ?? 0) == Int(continuation[index])
      }
      #expect(score.logProbabilities == expected)
      #expect(score.isGreedy == isGreedy)
      #expect(score.total == expected.reduce(0, +))
    }
    let logits = try Session(model).prefill(prompt)
    let all = Session.logProbabilities(logits, of: (0..<397).map { Int32($0) })
    #expect(abs(all.reduce(0) { $0 + exp($1) } - 1) < 1e-12)
    #expect(throws: SessionError.unknownToken(397, index: 1)) {
      _ = try session.scoreContinuations(of: prompt, [[1, 397]])
    }
    #expect(throws: SessionError.emptyPrompt) {
      _ = try session.scoreContinuations(of: prompt, [[]])
    }
  }
}

private func exp(_ x: Double) -> Double {
  // Enough of the series for a sum of probabilities: x = n ln 2 + r.
  let n = (x * 1.4426950408889634).rounded()
  let r = x - n * 0.6931471805599453
  var term = 1.0
  var sum = 1.0
  for power in 1...20 {
    term *= r / Double(power)
    sum += term
  }
  return sum * Double(sign: .plus, exponent: Int(n), significand: 1)
}
