internal import Deidentification
internal import MedaiCore
internal import MedaiText
internal import Presentation
internal import Settings
public import SystemPackage

/// What `deid explain` is asked.
public struct ExplainCandidatesRequest: Sendable {
  let textFile: FilePath?
  let encoding: String
  let site: FilePath?
  let patients: FilePath?
  let asJSON: Bool

  /// A request from the command's options.
  public init(
    textFile: FilePath?, encoding: String, site: FilePath?, patients: FilePath?, asJSON: Bool
  ) {
    self.textFile = textFile
    self.encoding = encoding
    self.site = site
    self.patients = patients
    self.asJSON = asJSON
  }
}

/// The largest text that is explained.
private let maxExplainedBytes = 16 << 20

/// Shows each candidate of a text with the evidence for and against it. The text goes to standard
/// output and nowhere else.
public func explainCandidates(
  _ request: ExplainCandidatesRequest, context: JobContext
) throws -> JobResult {
  guard let encoding = TextEncoding(rawValue: request.encoding) else {
    let words = TextEncoding.allCases.map(\.rawValue).joined(separator: ", ")
    throw Failure(
      .usage,
      Bilingual(ko: "--encoding 은 \(words) 중 하나입니다.", en: "--encoding is one of \(words)."))
  }
  let detectors = try siteDetectors(
    policy: try loadPolicy(context.value(.policy) ?? ""), site: request.site)
  let known = try request.patients.map { try patientTable($0).table.all } ?? KnownValues()
  let source = try SourceText(
    readText(request.textFile ?? "-"), encoding: encoding)
  let candidates = detectors.explain(source, known: known)
  if request.asJSON {
    let list = candidates.map { JSONValue.object(json($0)) }
    return JobResult(
      output: JSONValue.object(["candidates": .array(list)]).encoded(.pretty) + [0x0A])
  }
  var text = ""
  for candidate in candidates { text += lines(candidate, context.language) }
  if candidates.isEmpty {
    text = Bilingual(ko: "후보가 없습니다.\n", en: "No candidate.\n")[context.language]
  }
  return JobResult(text)
}

private func readText(_ path: FilePath) throws -> [UInt8] {
  var bytes: [UInt8] = []
  var reader = try ChunkReader(path)
  while let chunk = try reader.next() {
    bytes += chunk
    if bytes.count > maxExplainedBytes {
      throw Failure(
        .malformed,
        Bilingual(
          ko: "설명할 글이 \(maxExplainedBytes)바이트보다 깁니다.",
          en: "the text to explain is longer than \(maxExplainedBytes) bytes."))
    }
  }
  return bytes
}

private func words(for code: String) -> Bilingual {
  EvidenceWords.words(for: code).map { Bilingual(ko: $0.ko, en: $0.en) } ?? Bilingual(code)
}

private func words(for verdict: CandidateVerdict) -> Bilingual {
  switch verdict {
  case .kept: Bilingual(ko: "식별자", en: "identifier")
  case .refused: Bilingual(ko: "식별자 아님", en: "no identifier")
  case .outranked: Bilingual(ko: "더 확실한 후보에 밀림", en: "a surer candidate covers it")
  }
}

private func json(_ candidate: ExplainedCandidate) -> JSONObject {
  let item = candidate.explanation
  func evidence(_ codes: [String]) -> JSONValue {
    .array(
      codes.map { code in
        let words = words(for: code)
        return .object(["code": .string(code), "ko": .string(words.ko), "en": .string(words.en)])
      })
  }
  return [
    "start": .integer(candidate.start), "end": .integer(candidate.end),
    "text": .string(String(decoding: candidate.text, as: UTF8.self)),
    "type": .string(item.span.type.rawValue), "detector": .string(item.span.detector),
    "confidence": .number(JSONNumber(shortest: Double(item.span.permille) / 1000)),
    "verdict": .string(item.verdict.rawValue), "for": evidence(item.evidenceFor),
    "against": evidence(item.evidenceAgainst),
  ]
}

private func lines(_ candidate: ExplainedCandidate, _ language: Language) -> String {
  let item = candidate.explanation
  let shown = visible(String(decoding: candidate.text, as: UTF8.self))
  let sure = fixedPoint(Double(item.span.permille) / 1000, decimals: 3)
  var text =
    "\(candidate.start)-\(candidate.end)  \(item.span.type.rawValue)  \(shown)  "
    + "\(words(for: item.verdict)[language]) (\(item.span.detector), \(sure))\n"
  let sides = [
    (Bilingual(ko: "찬성", en: "for"), item.evidenceFor),
    (Bilingual(ko: "반대", en: "against"), item.evidenceAgainst),
  ]
  for (side, codes) in sides where !codes.isEmpty {
    let list = codes.map { words(for: $0)[language] }.joined(separator: "; ")
    text += "    \(side[language]): \(list)\n"
  }
  return text
}
