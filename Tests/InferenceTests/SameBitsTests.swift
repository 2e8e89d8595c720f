import Inference
import Testing

/// The same bits for any implementation, number of threads, size of batch and reuse of a prefix.
struct SameBitsTests {
  static let implementations = [ISAChoice.portable, .avx2].filter(\.runsHere)

  private func bits(_ logits: [Float]) -> [UInt32] { logits.map(\.bitPattern) }

  @Test(arguments: TinyModel.allCases)
  func logitsDoNotDependOnHowTheyAreComputed(tiny: TinyModel) throws {
    let prompt = TinyModel.prompt
    let expected = bits(try Session(tiny.open(isa: .portable), batch: 1).prefill(prompt))
    for isa in Self.implementations {
      for threads in 1...3 {
        let model = try tiny.open(isa: isa, threads: threads)
        for batch in [1, 7, 64, 150] {
          let session = try Session(model, batch: batch)
          #expect(try bits(session.prefill(prompt)) == expected, "\(isa) \(threads) \(batch)")
          // Back to a prefix, another ending, and the first ending again. Every prefix meets every
          // batch at one of the numbers of threads.
          for step in 0..<2 {
            let shared = [1, 63, 64, 100, 149][(2 * (threads - 1) + step) % 5]
            session.rewind(to: shared)
            try session.extend([5, 6, 7])
            #expect(try bits(session.prefill(reusingPrefixOf: prompt)) == expected)
            session.rewind(to: shared)
            #expect(try bits(session.prefill(Array(prompt[shared...]))) == expected)
          }
        }
      }
    }
  }

  @Test(arguments: TinyModel.allCases)
  func everyPositionIsThatOfItsOwnPrompt(tiny: TinyModel) throws {
    let prompt = Array(TinyModel.prompt[..<70])
    let model = try tiny.open(threads: 2)
    var all: [[UInt32]] = []
    try Session(model, batch: 33).prefillAllPositions(prompt) { position, logits in
      #expect(position == all.count)
      all.append(logits.indices.map { logits[$0].bitPattern })
    }
    #expect(all.count == prompt.count)
    for count in [1, 2, 33, 34, 64, 65, 70] {
      let logits = try Session(model).prefill(Array(prompt[..<count]))
      #expect(bits(logits) == all[count - 1])
    }
  }

  @Test(arguments: TinyModel.allCases)
  func someRowsAreThoseOfAllRows(tiny: TinyModel) throws {
    let session = try Session(tiny.open(threads: 2))
    let all = try session.prefill(Array(TinyModel.prompt[..<20]))
    let ids: [Int32] = [396, 0, 17, 16, 15, 17, 200]
    #expect(try bits(session.logitRows(ids)) == bits(ids.map { all[Int($0)] }))
    // Also after a prompt whose own logits were not computed.
    session.rewind(to: 0)
    try session.extend(Array(TinyModel.prompt[..<20]))
    #expect(try bits(session.logitRows(ids)) == bits(ids.map { all[Int($0)] }))
  }

  @Test func generationsAreTheSame() throws {
    let prompt = Array(TinyModel.prompt[..<40])
    let sampler = try Sampler(temperature: 0.8, topP: 0.9, topK: 50, seed: 42)
    var first: Generation?
    for isa in Self.implementations {
      for threads in [1, 3] {
        let session = try Session(TinyModel.q41.open(isa: isa, threads: threads), batch: 16)
        for warm in [false, true] {
          if !warm { session.rewind(to: 0) }
          let generation = try session.generate(
            prompt, maxTokens: 30, sampler: sampler, stopTokens: [2])
          #expect(first == nil || generation == first)
          first = generation
        }
      }
    }
    #expect(first?.tokens.isEmpty == false)
    let other = try Session(TinyModel.q41.open()).generate(
      prompt, maxTokens: 30, sampler: Sampler(temperature: 0.8, topP: 0.9, topK: 50, seed: 43),
      stopTokens: [2])
    #expect(other != first)
  }

  @Test func sessionsOfOneModelShareItsThreads() async throws {
    let model = try TinyModel.q8.open(threads: 2)
    let prompt = TinyModel.prompt
    let expected = bits(try Session(model).prefill(prompt))
    try await withThrowingTaskGroup(of: [UInt32].self) { group in
      for _ in 0..<4 {
        group.addTask { try Session(model).prefill(prompt).map(\.bitPattern) }
      }
      for try await result in group { #expect(result == expected) }
    }
  }
}
