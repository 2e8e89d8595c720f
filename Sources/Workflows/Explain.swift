internal import Auditing
internal import Compliance
internal import Cryptography
internal import Deidentification
internal import Examination
internal import Inference
internal import MedaiCore
internal import Presentation
internal import Settings
internal import SystemPackage

/// What an error means to a person, in both languages, with the status the program ends with.
///
/// Every library error is an enumeration of places and numbers, so nothing here can quote input.
public func explain(_ error: any Error) -> Failure {
  switch error {
  case let failure as Failure: failure
  case let error as FileError: explain(error)
  case let error as LineError: explain(error)
  case let error as JSONError:
    Failure(
      .malformed,
      Bilingual(
        ko: "JSON 을 읽을 수 없습니다 (바이트 \(error.offset), \(error.reason)).",
        en: "the JSON cannot be read (byte \(error.offset), \(error.reason))."))
  case let error as YAMLError: explain(error, in: nil)
  case let error as KeyError: explain(error)
  case let error as AuditLogError: explain(error)
  case let error as VaultError: explain(error)
  case let error as PackError: explain(error)
  case let error as NoteError: explain(error)
  case let error as SchemaError: explain(error)
  case let error as SignerError: explain(error)
  case let fault as EventFeed.Fault: explain(fault)
  case SecureMemoryError.exhausted: explain(KeyError.noSecureMemory)
  case let error as SealError: explain(error)
  case let fault as AnchorFault: explain(fault)
  case let error as PolicyFileError: explain(error)
  case let error as WitnessRequest.FormatError: explain(error)
  case let refusal as WitnessRefusal: explain(refusal)
  case let error as ExamFileError: explain(error)
  case let error as ExamRunError: explain(error)
  case let error as JudgementError: explain(error)
  case let error as ModelError: explain(error)
  case let error as SessionError: explain(error)
  case let error as TemplateError: explain(error)
  case is Sampler.InvalidSettings:
    Failure(
      .usage,
      Bilingual(
        ko: "온도나 top-p 가 허용 범위를 벗어났습니다.",
        en: "temperature or top-p is outside what the sampler takes."))
  case let error as GuidelineError: explain(error)
  case let error as EvidenceError: explain(error)
  case let error as SubmissionError: explain(error)
  case let error as PolicyError: explain(error)
  case let error as PseudonymKeyError: explain(error)
  case let error as PatientTableError: explain(error)
  case let error as DeidentifyError: explain(error)
  case let error as GoldError: explain(error)
  case let error as SourceTextError:
    Failure(
      .malformed,
      Bilingual(
        ko: "텍스트를 해독할 수 없습니다 (바이트 \(error.offset)).",
        en: "the text cannot be decoded (byte \(error.offset))."))
  case PresentationError.notFinite(let figure):
    Failure(
      .malformed,
      Bilingual(
        ko: "보고서의 수치 \(figure) 이(가) 유한하지 않습니다.",
        en: "the figure \(figure) of the report is not finite."))
  case let error as PresentationError:
    Failure(.configuration, Bilingual("\(error.description)."))
  case is RandomnessError:
    Failure(
      .inputOutput,
      Bilingual(
        ko: "운영체제가 난수를 주지 않았습니다.", en: "the operating system gave no random numbers."))
  default:
    Failure(
      .internalError,
      Bilingual(
        ko: "예상하지 못한 오류입니다 (\(type(of: error))).",
        en: "unexpected error (\(type(of: error)))."),
      hint: Bilingual(
        ko: "명령과 판(medai --version)을 적어 알려 주십시오. 환자 자료는 보내지 마십시오.",
        en: "please report the command and medai --version; do not send patient data."))
  }
}

