import Inference
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// The tiny models that Scripts/engine/make_fixtures.py made.
enum TinyModel: String, CaseIterable {
  case f32 = "F32"
  case f16 = "F16"
  case q8 = "Q8_0"
  case q4 = "Q4_0"
  case q41 = "Q4_1"

  /// The bytes of the file.
  func bytes() throws -> [UInt8] {
    try readFile(goldenFolder().appending("tiny-\(rawValue).gguf"))
  }

  /// Opens it from memory.
  func open(isa: ISAChoice = .auto, threads: Int = 1) throws -> Model {
    try Model.open(bytes: bytes(), isa: isa, threads: threads)
  }

  /// The prompt whose logits are expected: that of the script.
  static let prompt: [Int32] = {
    let rest = (1..<150).map { (step: Int) -> Int32 in Int32((7 * step * step + 3 * step) % 397) }
    return [1] + rest
  }()
  /// The positions whose logits are expected.
  static let positions = [0, 5, 63, 64, 149]
}

/// Float32 numbers of a golden file.
func goldenFloats(_ name: String) throws -> [Float] {
  let bytes = try readFile(goldenFolder().appending(name))
  return stride(from: 0, to: bytes.count, by: 4).map { start in
    Float(
      bitPattern: (0..<4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[start + $1]) })
  }
}

/// Compares a text with a golden file; MEDAI_RECORD=1 records it anew, which fails the run.
func expectGolden(_ name: String, _ text: String) throws {
  let path = goldenFolder().appending(name)
  if environmentVariable("MEDAI_RECORD") != nil {
    try writeDurably(Array(text.utf8), to: path)
    Issue.record("recorded anew")
  }
  let recorded = String(decoding: try readFile(path), as: UTF8.self)
  #expect(text == recorded)
}

/// Random numbers of a test, by seed.
struct TestRandom {
  private var generator: CounterGenerator

  init(_ seed: UInt64) { generator = CounterGenerator(seed: seed) }

  mutating func next() -> UInt64 { generator.next() }

  /// A number in 0..<bound.
  mutating func below(_ bound: Int) -> Int { Int(generator.next() % UInt64(bound)) }

  /// Roughly normal floats of very different sizes.
  mutating func floats(_ count: Int) -> [Float] {
    (0..<count).map { _ in
      Float((0..<4).reduce(0.0) { sum, _ in sum + generator.nextUnit() - 0.5 })
        * Float(1 << below(8))
    }
  }
}

/// The demo model where it is on this machine.
enum DemoModel {
  /// Its path: `MEDAI_DEMO_MODEL`, else the cache that `medai model fetch` fills.
  static let path: FilePath? = {
    if let path = environmentVariable("MEDAI_DEMO_MODEL") {
      return fileExists(FilePath(path)) ? FilePath(path) : nil
    }
    let cache =
      environmentVariable("XDG_CACHE_HOME") ?? environmentVariable("HOME").map { $0 + "/.cache" }
    guard let cache else { return nil }
    let path = FilePath(cache).appending("medai").appending("SmolLM2-135M-Instruct.Q4_1.gguf")
    return fileExists(path) ? path : nil
  }()
}
