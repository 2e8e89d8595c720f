internal import Compliance
internal import Cryptography
internal import Deidentification
internal import Examination
internal import Inference
internal import MedaiCore
internal import Presentation
internal import SystemPackage

func explain(_ error: ModelError) -> Failure {
  let path = error.path.string
  func malformed(_ ko: String, _ en: String) -> Failure {
    Failure(
      .malformed, Bilingual(ko: "\(path): \(ko).", en: "\(path): \(en)."),
      hint: Bilingual(
        ko: "파일을 다시 받거나, 지원하는 모델인지 docs/engine.md 에서 확인하십시오.",
        en: "get the file again, or see docs/engine.md for what is supported."))
  }
  switch error.problem {
  case .file(let cause):
    if cause.isMissing {
      return Failure(
        .unavailable,
        Bilingual(ko: "모델 파일 \(path) 이(가) 없습니다.", en: "the model file \(path) does not exist."),
        hint: Bilingual(
          ko: "경로를 확인하십시오. 시범용 모델은 make model 로 받습니다.",
          en: "check the path; make model gets the demo model."))
    }
    return explain(cause as any Error)
  case .truncated(let expected, let found):
    return malformed(
      "잘린 파일입니다 (필요 \(expected)바이트, 있음 \(found)바이트)",
      "the file is truncated (\(expected) bytes needed, \(found) found)")
  case .notGGUF: return malformed("GGUF 파일이 아닙니다", "not a GGUF file")
  case .unsupportedVersion(let version):
    return malformed("GGUF 판 \(version) 은(는) 지원하지 않습니다", "GGUF version \(version) is not supported")
  case .unsupportedArchitecture(let name):
    return malformed("모델 구조 \(name) 은(는) 지원하지 않습니다", "architecture \(name) is not supported")
  case .mixtureOfExperts(let name):
    return Failure(
      .malformed,
      Bilingual(
        ko: "\(path): 전문가 혼합 구조 \(name) 은(는) 알아보지만 이 엔진에서 돌리지 않습니다.",
        en: "\(path): the mixture-of-experts architecture \(name) is recognised, not run here."),
      hint: Bilingual(
        ko: "다른 서버에서 돌리고 --endpoint 로 그 주소를 지정하십시오.",
        en: "serve it elsewhere and name its address with --endpoint."))
  case .unsupportedElementType(let name, let type):
    return malformed(
      "텐서 \(name) 의 형 \(type) 은(는) 지원하지 않습니다",
      "tensor \(name) has type \(type), which is not supported")
  case .malformedJSON(let name, let offset):
    return malformed(
      "\(name) 의 \(offset)바이트에서 JSON 이 잘못되었습니다",
      "\(name) is not valid JSON at byte \(offset)")
  case .badPart(let number):
    return malformed(
      "나뉜 모델의 \(number)번째 파일이 맞지 않습니다",
      "part \(number) of the split model does not belong to it")
  case .unsupportedTensorType(let name, let id):
    return malformed(
      "텐서 \(name) 의 형 \(id) 은(는) 지원하지 않습니다",
      "tensor \(name) has type \(id), which is not supported")
  case .unsupportedFeature(let name):
    return malformed("\(name) 은(는) 지원하지 않습니다", "\(name) is not supported")
  case .unsupportedTokenizer(let name):
    return malformed("토크나이저 \(name) 은(는) 지원하지 않습니다", "tokenizer \(name) is not supported")
  case .instructionSetUnavailable:
    return Failure(
      .unavailable,
      Bilingual(
        ko: "이 컴퓨터의 프로세서에는 그 명령어 집합이 없습니다.",
        en: "this machine's processor does not have that instruction set."))
  case .outOfResources:
    return Failure(
      .unavailable,
      Bilingual(
        ko: "\(path) 을(를) 올릴 메모리나 스레드가 모자랍니다.",
        en: "there is not enough memory or threads to load \(path)."))
  case .tensorShape(let name, let expected, let found):
    return malformed(
      "텐서 \(name) 의 모양이 \(found) 입니다 (\(expected) 이어야 함)",
      "tensor \(name) has shape \(found) instead of \(expected)")
  case .missingTensor(let name):
    return malformed("텐서 \(name) 이(가) 없습니다", "tensor \(name) is missing")
  case .missingKey(let name): return malformed("키 \(name) 이(가) 없습니다", "key \(name) is missing")
  case .badValue(let name): return malformed("키 \(name) 의 값이 틀렸습니다", "key \(name) has a bad value")
  default:
    return malformed("손상된 파일입니다 (\(error.problem))", "the file is damaged (\(error.problem))")
  }
}

