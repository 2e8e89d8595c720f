internal import Deidentification
internal import MedaiCore
internal import Presentation
internal import SystemPackage

func explain(_ error: GoldError) -> Failure {
  func malformed(_ file: FilePath, _ line: Int, _ ko: String, _ en: String) -> Failure {
    Failure(
      .malformed,
      Bilingual(ko: "\(file.string):\(line): \(ko).", en: "\(file.string):\(line): \(en)."))
  }
  switch error {
  case .file(let error): return explain(error as any Error)
  case .malformed(let file, let line):
    return malformed(file, line, "형식에 맞지 않습니다", "this is not the format")
  case .duplicate(let file, let line):
    return malformed(file, line, "같은 id 의 기록이 또 있습니다", "another note has this id")
  case .outside(let file, let line):
    return malformed(
      file, line, "범위가 글을 벗어납니다", "a span does not lie in the text of its note")
  case .unknownType(let file, let line):
    return malformed(file, line, "모르는 유형입니다", "there is no such type")
  case .undecodable(let file):
    return Failure(
      .malformed,
      Bilingual(
        ko: "\(file.string) 은 올바른 UTF-8 이 아닙니다.", en: "\(file.string) is not well-formed UTF-8."))
  case .empty(let file):
    return Failure(
      .malformed,
      Bilingual(ko: "\(file.string) 에 정답 기록이 없습니다.", en: "\(file.string) holds no note."))
  }
}