private func explain(_ error: FileError) -> Failure {
  let path = error.path.string
  if error.isFull {
    return Failure(
      .inputOutput,
      Bilingual(
        ko: "디스크가 가득 차서 \(path) 을(를) 쓰지 못했습니다.", en: "the disk is full; \(path) was not written."),
      hint: Bilingual(
        ko: "자리를 비우고 다시 실행하십시오. 덜 쓰인 파일은 남지 않았습니다.",
        en: "free some space and run again; nothing half-written was left."))
  }
  switch error.action {
  case .open, .read, .list:
    if error.action == .list, error.code == .notDirectory {
      return Failure(
        .malformed,
        Bilingual(ko: "\(path) 은(는) 폴더가 아닙니다.", en: "\(path) is not a folder."))
    }
    if error.isMissing {
      return Failure(
        .missing, Bilingual(ko: "\(path) 이(가) 없습니다.", en: "\(path) does not exist."))
    }
    if error.isDenied {
      return Failure(
        .permission,
        Bilingual(ko: "\(path) 을(를) 읽을 권한이 없습니다.", en: "you may not read \(path)."))
    }
    if error.code == .fileTooLarge {
      return Failure(
        .malformed,
        Bilingual(
          ko: "\(path) 은(는) 이런 파일치고 너무 큽니다.", en: "\(path) is too large for what it should be."))
    }
    return Failure(
      .inputOutput,
      Bilingual(
        ko: "\(path) 을(를) 읽지 못했습니다 (\(error.code)).",
        en: "\(path) could not be read (\(error.code))."))
  case .create, .rename, .write, .sync:
    if error.isDenied || error.isMissing || error.code == .fileExists
      || error.code == .isDirectory
    {
      return Failure(
        .cannotCreate,
        Bilingual(
          ko: "\(path) 을(를) 만들 수 없습니다 (\(error.code)).",
          en: "\(path) cannot be created (\(error.code))."),
        hint: Bilingual(
          ko: "폴더가 있는지, 쓸 권한이 있는지 확인하십시오.",
          en: "check that the folder exists and that you may write to it."))
    }
    return Failure(
      .inputOutput,
      Bilingual(
        ko: "\(path) 을(를) 쓰지 못했습니다 (\(error.code)).",
        en: "\(path) could not be written (\(error.code))."))
  }
}

private func explain(_ error: LineError) -> Failure {
  switch error {
  case .file(let error): explain(error)
  case .tooLong(let line, let maxBytes):
    Failure(
      .malformed,
      Bilingual(
        ko: "\(line)번째 줄이 \(maxBytes)바이트보다 깁니다.",
        en: "line \(line) is longer than \(maxBytes) bytes."))
  }
}

/// A fault in a YAML file: of the settings, or of data that somebody hands in.
func explain(
  _ error: YAMLError, in path: FilePath?, as status: ExitStatus = .configuration
) -> Failure {
  let place = (path?.string ?? "YAML") + (error.line > 0 ? ":\(error.line)" : "")
  let what: Bilingual =
    switch error.reason {
    case .notUTF8: Bilingual(ko: "UTF-8 이 아닙니다", en: "not UTF-8")
    case .syntax: Bilingual(ko: "문법이 틀렸습니다", en: "syntax error")
    case .anchor, .alias:
      Bilingual(ko: "앵커(&, *)는 쓸 수 없습니다", en: "anchors and aliases are not allowed")
    case .tag: Bilingual(ko: "태그(!)는 쓸 수 없습니다", en: "tags are not allowed")
    case .keyNotScalar: Bilingual(ko: "키가 글이 아닙니다", en: "a key is not text")
    case .duplicateKey: Bilingual(ko: "같은 키가 두 번 있습니다", en: "a key stands twice")
    case .empty: Bilingual(ko: "비어 있습니다", en: "empty")
    case .tooLarge: Bilingual(ko: "너무 큽니다", en: "too large")
    case .expected(let kind): Bilingual(ko: "\(kind) 이(가) 와야 합니다", en: "\(kind) is expected")
    case .unknownKey(let key):
      Bilingual(ko: "모르는 키 \(visible(key))", en: "unknown key \(visible(key))")
    case .missingKey(let key): Bilingual(ko: "\(key) 이(가) 없습니다", en: "\(key) is missing")
    case .badValue(let key, let allowed):
      Bilingual(ko: "\(key) 은(는) \(allowed) 이어야 합니다", en: "\(key) must be \(allowed)")
    }
  return Failure(
    status, Bilingual(ko: "\(place): \(what.ko).", en: "\(place): \(what.en)."))
}

