import Cryptography
import Inference
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// Logits against those of a foreign Float32 forward pass over the dequantised weights.
struct ReferenceTests {
  /// Largest difference divided by the largest logit. Float weights differ by rounding alone;
  /// for weights in blocks the activations have fifteen bits.
  @Test(arguments: [
    (TinyModel.f32, Float(1e-5)), (.f16, 1e-5), (.q8, 1e-3), (.q4, 1e-3), (.q41, 1e-3),
  ])
  func logitsAreThoseOfTheReference(tiny: TinyModel, bound: Float) throws {
    let session = try Session(tiny.open())
    let expected = try goldenFloats("tiny-\(tiny.rawValue).logits")
    let size = session.model.info.vocabSize
    var seen = 0
    try session.prefillAllPositions(TinyModel.prompt) { position, logits in
      guard let index = TinyModel.positions.firstIndex(of: position) else { return }
      let row = expected[index * size..<(index + 1) * size]
      let largest = row.map(\.magnitude).max() ?? 0
      var worst: Float = 0
      for (id, value) in row.enumerated() { worst = max(worst, (value - logits[id]).magnitude) }
      #expect(worst <= bound * largest, "\(tiny) at \(position): \(worst / largest)")
      seen += 1
    }
    #expect(seen == TinyModel.positions.count)
  }

  /// The digests of the last logits: a change of one bit anywhere is seen here.
  @Test func digestsAreTheRecordedOnes() throws {
    var text = ""
    for tiny in TinyModel.allCases {
      let logits = try Session(tiny.open()).prefill(TinyModel.prompt)
      text += "\(tiny.rawValue) \(Session.digest(of: logits).hex)\n"
    }
    try expectGolden("digests.txt", text)
    #expect(numerics == 0)
  }

  @Test func infoIsThatOfTheFile() throws {
    let info = try TinyModel.q41.open().info
    #expect(info.architecture == "llama")
    #expect(info.quantization == "Q4_1")
    #expect(info.vocabSize == 397)
    #expect(info.contextLength == 512)
    #expect(info.tokenizer == "gpt2/smollm")
    #expect(info.license == "CC0-1.0")
    #expect(info.name == "tiny Q4_1")
    #expect(info.parameters == 397 * 64 + 64 + 2 * (2 * 64 + 64 * (64 + 32 + 32 + 64 + 3 * 96)))
    #expect(try info.sha256 == sha256(TinyModel.q41.bytes()))
  }
}
