public import Cryptography
public import MedaiCore

/// Everything an assessment may read; a part that is `nil` was not offered.
public struct Evidence: Sendable {
  /// Output records, in file order.
  public var outputs: [OutputRecord]?
  /// The audit trail at one size.
  public var trail: Trail?
  /// What `medai exam validate --json` wrote.
  public var exam: EvidenceDocument?
  /// The manifest of a de-identification run.
  public var deidentification: EvidenceDocument?
  /// The submission.
  public var submission: SubmissionFile?

  /// Evidence with these parts.
  public init(
    outputs: [OutputRecord]? = nil, trail: Trail? = nil, exam: EvidenceDocument? = nil,
    deidentification: EvidenceDocument? = nil, submission: SubmissionFile? = nil
  ) {
    self.outputs = outputs
    self.trail = trail
    self.exam = exam
    self.deidentification = deidentification
    self.submission = submission
  }

  /// Whether a part was offered.
  public func has(_ kind: EvidenceKind) -> Bool {
    switch kind {
    case .outputs: outputs != nil
    case .trail: trail != nil
    case .exam: exam != nil
    case .deidentification: deidentification != nil
    case .submission: submission != nil
    }
  }
}

/// A JSON file used as evidence.
public struct EvidenceDocument: Sendable {
  /// Its value.
  public let value: JSONValue
  /// SHA-256 of its bytes as they were read.
  public let sha256: Digest

  /// Reads a document strictly.
  ///
  /// - Throws: `JSONError` with the offset.
  public init(_ bytes: [UInt8]) throws(JSONError) {
    value = try parseJSON(bytes)
    sha256 = Cryptography.sha256(bytes)
  }
}

/// An audit trail as Compliance reads it; Workflows fills it from the log.
public struct Trail: Sendable {
  /// What the verifier said.
  public let verdict: TrailVerdict
  /// The entries in order.
  public let entries: [TrailEntry]
  /// For the place of an output record in its file, the entry whose commitments to its prompt,
  /// context and answer were opened with their key, and whose run names the record's model; no
  /// entry serves two records. `nil` where no keys were at hand.
  public let openedOutputs: [Int: Int]?

  /// A trail.
  public init(
    verdict: TrailVerdict, entries: [TrailEntry], openedOutputs: [Int: Int]? = nil
  ) {
    self.verdict = verdict
    self.entries = entries
    self.openedOutputs = openedOutputs
  }
}

/// What the log's verifier said, in its own words.
public struct TrailVerdict: Sendable {
  /// `intact`, `self-consistent`, `tampered`, `rolled-back-or-forked`, `untrusted-key` or
  /// `incomplete`.
  public let word: String
  /// Entries covered.
  public let size: Int
  /// Root hash at that size.
  public let root: Digest
  /// Indices of entries that do not hold.
  public let problems: [Int]

  /// A verdict.
  public init(word: String, size: Int, root: Digest, problems: [Int]) {
    self.word = word
    self.size = size
    self.root = root
    self.problems = problems
  }
}

/// One entry of the log.
public struct TrailEntry: Sendable {
  /// Its index, from 0.
  public let index: Int
  /// The leaf.
  public let leaf: JSONValue
  /// Its leaf hash.
  public let leafSHA256: Digest

  /// An entry.
  public init(index: Int, leaf: JSONValue, leafSHA256: Digest) {
    self.index = index
    self.leaf = leaf
    self.leafSHA256 = leafSHA256
  }
}
