internal import Auditing
internal import Cryptography
internal import MedaiCore
internal import Presentation
internal import Storage

func explain(_ error: KeyError) -> Failure {
  switch error {
  case .file(let cause): explain(cause as any Error)
  case .readableByOthers(let mode): readableByOthers(mode)
  case .notAFile:
    Failure(
      .permission,
      Bilingual(
        ko: "키가 보통 파일이 아닙니다 (링크나 장치는 쓰지 않습니다).",
        en: "the key is not a regular file (links and devices are refused)."))
  case .unreadable:
    Failure(
      .untrusted,
      Bilingual(
        ko: "키를 열 수 없습니다. 형식이 다르거나 암호문이 틀렸습니다.",
        en: "the key cannot be opened: another format, or a wrong or missing passphrase."),
      hint: Bilingual(
        ko: "암호문이 있는 키라면 --signing-passphrase-file FILE 이나 -fd N 을 주십시오.",
        en: "for a key with a passphrase give --signing-passphrase-file FILE or -fd N."))
  case .wrongAlgorithm:
    Failure(
      .untrusted, Bilingual(ko: "Ed25519 키가 아닙니다.", en: "this is no Ed25519 key."))
  case .passphraseLength:
    Failure(
      .configuration,
      Bilingual(
        ko: "암호문은 1바이트에서 1024바이트까지입니다.", en: "a passphrase has 1 to 1024 bytes."))
  case .noSecureMemory:
    Failure(
      .inputOutput,
      Bilingual(
        ko: "비밀을 담을 보안 메모리가 없습니다.", en: "there is no secure memory left for a secret."))
  case .badDescriptor(let number):
    Failure(
      .usage,
      Bilingual(
        ko: "암호문을 읽을 \(number)번 디스크립터가 열려 있지 않습니다.",
        en: "descriptor \(number), from which a passphrase would be read, is not open."))
  case .generation:
    Failure(
      .inputOutput, Bilingual(ko: "OpenSSL 이 키를 만들지 못했습니다.", en: "OpenSSL could not make a key."))
  case .unknownSignatureType(1), .unknownSignatureType(4):
    Failure(
      .untrusted,
      Bilingual(
        ko: "다른 종류의 검증 키 줄(.vkey)입니다. 로그의 키와 증인의 키는 다릅니다.",
        en: "the verifier line (.vkey) is of another kind: a log's key is no witness's, nor the "
          + "other way round."))
  case .malformedVerifierKey, .unknownSignatureType, .wrongKeyID:
    Failure(
      .malformed,
      Bilingual(
        ko: "검증 키 줄(.vkey)의 형식이 맞지 않습니다.", en: "the verifier line (.vkey) is malformed."))
  case .malformedName:
    Failure(
      .usage,
      Bilingual(
        ko: "키 이름에 빈칸이나 + 를 쓸 수 없습니다.", en: "a key's name may hold no space and no +."))
  }
}

func explain(_ error: NoteError) -> Failure {
  switch error {
  case .noKnownKey:
    Failure(
      .untrusted,
      Bilingual(
        ko: "체크포인트에 신뢰하는 키의 서명이 없습니다.",
        en: "the checkpoint is not signed by a key you trust."))
  case .badSignature:
    Failure(
      .integrity,
      Bilingual(ko: "체크포인트의 서명이 맞지 않습니다.", en: "the checkpoint's signature does not hold."))
  default:
    Failure(
      .malformed,
      Bilingual(
        ko: "체크포인트의 형식이 맞지 않습니다 (\(error)).", en: "the checkpoint is malformed (\(error))."))
  }
}

func explain(_ error: SchemaError) -> Failure {
  if case .file(let cause) = error { return explain(cause as any Error) }
  return Failure(
    .configuration,
    Bilingual(
      ko: "Guidelines/events 의 사건 형식이 틀렸습니다 (\(error)).",
      en: "an event schema under Guidelines/events is at fault (\(error))."))
}

