internal import Auditing
internal import Cryptography
internal import MedaiCore
internal import Presentation

func explain(_ error: SealError) -> Failure {
  switch error {
  case .keyAlgorithm:
    Failure(
      .untrusted,
      Bilingual(
        ko: "봉인에는 RSA 나 ECDSA 인증서와 키가 필요합니다. Ed25519 인증서로는 OpenSSL 3.0 이 CMS 를 만들지 못합니다.",
        en: "a seal needs an RSA or ECDSA certificate and key; OpenSSL 3.0 makes no CMS with an "
          + "Ed25519 certificate."))
  case .otherKey:
    Failure(
      .untrusted,
      Bilingual(
        ko: "개인키가 이 인증서의 것이 아닙니다.", en: "the private key is not this certificate's."))
  case .notMade:
    Failure(
      .inputOutput, Bilingual(ko: "OpenSSL 이 봉인을 만들지 못했습니다.", en: "OpenSSL made no seal."))
  default: explain(AnchorFault(error))
  }
}

func explain(_ fault: AnchorFault) -> Failure {
  Failure(fault.status, fault.sentence)
}

func explain(_ error: PolicyFileError) -> Failure {
  Failure(
    .configuration,
    Bilingual(
      ko: "증인 정책 파일(tlog-policy)이 틀렸습니다 (\(error)).",
      en: "the witness policy file (tlog-policy) is at fault (\(error))."))
}

func explain(_ error: WitnessRequest.FormatError) -> Failure {
  Failure(
    .malformed,
    Bilingual(
      ko: "증인에게 주는 요청의 형식이 맞지 않습니다 (\(error)).",
      en: "the request to the witness is malformed (\(error))."))
}

func explain(_ refusal: WitnessRefusal) -> Failure {
  func refused(_ ko: String, _ en: String) -> Failure {
    Failure(.integrity, Bilingual(ko: "\(ko) 서명하지 않았습니다.", en: "\(en) Nothing was signed."))
  }
  let evidence = Bilingual(
    ko: "로그가 서명한 두 체크포인트가 증거로 --state 폴더에 남았습니다. 로그 관리자에게 알리십시오.",
    en: "both checkpoints, signed by the log, are kept as evidence in the --state folder.")
  switch refusal {
  case .malformed(let error): return explain(error)
  case .oldSizeTooGreat:
    return Failure(
      .malformed,
      Bilingual(
        ko: "요청의 old 크기가 체크포인트보다 큽니다.",
        en: "the request's old size is greater than the checkpoint's."))
  case .unknownOrigin:
    return Failure(
      .untrusted,
      Bilingual(
        ko: "이 로그의 이름은 주어진 검증 키(--public-key)의 것이 아닙니다.",
        en: "no verifier key that was given (--public-key) bears this log's name."))
  case .notSigned:
    return Failure(
      .untrusted,
      Bilingual(
        ko: "체크포인트가 그 로그의 키로 서명되어 있지 않습니다.",
        en: "the checkpoint is not signed by that log's key."))
  case .otherOldSize(let last):
    return Failure(
      .integrity,
      Bilingual(
        ko: "이 증인이 마지막으로 서명한 크기는 \(last) 입니다. 서명하지 않았습니다.",
        en: "this witness signed size \(last) last. Nothing was signed."),
      hint: Bilingual(
        ko: "로그에서 medai audit witness export --old \(last) 로 요청을 다시 만드십시오.",
        en: "make the request again at the log with: medai audit witness export --old \(last)"))
  case .smaller(let last):
    let failure = refused(
      "체크포인트가 지난번에 서명한 크기 \(last) 보다 작습니다. 로그가 되돌려졌거나 옛 요청입니다.",
      "the checkpoint is smaller than size \(last), signed before: the log was rolled back, or "
        + "this is an old request.")
    return Failure(failure.status, failure.sentence, hint: evidence)
  case .otherRoot(let size):
    let failure = refused(
      "같은 크기 \(size) 에 다른 루트입니다. 로그가 두 갈래입니다.",
      "another root at the same size \(size): the log tells two stories.")
    return Failure(failure.status, failure.sentence, hint: evidence)
  case .inconsistent(let last):
    let failure = refused(
      "크기 \(last) 의 체크포인트에서 이어진다는 증명이 맞지 않습니다.",
      "the proof does not lead from the checkpoint of size \(last) to this one.")
    return Failure(failure.status, failure.sentence, hint: evidence)
  case .busy:
    return Failure(
      .inputOutput,
      Bilingual(
        ko: "다른 프로세스가 이 증인으로 서명하고 있습니다.", en: "another process is signing as this witness."))
  case .brokenState:
    return refused(
      "증인이 보관한 마지막 체크포인트가 손상되었거나 주어진 키의 것이 아닙니다.",
      "the checkpoint that the witness kept is damaged, or not signed by a key that was given.")
  case .file(let error): return explain(error as any Error)
  }
}

