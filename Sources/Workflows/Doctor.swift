internal import Auditing
internal import Compliance
internal import Cryptography
internal import Deidentification
internal import Inference
internal import MedaiCore
internal import Presentation
internal import Settings
internal import SystemPackage

/// What one look of `doctor` found.
private struct Look {
  let name: String
  let isWell: Bool
  let detail: Bilingual
}

/// Looks at everything a job would need, and changes nothing.
public func examineSetUp(asJSON: Bool, context: JobContext) throws -> JobResult {
  var looks: [Look] = []
  func look(_ name: String, _ body: () throws -> Bilingual) {
    do {
      looks.append(Look(name: name, isWell: true, detail: try body()))
    } catch {
      looks.append(Look(name: name, isWell: false, detail: explain(error).sentence))
    }
  }
  look("program") {
    let tool = try logTool()
    return Bilingual("medai \(toolVersion), SHA-256 \(tool.sha256.hex)")
  }
  look("processor") {
    let kinds = ISAChoice.allCases.filter { $0 != .auto && $0.runsHere }.map(\.rawValue)
    return Bilingual(
      ko: "프로세서 \(processorCount())개, \(kinds.joined(separator: ", "))",
      en: "\(processorCount()) processors, \(kinds.joined(separator: ", "))")
  }
  look("guidelines") {
    let library = try guidelineLibrary(context)
    let faults = lint(library.folder)
    guard faults.isEmpty else {
      throw Failure(
        .negative,
        Bilingual(
          ko: "결함 \(faults.count)건: medai guideline lint 를 실행하십시오.",
          en: "\(faults.count) faults: run medai guideline lint."))
    }
    return Bilingual("\(library.ids.joined(separator: ", "))")
  }
  look("detectors") {
    Bilingual("SHA-256 \(try Detectors().digest.hex)")
  }
  look("policy") {
    let policy = try Policy.load(context.value(.policy) ?? "")
    return Bilingual("\(policy.name), SHA-256 \(policy.digest.hex)")
  }
  look("report templates") {
    guard resourceFolder(of: "Presentation") != nil else { throw PresentationError.noTemplates }
    return Bilingual(ko: "있음", en: "found")
  }
  if context.value(.signingKey) != nil || context.value(.signerCommand) != nil {
    look("signing key") { Bilingual(try openSigner(context).verifier.line) }
  }
  if fileExists(auditFolder(context).appending("log.db")) {
    look("audit log") {
      let keys = try context.path(.signingKey).map { path in
        try trustedKeys(FilePath(path.string + ".vkey"))
      }
      let result = try verifyLog(
        folder: auditFolder(context), trustedKeys: keys ?? [], catalog: try eventCatalog())
      guard result.verdict == .intact || result.verdict == .selfConsistent else {
        throw Failure(.integrity, result.verdict.sentence)
      }
      return Bilingual("\(result.verdict.rawValue), \(result.entries)")
    }
  }
  if let path = context.path(.model) {
    look("model") {
      let info = try Model.open(path, threads: 1).info
      return Bilingual("\(info.architecture) \(info.quantization), SHA-256 \(info.sha256.hex)")
    }
  }
  let status: ExitStatus = looks.allSatisfy(\.isWell) ? .done : .negative
  if asJSON {
    let list = looks.map { look in
      JSONValue.object([
        "name": .string(look.name), "ok": .bool(look.isWell),
        "detail": .string(look.detail[context.language]),
      ])
    }
    return JobResult(
      output: JSONValue.object(["checks": .array(list)]).encoded(.pretty) + [0x0A],
      statuses: [status])
  }
  var table = TextTable([
    TextTable.Column(""), TextTable.Column(Bilingual(ko: "항목", en: "what")[context.language]),
    TextTable.Column(Bilingual(ko: "상태", en: "state")[context.language]),
  ])
  for look in looks {
    table.append([look.isWell ? "✓" : "✗", look.name, look.detail[context.language]])
  }
  return JobResult(table.rendered(), [status])
}