private func explain(_ error: GuidelineError) -> Failure {
  switch error {
  case .file(let error): explain(error)
  case .malformed(let path, let error): explain(error, in: path)
  case .unknownGuideline:
    Failure(.usage, Bilingual(ko: "그런 가이드라인은 없습니다.", en: "there is no such guideline."))
  }
}

private func explain(_ error: EvidenceError) -> Failure {
  func malformed(_ line: Int, _ ko: String, _ en: String) -> Failure {
    Failure(
      .malformed,
      Bilingual(ko: "산출물 파일 \(line)번째 줄: \(ko).", en: "outputs, line \(line): \(en)."))
  }
  switch error {
  case .file(let error): return explain(error)
  case .lineTooLong(let line): return malformed(line, "너무 깁니다", "too long")
  case .json(let line, let error):
    return malformed(
      line, "JSON 이 아닙니다 (바이트 \(error.offset))", "not JSON (byte \(error.offset))")
  case .notAnObject(let line): return malformed(line, "객체가 아닙니다", "not an object")
  case .missing(let line, let field):
    return malformed(line, "\(field) 이(가) 없습니다", "\(field) is missing")
  case .badType(let line, let field):
    return malformed(line, "\(field) 의 형이 다릅니다", "\(field) has another type")
  case .duplicateID(let line, let first):
    return malformed(line, "\(first)번째 줄과 id 가 같습니다", "same id as line \(first)")
  case .emptyLine(let line): return malformed(line, "빈 줄입니다", "empty line")
  }
}

private func explain(_ error: SubmissionError) -> Failure {
  switch error {
  case .file(let error): explain(error)
  case .yaml(let error): explain(error, in: nil, as: .malformed)
  case .outsideFolder(let line):
    Failure(
      .malformed,
      Bilingual(
        ko: "제출 파일 \(line)번째 줄: 이름 붙인 파일이 제출 폴더 밖에 있거나 링크를 거칩니다.",
        en: "submission, line \(line): a named file lies outside the submission's folder or behind "
          + "a link."))
  }
}

private func explain(_ error: PolicyError) -> Failure {
  switch error {
  case .invalid(let error): explain(error, in: nil, as: .malformed)
  case .file(let error): explain(error)
  case .unknown:
    Failure(
      .usage,
      Bilingual(
        ko: "그런 비식별화 정책은 없습니다 (Guidelines/policies 참조).",
        en: "there is no such policy; see Guidelines/policies."))
  }
}

private func explain(_ error: PseudonymKeyError) -> Failure {
  switch error {
  case .notAFile, .malformed, .wrongSize:
    Failure(
      .configuration,
      Bilingual(ko: "가명 키 파일이 아닙니다.", en: "this is no pseudonym key file."),
      hint: Bilingual(
        ko: "medai key new pseudonym --output FILE 로 만드십시오.",
        en: "make one with medai key new pseudonym --output FILE."))
  case .readableByOthers(let mode): readableByOthers(mode)
  case .exists:
    Failure(
      .cannotCreate,
      Bilingual(ko: "키 파일이 이미 있습니다.", en: "the key file exists already."))
  }
}

private func explain(_ error: PatientTableError) -> Failure {
  switch error {
  case .undecodable(let line), .malformed(let line):
    Failure(
      .malformed,
      Bilingual(
        ko: "환자 목록 \(line)번째 줄을 읽을 수 없습니다.",
        en: "the patient table cannot be read at line \(line)."))
  case .noPatientColumn:
    Failure(
      .malformed,
      Bilingual(
        ko: "환자 목록에 환자나 등록번호 열이 없습니다.",
        en: "the patient table has no column for the patient or the chart number."))
  }
}

