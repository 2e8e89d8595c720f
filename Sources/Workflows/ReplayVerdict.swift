internal import Cryptography
internal import MedaiCore
internal import Presentation

/// Why an entry cannot be computed again. A closed list: scripts tell the causes apart.
enum ReplayCause: String, Error, Sendable, CaseIterable {
  case modelMissing = "model-missing"
  case inputMissing = "input-missing"
  case openingMissing = "opening-missing"
  case erased
  case endpoint
  case otherNumerics = "other-numerics"
  case policyMissing = "policy-missing"
  case keyMissing = "key-missing"
  case otherRules = "other-rules"
  case runFailed = "run-failed"
  case notReplayable = "not-replayable"
  case settingsUnknown = "settings-unknown"

  /// What the cause means and what would help.
  var sentence: Bilingual {
    switch self {
    case .modelMissing:
      Bilingual(
        ko: "그 해시의 모델 파일이 없다 (--models).",
        en: "no model file of that digest was found (--models).")
    case .inputMissing:
      Bilingual(
        ko: "기록이 가리키는 입력을 찾지 못했다 (--inputs).",
        en: "the input that the entry speaks of was not found (--inputs).")
    case .openingMissing:
      Bilingual(
        ko: "약속값을 여는 키가 없다 (.openings, openings.ndjson, --vault).",
        en: "the key that opens its commitment was not found (.openings, openings.ndjson, --vault)."
      )
    case .erased:
      Bilingual(ko: "내용이 기록을 남기고 파기되었다.", en: "its content was erased on record.")
    case .endpoint:
      Bilingual(
        ko: "외부 엔드포인트가 계산했다. 여기서 다시 계산할 수 없다.",
        en: "an endpoint computed it; it cannot be computed here.")
    case .otherNumerics:
      Bilingual(
        ko: "다른 수치 판(numerics)이 계산했다.", en: "another version of the arithmetic computed it.")
    case .policyMissing:
      Bilingual(
        ko: "그 해시의 비식별 정책이 없다 (--inputs).",
        en: "no policy of that digest was found (--inputs).")
    case .keyMissing:
      Bilingual(
        ko: "그때의 가명 키가 아니거나 주어지지 않았다 (--key).",
        en: "the pseudonym key was not given or is another one (--key).")
    case .otherRules:
      Bilingual(
        ko: "탐지 규칙이나 프롬프트 형식이 그때와 다르다. 기록한 판의 프로그램이 필요하다.",
        en: "its rules or prompt template are not this program's; the version that wrote it is "
          + "needed.")
    case .runFailed:
      Bilingual(
        ko: "기록된 실행이 끝나지 않았거나 실패했다.",
        en: "the recorded run failed or did not end.")
    case .notReplayable:
      Bilingual(
        ko: "다시 계산할 것이 없는 항목이다.", en: "there is nothing to compute again in this entry.")
    case .settingsUnknown:
      Bilingual(
        ko: "설정이 항목에서 증명되지 않는다. 짐작하지 않는다.",
        en: "the settings do not follow from the entry; they are not guessed.")
    }
  }
}

/// What came of computing an entry again.
enum ReplayOutcome: Sendable, Equatable {
  /// Everything that the entry claims came out bit for bit.
  case same
  /// These fields came out otherwise; at least one, in byte order.
  case different([String])
  /// It could not be computed.
  case cannot(ReplayCause)

  /// The outcome of comparing fields.
  init(differing: [String]) {
    self =
      differing.isEmpty
      ? .same : .different(differing.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
  }

  /// The verdict's word.
  var word: String {
    switch self {
    case .same: "same"
    case .different: "different"
    case .cannot: "cannot"
    }
  }
}

/// The outcome for one entry.
struct ReplayResult: Sendable {
  /// The entry.
  let entry: Int
  /// Its type.
  let type: String
  /// Number of the begin entry of its run.
  let run: Int?
  /// What came of it.
  let outcome: ReplayOutcome
  /// Whether the binary that wrote the entry is the one that runs now.
  let isSameTool: Bool

  /// The result as the command prints it.
  var json: JSONValue {
    var object: JSONObject = ["entry": .integer(entry), "type": .string(type)]
    object["run"] = run.map { .integer($0) }
    object["verdict"] = .string(outcome.word)
    switch outcome {
    case .same: break
    case .different(let fields): object["differs"] = .array(fields.map { .string($0) })
    case .cannot(let cause): object["cause"] = .string(cause.rawValue)
    }
    object["tool"] = .string(isSameTool ? "same" : "other")
    return .object(object)
  }

  /// The result as a line.
  func line(_ language: Language) -> String {
    var line = "#\(entry) \(type): \(outcome.word)"
    switch outcome {
    case .same: break
    case .different(let fields):
      line += " (" + fields.joined(separator: ", ") + ")"
      if !isSameTool {
        line +=
          "; "
          + Bilingual(
            ko: "다른 빌드의 프로그램이 기록함", en: "written by another build of the program")[language]
      }
    case .cannot(let cause): line += " \(cause.rawValue): \(cause.sentence[language])"
    }
    return line + "\n"
  }
}

/// All results of one replay.
struct ReplaySummary: Sendable {
  /// In the order of the log.
  private(set) var results: [ReplayResult] = []
  /// Entries that came out as recorded.
  private(set) var same = 0
  /// Entries that came out otherwise.
  private(set) var different = 0
  /// Entries that could not be computed.
  private(set) var cannot = 0

  /// Adds results.
  mutating func add(_ added: [ReplayResult]) {
    for result in added {
      switch result.outcome {
      case .same: same += 1
      case .different: different += 1
      case .cannot: cannot += 1
      }
    }
    results += added
  }

  /// How often each cause was met, in the order of the list, those that occur.
  var causes: [(cause: ReplayCause, count: Int)] {
    ReplayCause.allCases.compactMap { cause in
      let count = results.count { $0.outcome == .cannot(cause) }
      return count > 0 ? (cause, count) : nil
    }
  }

  /// Any difference is 3, else anything that could not be computed is 2, else 0.
  var status: ExitStatus { different > 0 ? .integrity : cannot > 0 ? .insufficient : .done }
}
