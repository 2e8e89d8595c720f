internal import MedaiCore

/// Where the log's leaves keep what the checks read; the one place to change when the events do.
package enum TrailFields {
  /// The event's type.
  static let type = ["type"]
  /// The number of an entry.
  static let number = ["seq"]
  /// In an end entry, the number of the begin entry it belongs to.
  static let pair = ["pair"]
  /// SHA-256 of the model's weights.
  static let modelSHA256 = ["values", "model_sha256"]
  /// How a job ended; 1 is a negative verdict.
  static let exitStatus = ["values", "exit_status"]
  /// Whether prompts went through de-identification: `deidentified` or `as-given`.
  static let promptTreatment = ["values", "prompt_treatment"]
  static let deidentified = "deidentified"

  static let generateBegin = "generate.run.begin"
  static let generateAnswer = "generate.answer"
  static let examEnd = "exam.run.end"
  static let examValidate = "exam.validate"
  static let deidBegin = "deid.run.begin"
  static let deidEnd = "deid.run.end"
  static let access = "external.access"
  static let accessCheck = "access-check"
  static let beginSuffix = ".begin"
  static let endSuffix = ".end"

  /// What an access entry has to show: account, time, place, data subject and task.
  static let accessFields = [
    ["values", "account_token"], ["values", "accessed_at"], ["values", "place"],
    ["values", "subject_token"], ["values", "task"],
  ]
}

extension TrailEntry {
  /// The text at a path of the leaf.
  func text(_ path: [String]) -> String? { value(path)?.string }

  /// The count at a path of the leaf.
  func count(_ path: [String]) -> Int? { value(path)?.int }

  private func value(_ path: [String]) -> JSONValue? {
    var value: JSONValue? = leaf
    for key in path { value = value?[key] }
    return value
  }

  /// Whether the entry is of a type.
  func isOf(_ type: String) -> Bool {
    text(TrailFields.type).map { sameBytes($0, type) } ?? false
  }
}

extension Trail {
  /// The entries of a type, in order.
  func entries(of type: String) -> [TrailEntry] { entries.filter { $0.isOf(type) } }
}
