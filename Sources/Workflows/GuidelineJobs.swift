internal import Auditing
internal import Compliance
internal import Cryptography
internal import MedaiCore
internal import Presentation
internal import Settings
internal import SystemPackage

/// Opens the folder of guidelines that the settings or the installation name.
func guidelineLibrary(_ context: JobContext) throws -> GuidelineLibrary {
  guard let folder = context.path(.guidelines) ?? sharedFolder("Guidelines") else {
    throw Failure(
      .configuration,
      Bilingual(
        ko: "가이드라인 폴더(Guidelines)를 찾을 수 없습니다.",
        en: "the folder of guidelines (Guidelines) was not found."),
      hint: Bilingual(
        ko: "MEDAI_GUIDELINES 또는 MEDAI_SHARE 로 위치를 알려 주십시오.",
        en: "name it by MEDAI_GUIDELINES, or the installation's data by MEDAI_SHARE."))
  }
  return try GuidelineLibrary(folder: folder)
}

/// The catalogues that were asked for, the default one where none was.
func catalogs(_ ids: [String], _ library: GuidelineLibrary, _ context: JobContext) throws
  -> [Catalog]
{
  let wanted = ids.isEmpty ? [context.value(.guideline) ?? ""] : ids
  return try wanted.flatMap { $0.split(separator: ",").map(String.init) }.map { id in
    do {
      return try library.catalog(id)
    } catch GuidelineError.unknownGuideline {
      let known = library.ids.joined(separator: ", ")
      throw Failure(
        .usage,
        Bilingual(
          ko: "그런 가이드라인은 없습니다. 있는 것: \(known).",
          en: "there is no such guideline; there are \(known)."))
    }
  }
}

/// Lists the editions.
public func listGuidelines(asJSON: Bool, context: JobContext) throws -> JobResult {
  let catalogs = try guidelineLibrary(context).list()
  if asJSON {
    let list = catalogs.map { catalog in
      JSONValue.object([
        "id": .string(catalog.id),
        "title": .string(context.language == .korean ? catalog.title : catalog.titleEnglish),
        "edition": .string(catalog.edition), "controls": .integer(catalog.controls.count),
        "sha256": .string(catalog.sha256.hex),
      ])
    }
    let object = JSONValue.object(["guidelines": .array(list)])
    return JobResult(output: object.encoded(.pretty) + [0x0A])
  }
  let language = context.language
  var table = TextTable([
    TextTable.Column("id"), TextTable.Column(Bilingual(ko: "판", en: "edition")[language]),
    TextTable.Column(Bilingual(ko: "항목", en: "controls")[language], .right),
    TextTable.Column("SHA-256", maxWidth: 16),
    TextTable.Column(Bilingual(ko: "제목", en: "title")[language]),
  ])
  for catalog in catalogs {
    table.append([
      catalog.id, catalog.edition, String(catalog.controls.count),
      String(catalog.sha256.hex.prefix(16)),
      Bilingual(ko: catalog.title, en: catalog.titleEnglish)[language],
    ])
  }
  return JobResult(table.rendered())
}

/// Shows one edition's controls, or one control whole.
public func showGuideline(
  _ id: String, control wanted: String?, context: JobContext
) throws -> JobResult {
  let catalog = try catalogs([id], guidelineLibrary(context), context)[0]
  let language = context.language
  if let wanted {
    guard let control = catalog.controls.first(where: { sameBytes($0.id, wanted) }) else {
      throw Failure(
        .usage,
        Bilingual(ko: "그런 항목은 없습니다.", en: "there is no such control in this edition."))
    }
    let lines = [
      "\(control.id)  \(Bilingual(ko: control.title, en: control.titleEnglish)[language])",
      Bilingual(ko: control.statement, en: control.statementEnglish)[language],
      "\(control.strength.rawValue), \(control.source.rawValue), "
        + control.actors.map(\.rawValue).joined(separator: "/") + ", "
        + control.methods.map(\.rawValue).joined(separator: "/"),
      control.citations.joined(separator: "; "),
      control.checks.joined(separator: ", "),
    ]
    return JobResult(lines.filter { !$0.isEmpty }.joined(separator: "\n") + "\n")
  }
  var text =
    Bilingual(ko: catalog.title, en: catalog.titleEnglish)[language] + " (\(catalog.edition))\n"
    + Bilingual(ko: catalog.notice, en: catalog.noticeEnglish)[language] + "\n\n"
  var table = TextTable([
    TextTable.Column("id"), TextTable.Column(Bilingual(ko: "강도", en: "strength")[language]),
    TextTable.Column(Bilingual(ko: "출처", en: "source")[language]),
    TextTable.Column(Bilingual(ko: "방법", en: "method")[language]),
    TextTable.Column(Bilingual(ko: "제목", en: "title")[language]),
  ])
  for control in catalog.controls {
    table.append([
      control.id, control.strength.rawValue, control.source.rawValue,
      control.methods.map(\.rawValue).joined(separator: "/"),
      Bilingual(ko: control.title, en: control.titleEnglish)[language],
    ])
  }
  text += table.rendered()
  return JobResult(text)
}

/// The strict gate: every fault with file and line.
public func lintGuidelines(context: JobContext) throws -> JobResult {
  let folder = try guidelineLibrary(context).folder
  let faults = lint(folder)
  if faults.isEmpty {
    return JobResult(
      Bilingual(ko: "결함이 없습니다.", en: "no faults.")[context.language] + "\n")
  }
  let lines = faults.map { "\($0.file):\($0.line): \($0.reason)\n" }
  return JobResult(lines.joined(), [.negative])
}
