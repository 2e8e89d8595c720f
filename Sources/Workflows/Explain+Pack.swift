internal import Auditing
internal import Presentation

func explain(_ error: PackError) -> Failure {
  switch error {
  case .exists:
    Failure(
      .cannotCreate,
      Bilingual(
        ko: "출력 자리에 이미 무엇인가 있습니다. 묶음은 새 폴더에만 씁니다.",
        en: "something stands there already; a pack goes into a new folder only."),
      hint: Bilingual(
        ko: "아직 없는 폴더를 --output 으로 지정하십시오.",
        en: "name a folder that does not exist yet by --output."))
  case .noPack:
    Failure(
      .missing,
      Bilingual(
        ko: "감사 기록 묶음이 아닙니다 (checkpoint 가 없거나 항목을 읽을 수 없습니다).",
        en: "this is no pack of an audit log: no checkpoint, or no readable entries."))
  case .unsignedSize(let size, let signed):
    Failure(
      .missing,
      Bilingual(
        ko: "크기 \(size)의 서명된 체크포인트가 보관되어 있지 않습니다.",
        en: "no signed checkpoint of size \(size) was kept."),
      hint: Bilingual(
        ko: "보관된 크기: \(sizes(signed))", en: "sizes that were kept: \(sizes(signed))"))
  case .noSuchEntry(let entry, let size):
    Failure(
      .missing,
      Bilingual(
        ko: "\(entry)번 항목이 없습니다. 항목은 0부터 \(size - 1)까지입니다.",
        en: "there is no entry \(entry); entries run from 0 to \(size - 1)."))
  case .brokenTree, .brokenEntry:
    Failure(
      .integrity,
      Bilingual(
        ko: "저장된 항목이 서명된 루트와 맞지 않습니다. 아무것도 쓰지 않았습니다.",
        en: "the stored entries do not fit the signed root; nothing was written."),
      hint: Bilingual(
        ko: "medai audit verify 로 확인하고, 로그 폴더를 그대로 보존하십시오.",
        en: "run medai audit verify, and keep the log's folder as it is."))
  case .holdsKey(let index):
    Failure(
      .permission,
      Bilingual(
        ko: "anchors 폴더의 \(index + 1)번째 파일에 비밀키가 들어 있습니다. 아무것도 쓰지 않았습니다.",
        en: "file \(index + 1) in anchors holds a private key; nothing was written."),
      hint: Bilingual(ko: "그 파일을 치우십시오.", en: "move that file away."))
  case .unknownAnchor(let index):
    Failure(
      .malformed,
      Bilingual(
        ko: "anchors 폴더의 \(index + 1)번째 것이 보통 파일이 아니거나 너무 큽니다.",
        en: "file \(index + 1) in anchors is no regular file, or too large."))
  case .log(let cause): explain(cause)
  case .file(let cause): explain(cause as any Error)
  }
}

private func sizes(_ signed: [Int]) -> String {
  let shown = signed.suffix(12).map { String($0) }.joined(separator: ", ")
  return signed.count > 12 ? "…, \(shown)" : shown
}