func explain(_ error: SessionError) -> Failure {
  switch error {
  case .emptyPrompt:
    Failure(.usage, Bilingual(ko: "프롬프트가 비어 있습니다.", en: "the prompt is empty."))
  case .unknownToken(let id, let index):
    Failure(
      .usage,
      Bilingual(
        ko: "\(index)번째 토큰 \(id) 은(는) 어휘에 없습니다.",
        en: "token \(id) at place \(index) is not in the vocabulary."))
  case .contextFull(let needed, let capacity):
    Failure(
      .malformed,
      Bilingual(
        ko: "프롬프트가 모델의 문맥보다 깁니다 (\(needed) > \(capacity) 토큰).",
        en: "the prompt is longer than the model's context (\(needed) > \(capacity) tokens)."))
  case .nonFiniteLogits(let position):
    Failure(
      .malformed,
      Bilingual(
        ko: "위치 \(position) 에서 유한하지 않은 점수가 나왔습니다. 모델 파일이 손상되었을 수 있습니다.",
        en: "logits at position \(position) are not finite; the model file may be damaged."))
  case .floatEnvironment:
    Failure(
      .unavailable,
      Bilingual(
        ko: "프로세서의 반올림 설정이 바뀌어 있어 같은 비트를 보장할 수 없습니다.",
        en: "the processor's rounding settings were changed; the same bits cannot be promised."))
  case .outOfMemory:
    Failure(.unavailable, Bilingual(ko: "메모리가 모자랍니다.", en: "there is not enough memory."))
  case .noPosition:
    Failure(.internalError, Bilingual(ko: "계산된 위치가 없습니다.", en: "no position was computed."))
  }
}

func explain(_ error: TemplateError) -> Failure {
  switch error {
  case .missing:
    return Failure(
      .unavailable,
      Bilingual(ko: "모델 파일에 대화 서식이 없습니다.", en: "the model file has no chat template."),
      hint: Bilingual(
        ko: "--chat-template FILE 로 서식을 주거나, --chat 없이 프롬프트를 그대로 쓸 수 있습니다.",
        en: "--chat-template FILE supplies one; without --chat the prompt is used as it is."))
  case .unknown(let digest):
    return Failure(
      .unavailable,
      Bilingual(
        ko: "모르는 대화 서식입니다 (SHA-256 \(digest.hex)). 짐작하지 않습니다.",
        en: "the chat template is not known (SHA-256 \(digest.hex)); it is not guessed."),
      hint: Bilingual(
        ko: "--chat-template model 은 모델 파일의 서식을 해석해 쓰고, --chat-template FILE 은 주어진 서식을 씁니다. "
          + "--chat 없이 프롬프트를 그대로 쓸 수도 있습니다.",
        en: "--chat-template model interprets the file's own, --chat-template FILE another; "
          + "without --chat the prompt is used as it is."))
  case .missingControlToken:
    return Failure(
      .unavailable,
      Bilingual(
        ko: "대화 서식이 쓰는 토큰이 어휘에 없습니다.",
        en: "the vocabulary lacks a token that the chat template needs."),
      hint: Bilingual(
        ko: "--chat 없이 프롬프트를 그대로 쓸 수 있습니다.",
        en: "without --chat the prompt is used as it is."))
  case .noThinkingSwitch:
    return Failure(
      .usage,
      Bilingual(
        ko: "이 대화 서식에는 --thinking 으로 바꿀 것이 없습니다 (enable_thinking 을 읽지 않음).",
        en: "the chat template has nothing for --thinking to switch (it reads no enable_thinking).")
    )
  case .fault(let fault): return explain(fault)
  }
}

func explain(_ fault: TemplateFault) -> Failure {
  let (ko, en) =
    switch fault.problem {
    case .notText: ("올바른 UTF-8 이 아닙니다", "it is not well-formed UTF-8")
    case .malformed(let what): ("여기 올 수 없습니다: \(what)", "not possible there: \(what)")
    case .unsupported(let what): ("모르는 구문입니다: \(what)", "not known here: \(what)")
    case .badOperation(let what): ("할 수 없는 연산입니다: \(what)", "it cannot be done: \(what)")
    case .raised(let what): ("서식이 대화를 거절했습니다: \(what)", "it refuses the conversation: \(what)")
    case .limit: ("너무 깊거나 길거나 오래 걸립니다", "it is too deep, too long or takes too many steps")
    }
  return Failure(
    .malformed,
    Bilingual(
      ko: "대화 서식 \(fault.line)번째 줄: \(ko).", en: "line \(fault.line) of the chat template: \(en)."))
}

