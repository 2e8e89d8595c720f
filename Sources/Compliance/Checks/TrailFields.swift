internal import MedaiCore

/// Where the log's leaves keep what the checks read; the one place to change when the events do.
package enum TrailFields {
  /// The event's type.
  static let type = ["type"]
  /// What links a begin entry to its end: the same word in both.
  static let run = ["run"]
  /// SHA-256 of an answer, 64 hexadecimal digits.
  static let outputSHA256 = ["output_sha256"]
  /// SHA-256 of the model's weights.
  static let modelSHA256 = ["model_sha256"]

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
    ["account_token"], ["accessed_at"], ["place"], ["subject_token"], ["task"],
  ]
}

extension TrailEntry {
  /// The text at a path of the leaf.
  func text(_ path: [String]) -> String? {
    var value: JSONValue? = leaf
    for key in path { value = value?[key] }
    return value?.string
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
