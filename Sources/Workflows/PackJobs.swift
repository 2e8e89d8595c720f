internal import Auditing
internal import Cryptography
internal import MedaiCore
internal import Presentation
public import SystemPackage

/// What `audit export` is asked.
public struct ExportRequest: Sendable {
  let output: FilePath
  let size: Int?
  let proofs: [Int]
  let asJSON: Bool

  /// A request from the command's options.
  public init(output: FilePath, size: Int?, proofs: [Int], asJSON: Bool) {
    self.output = output
    self.size = size
    self.proofs = proofs
    self.asJSON = asJSON
  }
}

/// Writes the log as a pack that other people's tools can verify.
public func exportLog(_ request: ExportRequest, context: JobContext) throws -> JobResult {
  let log = auditFolder(context)
  try refuse(
    outputs: [request.output], equalTo: [log, log.appending("anchors")], context)
  let pack = try exportPack(
    log: log, to: request.output, at: request.size, proofs: request.proofs,
    catalog: try eventCatalog())
  if pack.leftOut > 0 {
    context.say(
      Bilingual(
        ko: "anchors 폴더에서 이 크기의 증거가 아닌 파일 \(pack.leftOut)개는 넣지 않았습니다.",
        en: "\(pack.leftOut) files in anchors that are no evidence for this size were left out."))
  }
  if request.asJSON {
    let value = JSONValue.object([
      "size": .integer(pack.checkpoint.size), "root": .string(pack.checkpoint.root.hex),
      "origin": .string(pack.checkpoint.origin.text),
      "manifest_sha256": .string(pack.manifest.hex), "files": .integer(pack.files),
      "bytes": .integer(pack.bytes),
    ])
    return JobResult(output: value.encoded(.pretty) + [0x0A])
  }
  let text = Bilingual(
    ko: """
      항목 \(pack.checkpoint.size)개, 파일 \(pack.files)개, \(pack.bytes)바이트
      manifest.json SHA-256 \(pack.manifest.hex)

      """,
    en: """
      \(pack.checkpoint.size) entries, \(pack.files) files, \(pack.bytes) bytes
      manifest.json SHA-256 \(pack.manifest.hex)

      """)
  return JobResult(text[context.language])
}

/// Whether the trail says that a report with these bytes was issued.
///
/// - Returns: What goes into the outcome: a sentence, a value for the JSON, and whether an entry says so.
func reportFinding(
  _ path: FilePath, pack: FilePath?, _ verification: LogVerification, context: JobContext
) throws -> (text: String, json: JSONValue, isLogged: Bool) {
  let digest = try reading(path) { try sha256(of: $0) }
  let found = try places(of: digest, pack, verification, try eventCatalog(), context)
  let json = JSONValue.object([
    "sha256": .string(digest.hex), "logged": .bool(!found.isEmpty),
    "entries": .array(found.map(\.json)),
  ])
  return (sentence(found)[context.language] + "\n", json, !found.isEmpty)
}

/// Where the trail says that these bytes were issued; nowhere where the trail itself does not hold.
private func places(
  of digest: Digest, _ pack: FilePath?, _ verification: LogVerification, _ catalog: EventCatalog,
  _ context: JobContext
) throws -> [LoggedReport] {
  if verification.verdict.status == .integrity { return [] }
  if let pack { return try loggedReports(digest, pack: pack, catalog: catalog) }
  // The log may have grown since; what was not verified says nothing.
  return try loggedReports(digest, log: auditFolder(context), catalog: catalog)
    .filter { $0.entry < verification.entries }
}

private func sentence(_ found: [LoggedReport]) -> Bilingual {
  guard let first = found.first else {
    return Bilingual(
      ko: "보고서: 이 바이트의 보고서를 냈다는 항목이 없다. 고쳐졌거나 다른 로그의 보고서다.",
      en: "report: no entry says that a report with these bytes was issued; it was changed, or "
        + "belongs to another log.")
  }
  return Bilingual(
    ko: "보고서: \(first.entry)번 항목이 이 바이트를 \(first.rendition.text) 로 기록했다 "
      + "(로그 크기 \(first.size)).",
    en: "report: entry \(first.entry) recorded these bytes as \(first.rendition.text) "
      + "(log size \(first.size)).")
}

extension LoggedReport {
  fileprivate var json: JSONValue {
    .object([
      "entry": .integer(entry), "rendition": .string(rendition.text), "size": .integer(size),
      "root": .string(root.hex),
    ])
  }
}
