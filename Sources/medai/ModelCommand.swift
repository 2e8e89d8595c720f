import ArgumentParser
import Settings
import SystemPackage
import Workflows

struct ModelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Look into a model file and compute logits. / 모델",
    discussion: "Example: medai model info model.gguf",
    subcommands: [Info.self, Tokenize.self, Logits.self])

  struct Info: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What a model file says of itself.",
      discussion: "Example: medai model info model.gguf --json")
    @OptionGroup var common: CommonOptions
    @Argument(help: "The model file.") var path: String
    @Option(help: "Turn matrices of floats into q8_0 at load.") var quantize: String?
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
      try await finish(common) { context in
        try describeModel(
          at: FilePath(path), quantize: quantize, asJSON: json, context: context)
      }
    }
  }

  struct Tokenize: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Cut text into the model's tokens.",
      discussion: "Example: medai model tokenize model.gguf --text \"고혈압 환자\" --json")
    @OptionGroup var common: CommonOptions
    @Argument(help: "The model file.") var path: String
    @Option(help: "The text.") var text: String?
    @Option(help: "File that holds the text; - is standard input.") var textFile: String?
    @Flag(help: "Leave out BOS and control tokens.") var noSpecial = false
    @Flag(help: "Print JSON.") var json = false

    func validate() throws { try exactlyOne(("--text", text), ("--text-file", textFile)) }

    func run() async throws {
      try await finish(common) { context in
        try tokenize(
          with: FilePath(path), text: text, textFile: textFile.map { FilePath($0) },
          withoutSpecial: noSpecial, asJSON: json, context: context)
      }
    }
  }

  struct Logits: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Compute the scores of the next token, and their digest.",
      discussion: """
        The digest is the same on every machine, for any --threads, --isa and --batch.
        Example: medai model logits model.gguf --text "The heart" --threads 2
        """)
    @OptionGroup var common: CommonOptions
    @Argument(help: "The model file.") var path: String
    @Option(help: "Token ids, separated by commas.") var ids: String?
    @Option(help: "The text.") var text: String?
    @Option(help: "File that holds the text; - is standard input.") var textFile: String?
    @Option(help: "Threads; no bit depends on it.") var threads: String?
    @Option(help: "auto, portable, avx2 or avx512; no bit depends on it.") var isa = "auto"
    @Option(help: "Positions computed together; no bit depends on it.") var batch: Int?
    @Option(help: "Write the logits as little-endian Float32.") var raw: String?
    @Flag(help: "With --raw: every position, not only the last.") var allPositions = false
    @Option(help: "Turn matrices of floats into q8_0 at load.") var quantize: String?

    func validate() throws {
      try exactlyOne(("--ids", ids), ("--text", text), ("--text-file", textFile))
      if let batch, !(1...4096).contains(batch) {
        throw ValidationError("--batch is 1 to 4096.")
      }
    }

    func run() async throws {
      try await finish(common, [.threads: threads]) { context in
        try computeLogits(
          LogitsRequest(
            model: FilePath(path), ids: ids, text: text,
            textFile: textFile.map { FilePath($0) }, isa: isa, batch: batch,
            raw: raw.map { FilePath($0) }, allPositions: allPositions, quantize: quantize),
          context: context)
      }
    }
  }
}

/// Refuses anything but one of several options.
func exactlyOne(_ options: (name: String, value: String?)...) throws {
  if options.count(where: { $0.value != nil }) != 1 {
    throw ValidationError("Give exactly one of \(options.map(\.name).joined(separator: ", ")).")
  }
}
