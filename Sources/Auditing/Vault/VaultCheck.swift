public import MedaiCore

/// What a vault was found to be, beside the log it belongs to.
public struct VaultCheck: Sendable, Equatable {
  /// Why something does not hold.
  public enum Reason: String, Sendable, CaseIterable {
    /// The log calls the content erased, and it is here: an erasure was interrupted, or the vault
    /// comes from a backup.
    case presentAfterRedaction = "present-after-redaction"
    /// The vault erased the content, and it is here again.
    case resurrected
    /// The vault claims content that is gone, and no `redact` entry speaks of it.
    case missing = "content-missing"
    /// The vault erased content, and no `redact` entry speaks of it.
    case erasedWithoutRecord = "erased-without-record"
    /// The content does not open: changed, cut, or swapped with another's.
    case damaged = "content-damaged"
    /// The content opens and is not what the entry committed to.
    case otherContent = "commitment-mismatch"
    /// Content lies here that the vault never said it holds.
    case unclaimed
    /// The vault holds content of entries that the log does not have: the log was rolled back.
    case logBehind = "log-behind"
    /// What the vault says of itself does not hold.
    case broken = "vault-changed"
    /// The vault belongs to another log.
    case otherLog = "other-log"
  }

  /// A fault.
  public struct Problem: Sendable, Equatable {
    /// The entry, where one can be named.
    public let entry: Int?
    /// What the content is to it.
    public let role: VaultRole?
    /// Why.
    public let reason: Reason
  }

  /// Pieces of content that the vault holds.
  public internal(set) var records = 0
  /// Pieces that were decrypted and found authentic; 0 without the vault key.
  public internal(set) var read = 0
  /// Pieces that were compared with the commitment of their entry and are what it speaks of.
  public internal(set) var opened = 0
  /// Entries whose content is erased on record, in order.
  public internal(set) var erased: [Int] = []
  /// Pieces that wait for their entry: a job is running, or was killed.
  public internal(set) var waiting = 0
  /// The first faults, at most 100.
  public internal(set) var problems: [Problem] = []
  /// Count of all faults.
  public internal(set) var problemCount = 0

  /// Whether nothing is wrong.
  public var holds: Bool { problemCount == 0 }

  mutating func add(_ reason: Reason, entry: Int? = nil, role: VaultRole? = nil) {
    problemCount += 1
    if problems.count < 100 {
      problems.append(Problem(entry: entry, role: role, reason: reason))
    }
  }

  /// The outcome as the command prints it.
  public var json: JSONValue {
    .object([
      "records": .integer(records), "read": .integer(read), "opened": .integer(opened),
      "erased": .array(erased.map(JSONValue.integer)), "waiting": .integer(waiting),
      "problems": .array(
        problems.map { problem in
          .object([
            "entry": problem.entry.map(JSONValue.integer) ?? .null,
            "role": problem.role.map { .string($0.rawValue) } ?? .null,
            "reason": .string(problem.reason.rawValue),
          ])
        }), "problem_count": .integer(problemCount),
    ])
  }
}
