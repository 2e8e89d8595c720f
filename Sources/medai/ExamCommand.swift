import ArgumentParser
import Settings
import SystemPackage
import Workflows

struct ExamCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exam", abstract: "Run and judge licensing-exam items. / 시험",
    discussion: "Example: medai exam validate results.ndjson --claim 0.862 --no-audit",
    subcommands: [Run.self, Validate.self])

  struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let a model answer items, on the record.",
      discussion: """
        Example: medai exam run items.ndjson --model model.gguf --output results.ndjson \
        --preset kormedmcqa --shots 2 --shots-from dev.ndjson --signing-key keys/signing.pem
        """)
    @OptionGroup var common: CommonOptions
    @OptionGroup var audit: AuditOptions
    @Argument(help: "Items: NDJSON, JSON array or CSV.") var items: String
    @Option(help: "The model file.") var model: String?
    @Option(help: "Where the results go (NDJSON).") var output: String
    @Option(help: "Prompt: kormedmcqa, kmmlu, click, medqa, medmcqa or plain.")
    var preset = "kormedmcqa"
    @Option(help: "Worked examples before each item.") var shots = 0
    @Option(help: "Items that the examples come from.") var shotsFrom: String?
    @Option(help: "How an answer is read: loglikelihood.") var method = "loglikelihood"
    @Flag(help: "Add option_logprobs to the results.") var logprobs = false
    @Option(help: "Option orders to try beside the given one.") var permute = 0
    @Option(help: "Threads; no bit depends on it.") var threads: String?
    @Option(help: "Write what was asked (NDJSON).") var prompts: String?
    @Option(help: "Turn matrices of floats into q8_0 at load.") var quantize: String?

    func validate() throws {
      if !(0...1000).contains(shots) || !(0...1000).contains(permute) {
        throw ValidationError("--shots and --permute are 0 to 1000.")
      }
      if shots > 0, shotsFrom == nil { throw ValidationError("--shots needs --shots-from FILE.") }
      if method != "loglikelihood" {
        throw ValidationError("--method \(method) is not known; there is loglikelihood.")
      }
    }

    func run() async throws {
      let own: [SettingKey: String?] = [.model: model, .threads: threads]
      try await finish(common, own.merging(audit.settings) { $1 }) { context in
        try runExam(
          ExamRunRequest(
            items: FilePath(items), output: FilePath(output), preset: preset, shots: shots,
            shotsFrom: shotsFrom.map { FilePath($0) }, wantsLogprobs: logprobs,
            permutations: permute, prompts: prompts.map { FilePath($0) },
            quantize: quantize, withoutAudit: audit.noAudit),
          context: context)
      }
    }
  }

  struct Validate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Judge results: score, intervals, claims, the pass rule.",
      discussion: """
        Example: medai exam validate results.ndjson --claim 0.862 --human 0.7966 --rule kmle \
        --report exam.html --signing-key keys/signing.pem
        """)
    @OptionGroup var common: CommonOptions
    @OptionGroup var audit: AuditOptions
    @Argument(help: "Results (NDJSON).") var results: String
    @Option(help: "Accuracy that is claimed, for example 0.862.") var claim: String?
    @Option(help: "Mean of human candidates, for example 0.7966.") var human: String?
    @Option(help: "Pass rule, for example kmle.") var rule: String?
    @Option(help: "Results of another run on the same items.") var compare: String?
    @Option(help: "Claimed ratio to --compare.") var claimRatio: String?
    @Flag(help: "Print JSON.") var json = false
    @Option(help: "Write a report (HTML).") var report: String?

    func validate() throws {
      if claimRatio != nil, compare == nil {
        throw ValidationError("--claim-ratio needs --compare OTHER.")
      }
    }

    func run() async throws {
      try await finish(common, audit.settings) { context in
        try validateExam(
          ExamValidationRequest(
            results: FilePath(results), claim: claim, human: human, rule: rule,
            compare: compare.map { FilePath($0) }, claimRatio: claimRatio, asJSON: json,
            report: report.map { FilePath($0) }, withoutAudit: audit.noAudit),
          context: context)
      }
    }
  }
}
