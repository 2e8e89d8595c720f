internal import MedaiCore
internal import Presentation
internal import Settings

/// Prints every setting with its value and origin.
public func showSettings(asJSON: Bool, context: JobContext) -> JobResult {
  let resolved = SettingKey.allCases.map { (key: $0, setting: context.settings.resolve($0)) }
  if asJSON {
    var object = JSONObject()
    for (key, setting) in resolved {
      object.append(
        key.rawValue,
        .object([
          "value": setting.map { .string($0.value) } ?? .null,
          "origin": setting.map { .string(describe($0.origin, .english)) } ?? .null,
        ]))
    }
    return JobResult(output: JSONValue.object(object).encoded(.pretty) + [0x0A])
  }
  let language = context.language
  var table = TextTable([
    TextTable.Column(Bilingual(ko: "설정", en: "setting")[language]),
    TextTable.Column(Bilingual(ko: "값", en: "value")[language]),
    TextTable.Column(Bilingual(ko: "출처", en: "from")[language]),
  ])
  for (key, setting) in resolved {
    table.append([
      key.rawValue, setting?.value ?? "-", setting.map { describe($0.origin, language) } ?? "-",
    ])
  }
  return JobResult(table.rendered())
}

private func describe(_ origin: SettingOrigin, _ language: Language) -> String {
  switch origin {
  case .flag: Bilingual(ko: "명령줄", en: "flag")[language]
  case .environment(let variable): variable
  case .file(let path): path
  case .default: Bilingual(ko: "기본값", en: "default")[language]
  }
}
