/// How a run ended. The numbers are a contract with other people's scripts.
public enum ExitStatus: Int32, Sendable, CaseIterable {
  /// Done, verdict positive.
  case done = 0
  /// Done, verdict negative: findings, a rule failed, records quarantined.
  case negative = 1
  /// Done, evidence insufficient for a rule that must be judged.
  case insufficient = 2
  /// Integrity broken.
  case integrity = 3
  /// A key or certificate is not trusted, unknown or expired.
  case untrusted = 4
  /// Incomplete where completeness was asked for.
  case incomplete = 5
  /// Wrong usage.
  case usage = 64
  /// Input data malformed.
  case malformed = 65
  /// Input missing.
  case missing = 66
  /// A model or endpoint is not available.
  case unavailable = 69
  /// Internal error (a bug).
  case internalError = 70
  /// Output cannot be created.
  case cannotCreate = 73
  /// Input or output error.
  case inputOutput = 74
  /// Stopped part-way; `--resume` goes on.
  case stopped = 75
  /// Permission refused.
  case permission = 77
  /// Configuration error.
  case configuration = 78

  private static let worstFirst: [ExitStatus] = [
    .internalError, .integrity, .untrusted, .configuration, .permission, .inputOutput,
    .cannotCreate, .unavailable, .missing, .malformed, .usage, .stopped, .negative, .insufficient,
    .incomplete, .done,
  ]

  /// The one to end with where several hold.
  public static func worst(_ statuses: [ExitStatus]) -> ExitStatus {
    worstFirst.first(where: statuses.contains) ?? .done
  }
}
