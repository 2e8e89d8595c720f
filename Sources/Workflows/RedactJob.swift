internal import Auditing
internal import Cryptography
internal import MedaiCore
internal import Presentation
internal import Settings
public import SystemPackage

/// What `audit redact` is asked.
public struct RedactRequest: Sendable {
  let entries: [Int]
  let subject: String?
  let reason: String
  let basis: String
  let reference: String?
  let openings: [FilePath]
  let asJSON: Bool

  /// A request from the command's options.
  public init(
    entries: [Int], subject: String?, reason: String, basis: String, reference: String?,
    openings: [FilePath], asJSON: Bool
  ) {
    self.entries = entries
    self.subject = subject
    self.reason = reason
    self.basis = basis
    self.reference = reference
    self.openings = openings
    self.asJSON = asJSON
  }
}

/// Erases the content of entries from the vault, on record: the `redact` entry is durable before a
/// key is destroyed, so that a crash in between is finished at the next opening.
public func redact(_ request: RedactRequest, context: JobContext) throws -> JobResult {
  let reason = try redactReason(request.reason)
  let basis = try code(request.basis, "--basis")
  let reference = try request.reference.map { try code($0, "--reference") }
  guard let path = context.path(.vault) else { throw vaultFailure(.usage, .notNamed) }
  try refuse(
    outputs: request.openings.map(Optional.some), equalTo: [], context)
  for file in request.openings { _ = try readSecretFile(file, maxBytes: openingsLimit) }
  let recorder = try Recorder.open(context, withoutAudit: false)
  let vault = try openVault(path, context)
  var reader = try LogReader.open(folder: auditFolder(context), catalog: try eventCatalog())
  var wanted = Set(request.entries)
  if let subject = request.subject {
    wanted.formUnion(try vault.entries(ofSubject: Array(subject.utf8)))
  }
  try refuse(entriesBeyond: reader.checkpoint.size, wanted)
  for entry in request.entries {
    let type = try reader.entry(entry).type
    if !mayHaveContent(type) { throw noContent(entry, type) }
  }
  let known = try redactions(in: &reader)
  let fresh = wanted.filter { known[$0] == nil }.sorted()
  if wanted.isEmpty {
    throw Failure(
      .missing,
      Bilingual(
        ko: "보관소에 이 정보주체의 내용이 없습니다.",
        en: "the vault holds nothing of this data subject."),
      hint: Bilingual(
        ko: "중단된 삭제가 있었다면 방금 마쳤습니다. medai audit verify --vault FILE 로 확인하십시오.",
        en: "an erasure that was interrupted is finished by now; medai audit verify --vault FILE "
          + "shows what is erased."))
  }
  var written: [Int] = []
  var pieces = 0
  for batch in batches(fresh) {
    let kept = try reference.map { try vault.stage([(.reference, Array($0.text.utf8))]) } ?? []
    let number = try recorder.append(
      .redact(
        entries: batch, reason: reason, basis: basis,
        reference: try reference.map { try referenceToken($0, context) }))
    if !kept.isEmpty { try vault.bind(kept, to: number) }
    pieces += try vault.erase(batch, by: number)
    written.append(number)
  }
  // What the log calls erased may lie here all the same: put back by hand, or joined to its entry by
  // a process that the erasure overtook.
  for entry in wanted.sorted() {
    if let redaction = known[entry] { pieces += try vault.erase([entry], by: redaction) }
  }
  try vault.scrub()
  try vault.close()
  var removed: [RemovedOpenings] = []
  for file in request.openings {
    removed.append(try removeOpenings(of: wanted, from: file, &reader))
  }
  // A reader that is still there would keep the log from putting itself in order.
  _ = consume reader
  try recorder.close()
  return report(
    request, wanted: wanted.sorted(), fresh: fresh, redactions: written, pieces: pieces,
    removed: removed, context)
}

/// A `redact` entry names at most 4096 entries.
private func batches(_ entries: [Int]) -> [[Int]] {
  stride(from: 0, to: entries.count, by: 4096).map {
    Array(entries[$0..<min($0 + 4096, entries.count)])
  }
}

private func referenceToken(
  _ reference: Auditing.Identifier, _ context: JobContext
) throws -> Digest {
  guard let path = context.path(.vaultKey) else {
    throw vaultFailure(.configuration, .keyNotNamed)
  }
  return try VaultKey.load(path).token(ofReference: Array(reference.text.utf8))
}

