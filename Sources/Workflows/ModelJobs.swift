internal import Cryptography
internal import Inference
internal import MedaiCore
internal import Presentation
internal import Settings
public import SystemPackage

/// Opens the model that `--model` (or `MEDAI_MODEL`) names.
func openModel(
  _ context: JobContext, isa: ISAChoice = .auto, quantizing: LoadQuantization? = nil
) throws -> Model {
  guard let path = context.path(.model) else {
    throw Failure(
      .usage,
      Bilingual(ko: "모델이 지정되지 않았습니다.", en: "no model is named."),
      hint: Bilingual(
        ko: "--model FILE.gguf 또는 MEDAI_MODEL 을 주십시오.",
        en: "give --model FILE.gguf or MEDAI_MODEL."))
  }
  return try Model.open(
    path, isa: isa, threads: try context.count(.threads, limit: 256), quantizing: quantizing)
}

/// What `--quantize` asks for.
func loadQuantization(_ text: String?) throws -> LoadQuantization? {
  guard let text else { return nil }
  if let known = LoadQuantization(rawValue: text) { return known }
  let names = LoadQuantization.allCases.map(\.rawValue).joined(separator: ", ")
  throw Failure(
    .usage,
    Bilingual(ko: "--quantize 는 \(names) 입니다.", en: "--quantize is \(names)."))
}

/// What a model file says of itself.
public func describeModel(
  at path: FilePath, quantize: String? = nil, asJSON: Bool, context: JobContext
) throws -> JobResult {
  let model = try Model.open(
    path, threads: try context.count(.threads, limit: 256),
    quantizing: loadQuantization(quantize))
  let info = model.info
  let fields: [(String, JSONValue)] = [
    ("architecture", .string(info.architecture)),
    ("name", info.name.map { .string($0) } ?? .null),
    ("parameters", .integer(info.parameters)),
    ("quantization", .string(info.quantization)),
    ("context_length", .integer(info.contextLength)),
    ("vocab_size", .integer(info.vocabSize)),
    ("tokenizer", .string(info.tokenizer)),
    ("sha256", .string(info.sha256.hex)),
    ("numerics", .integer(numerics)),
    ("chat_template_sha256", model.chatTemplateUse(.model).map { .string($0.sha256.hex) } ?? .null),
    ("license", info.license.map { .string($0) } ?? .null),
  ]
  if asJSON {
    var object = JSONObject()
    for (name, value) in fields { object.append(name, value) }
    return JobResult(output: JSONValue.object(object).encoded(.pretty) + [0x0A])
  }
  var table = TextTable([TextTable.Column("model"), TextTable.Column(visible(path.string))])
  for (name, value) in fields {
    let text = value.string ?? String(decoding: value.encoded(), as: UTF8.self)
    table.append([name, visible(text)])
  }
  return JobResult(table.rendered())
}

/// Cuts text into a model's tokens.
public func tokenize(
  with path: FilePath, text: String?, textFile: FilePath?, withoutSpecial: Bool, asJSON: Bool,
  context: JobContext
) throws -> JobResult {
  let tokenizer = try Model.open(path, threads: 1).tokenizer
  let text = try givenText(text, textFile)
  let ids = tokenizer.encode(text, addBOS: withoutSpecial ? false : nil, special: !withoutSpecial)
  let pieces = tokenizer.pieces(of: ids).map(shownPiece)
  if asJSON {
    let object: JSONObject = [
      "ids": .array(ids.map { .integer(Int($0)) }), "pieces": .array(pieces.map { .string($0) }),
    ]
    return JobResult(output: JSONValue.object(object).encoded() + [0x0A])
  }
  let lines = zip(ids, pieces).map { "\($0)\t\(visible($1))\n" }
  return JobResult(lines.joined())
}

/// A token's text; one that is no whole character shows its bytes as `<0xEA>`.
private func shownPiece(_ bytes: [UInt8]) -> String {
  String(validating: bytes, as: UTF8.self)
    ?? bytes.map { "<0x" + hexString([$0]).uppercased() + ">" }.joined()
}

