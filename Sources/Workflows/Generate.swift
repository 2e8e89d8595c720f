internal import Auditing
internal import Cryptography
internal import Deidentification
internal import Inference
internal import MedaiCore
internal import Presentation
public import SystemPackage

/// What `generate` is asked.
public struct GenerateRequestOptions: Sendable {
  let prompt: String?
  let promptFile: FilePath?
  let inputs: FilePath?
  let output: FilePath?
  let system: String?
  let chat: Bool
  let maxTokens: Int
  let temperature: Double
  let topP: Double
  let seed: UInt64
  let policy: String?
  let asJSON: Bool
  let withoutAudit: Bool
  let subject: String?

  /// A request from the command's options.
  public init(
    prompt: String?, promptFile: FilePath?, inputs: FilePath?, output: FilePath?, system: String?,
    chat: Bool, maxTokens: Int, temperature: Double, topP: Double, seed: UInt64, policy: String?,
    asJSON: Bool, withoutAudit: Bool, subject: String? = nil
  ) {
    self.prompt = prompt
    self.promptFile = promptFile
    self.inputs = inputs
    self.output = output
    self.system = system
    self.chat = chat
    self.maxTokens = maxTokens
    self.temperature = temperature
    self.topP = topP
    self.seed = seed
    self.policy = policy
    self.asJSON = asJSON
    self.withoutAudit = withoutAudit
    self.subject = subject
  }
}

/// Lets a model answer one prompt or many. Each answer's entry is durable before the answer is
/// released; a file of answers appears whole or not at all.
public func generate(
  _ request: GenerateRequestOptions, context: JobContext
) async throws -> JobResult {
  try refuse(
    outputs: [request.output], equalTo: [request.inputs, request.promptFile], context)
  let inputs: [GenerationInput]
  if let path = request.inputs {
    inputs = try GenerationInput.read(path)
  } else {
    inputs = [
      GenerationInput(
        id: "prompt", prompt: try givenText(request.prompt, request.promptFile))
    ]
  }
  let deidentifier = try request.policy.map { try makeDeidentifier(policy: $0, context) }
  // The system message reaches the model too, so it goes the same way as a prompt.
  let system = try request.system.map { text in
    var counts: [(Auditing.Identifier, Int)] = []
    let input = GenerationInput(id: "system", prompt: text)
    return try deidentifier.map { try input.redacted(by: $0, counts: &counts).prompt } ?? text
  }
  let model = try openModel(context)
  let sampler = try Sampler(
    temperature: request.temperature, topP: request.topP, seed: request.seed)
  let recorder = try Recorder.open(context, withoutAudit: request.withoutAudit)
  let run = GenerationRun(
    request: request, system: system, model: model, sampler: sampler, deidentifier: deidentifier,
    recorder: recorder,
    keeper: try ContentKeeper.open(
      context, subject: request.subject, withoutAudit: request.withoutAudit),
    context: context)
  return try run.perform(inputs)
}

/// One run: begin entry, answers, end entry.
private struct GenerationRun {
  let request: GenerateRequestOptions
  /// The system message as the model gets it.
  let system: String?
  let model: Model
  let sampler: Sampler
  let deidentifier: Deidentifier?
  let recorder: Recorder
  let keeper: ContentKeeper?
  let context: JobContext

