public import Cryptography
public import MedaiCore

/// What a log was found to be.
public enum LogVerdict: String, Sendable, CaseIterable {
  /// Every entry holds, and the head is signed by a trusted key.
  case intact
  /// Every entry holds under the key that the log itself names; nobody vouched for that key.
  case selfConsistent = "self-consistent"
  /// Something is not as it was signed.
  case tampered
  /// The log does not contain what a checkpoint from outside says it contained.
  case rolledBackOrForked = "rolled-back-or-forked"
  /// The log is signed by a key that is not among the trusted ones.
  case untrustedKey = "untrusted-key"
  /// Some entries cannot be judged here, or completeness was asked for and is not shown.
  case incomplete

  /// Which of two verdicts is said.
  var rank: Int {
    switch self {
    case .intact: 0
    case .selfConsistent: 1
    case .incomplete: 2
    case .untrustedKey: 3
    case .rolledBackOrForked: 4
    case .tampered: 5
    }
  }
}

/// Why an entry or the log does not hold.
public enum ProblemReason: String, Sendable, CaseIterable {
  case hashMismatch = "hash-mismatch"
  case malformedEntry = "malformed-entry"
  case schemaViolation = "schema-violation"
  case unknownType = "unknown-type"
  case unknownVersion = "unknown-version"
  case otherSchema = "other-schema"
  case wrongNumber = "wrong-number"
  case otherLog = "other-log"
  case missingEntry = "missing-entry"
  case unsignedEntry = "unsigned-entry"
  case nodeMismatch = "node-mismatch"
  case surplusNodes = "surplus-nodes"
  case rootMismatch = "root-mismatch"
  case timeWentBack = "time-went-back"
  case clockStepMismatch = "clock-step-mismatch"
  case wrongPair = "wrong-pair"
  case misplacedOpening = "misplaced-opening"
  case entryAfterClose = "entry-after-close"
  case malformedCheckpoint = "malformed-checkpoint"
  case badSignature = "bad-signature"
  case unknownKey = "unknown-key"
  case retiredKey = "retired-key"
  case keyMismatch = "key-mismatch"
  case checkpointMismatch = "checkpoint-mismatch"
  case checkpointBeyondLog = "checkpoint-beyond-log"
  case damagedDatabase = "damaged-database"
  case changedTables = "changed-tables"
  case unanchoredTail = "unanchored-tail"
  case missingFile = "missing-file"
  case unexpectedFile = "unexpected-file"
  case malformedFile = "malformed-file"
  case tileMismatch = "tile-mismatch"
  case fileMismatch = "file-mismatch"
  case manifestMismatch = "manifest-mismatch"

  /// What the log is once this is found.
  var verdict: LogVerdict {
    switch self {
    case .unknownType, .unknownVersion, .otherSchema, .unanchoredTail: .incomplete
    case .unknownKey, .retiredKey: .untrustedKey
    case .checkpointBeyondLog: .rolledBackOrForked
    default: .tampered
    }
  }
}

/// Something worth a look that is no fault.
public enum VerificationNote: String, Sendable, CaseIterable {
  /// A run began and no end was logged: it was killed, or is still running.
  case beginWithoutEnd = "begin-without-end"
  /// Two entries end the same run.
  case endedTwice = "ended-twice"
  /// The clock went back, and an entry says so.
  case clockStep = "clock-step"
  /// The clock that nobody sets went back within one run of the machine.
  case monotonicWentBack = "monotonic-went-back"
  /// Content was erased on record.
  case redaction
  /// The key was replaced.
  case keyRotation = "key-rotation"
  /// Trust in the present key rests on the rotation that an earlier trusted key signed.
  case trustByRotation = "trust-by-rotation"
  /// There is no `checkpoint` file beside the database.
  case noCheckpointFile = "no-checkpoint-file"
  /// The `checkpoint` file is older than the log.
  case checkpointFileBehind = "checkpoint-file-behind"
  /// The database was read together with a write-ahead log that lay beside it.
  case readWriteAheadLog = "read-write-ahead-log"
  /// A pack's VERIFY.md is not the one that this version writes.
  case otherInstructions = "other-instructions"
  /// From here up to a change of keys, only a key that was reported stolen vouched at the time; the
  /// next key took these entries over.
  case signedByStolenKey = "signed-by-stolen-key"
}

