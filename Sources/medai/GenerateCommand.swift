import ArgumentParser
import Settings
import SystemPackage
import Workflows

struct GenerateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Let a model answer prompts, on the record. / 생성",
    discussion: """
      With --inputs, each line {"id", "prompt", "context"?, "language"?, "intended_use"?} becomes an \
      output record that `medai check` reads; --deid replaces identifiers before the model sees them.

      Examples:
        medai generate --model model.gguf --prompt "What is sepsis?" --chat --max-tokens 64
        medai generate --model model.gguf --inputs questions.ndjson --output outputs.ndjson \
      --deid kr-research --signing-key keys/signing.pem
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var audit: AuditOptions
  @OptionGroup var keeping: VaultOptions
  @Option(help: "The model file.") var model: String?
  @Option(help: "One prompt.") var prompt: String?
  @Option(help: "File that holds one prompt; - is standard input.") var promptFile: String?
  @Option(help: "System message (with --chat).") var system: String?
  @Flag(help: "Put the prompt into the model's chat template.") var chat = false
  @Option(help: "With --chat: a Jinja file instead; `model` interprets the model's own.")
  var chatTemplate: String?
  @Option(help: "on or off, where the chat template has such a switch.") var thinking: String?
  @Option(help: "Turn matrices of floats into q8_0 at load.") var quantize: String?
  @Option(help: "Tokens to generate at most.") var maxTokens = 256
  @Option(help: "0 is greedy.") var temperature = 0.0
  @Option(help: "Keep the likeliest tokens up to this probability.") var topP = 1.0
  @Option(help: "Seed of the sampler.") var seed: UInt64 = 0
  @Option(help: "Threads; no bit depends on it.") var threads: String?
  @Flag(help: "Print JSON.") var json = false
  @Option(help: "Many prompts (NDJSON).") var inputs: String?
  @Option(help: "Where the output records go.") var output: String?
  @Option(help: "De-identify prompts and contexts by this policy first.") var deid: String?
  @Option(help: "Pseudonym key for --deid.") var key: String?

  func validate() throws {
    try exactlyOne(("--prompt", prompt), ("--prompt-file", promptFile), ("--inputs", inputs))
    if system != nil, !chat, inputs == nil {
      throw ValidationError("--system needs --chat.")
    }
    if chatTemplate != nil || thinking != nil, !chat, inputs == nil {
      throw ValidationError("--chat-template and --thinking need --chat.")
    }
    if let thinking, !["on", "off"].contains(thinking) {
      throw ValidationError("--thinking is on or off.")
    }
    if inputs != nil, output == nil { throw ValidationError("--inputs needs --output FILE.") }
    if !(1...1_000_000).contains(maxTokens) {
      throw ValidationError("--max-tokens is 1 to 1000000.")
    }
    if !(0...10).contains(temperature) { throw ValidationError("--temperature is 0 to 10.") }
    if !(topP > 0 && topP <= 1) { throw ValidationError("--top-p is above 0 and at most 1.") }
  }

  func run() async throws {
    let own: [SettingKey: String?] = [.model: model, .threads: threads, .pseudonymKey: key]
    try await finish(common, own.merging(audit.settings) { $1 }.merging(keeping.settings) { $1 }) {
      context in
      try await generate(
        GenerateRequestOptions(
          prompt: prompt, promptFile: promptFile.map { FilePath($0) },
          inputs: inputs.map { FilePath($0) }, output: output.map { FilePath($0) },
          system: system, chat: chat, maxTokens: maxTokens, temperature: temperature, topP: topP,
          seed: seed, policy: deid, asJSON: json, withoutAudit: audit.noAudit,
          subject: keeping.subject, chatTemplate: chatTemplate, thinking: thinking,
          quantize: quantize),
        context: context)
    }
  }
}