  func perform(_ inputs: [GenerationInput]) throws -> JobResult {
    let inputsKey = try randomBytes(32)
    let kept =
      try system.map { text in
        try keeper?.stage([(.system, Array(text.utf8)), (.commitmentKey, inputsKey)])
      } ?? nil
    let begin = try recorder.append(
      .generateRunBegin(
        model: try modelUse(model),
        sampling: SamplingUse(
          maxTokens: request.maxTokens,
          temperature: DecimalText(request.temperature, decimals: 6),
          topP: DecimalText(request.topP, decimals: 6), seed: DecimalText(request.seed)),
        template: promptFormDigest, settings: settingsDigest,
        input: request.inputs == nil ? .stream : .files,
        treatment: deidentifier == nil ? .asGiven : .deidentified, prompts: inputs.count,
        inputs: request.inputs == nil
          ? nil : try commitment(to: request.inputs ?? "", under: inputsKey),
        system: system.map {
          KeyedHash(key: inputsKey).code(purpose: "system", [Array($0.utf8)])
        }, policy: deidentifier?.policy.digest))
    do {
      if let kept { try keeper?.bind(kept, to: begin) }
      return try answerAll(inputs, begin: begin, inputsKey: inputsKey)
    } catch {
      _ = try? recorder.append(
        .generateRunEnd(
          begin: begin, outcome: .failed, exitStatus: Int(explain(error).status.rawValue),
          answers: 0, withheld: 0, promptTokens: 0, outputTokens: 0))
      try? recorder.close()
      throw error
    }
  }

  private func answerAll(
    _ inputs: [GenerationInput], begin: Int, inputsKey: [UInt8]
  ) throws -> JobResult {
    var answers: [Answer] = []
    let progress = ProgressReporter(job: "generate", context: context)
    for (ordinal, input) in inputs.enumerated() {
      answers.append(try answer(input, ordinal: ordinal, begin: begin))
      progress.report(ordinal + 1, of: inputs.count)
    }
    progress.finish()
    let promptTokens = answers.reduce(0) { $0 + $1.generation.promptTokens }
    let outputTokens = answers.reduce(0) { $0 + $1.generation.tokens.count }
    guard let path = request.output else {
      try logEnd(begin, answers.count, promptTokens, outputTokens, outputs: nil)
      try keeper?.close()
      try recorder.close()
      let answer = answers[0]
      let text = request.asJSON ? answer.record.encoded() : Array(answer.text.utf8)
      return JobResult(output: text + [0x0A])
    }
    var bytes: [UInt8] = []
    var openings: [UInt8] =
      JSONValue.object([
        "kind": .string("inputs"), "entry": .integer(begin), "key": .string(hexString(inputsKey)),
      ])
      .encoded() + [0x0A]
    for answer in answers {
      bytes += answer.record.encoded() + [0x0A]
      openings += answer.opening.encoded() + [0x0A]
    }
    // The released file is public only where its prompts were de-identified.
    let isPublic = deidentifier != nil
    var file =
      try isPublic
      ? DurableFile(path) : DurableFile(path, permissions: .ownerReadWrite)
    try file.append(bytes)
    try file.sync()
    try writeDurably(
      openings, to: FilePath(path.string + ".openings"), permissions: .ownerReadWrite)
    try logEnd(
      begin, answers.count, promptTokens, outputTokens, outputs: isPublic ? sha256(bytes) : nil)
    try keeper?.close()
    try file.publish()
    try recorder.close()
    context.say(
      Bilingual(
        ko:
          "응답 \(answers.count)건: \(path.string) (약속값을 여는 키: \(path.string).openings, 본인만 읽을 수 있음)",
        en: "\(answers.count) answers: \(path.string) (keys that open their commitments: "
          + "\(path.string).openings, readable by you only)"))
    return JobResult()
  }

  private func logEnd(
    _ begin: Int, _ answers: Int, _ promptTokens: Int, _ outputTokens: Int, outputs: Digest?
  ) throws {
    try recorder.append(
      .generateRunEnd(
        begin: begin, outcome: .completed, exitStatus: 0, answers: answers, withheld: 0,
        promptTokens: promptTokens, outputTokens: outputTokens, outputs: outputs))
  }

  /// An answer with what proves it.
  private struct Answer {
    let record: JSONValue
    let opening: JSONValue
    let text: String
    let generation: Generation
  }

