public import Cryptography

extension Event {
  /// An exam run starts.
  ///
  /// - Parameters:
  ///   - model: What computes.
  ///   - sampling: How the next token is chosen.
  ///   - items: Digest of the item file.
  ///   - count: Items to ask.
  ///   - preset: Name of the prompt preset.
  ///   - template: Digest of the preset's template and rules.
  ///   - method: How items are asked.
  ///   - shots: Examples before each item.
  ///   - shotItems: Digest of the file the examples come from.
  ///   - permutations: Orders of options that are asked.
  ///   - settings: Digest of all settings in canonical JSON.
  ///   - resumes: Number of the begin entry that this run goes on from.
  /// - Returns: The event, to be appended.
  public static func examRunBegin(
    model: ModelUse, sampling: SamplingUse, items: Digest, count: Int, preset: Identifier,
    template: Digest, method: AnswerMethod, shots: Int, shotItems: Digest? = nil, permutations: Int,
    settings: Digest, resumes: Int? = nil
  ) -> Event {
    Event(
      .examRunBegin,
      model.fields + sampling.fields + [
        ("items_sha256", .digest(items)), ("items", .count(count)), ("preset", .identifier(preset)),
        ("template_sha256", .digest(template)), ("method", .choice(method.rawValue)),
        ("shots", .count(shots)), ("shots_sha256", shotItems.map(FieldValue.digest)),
        ("permutations", .count(permutations)), ("settings_sha256", .digest(settings)),
        ("resumes", resumes.map(FieldValue.count)),
      ])
  }

  /// An exam run ended.
  ///
  /// - Parameters:
  ///   - begin: Number of the run's begin entry.
  ///   - outcome: How.
  ///   - exitStatus: The exit status.
  ///   - n: Items asked.
  ///   - correct: Items right.
  ///   - invalid: Items without a usable answer.
  ///   - score: Share right.
  ///   - results: SHA-256 of the result file; absent after a failure.
  ///   - logitsChain: Chained digest of all logits, in item order.
  ///   - prompts: SHA-256 of the prompts file.
  ///   - promptTokens: Tokens read.
  ///   - outputTokens: Tokens written.
  /// - Returns: The event, to be appended.
  public static func examRunEnd(
    begin: Int, outcome: RunOutcome, exitStatus: Int, n: Int, correct: Int, invalid: Int,
    score: DecimalText, results: Digest? = nil, logitsChain: Digest? = nil, prompts: Digest? = nil,
    promptTokens: Int? = nil, outputTokens: Int? = nil
  ) -> Event {
    Event(
      .examRunEnd, pair: begin,
      [
        ("outcome", .choice(outcome.rawValue)), ("exit_status", .count(exitStatus)),
        ("n", .count(n)), ("correct", .count(correct)), ("invalid", .count(invalid)),
        ("score", .decimal(score)), ("results_sha256", results.map(FieldValue.digest)),
        ("logits_chain", logitsChain.map(FieldValue.digest)),
        ("prompts_sha256", prompts.map(FieldValue.digest)),
        ("prompt_tokens", promptTokens.map(FieldValue.count)),
        ("output_tokens", outputTokens.map(FieldValue.count)),
      ])
  }

  /// A result file was judged.
  ///
  /// - Parameters:
  ///   - results: SHA-256 of the result file.
  ///   - n: Items.
  ///   - correct: Items right.
  ///   - invalid: Items without a usable answer.
  ///   - score: Share right.
  ///   - wilson: Lower and upper bound.
  ///   - clopperPearson: Lower and upper bound.
  ///   - exitStatus: The exit status.
  ///   - model: Model digest the results name.
  ///   - claim: The score that was claimed.
  ///   - claimVerdict: What became of it.
  ///   - human: Score of people it was compared to.
  ///   - humanP: One-sided exact p value.
  ///   - rule: Name of the pass rule.
  ///   - ruleDigest: Digest of the rule file.
  ///   - ruleVerdict: What it gave.
  ///   - compared: SHA-256 of the other result file.
  ///   - comparedScore: Its score.
  ///   - mcnemarP: Exact p value.
  ///   - report: SHA-256 of the report.
  /// - Returns: The event, to be appended.
  public static func examValidate(
    results: Digest, n: Int, correct: Int, invalid: Int, score: DecimalText, wilson: [DecimalText],
    clopperPearson: [DecimalText], exitStatus: Int, model: Digest? = nil, claim: DecimalText? = nil,
    claimVerdict: ClaimVerdict? = nil, human: DecimalText? = nil, humanP: DecimalText? = nil,
    rule: Identifier? = nil, ruleDigest: Digest? = nil, ruleVerdict: RuleVerdict? = nil,
    compared: Digest? = nil, comparedScore: DecimalText? = nil, mcnemarP: DecimalText? = nil,
    report: Digest? = nil
  ) -> Event {
    Event(
      .examValidate,
      [
        ("results_sha256", .digest(results)), ("n", .count(n)), ("correct", .count(correct)),
        ("invalid", .count(invalid)), ("score", .decimal(score)),
        ("wilson", .list(wilson.map(FieldValue.decimal))),
        ("clopper_pearson", .list(clopperPearson.map(FieldValue.decimal))),
        ("exit_status", .count(exitStatus)), ("model_sha256", model.map(FieldValue.digest)),
        ("claim", claim.map(FieldValue.decimal)),
        ("claim_verdict", claimVerdict.map { .choice($0.rawValue) }),
        ("human", human.map(FieldValue.decimal)), ("human_p", humanP.map(FieldValue.decimal)),
        ("rule", rule.map(FieldValue.identifier)),
        ("rule_sha256", ruleDigest.map(FieldValue.digest)),
        ("rule_verdict", ruleVerdict.map { .choice($0.rawValue) }),
        ("compare_sha256", compared.map(FieldValue.digest)),
        ("compare_score", comparedScore.map(FieldValue.decimal)),
        ("mcnemar_p", mcnemarP.map(FieldValue.decimal)),
        ("report_sha256", report.map(FieldValue.digest)),
      ])
  }
}
