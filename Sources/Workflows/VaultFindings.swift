internal import Auditing
internal import Presentation
internal import Settings
internal import SystemPackage

/// Checks the vault that belongs to the log, where one is named.
///
/// Its content is opened only where the log holds: nothing can be put on record in another, and what
/// content should be is not known from it.
func checkNamedVault(
  _ verification: LogVerification, _ context: JobContext
) throws -> VaultCheck? {
  guard let path = context.path(.vault) else { return nil }
  var key: VaultKey?
  switch verification.verdict {
  case .intact, .selfConsistent, .incomplete:
    try recordVaultOpening(for: .verify, size: verification.checkpoint?.size ?? 0, context)
    key = try context.path(.vaultKey).map { try VaultKey.load($0) }
  case .tampered, .rolledBackOrForked, .untrustedKey: break
  }
  return try checkVault(
    path, key: key, log: auditFolder(context), catalog: try eventCatalog())
}

extension VaultCheck {
  /// How the check ends the program.
  var status: ExitStatus { holds ? .done : .integrity }

  /// What was found, as text.
  func summary(_ language: Language) -> String {
    var text =
      Bilingual(
        ko: "보관소: 내용 \(records)건, 해독 \(read)건, 약속값과 대조 \(opened)건, 기록된 삭제 \(erased.count)건",
        en: "vault: \(records) pieces of content, \(read) decrypted, \(opened) compared with their "
          + "commitments, \(erased.count) entries erased on record")[language] + "\n"
    for entry in erased {
      text +=
        "· #\(entry) "
        + Bilingual(
          ko: "내용은 기록을 남기고 삭제됨, 무결성 유지", en: "content erased on record, integrity intact")[
          language] + "\n"
    }
    if waiting > 0 {
      text +=
        "· "
        + Bilingual(
          ko: "항목을 기다리는 내용 \(waiting)건 (작업 중이거나 중단됨, 다음에 열 때 삭제)",
          en: "\(waiting) pieces wait for their entry: a job is running, or was killed (erased at "
            + "the next opening)")[language] + "\n"
    }
    for problem in problems {
      let place = problem.entry.map { "#\($0)" } ?? "-"
      let role = problem.role.map { " \($0.rawValue)" } ?? ""
      text += "! \(place)\(role) \(problem.reason.rawValue): \(problem.reason.sentence[language])\n"
    }
    if problemCount > problems.count { text += "! … \(problemCount)\n" }
    return text
  }
}

extension VaultCheck.Reason {
  /// What is wrong, as a sentence.
  var sentence: Bilingual {
    switch self {
    case .presentAfterRedaction:
      Bilingual(
        ko: "삭제했다고 기록된 내용이 남아 있다. 삭제가 중단되었거나 백업에서 되살린 보관소다.",
        en: "the log calls it erased and it is here: an interrupted erasure, or a vault from a "
          + "backup.")
    case .resurrected:
      Bilingual(
        ko: "보관소가 삭제한 내용이 다시 나타났다.", en: "the vault erased it and it is here again.")
    case .missing:
      Bilingual(
        ko: "있어야 할 내용이 삭제 기록 없이 없다.",
        en: "it should be here and is gone without a redact entry.")
    case .erasedWithoutRecord:
      Bilingual(
        ko: "내용이 삭제되었으나 로그에 삭제 기록이 없다.",
        en: "it was erased and no redact entry of the log says so.")
    case .damaged:
      Bilingual(
        ko: "열리지 않는다. 바뀌었거나 잘렸거나 다른 것과 바꿔치기되었다.",
        en: "it does not open: changed, cut, or swapped with another's.")
    case .otherContent:
      Bilingual(
        ko: "항목이 약속한 내용이 아니다.", en: "it is not what the entry committed to.")
    case .unclaimed:
      Bilingual(
        ko: "보관소가 담았다고 한 적이 없는 내용이다.", en: "the vault never said that it holds this.")
    case .logBehind:
      Bilingual(
        ko: "로그에 없는 항목의 내용이다. 로그가 되돌려졌다.",
        en: "the log has no such entry: the log was rolled back.")
    case .broken:
      Bilingual(
        ko: "보관소가 밖에서 바뀌었다.", en: "what the vault says of itself was changed from outside.")
    case .otherLog:
      Bilingual(ko: "다른 로그의 보관소다.", en: "the vault belongs to another log.")
    }
  }
}