  private func answer(_ given: GenerationInput, ordinal: Int, begin: Int) throws -> Answer {
    var counts: [(Auditing.Identifier, Int)] = []
    let input = try deidentifier.map { try given.redacted(by: $0, counts: &counts) } ?? given
    let prompt = try render(input)
    let capacity = min(prompt.tokens.count + request.maxTokens, model.info.contextLength)
    let session = try Session(model, capacity: max(capacity, 1))
    let generation = try session.generate(
      prompt.tokens, maxTokens: request.maxTokens, sampler: sampler,
      stopTokens: prompt.stopTokens)
    let text = String(decoding: generation.text, as: UTF8.self)
    let key = try randomBytes(32)
    let seal = AnswerSeal(key: key)
    var contents: [(role: VaultRole, bytes: [UInt8])] = [
      (.prompt, Array(input.prompt.utf8)), (.output, Array(text.utf8)),
      (.logitsChain, generation.logitsDigest.bytes), (.commitmentKey, key),
    ]
    if !input.context.isEmpty {
      contents.append(
        (.context, JSONValue.array(input.context.map { .string($0) }).encoded(.canonical)))
    }
    let kept = try keeper?.stage(contents, subject: given.subject)
    let entry = try recorder.append(
      .generateAnswer(
        begin: begin, ordinal: ordinal, prompt: seal.prompt(input.prompt),
        output: seal.output(text), promptTokens: generation.promptTokens,
        outputTokens: generation.tokens.count,
        stop: generation.stopReason == .stop ? .endToken : .maxTokens,
        context: seal.context(input.context), logits: seal.logits(generation.logitsDigest),
        counts: deidentifier == nil ? nil : counts))
    if let kept { try keeper?.bind(kept, to: entry) }
    return Answer(
      record: record(input, text, generation),
      opening: .object([
        "kind": .string("answer"), "id": .string(input.id), "entry": .integer(entry),
        "key": .string(hexString(key)), "logits_chain": .string(generation.logitsDigest.hex),
      ]), text: text, generation: generation)
  }

  private func record(
    _ input: GenerationInput, _ text: String, _ generation: Generation
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
      "temperature": .number(JSONNumber(request.temperature, decimals: 6)),
      "top_p": .number(JSONNumber(request.topP, decimals: 6)),
      "seed": .string(String(request.seed)), "max_tokens": .integer(request.maxTokens),
      "numerics": .integer(numerics),
    ])
    record["stop"] = .string(generation.stopReason.rawValue)
    record["prompt_tokens"] = .integer(generation.promptTokens)
    record["output_tokens"] = .integer(generation.tokens.count)
    return .object(record)
  }

  /// A prompt as the model gets it.
  private func render(_ input: GenerationInput) throws -> RenderedPrompt {
    let text =
      input.context.isEmpty
      ? input.prompt : input.context.joined(separator: "\n\n") + "\n\n" + input.prompt
    let wantsTemplate = request.chat || request.inputs != nil
    if wantsTemplate {
      do throws(TemplateError) {
        return try model.renderChat(system: system, user: text)
      } catch {
        // A base model has no template; its prompt is the text itself. A system message has no
        // place there, and leaving it out in silence would be another question.
        if request.chat || system != nil || error != .missing { throw error }
      }
    }
    return model.renderPlain(text)
  }

  /// Digest of how a prompt is put together.
  private var promptFormDigest: Digest {
    let form: JSONObject = [
      "chat": .bool(request.chat || request.inputs != nil),
      "join": .string("\n\n"), "system": .bool(system != nil),
      "version": .integer(1),
    ]
    return sha256(JSONValue.object(form).encoded(.canonical))
  }

  private var settingsDigest: Digest {
    let settings: JSONObject = [
      "max_tokens": .integer(request.maxTokens),
      "temperature": .string(fixedPoint(request.temperature, decimals: 6)),
      "top_p": .string(fixedPoint(request.topP, decimals: 6)),
      "seed": .string(String(request.seed)), "form": .string(promptFormDigest.hex),
    ]
    return sha256(JSONValue.object(settings).encoded(.canonical))
  }

  private func commitment(to path: FilePath, under key: [UInt8]) throws -> Digest {
    KeyedHash(key: key).code(purpose: "inputs", [try sha256(of: path).bytes])
  }
}
