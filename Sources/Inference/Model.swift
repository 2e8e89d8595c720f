internal import CKernels
public import SystemPackage

/// The version of everything that decides a bit: kernels, tokenizer, templates and sampler.
///
/// 0 until the first release; after that any change of a bit adds a new number.
public let numerics = 0

/// An opened model: numbers, packed weights, tokenizer. Immutable, and shared by its sessions.
public final class Model: Sendable {
  /// What the file says of itself.
  public let info: ModelInfo
  /// Text to tokens and back.
  public let tokenizer: Tokenizer
  /// Which implementation of the arithmetic runs; no result depends on it.
  public let isa: ISAChoice
  /// Threads that work on a batch; no result depends on it.
  public var threads: Int { team.size }

  let config: Config
  let weights: Weights
  let team: WorkerTeam
  let kernel: medai_isa
  let template: [UInt8]?

  /// Opens a GGUF file: reads it whole, checks it, and packs its weights.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - isa: Which implementation of the arithmetic.
  ///   - threads: Threads, at least 1; the caller's is one of them.
  /// - Returns: The model.
  /// - Throws: `ModelError` that says what is wrong with the file.
  public static func open(
    _ path: FilePath, isa: ISAChoice = .auto, threads: Int
  ) throws(ModelError) -> Model {
    do throws(ModelProblem) {
      return try Model(FileContents(path), isa: isa, threads: threads)
    } catch {
      throw ModelError(path: path, problem: error)
    }
  }

  /// Opens a model whose file is in memory.
  package static func open(
    bytes: [UInt8], isa: ISAChoice = .auto, threads: Int = 1
  ) throws(ModelError) -> Model {
    do throws(ModelProblem) {
      return try Model(FileContents(bytes: bytes), isa: isa, threads: threads)
    } catch {
      throw ModelError(path: "", problem: error)
    }
  }

  private init(_ contents: FileContents, isa: ISAChoice, threads: Int) throws(ModelProblem) {
    precondition(threads >= 1, "at least one thread")
    guard let kernel = isa.kernel else { throw .instructionSetUnavailable }
    let count = contents.count
    let header = try contents.memory.withBytes { (bytes: Span<UInt8>) throws(ModelProblem) in
      try GGUFHeader(bytes.extracting(first: count))
    }
    let config = try Config(header)
    let tokenizer = try Tokenizer(header, vocabulary: config.vocabulary)
    guard let team = WorkerTeam(size: threads, steps: 16 * config.layers + 16) else {
      throw .outOfResources
    }
    self.isa = isa == .auto ? (kernel == medai_isa_avx2 ? .avx2 : .portable) : isa
    self.kernel = kernel
    self.config = config
    self.tokenizer = tokenizer
    self.team = team
    template = try header.string("tokenizer.chat_template")
    weights = try Weights(header, config, contents, on: team)
    info = try ModelInfo(header, config, tokenizer: tokenizer.kind, contents)
  }
}
