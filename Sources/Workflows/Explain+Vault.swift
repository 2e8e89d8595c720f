internal import Auditing
internal import Presentation
internal import Storage

/// Misuse of the vault's options.
enum VaultMisuse {
  case subjectWithoutVault, vaultWithoutAudit, keyNotNamed, notNamed, insideFolder, stream
}

/// A failure that names the option at fault.
func vaultFailure(_ status: ExitStatus, _ misuse: VaultMisuse) -> Failure {
  switch misuse {
  case .subjectWithoutVault:
    Failure(
      status,
      Bilingual(
        ko: "--subject 는 --vault FILE 과 함께 씁니다.", en: "--subject needs --vault FILE."))
  case .vaultWithoutAudit:
    Failure(
      status,
      Bilingual(
        ko: "감사 기록 없이는 보관소에 담을 수 없습니다: --vault 와 --no-audit 은 함께 쓸 수 없습니다.",
        en: "content is kept for entries of the log: --vault and --no-audit exclude each other."))
  case .keyNotNamed:
    Failure(
      status,
      Bilingual(ko: "보관소 키가 지정되지 않았습니다.", en: "no vault key is set."),
      hint: Bilingual(
        ko: "medai key new vault --output FILE 로 만든 뒤 --vault-key FILE (또는 MEDAI_VAULT_KEY)로 "
          + "지정하십시오.",
        en: "make one with medai key new vault --output FILE, then give --vault-key FILE (or "
          + "MEDAI_VAULT_KEY)."))
  case .notNamed:
    Failure(
      status,
      Bilingual(ko: "보관소가 지정되지 않았습니다.", en: "no vault is named."),
      hint: Bilingual(
        ko: "--vault FILE (또는 MEDAI_VAULT)로 지정하십시오.", en: "give --vault FILE (or MEDAI_VAULT)."))
  case .insideFolder:
    Failure(
      status,
      Bilingual(
        ko: "보관소와 그 키는 입력이나 출력 폴더 안에 둘 수 없습니다.",
        en: "the vault and its key may not lie in a folder that is read or handed out."))
  case .stream:
    Failure(
      status,
      Bilingual(
        ko: "표준 입력은 다시 읽을 수 없어 보관소에 담지 못합니다.",
        en: "standard input cannot be read twice, so it cannot be kept in the vault."),
      hint: Bilingual(
        ko: "기록을 파일로 주거나 --vault (MEDAI_VAULT) 없이 실행하십시오.",
        en: "give the records as files, or run without --vault (MEDAI_VAULT)."))
  }
}

