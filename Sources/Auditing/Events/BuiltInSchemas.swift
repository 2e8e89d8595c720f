extension EventSchema {
  /// The schemas of the program's own types. Final: a test holds the digest of each.
  static let builtIn: [EventSchema] =
    log + deidentification + examination + generation + reporting + replaying
    + reidentification

  private init(_ type: EventType, pairedWith: EventType? = nil, _ fields: [Field]) {
    self.init(type.identifier, pairedWith: pairedWith?.identifier, fields)
  }

  private static let log: [EventSchema] = [
    EventSchema(
      .logOpen,
      [
        Field("public_key", .publicKey), Field("format", .identifier),
        .optional("previous_origin", .identifier), .optional("previous_size", .count),
        .optional("previous_root", .digest), .optional("schemas", .map(.digest)),
      ]),
    EventSchema(
      .logClose,
      [Field("reason", .choice(CloseReason.self)), .optional("successor", .identifier)]),
    EventSchema(
      .keyRotate,
      [
        Field("old_key", .publicKey), Field("new_key", .publicKey),
        Field("reason", .choice(RotationReason.self)), .optional("trusted_through", .count),
      ]),
    EventSchema(.clockStep, [Field("old", .time), Field("new", .time)]),
    EventSchema(
      .redact,
      [
        Field("entries", .list(.count)), Field("reason", .choice(RedactReason.self)),
        Field("basis", .identifier), .optional("reference", .token),
      ]),
    EventSchema(
      .checkpointAnchor,
      [
        Field("size", .count), Field("root", .digest), Field("kind", .choice(AnchorKind.self)),
        Field("evidence", .digest), .optional("by", .identifier), .optional("at", .time),
      ]),
  ]

  private static let deidentification: [EventSchema] = [
    EventSchema(
      .deidRunBegin,
      [
        Field("policy", .identifier), Field("policy_sha256", .digest),
        Field("settings_sha256", .digest), Field("resources", .map(.digest)),
        Field("key_id", .identifier), Field("key_lifetime", .choice(KeyLifetime.self)),
        Field("input", .choice(RunInput.self)), Field("egress", .choice(Egress.self)),
        Field("numerics", .count), .optional("format", .identifier),
        .optional("encoding", .identifier), .optional("files", .count),
        .optional("patients", .commitment), .optional("resumes", .count),
      ]),
    EventSchema(
      .deidFile, pairedWith: .deidRunBegin,
      [
        Field("ordinal", .count), Field("input", .commitment), Field("input_bytes", .count),
        Field("output_sha256", .digest), Field("output_bytes", .count), Field("records", .count),
        Field("withheld", .count), Field("counts", .map(.count)), Field("format", .identifier),
        Field("encoding", .identifier), .optional("name", .token),
        .optional("spans_sha256", .digest), .optional("residual", .map(.count)),
      ]),
    EventSchema(
      .deidRunEnd, pairedWith: .deidRunBegin,
      [
        Field("outcome", .choice(RunOutcome.self)), Field("exit_status", .count),
        Field("files", .count), Field("records", .count), Field("withheld", .count),
        Field("input_bytes", .count), Field("output_bytes", .count),
        Field("counts", .map(.count)), .optional("manifest_sha256", .digest),
        .optional("residual", .map(.count)),
      ]),
  ]

  /// What computes, and what a replay must find again.
  private static let model: [Field] = [
    Field("engine", .choice(EngineKind.self)), Field("model", .identifier),
    .optional("model_sha256", .digest), .optional("tokenizer_sha256", .digest),
    .optional("numerics", .count), .optional("isa", .identifier), .optional("threads", .count),
    .optional("batch", .count), .optional("endpoint", .identifier),
    Field("egress", .choice(Egress.self)),
  ]

  /// How the next token is chosen.
  private static let sampling: [Field] = [
    .optional("max_tokens", .count), .optional("temperature", .decimal),
    .optional("top_p", .decimal), .optional("seed", .decimal), .optional("top_k", .count),
  ]

  private static let examination: [EventSchema] = [
    EventSchema(
      .examRunBegin,
      model + sampling + [
        Field("items_sha256", .digest), Field("items", .count), Field("preset", .identifier),
        Field("template_sha256", .digest), Field("method", .choice(AnswerMethod.self)),
        Field("shots", .count), .optional("shots_sha256", .digest),
        Field("permutations", .count), Field("settings_sha256", .digest),
        .optional("resumes", .count),
      ]),
    EventSchema(
      .examRunEnd, pairedWith: .examRunBegin,
      [
        Field("outcome", .choice(RunOutcome.self)), Field("exit_status", .count),
        Field("n", .count), Field("correct", .count), Field("invalid", .count),
        Field("score", .decimal), .optional("results_sha256", .digest),
        .optional("logits_chain", .digest), .optional("prompts_sha256", .digest),
        .optional("prompt_tokens", .count), .optional("output_tokens", .count),
      ]),
    EventSchema(
      .examValidate,
      [
        Field("results_sha256", .digest), Field("n", .count), Field("correct", .count),
        Field("invalid", .count), Field("score", .decimal), Field("wilson", .list(.decimal)),
        Field("clopper_pearson", .list(.decimal)), Field("exit_status", .count),
        .optional("model_sha256", .digest), .optional("claim", .decimal),
        .optional("claim_verdict", .choice(ClaimVerdict.self)), .optional("human", .decimal),
        .optional("human_p", .decimal), .optional("rule", .identifier),
        .optional("rule_sha256", .digest), .optional("rule_verdict", .choice(RuleVerdict.self)),
        .optional("compare_sha256", .digest), .optional("compare_score", .decimal),
        .optional("mcnemar_p", .decimal), .optional("report_sha256", .digest),
      ]),
  ]

  private static let generation: [EventSchema] = [
    EventSchema(
      .generateRunBegin,
      model + sampling + [
        Field("template_sha256", .digest), Field("settings_sha256", .digest),
        Field("input", .choice(RunInput.self)),
        Field("prompt_treatment", .choice(PromptTreatment.self)),
        .optional("prompts", .count), .optional("inputs", .commitment),
        .optional("system", .commitment), .optional("policy_sha256", .digest),
        .optional("resumes", .count),
      ]),
    EventSchema(
      .generateAnswer, pairedWith: .generateRunBegin,
      [
        Field("ordinal", .count), Field("prompt", .commitment), Field("output", .commitment),
        Field("prompt_tokens", .count), Field("output_tokens", .count),
        Field("stop", .choice(StopReason.self)), .optional("context", .commitment),
        .optional("record", .token), .optional("seed", .decimal),
        .optional("logits", .commitment), .optional("logits_chain", .digest),
        .optional("counts", .map(.count)),
      ]),
    EventSchema(
      .generateRunEnd, pairedWith: .generateRunBegin,
      [
        Field("outcome", .choice(RunOutcome.self)), Field("exit_status", .count),
        Field("answers", .count), Field("withheld", .count), Field("prompt_tokens", .count),
        Field("output_tokens", .count), .optional("outputs_sha256", .digest),
      ]),
  ]

  private static let replaying: [EventSchema] = [
    EventSchema(
      .replayRun,
      [
        Field("size", .count), Field("root", .digest), Field("choice", .choice(ReplayChoice.self)),
        Field("same", .count), Field("different", .count), Field("cannot", .count),
        Field("causes", .map(.count)), Field("results_sha256", .digest),
        Field("exit_status", .count), .optional("entry", .count), .optional("sample", .count),
        .optional("seed", .decimal),
      ]),
    EventSchema(
      .vaultOpen,
      [
        Field("key_id", .identifier), Field("purpose", .choice(VaultPurpose.self)),
        Field("size", .count), Field("choice", .choice(ReplayChoice.self)),
        .optional("entry", .count), .optional("sample", .count), .optional("seed", .decimal),
      ]),
  ]

  private static let reidentification: [EventSchema] = [
    EventSchema(
      .reidentifyReveal,
      [
        Field("key_id", .identifier), Field("subject", .token), Field("reason", .identifier),
        .optional("approval", .identifier),
      ]),
    EventSchema(
      .reidentifyErase,
      [
        Field("key_id", .identifier), Field("scope", .choice(ErasureScope.self)),
        Field("reason", .identifier), .optional("subject", .token),
        .optional("approval", .identifier),
      ]),
  ]

  private static let reporting: [EventSchema] = [
    EventSchema(
      .checkRun,
      [
        Field("outputs_sha256", .digest), Field("records", .count),
        Field("guidelines", .map(.digest)), Field("checks", .map(.digest)),
        Field("verdicts", .map(.count)), .optional("controls", .map(.count)),
        .optional("profile_sha256", .digest), .optional("findings_sha256", .digest),
        .optional("models", .list(.digest)), Field("egress", .choice(Egress.self)),
        Field("exit_status", .count),
      ]),
    EventSchema(
      .reportIssue,
      [
        Field("size", .count), Field("root", .digest), Field("guidelines", .map(.digest)),
        Field("submission_sha256", .digest), Field("verdicts", .map(.count)),
        Field("files", .map(.digest)), Field("exit_status", .count),
        .optional("product", .identifier),
      ]),
  ]
}
