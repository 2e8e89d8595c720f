import Cryptography
import Inference
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// The tiny models of every family that Scripts/engine/make_families.py made.
enum FamilyModel: String, CaseIterable {
  case llama
  case llamaBias = "llama-bias"
  case qwen2
  case qwen3
  case exaone
  case exaone4
  case exaone4Global = "exaone4-global"
  case hyperclovax
  case hyperclovaxPre = "hyperclovax-pre"
  case gptneox
  case gptneoxSequential = "gptneox-sequential"

  /// Cases that exist as a GGUF file too: those that bear their family's name.
  static var withGGUF: [FamilyModel] { allCases.filter { !$0.rawValue.contains("-") } }

  static let vocabulary = 270
  /// The prompt whose logits are expected: that of the script.
  static let prompt: [Int32] = {
    let rest = (1..<150).map { (step: Int) -> Int32 in
      Int32((7 * step * step + 3 * step) % vocabulary)
    }
    return [1] + rest
  }()
  static let positions = [0, 5, 63, 64, 149]

  /// The files' folder.
  static var golden: FilePath { goldenFolder().appending("families") }

  /// The bytes of a file of this model.
  func bytes(_ ending: String) throws -> [UInt8] {
    try readFile(Self.golden.appending("\(rawValue).\(ending)"))
  }

  /// Opens the GGUF file.
  func openGGUF(isa: ISAChoice = .auto, threads: Int = 1) throws -> Model {
    try Model.open(bytes: bytes("gguf"), isa: isa, threads: threads)
  }

  /// Opens the model as a folder, after a change of its files.
  func openFolder(
    isa: ISAChoice = .auto, threads: Int = 1, quantizing: LoadQuantization? = nil,
    _ change: (FilePath) throws -> Void = { _ in }
  ) throws -> Model {
    try withScratchFolder { folder in
      try put(bytes("json"), to: folder.appending("config.json"))
      try put(bytes("safetensors"), to: folder.appending("model.safetensors"))
      try put(
        readFile(Self.golden.appending("tokenizer.json")), to: folder.appending("tokenizer.json"))
      try change(folder)
      return try Model.open(folder, isa: isa, threads: threads, quantizing: quantizing)
    }
  }
}