func explain(_ error: VaultError) -> Failure {
  func broken(_ ko: String, _ en: String) -> Failure {
    Failure(
      .integrity, Bilingual(ko: "\(ko).", en: "\(en)."),
      hint: Bilingual(
        ko: "medai audit verify --vault FILE --vault-key FILE 로 확인하고, 파일을 그대로 보존하십시오.",
        en: "run medai audit verify --vault FILE --vault-key FILE, and keep the file as it is."))
  }
  switch error {
  case .noVault:
    return Failure(.missing, Bilingual(ko: "보관소가 없습니다.", en: "there is no vault."))
  case .notAVault:
    return Failure(
      .malformed, Bilingual(ko: "이 파일은 보관소가 아닙니다.", en: "this file is no vault."))
  case .readableByOthers(let mode):
    return Failure(
      .permission,
      Bilingual(
        ko: "보관소를 다른 사용자가 읽을 수 있습니다 (모드 \(String(mode, radix: 8))).",
        en: "the vault can be read by others (mode \(String(mode, radix: 8)))."),
      hint: Bilingual(ko: "chmod 600 FILE 로 고치십시오.", en: "run chmod 600 FILE."))
  case .schemaChanged:
    return broken("보관소의 표가 바뀌었습니다", "the vault's tables were changed")
  case .otherLog:
    return Failure(
      .configuration,
      Bilingual(
        ko: "이 보관소는 다른 감사 기록의 것입니다.", en: "this vault belongs to another log."),
      hint: Bilingual(
        ko: "기록마다 보관소를 따로 두십시오.", en: "each log has a vault of its own."))
  case .logBehind:
    return broken(
      "보관소가 감사 기록에 없는 항목을 알고 있습니다. 기록이 되돌려졌습니다",
      "the vault knows entries that the log has not: the log was rolled back")
  case .wrongKey:
    return Failure(
      .untrusted,
      Bilingual(
        ko: "이 보관소는 다른 키로 만들어졌습니다.", en: "this vault was made with another vault key."))
  case .malformedKey:
    return Failure(
      .configuration,
      Bilingual(ko: "보관소 키 파일이 아닙니다.", en: "this file is no vault key."),
      hint: Bilingual(
        ko: "medai key new vault --output FILE 로 만드십시오.",
        en: "make one with medai key new vault --output FILE."))
  case .needsKey: return vaultFailure(.configuration, .keyNotNamed)
  case .broken:
    return broken("보관소가 밖에서 바뀌었습니다", "the vault was changed from outside")
  case .notHeld(let entry):
    return Failure(
      .missing,
      Bilingual(
        ko: "보관소에 \(entry)번 항목의 내용이 없습니다.",
        en: "the vault holds no such content of entry \(entry)."))
  case .erased(let entry, let redaction):
    return Failure(
      .missing,
      Bilingual(
        ko: "\(entry)번 항목의 내용은 삭제되었습니다 (\(redaction)번 항목에 기록).",
        en: "the content of entry \(entry) was erased, as entry \(redaction) records."))
  case .missing(let entry):
    return broken(
      "\(entry)번 항목의 내용이 삭제 기록 없이 사라졌습니다",
      "the content of entry \(entry) is gone without a record of its erasure")
  case .damaged(let entry):
    return broken("\(entry)번 항목의 내용이 손상되었습니다", "the content of entry \(entry) is damaged")
  case .destroyed:
    return Failure(
      .missing,
      Bilingual(
        ko: "이 재식별 보관소는 파기되었습니다. 어떤 키로도 열리지 않습니다.",
        en: "this re-identification vault was destroyed; no key opens it."))
  case .damagedLink:
    return Failure(
      .integrity,
      Bilingual(
        ko: "재식별 보관소의 연결 정보가 손상되었습니다.",
        en: "a link of the re-identification vault is damaged."),
      hint: Bilingual(
        ko: "파일을 그대로 보존하고 백업과 비교하십시오.",
        en: "keep the file as it is, and compare it with a backup."))
  case .alreadyHeld(let entry):
    return broken(
      "\(entry)번 항목의 내용이 이미 있습니다", "the vault holds content of entry \(entry) already")
  case .contentChanged:
    return Failure(
      .inputOutput,
      Bilingual(
        ko: "입력 파일이 작업 중에 바뀌었습니다. 공개하지 않고 멈춥니다.",
        en: "an input file changed while the job ran; the job stops before releasing it."))
  case .preparationLost:
    return Failure(
      .inputOutput,
      Bilingual(
        ko: "담던 내용이 그사이 삭제되었습니다. 공개하지 않고 멈춥니다.",
        en: "content that was being kept was erased meanwhile; the job stops before releasing it."))
  case .traceRemains:
    return Failure(
      .stopped,
      Bilingual(
        ko: "내용을 삭제했으나, 다른 프로그램이 보관소를 열고 있어 파일에서 흔적을 다 지우지 못했습니다.",
        en: "the content is erased, but another program keeps the vault open, so traces remain in "
          + "its files."),
      hint: Bilingual(
        ko: "그것이 끝난 뒤 같은 명령을 다시 실행하면 마저 지웁니다.",
        en: "run the same command again when it has finished; that completes the work."))
  case .storage(.full):
    return Failure(
      .inputOutput,
      Bilingual(
        ko: "디스크가 가득 차서 보관소를 쓰지 못했습니다. 작업을 멈춥니다.",
        en: "the disk is full, so the vault could not be written; the job stops."))
  case .storage(.locked):
    return Failure(
      .inputOutput,
      Bilingual(ko: "다른 프로그램이 보관소를 쥐고 있습니다.", en: "another program holds the vault."))
  case .storage(.corrupt), .storage(.wrongKind):
    return broken("보관소의 데이터베이스가 손상되었습니다", "the vault's database is damaged")
  case .storage(.readOnly), .storage(.cannotOpen):
    return Failure(
      .cannotCreate,
      Bilingual(ko: "보관소를 쓸 수 없습니다.", en: "the vault cannot be written."))
  case .storage(let cause): return explain(cause)
  case .file(let cause): return explain(cause as any Error)
  case .key(let cause): return explain(cause)
  case .memory:
    return Failure(
      .inputOutput,
      Bilingual(
        ko: "비밀을 담을 안전한 메모리나 난수를 얻지 못했습니다.",
        en: "there is no secure memory, or no random numbers, for a secret."))
  }
}