/// Where the guarantee ends, whatever the verdict.
public enum GuaranteeLimit: String, Sendable, CaseIterable {
  /// A signature key that was stolen can sign another history: only outside evidence shows that.
  case stolenKey = "stolen-key"
  /// The tail after the last outside evidence could be cut off without a trace in the log.
  case unanchoredTail = "unanchored-tail"
  /// Times are what the machine claimed.
  case claimedTime = "claimed-time"
  /// What was never logged cannot be missed.
  case notLogged = "not-logged"
  /// Commitments were not opened: contents were not compared.
  case contentsNotOpened = "contents-not-opened"
  /// No key was given: whoever wrote the log also named its key.
  case noTrustedKey = "no-trusted-key"
}

/// The outcome of a verification.
public struct LogVerification: Sendable {
  /// A fault.
  public struct Problem: Sendable, Equatable {
    /// The entry, where one can be named.
    public let entry: Int?
    /// Why.
    public let reason: ProblemReason
    /// The file of a pack, where one is at fault.
    public var path: String?
  }

  /// Something worth a look.
  public struct Note: Sendable, Equatable {
    /// The entry it is about.
    public let entry: Int?
    /// What.
    public let code: VerificationNote
  }

  /// What the log is.
  public internal(set) var verdict: LogVerdict = .intact
  /// Entries that were read.
  public internal(set) var entries = 0
  /// The last checkpoint, where it could be read.
  public internal(set) var checkpoint: Checkpoint?
  /// Size up to which a checkpoint held outside agrees; 0 where none was given.
  public internal(set) var anchoredThrough = 0
  /// Entries that only a key reported stolen vouched for when they were written: past the size
  /// through which it is still believed, before the change of keys, and under no anchor.
  public internal(set) var doubtful: [Range<Int>] = []
  /// The first faults, at most 100, in the order they were met.
  public internal(set) var problems: [Problem] = []
  /// Count of all faults.
  public internal(set) var problemCount = 0
  /// At most 1000 remarks.
  public internal(set) var notes: [Note] = []
  /// Where the guarantee ends.
  public internal(set) var limits: [GuaranteeLimit] = []
  /// Verifier lines of the keys that signed the last checkpoint, as far as known.
  public internal(set) var signers: [VerifierKey] = []

  /// Entries that a checkpoint held outside covers: nobody can change them unseen.
  public var anchored: Range<Int> { 0..<min(anchoredThrough, entries) }

  /// Entries after the last outside evidence: whoever has the signing key can rewrite them.
  public var unanchored: Range<Int> { anchored.upperBound..<entries }

  /// The lowest entry that does not hold.
  public var firstBrokenEntry: Int? {
    problems.filter { $0.reason.verdict == .tampered }.compactMap(\.entry).min()
  }

  mutating func add(
    _ reason: ProblemReason, entry: Int? = nil, path: String? = nil, as verdict: LogVerdict? = nil
  ) {
    problemCount += 1
    if problems.count < 100 {
      problems.append(Problem(entry: entry, reason: reason, path: path))
    }
    raise(to: verdict ?? reason.verdict)
  }

  mutating func raise(to other: LogVerdict) {
    if other.rank > verdict.rank { verdict = other }
  }

  mutating func remark(_ code: VerificationNote, entry: Int? = nil) {
    if notes.count < 1000 { notes.append(Note(entry: entry, code: code)) }
  }

  /// The outcome as the command prints it.
  public var json: JSONValue {
    let head: JSONValue =
      checkpoint.map { checkpoint in
        .object([
          "origin": .string(checkpoint.origin.text), "size": .integer(checkpoint.size),
          "root": .string(checkpoint.root.hex),
        ])
      } ?? .null
    return .object([
      "verdict": .string(verdict.rawValue), "entries": .integer(entries), "checkpoint": head,
      "anchored_through": .integer(anchoredThrough), "anchored": Self.range(anchored),
      "unanchored": Self.range(unanchored), "doubtful": .array(doubtful.map(Self.range)),
      "problems": .array(
        problems.map { Self.item($0.entry, "reason", $0.reason.rawValue, path: $0.path) }),
      "problem_count": .integer(problemCount),
      "notes": .array(notes.map { Self.item($0.entry, "code", $0.code.rawValue) }),
      "limits": .array(limits.map { .string($0.rawValue) }),
      "signers": .array(signers.map { .string($0.line) }),
    ])
  }

  /// From the first entry to the one after the last.
  private static func range(_ range: Range<Int>) -> JSONValue {
    .object(["from": .integer(range.lowerBound), "to": .integer(range.upperBound)])
  }

  private static func item(
    _ entry: Int?, _ name: String, _ text: String, path: String? = nil
  ) -> JSONValue {
    var object: JSONObject = ["entry": entry.map(JSONValue.integer) ?? .null]
    object[name] = .string(text)
    object["path"] = path.map(JSONValue.string)
    return .object(object)
  }
}
