/// Which model answered, as the result lines and the audit entry name it.
public struct ModelIdentity: Sendable, Equatable {
  /// A name from configuration or the file's header, never from a record.
  public let name: String
  /// SHA-256 of the model file, 64 lower-case digits; `nil` for an endpoint that does not tell.
  public let sha256: String?
  /// The engine's number of arithmetic: equal numbers promise equal bits; `nil` for an endpoint.
  public let numerics: Int?
  /// The count of weights, where it is known.
  public let parameters: Int?

  /// An identity from its parts.
  public init(name: String, sha256: String?, numerics: Int?, parameters: Int?) {
    self.name = name
    self.sha256 = sha256
    self.numerics = numerics
    self.parameters = parameters
  }
}

/// Told how many requests of a list are done.
public typealias ExamProgress = (_ done: Int, _ total: Int) -> Void

/// Something that scores and continues text.
///
/// Both calls take the whole list, so that an engine can share prefixes and batch; what it gives
/// must not depend on the list's order or on what else is in it.
public protocol LanguageModel {
  /// Which model this is.
  var identity: ModelIdentity { get }

  /// Scores the continuations of every request.
  ///
  /// - Returns: One result a request, in the order of the requests.
  func score(_ requests: [ScoreRequest], progress: ExamProgress) throws -> [ScoreResult]

  /// Continues every prompt.
  ///
  /// - Returns: One result a request, in the order of the requests.
  func generate(_ requests: [GenerateRequest], progress: ExamProgress) throws -> [GenerateResult]
}
