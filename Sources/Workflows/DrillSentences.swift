internal import Auditing
internal import Presentation

extension DrillReport {
  /// The drill as a person reads it.
  func text(_ language: Language) -> String {
    var text =
      Bilingual(
        ko: "로그 사본(항목 \(before.entries)개)에 대한 공격 연습. 원본은 읽기만 했다.",
        en:
          "attacks on a copy of the log (\(before.entries) entries); the log itself was only read."
      )[language] + "\n"
    if !hasTrustedKey {
      text +=
        Bilingual(
          ko: "신뢰하는 키가 없어(--public-key) 키를 바꿔치기한 공격은 로그만으로 드러나지 않는다.",
          en:
            "no trusted key was given (--public-key), so a log under another key looks like this one."
        )[language] + "\n"
    }
    for outcome in outcomes {
      let found = outcome.found.map(\.word).joined(separator: ", ")
      let expected = outcome.expected.map(\.word).joined(separator: " | ")
      text += "\(outcome.result.mark) \(outcome.attack.sentence[language])\n"
      guard outcome.result != .notApplicable else {
        text += "    " + outcome.result.sentence[language] + "\n"
        continue
      }
      text += "    "
      text += Bilingual(ko: "판정", en: "found")[language] + ": \(found)"
      if outcome.tries > 1 { text += " (×\(outcome.tries))" }
      text += "; " + Bilingual(ko: "예정", en: "stated")[language] + ": \(expected)"
      if let anchored = outcome.foundWithAnchor {
        let held = Bilingual(ko: "보관한 체크포인트로", en: "with a kept checkpoint")[language]
        text += "; \(held): \(anchored.word)"
      }
      text += "\n    → " + outcome.result.sentence[language] + "\n"
    }
    let counts = DrillResult.allCases.filter { count($0) > 0 }.map { "\($0.rawValue) \(count($0))" }
    return text + counts.joined(separator: ", ") + "\n"
  }
}

extension DrillResult {
  /// A mark that starts the line.
  fileprivate var mark: String {
    switch self {
    case .caught: "✓"
    case .caughtOnlyWithAnchor: "◐"
    case .notShown: "○"
    case .missed: "✗"
    case .notApplicable: "–"
    }
  }

  /// How it ended, in words.
  fileprivate var sentence: Bilingual {
    switch self {
    case .caught: Bilingual(ko: "드러남", en: "caught")
    case .caughtOnlyWithAnchor:
      Bilingual(
        ko: "로그만으로는 드러나지 않고, 밖에 보관한 체크포인트로만 드러남",
        en: "caught only with an anchor: the log alone cannot show it, a checkpoint kept "
          + "elsewhere does")
    case .notShown:
      Bilingual(
        ko: "드러나지 않음(예정대로): 시각은 컴퓨터의 주장이며, 타임스탬프만이 한계를 준다",
        en: "not shown, as stated: times are the machine's claim, only a time stamp bounds them")
    case .missed:
      Bilingual(ko: "놓침: 예정과 다르게 판정됨", en: "MISSED: not found as stated")
    case .notApplicable:
      Bilingual(ko: "이 로그에는 해당 없음", en: "not applicable: the log has nothing that it needs")
    }
  }
}

extension DrillAttack {
  /// What was done, in words.
  var sentence: Bilingual {
    switch self {
    case .entryBit: Bilingual(ko: "항목 내용의 비트 하나 변경", en: "one bit of an entry")
    case .hashBit: Bilingual(ko: "항목 해시의 비트 하나 변경", en: "one bit of an entry's hash")
    case .nodeBit: Bilingual(ko: "트리 노드의 비트 하나 변경", en: "one bit of an inner node")
    case .headBit: Bilingual(ko: "서명된 머리의 비트 하나 변경", en: "one bit of the signed head")
    case .keptBit:
      Bilingual(ko: "보존된 체크포인트의 비트 하나 변경", en: "one bit of a kept checkpoint")
    case .checkpointFileBit:
      Bilingual(ko: "checkpoint 파일의 비트 하나 변경", en: "one bit of the checkpoint file")
    case .databaseBytes:
      Bilingual(
        ko: "데이터베이스 파일 임의 위치의 바이트 변경", en: "bytes anywhere in the database file")
    case .entryDeleted: Bilingual(ko: "항목 삭제", en: "an entry deleted")
    case .entryDuplicated: Bilingual(ko: "항목 복제", en: "an entry put in twice")
    case .entriesSwapped: Bilingual(ko: "두 항목의 순서 교환", en: "two entries swapped")
    case .triggerDropped: Bilingual(ko: "트리거 제거", en: "a trigger dropped")
    case .tailCut: Bilingual(ko: "끝 항목 삭제", en: "the last entry deleted")
    case .headCut: Bilingual(ko: "첫 항목 삭제", en: "the first entry deleted")
    case .rolledBack:
      Bilingual(
        ko: "지난 체크포인트 시점으로 통째로 되돌림",
        en: "everything put back to an older signed checkpoint")
    case .rolledBackAlone:
      Bilingual(
        ko: "데이터베이스만 되돌리고 checkpoint 파일은 그대로 둠",
        en: "the database put back, the checkpoint file left")
    case .rebuiltUnsigned:
      Bilingual(
        ko: "항목을 바꾸고 트리를 다시 계산, 서명은 못 함",
        en: "an entry changed and the tree rebuilt, without the key")
    case .rebuiltWithStolenKey:
      Bilingual(
        ko: "훔친 서명 키로 항목을 바꾸고 모두 다시 서명",
        en: "an entry changed and all signed anew with the stolen key")
    case .rebuiltWithOtherKey:
      Bilingual(
        ko: "같은 이름의 다른 키로 모두 다시 서명",
        en: "all signed anew with another key of the same name")
    case .signatureTypeSwapped:
      Bilingual(ko: "서명 종류를 0x04로 바꿈", en: "the signature's type set to 0x04")
    case .keyIDReused:
      Bilingual(ko: "같은 키 번호로 다른 키의 서명", en: "another key's signature under the same key id")
    case .malformedCheckpoints:
      Bilingual(ko: "형식이 틀린 checkpoint 파일들", en: "malformed checkpoint files")
    case .brokenProofs:
      Bilingual(ko: "해시를 더하고 빼고 바꾼 증명들", en: "proofs with hashes added, missing, changed")
    case .secondPreimage:
      Bilingual(ko: "트리 노드를 항목이라고 내놓음", en: "an inner node shown as an entry")
    case .otherJSONForm:
      Bilingual(
        ko: "뜻이 같은 다른 JSON 표기로 바꾸고 훔친 키로 서명",
        en: "the same JSON written differently, signed with the stolen key")
    case .timeSetBack:
      Bilingual(
        ko: "항목 시각을 10년 앞당기고 훔친 키로 서명",
        en: "an entry's time set back ten years, signed with the stolen key")
    case .timeSetForward:
      Bilingual(
        ko: "마지막 항목 시각을 10년 미룸", en: "the last entry's time set ten years forward")
    }
  }
}