private func explain(_ error: DeidentifyError) -> Failure {
  switch error {
  case .input(let number, let isMissing):
    Failure(
      isMissing ? .missing : .inputOutput,
      Bilingual(
        ko: "\(number)번째 입력을 \(isMissing ? "찾을 수 없습니다" : "읽을 수 없습니다").",
        en: "input \(number) \(isMissing ? "does not exist" : "cannot be read")."))
  case .outputIsInput:
    Failure(
      .usage,
      Bilingual(
        ko: "출력 폴더가 입력과 같거나 그 안에 있습니다.",
        en: "the output folder is, or lies in, an input."))
  case .evidenceInside:
    Failure(
      .usage,
      Bilingual(
        ko: "증거 폴더는 출력이나 입력 안에 둘 수 없습니다.",
        en: "the evidence folder may not lie in the output or an input."))
  case .sideFileInside:
    Failure(
      .usage,
      Bilingual(
        ko: "spans 나 quarantine 파일은 출력 폴더 안에 둘 수 없습니다.",
        en: "the spans or quarantine file may not lie in the output folder."))
  case .sideFilesMeet:
    Failure(
      .usage,
      Bilingual(
        ko: "spans, quarantine, 증거 파일은 서로 다른 파일이어야 합니다.",
        en: "the spans, quarantine and evidence files must be different files."))
  case .evidenceExists:
    Failure(
      .cannotCreate,
      Bilingual(
        ko: "증거 폴더에 이전 실행의 증거가 있습니다.",
        en: "the evidence folder holds the evidence of an earlier run."),
      hint: Bilingual(
        ko: "다른 --evidence 폴더를 고르거나 이전 폴더를 다른 곳으로 옮기십시오.",
        en: "choose another --evidence folder, or move the old one away."))
  case .brokenStream(let record):
    Failure(
      .malformed,
      Bilingual(
        ko: "스트림의 \(record)번째 기록부터는 기록을 나눌 수 없습니다. 이미 나온 출력은 쓰지 마십시오.",
        en: "the stream is broken from record \(record) on; do not use what was written."))
  case .write(let role, let code):
    Failure(
      explain(FileError(.write, "", code)).status,
      Bilingual(
        ko: "\(role) 을(를) 쓰지 못했습니다 (\(code)).", en: "the \(role) could not be written (\(code))."),
      hint: Bilingual(
        ko: "쓸 권한과 남은 자리를 확인하십시오. 덜 쓰인 파일은 남지 않았습니다.",
        en: "check permission and free space; nothing half-written was left."))
  case .quarantineRequired:
    Failure(
      .usage,
      Bilingual(
        ko: "스트림에는 --quarantine FILE 이 필요합니다.", en: "a stream needs --quarantine FILE."))
  case .links:
    Failure(
      .inputOutput,
      Bilingual(
        ko: "재식별 보관소에 쓸 수 없어, 공개하지 않고 멈춥니다.",
        en: "the re-identification vault cannot be written; the job stops before it releases."))
  case .randomness:
    Failure(
      .inputOutput,
      Bilingual(
        ko: "운영체제가 난수를 주지 않았습니다.", en: "the operating system gave no random numbers."))
  }
}

/// A secret that others may read is refused.
func readableByOthers(_ mode: UInt32) -> Failure {
  Failure(
    .permission,
    Bilingual(
      ko: "키 파일을 다른 사용자가 읽을 수 있습니다 (모드 \(String(mode, radix: 8))).",
      en: "the key file can be read by others (mode \(String(mode, radix: 8)))."),
    hint: Bilingual(ko: "chmod 600 FILE 로 고치십시오.", en: "run chmod 600 FILE."))
}