func explain(_ error: AuditLogError) -> Failure {
  func broken(_ ko: String, _ en: String) -> Failure {
    Failure(
      .integrity, Bilingual(ko: "\(ko). 아무것도 덧붙이지 않았습니다.", en: "\(en); nothing was appended."),
      hint: Bilingual(
        ko: "medai audit verify 로 확인하고, 이 폴더를 그대로 보존하십시오.",
        en: "run medai audit verify, and keep the folder as it is."))
  }
  switch error {
  case .noLog:
    return Failure(
      .missing,
      Bilingual(ko: "감사 기록이 없습니다.", en: "there is no audit log."),
      hint: Bilingual(
        ko: "--audit-log DIR 이나 MEDAI_AUDIT_LOG 를 확인하십시오.",
        en: "check --audit-log DIR or MEDAI_AUDIT_LOG."))
  case .databaseMissing:
    return broken("체크포인트는 있으나 log.db 가 없습니다", "there is a checkpoint but no log.db")
  case .notALog:
    return Failure(
      .malformed,
      Bilingual(ko: "log.db 가 감사 기록이 아닙니다.", en: "log.db is not an audit log."))
  case .schemaChanged:
    return broken("log.db 의 표나 방아쇠가 바뀌었습니다", "the tables or triggers of log.db were changed")
  case .otherOrigin:
    return Failure(
      .configuration,
      Bilingual(
        ko: "이 로그의 이름과 키의 이름이 다릅니다.",
        en: "this log bears another origin than the key does."))
  case .untrustedHead:
    return Failure(
      .untrusted,
      Bilingual(
        ko: "이 로그는 다른 키로 서명되어 있습니다. 아무것도 덧붙이지 않았습니다.",
        en: "this log is signed by another key; nothing was appended."))
  case .brokenHead:
    return broken("로그의 마지막 체크포인트가 깨졌습니다", "the log's last checkpoint does not hold")
  case .headMismatch:
    return broken("저장된 트리가 서명된 것과 다릅니다", "the stored tree is not the one that was signed")
  case .rolledBack:
    return broken(
      "checkpoint 파일이 log.db 보다 앞서 있습니다. 되돌려졌거나 갈라졌습니다",
      "the checkpoint file knows more than log.db: rolled back or forked")
  case .replacedKey:
    return Failure(
      .usage,
      Bilingual(
        ko: "이 로그에서 이미 쓰고 있거나 물러난 키입니다. 물러난 키는 다시 쓰지 않습니다.",
        en: "this log has that key now, or has replaced it; a replaced key does not come back."))
  case .closed:
    return Failure(
      .configuration, Bilingual(ko: "이 로그는 닫혔습니다.", en: "this log was closed for good."))
  case .event(let cause, _):
    return Failure(
      .internalError,
      Bilingual(
        ko: "기록할 항목이 형식에 맞지 않습니다 (\(cause)).",
        en: "an entry does not fit its schema (\(cause))."))
  case .leaf(_, let entry):
    return broken("\(entry)번 항목을 읽을 수 없습니다", "entry \(entry) cannot be read")
  case .readBackMismatch(let entry):
    return broken(
      "\(entry)번 항목을 되읽은 것이 쓴 것과 다릅니다. 메모리나 디스크를 점검하십시오",
      "entry \(entry) reads back differently than it was written; check memory and disk")
  case .noSuchEntry(let entry):
    return Failure(
      .missing, Bilingual(ko: "\(entry)번 항목이 없습니다.", en: "there is no entry \(entry)."))
  case .clock:
    return Failure(
      .inputOutput,
      Bilingual(ko: "시계나 난수를 쓸 수 없습니다.", en: "the clock or random bits cannot be had."))
  case .storage(let cause): return explain(cause)
  case .file(let cause): return explain(cause as any Error)
  case .key(let cause): return explain(cause)
  case .signer(let cause): return explain(cause)
  }
}

func explain(_ error: StorageError) -> Failure {
  switch error {
  case .locked:
    Failure(
      .inputOutput,
      Bilingual(
        ko: "다른 프로그램이 감사 기록을 쥐고 있습니다.", en: "another program holds the audit log."),
      hint: Bilingual(ko: "그것이 끝난 뒤 다시 실행하십시오.", en: "run again when it has finished."))
  case .full:
    Failure(
      .inputOutput,
      Bilingual(
        ko: "디스크가 가득 차서 감사 기록을 쓰지 못했습니다. 작업을 멈춥니다.",
        en: "the disk is full, so the audit log could not be written; the job stops."))
  case .corrupt, .wrongKind:
    Failure(
      .integrity,
      Bilingual(ko: "감사 기록의 데이터베이스가 손상되었습니다.", en: "the audit log's database is damaged."),
      hint: Bilingual(
        ko: "medai audit verify 로 확인하고, 폴더를 그대로 보존하십시오.",
        en: "run medai audit verify, and keep the folder as it is."))
  case .notAFile:
    Failure(
      .malformed,
      Bilingual(
        ko: "데이터베이스나 그 곁의 파일(-wal, -shm)이 보통 파일이 아니라 파이프나 장치입니다.",
        en: "the database or a file beside it (-wal, -shm) is a pipe, a device or a folder, not a "
          + "file."),
      hint: Bilingual(
        ko: "무엇이 그것을 두었는지 확인하고 옮긴 뒤 다시 실행하십시오.",
        en: "find out what put it there, move it away, and run again."))
  case .readOnly, .cannotOpen:
    Failure(
      .cannotCreate,
      Bilingual(
        ko: "감사 기록 폴더에 쓸 수 없습니다.", en: "the audit log's folder cannot be written."),
      hint: Bilingual(
        ko: "쓸 권한이 있는 폴더를 --audit-log 로 지정하십시오.",
        en: "name a folder that you may write to by --audit-log."))
  case .inputOutput(let code):
    Failure(
      .inputOutput,
      Bilingual(
        ko: "감사 기록을 쓰는 중 입출력 오류가 났습니다 (\(code)).",
        en: "an I/O error occurred in the audit log (\(code))."))
  case .refused:
    Failure(
      .integrity,
      Bilingual(
        ko: "감사 기록이 변경을 거부했습니다.", en: "the audit log refused a change."))
  case .networkFileSystem:
    Failure(
      .configuration,
      Bilingual(
        ko: "감사 기록은 네트워크 파일 시스템에 둘 수 없습니다. 기록을 잃을 수 있기 때문입니다.",
        en: "the audit log may not lie on a network file system, where entries can be lost."),
      hint: Bilingual(
        ko: "이 컴퓨터의 디스크에 있는 폴더를 --audit-log 로 지정하십시오.",
        en: "name a folder on a local disk by --audit-log."))
  case .settingRefused(let setting):
    Failure(
      .configuration,
      Bilingual(
        ko: "SQLite 가 \(setting.rawValue) 설정을 받아들이지 않았습니다.",
        en: "SQLite did not accept the setting \(setting.rawValue)."))
  case .other(let code):
    Failure(
      .inputOutput,
      Bilingual(
        ko: "SQLite 오류 \(code) 가 났습니다.", en: "SQLite reported error \(code)."))
  }
}
