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
  let chatTemplate: String?
  let thinking: String?
  let quantize: String?
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
    asJSON: Bool, withoutAudit: Bool, subject: String? = nil, chatTemplate: String? = nil,
    thinking: String? = nil, quantize: String? = nil
  ) {
    self.prompt = prompt
    self.promptFile = promptFile
    self.inputs = inputs
    self.output = output
    self.system = system
    self.chat = chat
    self.chatTemplate = chatTemplate
    self.thinking = thinking
    self.quantize = quantize
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

extension GenerateRequestOptions {
  /// The file that `--chat-template` names.
  fileprivate var templateFile: FilePath? {
    chatTemplate == "model" ? nil : chatTemplate.map { FilePath($0) }
  }
}

/// Lets a model answer one prompt or many. Each answer's entry is durable before the answer is
/// released; a file of answers appears whole or not at all.
public func generate(
  _ request: GenerateRequestOptions, context: JobContext
) async throws -> JobResult {
  try refuse(
    outputs: [request.output],
    equalTo: [
      request.inputs, request.promptFile, request.templateFile,
    ], context)
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
  let model = try openModel(context, quantizing: loadQuantization(request.quantize))
  let chat =
    request.chat || request.inputs != nil
    ? try ChatForm.asked(template: request.chatTemplate, thinking: request.thinking, of: model)
    : nil
  let form = GenerationForm(
    chat: chat, hasSystem: system != nil, maxTokens: request.maxTokens,
    temperature: request.temperature, topP: request.topP, seed: request.seed,
    quantizing: model.quantizing)
  _ = try form.sampler()
  let recorder = try Recorder.open(context, withoutAudit: request.withoutAudit)
  let run = GenerationRun(
    request: request, system: system, model: model, form: form, deidentifier: deidentifier,
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
  let form: GenerationForm
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
        sampling: form.sampling, template: form.templateDigest, settings: form.settingsDigest,
        input: request.inputs == nil ? .stream : .files,
        treatment: deidentifier == nil ? .asGiven : .deidentified, prompts: inputs.count,
        inputs: request.inputs == nil
          ? nil : try commitment(to: request.inputs ?? "", under: inputsKey),
        system: system.map { systemCommitment(to: $0, under: KeyedHash(key: inputsKey)) },
        policy: deidentifier?.policy.digest))
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
    var openings = inputsOpening(inputsKey, begin: begin).encoded() + [0x0A]
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
    let prompt = try form.render(input, system: system, model: model, insists: request.chat)
    let generation = try form.answer(prompt, by: model)
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
        stop: generation.stop,
        context: seal.context(input.context), logits: seal.logits(generation.logitsDigest),
        counts: deidentifier == nil ? nil : counts))
    if let kept { try keeper?.bind(kept, to: entry) }
    return Answer(
      record: form.record(input, text, generation, by: model),
      opening: .object([
        "kind": .string("answer"), "id": .string(input.id), "entry": .integer(entry),
        "key": .string(hexString(key)), "logits_chain": .string(generation.logitsDigest.hex),
      ]), text: text, generation: generation)
  }

  /// What opens the commitments of the begin entry: the key, and the system message as the model
  /// got it, which stands in no output record.
  private func inputsOpening(_ key: [UInt8], begin: Int) -> JSONValue {
    var opening: JSONObject = [
      "kind": .string("inputs"), "entry": .integer(begin), "key": .string(hexString(key)),
    ]
    opening["system"] = system.map { .string($0) }
    return .object(opening)
  }

  private func commitment(to path: FilePath, under key: [UInt8]) throws -> Digest {
    KeyedHash(key: key).code(purpose: "inputs", [try sha256(of: path).bytes])
  }
}