extension AnchorFault {
  /// How a command ends that stumbles on it.
  var status: ExitStatus {
    switch self {
    case .unknownIssuer, .notValidThen, .unknownWitness, .weakAlgorithm, .wrongUse, .brokenChain,
      .certificateMissing, .noTime:
      .untrusted
    case .malformed, .tooLarge: .malformed
    case .noteMissing: .missing
    case .belowQuorum: .incomplete
    default: .integrity
    }
  }

  /// What is wrong, as a sentence.
  var sentence: Bilingual {
    switch self {
    case .noteMissing:
      Bilingual(
        ko: "증거가 가리키는 체크포인트(anchors/N.note)가 없습니다.",
        en: "the note that the evidence covers (anchors/N.note) is not there.")
    case .noteMalformed:
      Bilingual(
        ko: "anchors/N.note 의 형식이 맞지 않습니다.",
        en: "anchors/N.note is malformed or of another size.")
    case .noteNotSigned:
      Bilingual(
        ko: "anchors/N.note 가 이 로그의 키로 서명되어 있지 않습니다.",
        en: "anchors/N.note is not signed by this log's key.")
    case .tooLarge: Bilingual(ko: "증거 파일이 너무 큽니다.", en: "the evidence file is too large.")
    case .malformed:
      Bilingual(
        ko: "증거 파일의 형식이 맞지 않습니다.", en: "the evidence file is malformed.")
    case .otherContent:
      Bilingual(
        ko: "증거가 이 로그의 체크포인트가 아닌 다른 내용에 대한 것입니다.",
        en: "the evidence is about something else than this log's checkpoint.")
    case .notGranted:
      Bilingual(
        ko: "시점확인 기관이 요청을 받아들이지 않았습니다.",
        en: "the time-stamping authority did not grant the request.")
    case .otherNonce:
      Bilingual(ko: "다른 요청에 대한 응답입니다.", en: "this answers another request.")
    case .wrongUse:
      Bilingual(
        ko: "인증서의 용도가 맞지 않습니다 (시점확인은 timeStamping 만, 봉인은 서명용).",
        en: "the certificate is for another use (time stamps: critical timeStamping alone; seals: "
          + "digitalSignature or nonRepudiation).")
    case .badSignature: Bilingual(ko: "서명이 맞지 않습니다.", en: "a signature does not hold.")
    case .weakAlgorithm:
      Bilingual(
        ko: "SHA-1 등 약한 알고리즘은 받지 않습니다 (SHA-256 이상, RSA 2048 이상 또는 ECDSA).",
        en: "weak algorithms are refused: SHA-256 or better, RSA of 2048 bits or ECDSA.")
    case .notOneSigner:
      Bilingual(ko: "서명자가 정확히 한 명이어야 합니다.", en: "there must be exactly one signer.")
    case .attached:
      Bilingual(
        ko: "내용을 품은 CMS 입니다. 분리(detached) 서명이어야 합니다.",
        en: "the CMS carries a content of its own; it must be detached.")
    case .otherCertificate:
      Bilingual(
        ko: "서명된 속성이 서명자의 인증서를 가리키지 않습니다.",
        en: "what is signed does not name the signer's certificate.")
    case .certificateMissing:
      Bilingual(ko: "서명자의 인증서가 없습니다.", en: "the signer's certificate is not there.")
    case .unknownIssuer:
      Bilingual(
        ko: "신뢰하는 인증기관이 발급한 인증서가 아닙니다.",
        en: "no trusted authority issued the certificate.")
    case .notValidThen:
      Bilingual(
        ko: "그 시각에 인증서가 유효하지 않았습니다.",
        en: "a certificate was not valid at that moment.")
    case .brokenChain:
      Bilingual(
        ko: "인증서 경로가 성립하지 않습니다.", en: "the chain of certificates does not hold.")
    case .noTime:
      Bilingual(
        ko: "언제 봉인했는지 알 수 없습니다 (signing-time 없음).",
        en: "nothing says when the seal was made (no signing time).")
    case .unknownWitness:
      Bilingual(ko: "모르는 증인입니다.", en: "the witness is not known.")
    case .belowQuorum:
      Bilingual(ko: "증인의 수가 정책에 못 미칩니다.", en: "too few witnesses for the policy.")
    }
  }
}