/// What `model logits` is asked.
public struct LogitsRequest: Sendable {
  let model: FilePath
  let ids: String?
  let text: String?
  let textFile: FilePath?
  let isa: String
  let batch: Int?
  let raw: FilePath?
  let allPositions: Bool
  let quantize: String?

  /// A request from the command's options.
  public init(
    model: FilePath, ids: String?, text: String?, textFile: FilePath?, isa: String, batch: Int?,
    raw: FilePath?, allPositions: Bool, quantize: String? = nil
  ) {
    self.model = model
    self.ids = ids
    self.text = text
    self.textFile = textFile
    self.isa = isa
    self.batch = batch
    self.raw = raw
    self.allPositions = allPositions
    self.quantize = quantize
  }
}

/// Computes logits and their digest.
public func computeLogits(_ request: LogitsRequest, context: JobContext) throws -> JobResult {
  guard let isa = ISAChoice(rawValue: request.isa) else {
    throw Failure(
      .usage,
      Bilingual(
        ko: "--isa 는 \(ISAChoice.allCases.map(\.rawValue).joined(separator: ", ")) 중 하나입니다.",
        en: "--isa is one of \(ISAChoice.allCases.map(\.rawValue).joined(separator: ", "))."))
  }
  try refuse(outputs: [request.raw], equalTo: [request.model, request.textFile], context)
  let model = try Model.open(
    request.model, isa: isa, threads: try context.count(.threads, limit: 256),
    quantizing: loadQuantization(request.quantize))
  let tokens: [Int32]
  if let list = request.ids {
    tokens = try list.split(separator: ",", omittingEmptySubsequences: false).map { part in
      guard let id = Int32(part) else {
        throw Failure(
          .usage,
          Bilingual(
            ko: "--ids 는 쉼표로 나눈 정수입니다.", en: "--ids takes whole numbers separated by commas."))
      }
      return id
    }
  } else {
    tokens = model.tokenizer.encode(try givenText(request.text, request.textFile))
  }
  let session = try Session(model, capacity: max(1, tokens.count), batch: request.batch ?? 128)
  var every: [UInt8] = []
  if request.allPositions, request.raw != nil, tokens.count > 1 {
    try session.prefillAllPositions(Array(tokens.dropLast())) { _, logits in
      for index in logits.indices { every += littleEndian(logits[index]) }
    }
  } else if tokens.count > 1 {
    try session.extend(Array(tokens.dropLast()))
  }
  let logits = try session.prefill(Array(tokens.suffix(1)))
  if let raw = request.raw {
    try writeDurably(every + logits.flatMap(littleEndian), to: raw)
  }
  let top = logits.indices.sorted { (logits[$1], $0) < (logits[$0], $1) }.prefix(10)
  let object: JSONObject = [
    "tokens": .integer(tokens.count), "numerics": .integer(numerics),
    "sha256": .string(Session.digest(of: logits).hex),
    "top": .array(
      top.map { id in
        .object([
          "id": .integer(id), "logit": .number(JSONNumber(shortest: Double(logits[id]))),
        ])
      }),
  ]
  return JobResult(output: JSONValue.object(object).encoded() + [0x0A])
}

private func littleEndian(_ value: Float) -> [UInt8] {
  let bits = value.bitPattern
  return [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: bits >> $0) }
}

/// Text from an option or a file; well-formed UTF-8 or an error with the place.
func givenText(_ text: String?, _ file: FilePath?) throws -> String {
  if let text { return text }
  guard let file else { return "" }
  let bytes = try readFile(file, maxBytes: 16 << 20)
  guard let text = String(validating: bytes, as: UTF8.self) else {
    throw Failure(
      .malformed,
      Bilingual(
        ko: "\(file.string) 은 올바른 UTF-8 텍스트가 아닙니다.",
        en: "\(file.string) is not well-formed UTF-8 text."))
  }
  return text
}
