public import MedaiCore

/// What an attack was found to be.
public enum DrillFinding: Sendable, Equatable {
  /// A verification ended with a verdict.
  case verdict(LogVerdict)
  /// The attacked thing could not be read at all.
  case unreadable
  /// A proof was refused.
  case refused
  /// A proof was accepted.
  case accepted
  /// Nothing that a reader gets had changed.
  case unchanged

  /// The word for it.
  public var word: String {
    switch self {
    case .verdict(let verdict): verdict.rawValue
    case .unreadable: "unreadable"
    case .refused: "refused"
    case .accepted: "accepted"
    case .unchanged: "unchanged"
    }
  }
}

/// How an attack of a drill ended.
public enum DrillResult: String, Sendable, CaseIterable {
  /// The log alone shows it.
  case caught
  /// The log alone does not show it, as stated; a checkpoint kept elsewhere does.
  case caughtOnlyWithAnchor = "caught-only-with-anchor"
  /// Nothing shows it, as stated: a claim of the machine that no mathematics can check.
  case notShown = "not-shown"
  /// It should have been found otherwise than it was.
  case missed
  /// The log has nothing that this attack needs.
  case notApplicable = "not-applicable"
}

/// One attack of a drill.
public struct DrillOutcome: Sendable, Equatable {
  /// What was done.
  public let attack: DrillAttack
  /// How many variants were tried; 0 where the log has nothing that the attack needs.
  public let tries: Int
  /// The findings that were stated beforehand, without anything from outside.
  public let expected: [DrillFinding]
  /// The findings that were met, each once, in the order of the tries.
  public let found: [DrillFinding]
  /// What was found with the checkpoint from before held against it, where that was tried.
  public let foundWithAnchor: DrillFinding?
  /// How it ended.
  public let result: DrillResult
}

/// What a drill found.
public struct DrillReport: Sendable {
  /// The log before anything was done to it.
  public let before: LogVerification
  /// Whether a trusted key was given.
  public let hasTrustedKey: Bool
  /// What chose places and bits.
  public let seed: UInt64
  /// The attacks, in the order of `DrillAttack`.
  public let outcomes: [DrillOutcome]

  /// Attacks with a result.
  public func count(_ result: DrillResult) -> Int {
    outcomes.count { $0.result == result }
  }

  /// The outcome as the command prints it. Holds no contents of entries.
  public var json: JSONValue {
    .object([
      "verdict_before": .string(before.verdict.rawValue), "entries": .integer(before.entries),
      "trusted_key": .bool(hasTrustedKey), "seed": .string(String(seed)),
      "attacks": .array(outcomes.map(Self.item)),
      "caught": .integer(count(.caught)),
      "caught_only_with_anchor": .integer(count(.caughtOnlyWithAnchor)),
      "not_shown": .integer(count(.notShown)), "missed": .integer(count(.missed)),
      "not_applicable": .integer(count(.notApplicable)),
    ])
  }

  private static func item(_ outcome: DrillOutcome) -> JSONValue {
    .object([
      "attack": .string(outcome.attack.rawValue), "class": .integer(outcome.attack.attackClass),
      "tries": .integer(outcome.tries),
      "expected": .array(outcome.expected.map { .string($0.word) }),
      "found": .array(outcome.found.map { .string($0.word) }),
      "found_with_anchor": outcome.foundWithAnchor.map { .string($0.word) } ?? .null,
      "result": .string(outcome.result.rawValue),
    ])
  }
}