/// Calling an entry erased that has nothing to erase would say more than was done.
private func noContent(_ entry: Int, _ type: Auditing.Identifier) -> Failure {
  Failure(
    .usage,
    Bilingual(
      ko: "\(entry)번 항목(\(type.text))에는 보관소에 담기는 내용이 없습니다.",
      en: "entry \(entry) (\(type.text)) has no content that a vault holds."),
    hint: Bilingual(
      ko: "deid.file 이나 generate.answer 항목의 번호를 주거나, --subject 로 정보주체를 지정하십시오.",
      en: "name the deid.file or generate.answer entries, or a data subject with --subject."))
}

private func refuse(entriesBeyond size: Int, _ entries: Set<Int>) throws {
  guard entries.allSatisfy({ (0..<size).contains($0) }) else {
    throw Failure(
      .missing,
      Bilingual(
        ko: "로그에 그런 항목이 없습니다. 항목은 0부터 \(size - 1)까지입니다.",
        en: "the log has no such entry; entries run from 0 to \(size - 1)."))
  }
}

/// A reason is one of four words: a sentence could name the person whose data goes.
private func redactReason(_ text: String) throws -> RedactReason {
  guard let reason = RedactReason(rawValue: text) else {
    let words = RedactReason.allCases.map(\.rawValue).joined(separator: ", ")
    throw Failure(
      .usage,
      Bilingual(
        ko: "--reason 은 \(words) 중 하나입니다. 문장은 쓸 수 없습니다.",
        en: "--reason is one of \(words); free text is refused."))
  }
  return reason
}

/// A code that an option gives.
func code(_ text: String, _ option: String) throws -> Auditing.Identifier {
  guard let code = Auditing.Identifier(text) else {
    throw Failure(
      .usage,
      Bilingual(
        ko: "\(option) 에는 영문자, 숫자와 . _ : / + - 만 쓸 수 있습니다.",
        en: "\(option) takes letters, digits and . _ : / + - only, at most 128."))
  }
  return code
}

private func report(
  _ request: RedactRequest, wanted: [Int], fresh: [Int], redactions: [Int], pieces: Int,
  removed: [RemovedOpenings], _ context: JobContext
) -> JobResult {
  for file in removed where file.unmatched > 0 {
    context.say(
      Bilingual(
        ko: "\(file.file.string): 이 항목들의 번호를 달았으나 그 약속값을 연다고 "
          + "확인되지 않은 \(file.unmatched)줄은 그대로 두었습니다. 다른 로그의 줄이 아니라면 손으로 지우십시오.",
        en: "\(file.file.string): \(file.unmatched) lines name these entries and could not be "
          + "shown to open their commitments; they were left. Unless they are another log's, remove "
          + "them by hand."))
  }
  if request.asJSON {
    let result: JSONObject = [
      "entries": .array(wanted.map(JSONValue.integer)),
      "redactions": .array(redactions.map(JSONValue.integer)), "pieces": .integer(pieces),
      "openings": .array(
        removed.map { .object(["file": .string($0.file.string), "lines": .integer($0.lines)]) }),
    ]
    return JobResult(output: JSONValue.object(result).encoded(.pretty) + [0x0A])
  }
  let language = context.language
  var text =
    Bilingual(
      ko: "항목 \(wanted.count)개의 내용을 삭제하고 기록했습니다 (내용 \(pieces)건"
        + (fresh.count < wanted.count ? ", 이미 삭제된 항목 \(wanted.count - fresh.count)개" : "") + ").",
      en: "erased on record: \(wanted.count) entries, \(pieces) pieces of content"
        + (fresh.count < wanted.count ? ", \(wanted.count - fresh.count) erased before" : "") + ".")[
      language] + "\n"
  for redaction in redactions { text += "redact #\(redaction)\n" }
  for file in removed {
    text +=
      Bilingual(
        ko: "\(file.file.string): \(file.lines)줄 삭제",
        en: "\(file.file.string): \(file.lines) lines removed")[language] + "\n"
  }
  if removed.isEmpty {
    text +=
      Bilingual(
        ko: "출력 파일과 그 곁의 .openings (비식별화는 증거 폴더의 openings.ndjson)에서 항목 "
          + "\(wanted.map(String.init).joined(separator: ", "))의 줄을 손으로 지우거나, --openings FILE 로 "
          + "다시 실행하십시오. 그 줄의 키와 내용이 있으면 약속값을 열 수 있습니다.",
        en: "in output files and the .openings beside them (openings.ndjson in the evidence of a "
          + "de-identification) remove the lines of entries "
          + "\(wanted.map(String.init).joined(separator: ", ")) by hand, or run again with "
          + "--openings FILE: with such a line the commitment can still be opened.")[language]
      + "\n"
  }
  return JobResult(text)
}
