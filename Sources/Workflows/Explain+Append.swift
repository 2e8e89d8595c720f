internal import Auditing
internal import MedaiCore
internal import Presentation

func explain(_ fault: EventFeed.Fault) -> Failure {
  switch fault {
  case .json(let line, let reason):
    refused(line, "JSON 이 아닙니다 (\(reason))", "not JSON (\(reason))")
  case .event(let line, let cause):
    explain(cause, line: line)
  case .trailing(let line):
    refused(line, "여러 줄에 걸친 객체 뒤에 다른 것이 있습니다", "something follows the one object of several lines")
  case .tooLong(let line, let maxBytes):
    refused(line, "\(maxBytes)바이트보다 깁니다", "longer than \(maxBytes) bytes")
  case .unreadable(let code):
    Failure(
      .inputOutput,
      Bilingual(
        ko: "입력을 읽지 못했습니다 (오류 \(code)).", en: "the input could not be read (error \(code))."))
  }
}

private func explain(_ error: EventError, line: Int) -> Failure {
  switch error {
  case .looksPersonal(let field):
    refused(
      line, "\(field) 값이 주민등록번호나 휴대전화 번호처럼 보입니다. 토큰이나 코드만 쓰십시오",
      "\(field) looks like a resident registration or phone number; only tokens and codes are "
        + "taken")
  case .missingField(let field): refused(line, "\(field) 이(가) 없습니다", "\(field) is missing")
  case .wrongValue(let field):
    refused(line, "\(field) 값이 형식에 맞지 않습니다", "the value of \(field) does not fit its kind")
  case .unknownField: refused(line, "형식에 없는 필드가 있습니다", "a field that the schema does not have")
  case .duplicateField: refused(line, "같은 필드가 두 번 있습니다", "a field stands twice")
  case .notAnObject: refused(line, "객체가 아닙니다", "not an object")
  case .tooLong: refused(line, "항목이 65,535바이트를 넘습니다", "the entry would pass 65,535 bytes")
  case .unknownType, .unknownVersion, .wrongPair, .noRandomness:
    refused(line, "이 종류의 사건이 아닙니다 (\(error))", "not an event of this type (\(error))")
  }
}

/// A refusal that names the line and what a schema names, never what stood there.
private func refused(_ line: Int, _ ko: String, _ en: String) -> Failure {
  Failure(
    .malformed, Bilingual(ko: "입력 \(line)번째 줄: \(ko).", en: "input, line \(line): \(en)."),
    hint: Bilingual(
      ko: "그 앞줄까지는 기록되었고, 이 줄부터는 아무것도 기록하지 않았습니다.",
      en: "the lines before it are in the log; nothing from this line on is."))
}

func explain(_ error: SignerError) -> Failure {
  switch error {
  case .notAbsolute:
    Failure(
      .configuration,
      Bilingual(
        ko: "서명 프로그램(signer-command)은 절대 경로로 시작해야 합니다.",
        en: "the signer program (signer-command) begins with an absolute path."))
  case .cannotStart(let code):
    signer(
      "서명 프로그램을 시작하지 못했습니다 (오류 \(code))",
      "the signer program cannot be started (error \(code))")
  case .ended: signer("서명 프로그램이 끝났습니다", "the signer program ended")
  case .timeout: signer("서명 프로그램이 제때 답하지 않았습니다", "the signer program gave no answer in time")
  case .malformedAnswer:
    signer("서명 프로그램의 답이 규약과 다릅니다", "the signer program's answer is not of the protocol")
  case .refused(let code):
    signer("서명 프로그램이 서명을 거부했습니다 (\(code))", "the signer program refused to sign (\(code))")
  case .wrongSignature:
    Failure(
      .untrusted,
      Bilingual(
        ko: "서명 프로그램의 서명이 공개 키와 맞지 않습니다. 아무것도 기록하지 않았습니다.",
        en: "the signer program's signature does not hold under the public key; nothing was "
          + "appended."))
  }
}

private func signer(_ ko: String, _ en: String) -> Failure {
  Failure(
    .unavailable, Bilingual(ko: "\(ko). 아무것도 기록하지 않았습니다.", en: "\(en); nothing was appended."),
    hint: Bilingual(
      ko: "docs/signer.md 의 규약과 장치의 상태를 확인하십시오.",
      en: "check the device, and the protocol in docs/signer.md."))
}