/// Writes a file of a scratch folder, without waiting for the disk.
func put(_ bytes: [UInt8], to path: FilePath) throws {
  let file = try FileDescriptor.open(
    path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
  defer { try? file.close() }
  _ = try file.writeAll(bytes)
}

/// Every family against transformers, and the same bits however they are computed.
struct FamilyTests {
  private func difference(_ model: Model, _ expected: [Float]) throws -> Float {
    let size = FamilyModel.vocabulary
    #expect(model.info.vocabSize == size)
    var worst: Float = 0
    var seen = 0
    try Session(model).prefillAllPositions(FamilyModel.prompt) { position, logits in
      guard let index = FamilyModel.positions.firstIndex(of: position) else { return }
      let row = expected[index * size..<(index + 1) * size]
      let largest = row.map(\.magnitude).max() ?? 0
      for (id, value) in row.enumerated() {
        worst = max(worst, (value - logits[id]).magnitude / largest)
      }
      seen += 1
    }
    #expect(seen == FamilyModel.positions.count)
    return worst
  }

  @Test(arguments: FamilyModel.allCases)
  func foldersAgreeWithTransformers(family: FamilyModel) throws {
    let expected = try goldenFloats("families/\(family.rawValue).logits")
    let worst = try difference(family.openFolder(), expected)
    #expect(worst <= 1e-4, "\(family): \(worst)")
    if environmentVariable("MEDAI_SHOW") != nil { print("folder", family.rawValue, worst) }
  }

  @Test(arguments: FamilyModel.withGGUF)
  func filesAgreeWithTransformers(family: FamilyModel) throws {
    let expected = try goldenFloats("families/\(family.rawValue).logits")
    let model = try family.openGGUF()
    let worst = try difference(model, expected)
    #expect(worst <= 1e-4, "\(family): \(worst)")
    #expect(model.info.architecture == family.rawValue)
    if environmentVariable("MEDAI_SHOW") != nil { print("file", family.rawValue, worst) }
  }

  /// Once by hand: a model of published size (Scripts/engine/make_dimensions.py).
  @Test(.enabled(if: environmentVariable("MEDAI_DIMENSIONS") != nil, "made by hand only"))
  func publishedDimensions() throws {
    let folder = FilePath(try #require(environmentVariable("MEDAI_DIMENSIONS")))
    let bytes = try readFile(folder.appending("expected.logits"))
    let model = try Model.open(folder, threads: 2)
    let prompt = (1..<97).map { (step: Int) -> Int32 in
      Int32((7 * step * step + 3 * step) % 102_400)
    }
    let logits = try Session(model, capacity: 128).prefill(prompt)
    #expect(bytes.count == 4 * logits.count)
    var worst: Float = 0
    var largest: Float = 0
    for (id, logit) in logits.enumerated() {
      let word = (0..<4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[4 * id + $1]) }
      let expected = Float(bitPattern: word)
      worst = max(worst, (expected - logit).magnitude)
      largest = max(largest, expected.magnitude)
    }
    print("published dimensions:", model.info.parameters, worst / largest)
    #expect(worst <= 1e-4 * largest)
  }

  /// Changed bytes of a header or of the data give an error or a model, never a crash.
  @Test(arguments: FamilyModel.withGGUF)
  func noByteOfAFileCrashesTheLoader(family: FamilyModel) throws {
    let bytes = try family.bytes("gguf")
    var random = TestRandom(31)
    for round in 0..<60 {
      var bent = bytes
      // Mostly where the numbers of the metadata are: the vocabulary lies behind them.
      let end = round % 3 == 0 ? bytes.count : 1_200
      for _ in 0..<1 + random.below(3) {
        bent[random.below(end)] = UInt8(truncatingIfNeeded: random.next() >> 8)
      }
      do throws(ModelError) {
        let model = try Model.open(bytes: bent)
        guard let session = try? Session(model, capacity: 8, batch: 4) else { continue }
        _ = try? session.prefill([1, 2, 3])
      } catch {
        #expect(error.path == "")
      }
    }
    for count in stride(from: 0, to: bytes.count, by: 397) {
      #expect(throws: ModelError.self) { _ = try Model.open(bytes: Array(bytes[..<count])) }
    }
  }

  /// A change of one bit anywhere is seen here.
  @Test func digestsAreTheRecordedOnes() throws {
    var text = ""
    for family in FamilyModel.allCases {
      let logits = try Session(family.openFolder()).prefill(FamilyModel.prompt)
      text += "folder \(family.rawValue) \(Session.digest(of: logits).hex)\n"
    }
    for family in FamilyModel.withGGUF {
      let logits = try Session(family.openGGUF()).prefill(FamilyModel.prompt)
      text += "file \(family.rawValue) \(Session.digest(of: logits).hex)\n"
    }
    try expectGolden("families/digests.txt", text)
  }

  @Test(arguments: FamilyModel.allCases)
  func logitsDoNotDependOnHowTheyAreComputed(family: FamilyModel) throws {
    let prompt = FamilyModel.prompt
    func bits(_ logits: [Float]) -> [UInt32] { logits.map(\.bitPattern) }
    let expected = try bits(
      Session(family.openFolder(isa: .portable), batch: 1).prefill(prompt))
    let ids: [Int32] = [269, 0, 17, 16, 200]
    for isa in SameBitsTests.implementations {
      for threads in [1, 2, 3, 8] {
        let model = try family.openFolder(isa: isa, threads: threads)
        for batch in [1, 7, 64, 512] {
          let session = try Session(model, batch: batch)
          #expect(try bits(session.prefill(prompt)) == expected, "\(isa) \(threads) \(batch)")
          for shared in threads == 2 ? [1, 64, 100] : [] {
            session.rewind(to: shared)
            try session.extend([5, 6, 7])
            #expect(try bits(session.prefill(reusingPrefixOf: prompt)) == expected)
          }
          #expect(try bits(session.logitRows(ids)) == ids.map { expected[Int($0)] })
        }
      }
    }
    let other = try Session(family.openFolder()).prefill(Array(prompt.dropLast()) + [9])
    #expect(bits(other) != expected)
  }
}
