internal import Auditing
internal import Cryptography
internal import Inference
internal import MedaiCore

/// Everything besides model and prompt that decides an answer.
///
/// The begin entry of a run holds all of it, in the clear or by digest, so that a replay takes
/// nothing on trust: `init(provenBy:)` gives a form only where the entry's digests follow from it.
struct GenerationForm: Sendable, Equatable {
  /// How a prompt is put into a chat template; `nil` where it is used as it is.
  let chat: ChatForm?
  /// Whether a system message comes first.
  let hasSystem: Bool
  /// Longest answer in tokens.
  let maxTokens: Int
  /// 0 is greedy; six decimals, as the entry has it.
  let temperature: Double
  /// Share of probability that is drawn from; six decimals.
  let topP: Double
  /// Start of the random numbers.
  let seed: UInt64
  /// What the model's matrices of floats became at load.
  let quantizing: LoadQuantization?

  /// What stands between the texts of a context and the prompt.
  private static let join = "\n\n"

  /// A form; what it samples with is what the entry can hold, not one digit more.
  init(
    chat: ChatForm?, hasSystem: Bool, maxTokens: Int, temperature: Double, topP: Double,
    seed: UInt64, quantizing: LoadQuantization? = nil
  ) {
    self.chat = chat
    self.hasSystem = hasSystem
    self.maxTokens = maxTokens
    self.temperature = Double(fixedPoint(temperature, decimals: 6)) ?? temperature
    self.topP = Double(fixedPoint(topP, decimals: 6)) ?? topP
    self.seed = seed
    self.quantizing = quantizing
  }

  /// The form that a begin entry proves; `nil` where its digests follow from none that is known.
  ///
  /// - Parameters:
  ///   - begin: The entry.
  ///   - chats: Ways to use a chat template that the run may have taken.
  init?(provenBy begin: LogEntry, among chats: [ChatForm?]) {
    guard let maxTokens = begin.count("max_tokens"),
      let temperature = begin.text("temperature").flatMap({ Double($0) }),
      let topP = begin.text("top_p").flatMap({ Double($0) }),
      let seed = begin.text("seed").flatMap({ UInt64($0) })
    else { return nil }
    for chat in chats {
      for quantizing in [nil] + LoadQuantization.allCases {
        let form = GenerationForm(
          chat: chat, hasSystem: begin["system"] != nil, maxTokens: maxTokens,
          temperature: temperature, topP: topP, seed: seed, quantizing: quantizing)
        guard form.templateDigest == begin.digest("template_sha256") else { break }
        if form.settingsDigest == begin.digest("settings_sha256") {
          self = form
          return
        }
      }
    }
    return nil
  }

  /// The settings as an entry has them.
  var sampling: SamplingUse {
    SamplingUse(
      maxTokens: maxTokens, temperature: DecimalText(temperature, decimals: 6),
      topP: DecimalText(topP, decimals: 6), seed: DecimalText(seed))
  }

  /// Digest of how a prompt is put together.
  var templateDigest: Digest {
    var form: JSONObject = [
      "chat": .bool(chat != nil), "join": .string(Self.join), "system": .bool(hasSystem),
      "version": .integer(chat?.isNamed == true ? 2 : 1),
    ]
    if let chat, chat.isNamed {
      form["template"] = chat.template.map { .string($0.sha256.hex) } ?? .null
      form["coded"] = chat.template.map { .bool($0.isCoded) } ?? .null
      form["thinking"] = chat.thinking.map { .bool($0) } ?? .null
    }
    return sha256(JSONValue.object(form).encoded(.canonical))
  }

  /// Digest of all settings.
  var settingsDigest: Digest {
    var settings: JSONObject = [
      "max_tokens": .integer(maxTokens),
      "temperature": .string(fixedPoint(temperature, decimals: 6)),
      "top_p": .string(fixedPoint(topP, decimals: 6)), "seed": .string(String(seed)),
      "form": .string(templateDigest.hex),
    ]
    settings["quantize"] = quantizing.map { .string($0.rawValue) }
    return sha256(JSONValue.object(settings).encoded(.canonical))
  }

  /// How the next token is chosen.
  ///
  /// - Throws: `Sampler.InvalidSettings` where a setting is out of its range.
  func sampler() throws(Sampler.InvalidSettings) -> Sampler {
    try Sampler(temperature: temperature, topP: topP, seed: seed)
  }

  /// A prompt as the model gets it.
  ///
  /// - Parameters:
  ///   - input: Prompt and context.
  ///   - system: The system message, where there is one.
  ///   - model: Its chat template is used.
  ///   - insists: Whether a model without a chat template is an error even without a system
  ///     message.
  /// - Returns: The tokens and what ends the answer.
  /// - Throws: `TemplateError`.
  func render(
    _ input: GenerationInput, system: String?, model: Model, insists: Bool = false
  ) throws -> RenderedPrompt {
    let text = (input.context + [input.prompt]).joined(separator: Self.join)
    if let chat {
      do throws(TemplateError) {
        return try model.renderChat(
          system: system, user: text, template: chat.choice, thinking: chat.thinking)
      } catch {
        // A base model has no template; its prompt is the text itself. A system message has no
        // place there, and leaving it out in silence would be another question.
        if insists || system != nil || error != .missing { throw error }
      }
    }
    return model.renderPlain(text)
  }

  /// Lets the model answer.
  ///
  /// - Parameters:
  ///   - prompt: What `render` gave.
  ///   - model: The model.
  ///   - batch: Positions computed together; no bit depends on it.
  /// - Returns: The answer with the chained digest of its logits.
  /// - Throws: `SessionError`, `Sampler.InvalidSettings`.
  func answer(_ prompt: RenderedPrompt, by model: Model, batch: Int = 128) throws -> Generation {
    let capacity = min(prompt.tokens.count + maxTokens, model.info.contextLength)
    let session = try Session(model, capacity: max(capacity, 1), batch: batch)
    return try session.generate(
      prompt.tokens, maxTokens: maxTokens, sampler: try sampler(), stopTokens: prompt.stopTokens)
  }

  /// The output record of an answer.
  func record(
    _ input: GenerationInput, _ text: String, _ generation: Generation, by model: Model
  ) -> JSONValue {
    var record: JSONObject = [
      "id": .string(input.id), "prompt": .string(input.prompt), "output": .string(text),
      "context": .array(input.context.map { .string($0) }),
    ]
    record["language"] = input.language.map { .string($0) }
    record["intended_use"] = input.intendedUse.map { .string($0) }
    record["model"] = .object([
      "name": .string(model.info.name ?? model.info.architecture),
      "version": .string(model.info.quantization), "sha256": .string(model.info.sha256.hex),
    ])
    record["parameters"] = .object([
      "temperature": .number(JSONNumber(temperature, decimals: 6)),
      "top_p": .number(JSONNumber(topP, decimals: 6)), "seed": .string(String(seed)),
      "max_tokens": .integer(maxTokens), "numerics": .integer(numerics),
    ])
    record["stop"] = .string(generation.stopReason.rawValue)
    record["prompt_tokens"] = .integer(generation.promptTokens)
    record["output_tokens"] = .integer(generation.tokens.count)
    return .object(record)
  }
}

extension Generation {
  /// Why the answer ended, as an entry has it.
  var stop: Auditing.StopReason { stopReason == .stop ? .endToken : .maxTokens }
}
