public import Cryptography

extension Event {
  /// A generation run starts.
  ///
  /// - Parameters:
  ///   - model: What computes.
  ///   - sampling: How the next token is chosen.
  ///   - template: Digest of the chat template, or of the empty one.
  ///   - settings: Digest of all settings in canonical JSON.
  ///   - input: A file of prompts, or one prompt.
  ///   - treatment: Whether prompts are de-identified first.
  ///   - prompts: Prompts, where known.
  ///   - inputs: Commitment to the prompt file.
  ///   - system: Commitment to the system text.
  ///   - policy: Digest of the de-identification policy.
  ///   - resumes: Number of the begin entry that this run goes on from.
  /// - Returns: The event, to be appended.
  public static func generateRunBegin(
    model: ModelUse, sampling: SamplingUse, template: Digest, settings: Digest, input: RunInput,
    treatment: PromptTreatment, prompts: Int? = nil, inputs: Digest? = nil, system: Digest? = nil,
    policy: Digest? = nil, resumes: Int? = nil
  ) -> Event {
    Event(
      .generateRunBegin,
      model.fields + sampling.fields + [
        ("template_sha256", .digest(template)), ("settings_sha256", .digest(settings)),
        ("input", .choice(input.rawValue)), ("prompt_treatment", .choice(treatment.rawValue)),
        ("prompts", prompts.map(FieldValue.count)), ("inputs", inputs.map(FieldValue.commitment)),
        ("system", system.map(FieldValue.commitment)),
        ("policy_sha256", policy.map(FieldValue.digest)),
        ("resumes", resumes.map(FieldValue.count)),
      ])
  }

  /// One answer; written before it is released.
  ///
  /// - Parameters:
  ///   - begin: Number of the run's begin entry.
  ///   - ordinal: The prompt's place in the run, from 0.
  ///   - prompt: Commitment to the prompt of the output record, de-identified where the run says so;
  ///     with the context and the run's template it gives the text that the model got.
  ///   - output: Commitment to the answer.
  ///   - promptTokens: Tokens read.
  ///   - outputTokens: Tokens written.
  ///   - stop: Why it ended.
  ///   - context: Commitment to the context.
  ///   - record: Keyed token of the record's id.
  ///   - seed: Seed of this answer, where it is its own.
  ///   - logits: Commitment to the chained digest of each step's logits.
  ///   - logitsChain: The chained digest itself; only where prompts are public, since whoever has
  ///     the model could try prompts against it.
  ///   - counts: Identifiers replaced in the prompt, by type.
  /// - Returns: The event, to be appended.
  public static func generateAnswer(
    begin: Int, ordinal: Int, prompt: Digest, output: Digest, promptTokens: Int,
    outputTokens: Int, stop: StopReason, context: Digest? = nil, record: Digest? = nil,
    seed: DecimalText? = nil, logits: Digest? = nil, logitsChain: Digest? = nil,
    counts: [(Identifier, Int)]? = nil
  ) -> Event {
    Event(
      .generateAnswer, pair: begin,
      [
        ("ordinal", .count(ordinal)), ("prompt", .commitment(prompt)),
        ("output", .commitment(output)), ("prompt_tokens", .count(promptTokens)),
        ("output_tokens", .count(outputTokens)), ("stop", .choice(stop.rawValue)),
        ("context", context.map(FieldValue.commitment)), ("record", record.map(FieldValue.token)),
        ("seed", seed.map(FieldValue.decimal)), ("logits", logits.map(FieldValue.commitment)),
        ("logits_chain", logitsChain.map(FieldValue.digest)),
        ("counts", counts.map(FieldValue.counts)),
      ])
  }

  /// A generation run ended.
  ///
  /// - Parameters:
  ///   - begin: Number of the run's begin entry.
  ///   - outcome: How.
  ///   - exitStatus: The exit status.
  ///   - answers: Answers released.
  ///   - withheld: Answers held back.
  ///   - promptTokens: Tokens read.
  ///   - outputTokens: Tokens written.
  ///   - outputs: SHA-256 of the output file.
  /// - Returns: The event, to be appended.
  public static func generateRunEnd(
    begin: Int, outcome: RunOutcome, exitStatus: Int, answers: Int, withheld: Int,
    promptTokens: Int, outputTokens: Int, outputs: Digest? = nil
  ) -> Event {
    Event(
      .generateRunEnd, pair: begin,
      [
        ("outcome", .choice(outcome.rawValue)), ("exit_status", .count(exitStatus)),
        ("answers", .count(answers)), ("withheld", .count(withheld)),
        ("prompt_tokens", .count(promptTokens)), ("output_tokens", .count(outputTokens)),
        ("outputs_sha256", outputs.map(FieldValue.digest)),
      ])
  }
}
