internal import CKernels
public import SystemPackage

/// The version of everything that decides a bit: kernels, tokenizer, templates and sampler.
///
/// 0 until the first release; after that any change of a bit adds a new number.
public let numerics = 0

/// What matrices of floats may become when a model is opened.
public enum LoadQuantization: String, Sendable, CaseIterable {
  /// Eight bits and a scale for 32 elements, as ggml makes them. Matrices whose rows are no multiple
  /// of 32 stay as they are.
  case q8_0
}

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

  /// What matrices of floats became at load; `nil` where the file's own numbers are used.
  public let quantizing: LoadQuantization?

  let graph: Graph
  let weights: Weights
  let team: WorkerTeam
  let kernel: medai_isa
  let template: [UInt8]?

  /// Opens a model: reads its files whole, checks them, and packs the weights.
  ///
  /// - Parameters:
  ///   - path: A GGUF file, the first of a split one, or a Hugging Face folder.
  ///   - isa: Which implementation of the arithmetic.
  ///   - threads: Threads, at least 1; the caller's is one of them.
  ///   - quantizing: What matrices of floats become; other bits than without.
  /// - Returns: The model.
  /// - Throws: `ModelError` that says what is wrong with the file.
  public static func open(
    _ path: FilePath, isa: ISAChoice = .auto, threads: Int,
    quantizing: LoadQuantization? = nil
  ) throws(ModelError) -> Model {
    do throws(ModelProblem) {
      return try Model(ModelFiles(path), isa: isa, threads: threads, quantizing: quantizing)
    } catch {
      throw ModelError(path: path, problem: error)
    }
  }

  /// Opens a model whose GGUF file is in memory.
  package static func open(
    bytes: [UInt8], isa: ISAChoice = .auto, threads: Int = 1,
    quantizing: LoadQuantization? = nil
  ) throws(ModelError) -> Model {
    do throws(ModelProblem) {
      return try Model(
        ModelFiles(gguf: FileContents(bytes: bytes)), isa: isa, threads: threads,
        quantizing: quantizing)
    } catch {
      throw ModelError(path: "", problem: error)
    }
  }

  private init(
    _ files: ModelFiles, isa: ISAChoice, threads: Int, quantizing: LoadQuantization?
  ) throws(ModelProblem) {
    precondition(threads >= 1, "at least one thread")
    guard let kernel = isa.kernel else { throw .instructionSetUnavailable }
    switch files.description {
    case .gguf(let header):
      graph = try Graph(header)
      tokenizer = try Tokenizer(
        TokenizerFile(header, vocabulary: graph.vocabulary, family: graph.family))
      template = try header.string("tokenizer.chat_template")
    case .folder(let config, let file, let chatTemplate):
      graph = try Graph(config, files.catalog)
      tokenizer = try Tokenizer(
        TokenizerFile(file, config: config, vocabulary: graph.vocabulary))
      template = chatTemplate
    }
    guard let team = WorkerTeam(size: threads, steps: 40 * graph.layers + 40) else {
      throw .outOfResources
    }
    self.isa = isa == .auto ? (kernel == medai_isa_avx2 ? .avx2 : .portable) : isa
    self.kernel = kernel
    self.quantizing = quantizing
    self.team = team
    weights = try Weights(files, graph, quantizing: quantizing, on: team)
    info = try ModelInfo(files, graph, tokenizer: tokenizer.kind, quantizing: quantizing)
  }
}
