internal import Auditing
internal import Cryptography
internal import Examination
internal import Inference
internal import MedaiCore
internal import Presentation
public import SystemPackage

/// What `exam run` is asked.
public struct ExamRunRequest: Sendable {
  let items: FilePath
  let output: FilePath
  let preset: String
  let shots: Int
  let shotsFrom: FilePath?
  let wantsLogprobs: Bool
  let permutations: Int
  let prompts: FilePath?
  let quantize: String?
  let withoutAudit: Bool

  /// A request from the command's options.
  public init(
    items: FilePath, output: FilePath, preset: String, shots: Int, shotsFrom: FilePath?,
    wantsLogprobs: Bool, permutations: Int, prompts: FilePath?, quantize: String? = nil,
    withoutAudit: Bool
  ) {
    self.items = items
    self.output = output
    self.preset = preset
    self.shots = shots
    self.shotsFrom = shotsFrom
    self.wantsLogprobs = wantsLogprobs
    self.permutations = permutations
    self.prompts = prompts
    self.quantize = quantize
    self.withoutAudit = withoutAudit
  }
}

/// Lets a model answer items: begin entry, marks, result file synced, end entry, rename.
public func runExam(_ request: ExamRunRequest, context: JobContext) throws -> JobResult {
  try refuse(
    outputs: [request.output, request.prompts], equalTo: [request.items, request.shotsFrom],
    context)
  let exam = try reading(request.items) { try Exam(reading: $0) }
  let shotsFile = try request.shotsFrom.map { try reading($0) { try Exam(reading: $0) } }
  guard let preset = PromptPreset.named(request.preset) else {
    let names = PromptPreset.all.map(\.name).joined(separator: ", ")
    throw Failure(
      .usage,
      Bilingual(
        ko: "그런 프롬프트 형식은 없습니다. 있는 것: \(names).",
        en: "there is no such preset; there are \(names)."))
  }
  let settings = ExamSettings(
    preset: preset,
    shots: try shotsFile.map { try ExamPlan.shots(request.shots, from: $0) } ?? [],
    permutations: request.permutations, wantsLogprobs: request.wantsLogprobs)
  let plan = try ExamPlan(exam, settings: settings)
  let model = try openModel(context, quantizing: loadQuantization(request.quantize))
  let recorder = try Recorder.open(context, withoutAudit: request.withoutAudit)
  let begin = try recorder.append(
    .examRunBegin(
      model: try modelUse(model), sampling: SamplingUse(), items: exam.sha256,
      count: exam.items.count, preset: identifier("\(preset.name)/\(preset.version)"),
      template: preset.sha256, method: .loglikelihood, shots: settings.shots.count,
      shotItems: shotsFile?.sha256, permutations: request.permutations,
      settings: settings.digest(quantizing: model.quantizing)))
  do {
    let engine = EngineModel(model)
    let progress = ProgressReporter(job: "exam run", context: context)
    let marks = try plan.run(engine) { done, total in progress.report(done, of: total) }
    progress.finish()
    return try release(marks, plan, request, recorder, begin: begin, engine, context)
  } catch {
    _ = try? recorder.append(
      .examRunEnd(
        begin: begin, outcome: .failed, exitStatus: Int(explain(error).status.rawValue), n: 0,
        correct: 0, invalid: 0, score: DecimalText(0, decimals: 4)))
    try? recorder.close()
    throw error
  }
}

private func release(
  _ marks: [Mark], _ plan: ExamPlan, _ request: ExamRunRequest, _ recorder: Recorder, begin: Int,
  _ engine: EngineModel, _ context: JobContext
) throws -> JobResult {
  var file = try DurableFile(request.output)
  let figures = try ExamRunFigures(marks, by: engine.identity) { try file.append($0) }
  try file.sync()
  let prompts = request.prompts.map { _ in plan.promptLines(modelAddsStart: engine.addsStart) }
  try recorder.append(
    .examRunEnd(
      begin: begin, outcome: .completed, exitStatus: 0, n: marks.count,
      correct: figures.correct, invalid: figures.invalid, score: figures.score,
      results: figures.results, logitsChain: figures.logitsChain,
      prompts: prompts.map { sha256($0) }, promptTokens: figures.promptTokens))
  try file.publish()
  if let path = request.prompts, let prompts { try writeDurably(prompts, to: path) }
  try recorder.close()
  context.say(
    Bilingual(
      ko: "문항 \(marks.count)개 중 정답 \(figures.correct)개, 무효 \(figures.invalid)개. 결과: "
        + request.output.string,
      en: "\(figures.correct) of \(marks.count) items right, \(figures.invalid) invalid; results: "
        + request.output.string))
  return JobResult()
}

extension ExamSettings {
  /// Digest of everything that shapes a prompt or a result line.
  ///
  /// - Parameter quantizing: What the model's matrices of floats became at load.
  /// - Returns: SHA-256.
  func digest(quantizing: LoadQuantization?) -> Digest {
    var settings: JSONObject = [
      "preset": .string(preset.sha256.hex), "shots": .array(shots.map { .string($0.id) }),
      "method": .string(method.rawValue), "permutations": .integer(permutations),
      "logprobs": .bool(wantsLogprobs), "bos": bos.map { .bool($0) } ?? .string("file"),
    ]
    settings["quantize"] = quantizing.map { .string($0.rawValue) }
    return sha256(JSONValue.object(settings).encoded(.canonical))
  }
}

extension Digest {
  /// 32 zero bytes: where a chain of digests starts.
  static let zero = Digest(repeating: 0)
}

/// A model's name in entries and results: the file's own, else the architecture's, with what its
/// numbers became at load.
func shownName(of model: Model) -> String {
  let name = model.info.name ?? model.info.architecture
  return model.quantizing.map { "\(name)+\($0.rawValue)" } ?? name
}

/// A model as entries name it.
func modelUse(_ model: Model) throws -> ModelUse {
  ModelUse(
    native: identifier(shownName(of: model)), sha256: model.info.sha256,
    numerics: numerics, isa: identifier(model.isa.rawValue), threads: model.threads)
}