func explain(_ error: ExamFileError) -> Failure {
  if case .file(let cause) = error.reason { return explain(cause as any Error) }
  let what: Bilingual =
    switch error.reason {
    case .file, .empty: Bilingual(ko: "문항이 없습니다", en: "there is no record")
    case .notUTF8: Bilingual(ko: "UTF-8 이 아닙니다", en: "not UTF-8")
    case .json(let reason, let offset):
      Bilingual(
        ko: "JSON 이 아닙니다 (바이트 \(offset), \(reason))", en: "not JSON (byte \(offset), \(reason))")
    case .notAnObject: Bilingual(ko: "객체가 아닙니다", en: "not an object")
    case .missing(let field): Bilingual(ko: "\(field) 이(가) 없습니다", en: "\(field) is missing")
    case .wrongKind(let field):
      Bilingual(ko: "\(field) 의 형이 다릅니다", en: "\(field) has another type")
    case .blank(let field): Bilingual(ko: "\(field) 이(가) 비었습니다", en: "\(field) is blank")
    case .duplicateID(let first):
      Bilingual(ko: "\(first)번째 레코드와 id 가 같습니다", en: "same id as record \(first)")
    case .optionsMissing: Bilingual(ko: "보기가 없습니다", en: "options are missing")
    case .optionCount(let count):
      Bilingual(ko: "보기가 \(count)개입니다 (2–10개)", en: "\(count) options (2 to 10 are taken)")
    case .blankOption(let number):
      Bilingual(ko: "\(number)번 보기가 비었습니다", en: "option \(number) is blank")
    case .duplicateOptions(let first, let second):
      Bilingual(
        ko: "\(first)번과 \(second)번 보기가 같습니다", en: "options \(first) and \(second) are the same")
    case .unknownAnswer:
      Bilingual(ko: "답이 글자 A–J 나 번호가 아닙니다", en: "the answer is no letter A to J and no number")
    case .answerOutOfRange(let options):
      Bilingual(
        ko: "답이 보기 \(options)개 밖에 있습니다", en: "the answer is none of the \(options) options")
    case .csvQuote: Bilingual(ko: "따옴표가 맞지 않습니다", en: "quotes do not match")
    case .csvFields(let expected, let found):
      Bilingual(
        ko: "칸이 \(found)개입니다 (\(expected)개여야 함)", en: "\(found) fields instead of \(expected)")
    case .csvHeader(let column):
      Bilingual(ko: "머리글의 \(column) 열이 맞지 않습니다", en: "the header's column \(column) is wrong")
    }
  let place =
    error.record == 0
    ? Bilingual("")
    : Bilingual(
      ko: "\(error.record)번째 레코드(줄 \(error.line)): ",
      en: "record \(error.record) (line \(error.line)): ")
  return Failure(
    .malformed, Bilingual(ko: "\(place.ko)\(what.ko).", en: "\(place.en)\(what.en)."))
}

func explain(_ error: ExamRunError) -> Failure {
  switch error {
  case .tooFewShots(let wanted, let available):
    Failure(
      .usage,
      Bilingual(
        ko: "예시가 \(available)개뿐입니다 (\(wanted)개 필요).",
        en: "there are only \(available) examples (\(wanted) wanted)."))
  case .shotIsAsked(let shot, let record):
    Failure(
      .malformed,
      Bilingual(
        ko: "예시 \(shot)번이 문항 \(record)번과 같습니다. 답을 알려 주는 셈이 됩니다.",
        en: "example \(shot) is item \(record) itself, which would give its answer away."))
  case .freeAnswerNeedsGeneration(let record), .freeAnswerHasNoOrders(let record):
    Failure(
      .malformed,
      Bilingual(
        ko: "문항 \(record)번에는 보기가 없어 이 방법으로 물을 수 없습니다.",
        en: "item \(record) has no options and cannot be asked this way."))
  case .cascadeMissing, .resultCount, .optionCount:
    Failure(
      .internalError,
      Bilingual(ko: "모델의 응답이 요청과 맞지 않습니다.", en: "the model's answers do not fit the requests."))
  case .notFinite(let record):
    Failure(
      .malformed,
      Bilingual(
        ko: "문항 \(record)번의 점수가 유한하지 않습니다.", en: "the scores of item \(record) are not finite."))
  }
}

func explain(_ error: JudgementError) -> Failure {
  switch error {
  case .notPaired(let missing, let extra, let firstRecord):
    Failure(
      .malformed,
      Bilingual(
        ko: "두 결과의 문항이 다릅니다 (빠짐 \(missing), 남음 \(extra), 처음 \(firstRecord)번).",
        en: "the two results are not about the same items (\(missing) missing, \(extra) extra, "
          + "first at record \(firstRecord))."))
  case .answersDiffer(let record):
    Failure(
      .malformed,
      Bilingual(
        ko: "\(record)번 문항의 정답이 두 파일에서 다릅니다.",
        en: "the two files disagree on the right answer of record \(record)."))
  case .ratioNeedsComparison:
    Failure(
      .usage,
      Bilingual(ko: "비율 주장은 --compare 가 필요합니다.", en: "a claimed ratio needs --compare."))
  }
}

/// Runs a body that reads a file and puts the file's path before what went wrong with it.
func reading<Result: ~Copyable>(
  _ path: FilePath, _ body: (FilePath) throws -> Result
) throws -> Result {
  do {
    return try body(path)
  } catch SubmissionError.yaml(let fault) {
    throw explain(fault, in: path, as: .malformed)
  } catch PolicyError.invalid(let fault) {
    throw explain(fault, in: path, as: .malformed)
  } catch {
    let failure = explain(error)
    if error is FileError || failure.sentence.en.utf8.starts(with: path.string.utf8) {
      throw failure
    }
    throw Failure(
      failure.status,
      Bilingual(
        ko: "\(path.string): \(failure.sentence.ko)", en: "\(path.string): \(failure.sentence.en)"),
      hint: failure.hint)
  }
}
