internal import Auditing
internal import Cryptography
internal import Examination
internal import Inference
internal import MedaiCore

extension Replayer {
  private static let maxItemBytes = 1 << 30

  /// Runs an exam again and compares everything its end entry claims.
  ///
  /// - Returns: The fields that came out otherwise.
  /// - Throws: `ReplayCause`; errors of items and model.
  func examDifferences(_ begin: LogEntry, _ end: LogEntry) throws -> [String] {
    if index.erased.contains(begin.sequence) { throw ReplayCause.erased }
    try requireEngine(begin)
    // What the end of a resumed run counts is not defined by these versions of the types.
    if begin["resumes"] != nil { throw ReplayCause.settingsUnknown }
    let (plan, quantizing) = try examPlan(begin)
    guard plan.exam.items.count == begin.count("items") else { return ["items"] }
    let engine = EngineModel(try model(of: begin, quantizing: quantizing), batch: batch)
    var told = 0
    let marks = try plan.run(engine) { done, _ in
      progress(done - told)
      told = done
    }
    let figures = try ExamRunFigures(marks, by: engine.identity)
    var fields = FieldComparison(with: end)
    fields.count("exit_status", 0)
    fields.count("n", marks.count)
    fields.count("correct", figures.correct)
    fields.count("invalid", figures.invalid)
    fields.text("score", figures.score.text)
    fields.digest("results_sha256", figures.results)
    fields.digest("logits_chain", figures.logitsChain)
    fields.count("prompt_tokens", figures.promptTokens)
    if end["prompts_sha256"] != nil {
      fields.digest(
        "prompts_sha256", sha256(plan.promptLines(modelAddsStart: engine.addsStart)))
    }
    return fields.differing
  }

  /// The plan that a begin entry proves, and how its model was opened.
  private func examPlan(_ begin: LogEntry) throws -> (ExamPlan, LoadQuantization?) {
    guard let items = begin.digest("items_sha256"), let shots = begin.count("shots"),
      let permutations = begin.count("permutations"), begin.text("method") == "loglikelihood"
    else { throw ReplayCause.settingsUnknown }
    let template = begin.digest("template_sha256")
    guard let preset = PromptPreset.all.first(where: { $0.sha256 == template }) else {
      throw ReplayCause.otherRules
    }
    // Before the items: whatever else is missing, settings that cannot be proven stay unknown. With
    // examples, whose ids enter the digest, their file is needed first.
    var settings = ExamSettings(preset: preset, permutations: permutations)
    if shots > 0 {
      guard let file = begin.digest("shots_sha256") else { throw ReplayCause.settingsUnknown }
      let examples = try exam(file)
      settings.shots = try ExamPlan.shots(shots, from: examples)
    }
    guard let (proven, quantizing) = settings.proven(by: begin.digest("settings_sha256")) else {
      throw ReplayCause.settingsUnknown
    }
    return (try ExamPlan(exam(items), settings: proven), quantizing)
  }

  /// The items of a digest. Their form is told by their first byte, since a file's name may have
  /// changed and its bytes have not.
  private func exam(_ digest: Digest) throws -> Exam {
    try Exam(
      try inputs.content(sha256: digest, maxBytes: Self.maxItemBytes, otherwise: .inputMissing))
  }
}

extension ExamSettings {
  /// These settings with whatever else the digest needs; `nil` where no choice gives it.
  fileprivate func proven(by digest: Digest?) -> (ExamSettings, LoadQuantization?)? {
    for wantsLogprobs in [false, true] {
      for bos in [nil, true, false] {
        var candidate = self
        candidate.wantsLogprobs = wantsLogprobs
        candidate.bos = bos
        for quantizing in [nil] + LoadQuantization.allCases
        where candidate.digest(quantizing: quantizing) == digest {
          return (candidate, quantizing)
        }
      }
    }
    return nil
  }
}
