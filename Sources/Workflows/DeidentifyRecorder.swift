public import Cryptography
public import SystemPackage

/// What a run begins with, for the audit log.
public struct DeidentifyBegin: Sendable {
  /// Digest of the policy file.
  public let policyDigest: Digest
  /// The policy's name.
  public let policyName: String
  /// Names the pseudonym key.
  public let keyID: String
  /// Digest of the rules that find identifiers.
  public let detectorsDigest: Digest
  /// Digest of the settings as canonical JSON.
  public let settingsDigest: Digest
  /// HMAC of the digest of the patient table under a random key, which lies in the evidence folder;
  /// `nil` without a table.
  public let patients: Digest?
  /// Whether it is a stream.
  public let isStream: Bool
  /// Whether nothing will be released.
  public let isDryRun: Bool
}

/// One file of a run, for the audit log: digests, commitments and counts only.
public struct DeidentifyFileRecord: Sendable {
  /// Number of the file in the run, from 1.
  public let ordinal: Int
  /// Keyed token of the input's path.
  public let nameToken: String
  /// The whole keyed code of the input's path.
  public let nameCode: Digest
  /// HMAC of the input's SHA-256 digest under a random key of this file; the key lies in the
  /// evidence folder, so that the commitment can be opened or, by losing it, erased.
  public let commitment: Digest
  /// SHA-256 of what is released; `nil` where the whole file is withheld or nothing is released.
  public let outputDigest: Digest?
  /// Whether the file is withheld as a whole; its records are then none of the run's.
  public let isWithheld: Bool
  /// Bytes read.
  public let inputBytes: Int
  /// Bytes released.
  public let outputBytes: Int
  /// Records read.
  public let records: Int
  /// Records withheld.
  public let withheld: Int
  /// Findings by type, in the order of `IdentifierType.allCases`, those that occur.
  public let counts: [(type: String, count: Int)]
  /// The form that was found; `unknown` where none was.
  public let format: String
  /// The encoding that was found; `unknown` where none was.
  public let encoding: String
}

/// Where the input of a file lies, for whoever keeps it.
public struct DeidentifyInput: Sendable {
  /// The file.
  public let path: FilePath
  /// SHA-256 of what was read.
  public let digest: Digest
  /// The key that opens the entry's commitment.
  public let key: [UInt8]
}

/// What a run ends with.
public struct DeidentifyEnd: Sendable {
  /// Files released.
  public let files: Int
  /// Records read, those of files withheld as a whole not counted.
  public let records: Int
  /// Records withheld, those of files withheld as a whole not counted.
  public let recordsWithheld: Int
  /// Files withheld as a whole.
  public let filesWithheld: Int
  /// Digest of the manifest.
  public let manifestDigest: Digest

  /// Records withheld, as the log counts them.
  public var withheld: Int { recordsWithheld }
}

/// Writes a run into the audit log. Each call returns when its entry is durable.
public protocol DeidentifyRecorder: Sendable {
  /// Called before anything is written.
  func begin(_ begin: DeidentifyBegin) async throws
  /// Called before `file` with where its input lies; not for a stream, a dry run or a file that is
  /// withheld as a whole. If this throws, the file does not appear.
  func keep(_ input: DeidentifyInput) async throws
  /// Called after a file's bytes are durable under a temporary name and before it appears; if this
  /// throws, it does not appear. A stream calls it once, after its last byte.
  func file(_ file: DeidentifyFileRecord) async throws
  /// Called after the evidence is written.
  func end(_ end: DeidentifyEnd) async throws
}

extension DeidentifyRecorder {
  /// Keeps nothing.
  public func keep(_ input: DeidentifyInput) async throws {}
}

/// Records nothing, for runs without an audit log.
public struct NoDeidentifyRecorder: DeidentifyRecorder {
  /// A recorder that records nothing.
  public init() {}
  /// Does nothing.
  public func begin(_ begin: DeidentifyBegin) async throws {}
  /// Does nothing.
  public func file(_ file: DeidentifyFileRecord) async throws {}
  /// Does nothing.
  public func end(_ end: DeidentifyEnd) async throws {}
}

/// How far a run has come.
public struct DeidentifyProgress: Sendable {
  /// Files finished.
  public var files = 0
  /// Files to do; `nil` for a stream.
  public var totalFiles: Int?
  /// Records done.
  public var records = 0
  /// Input bytes done.
  public var bytes = 0
  /// Input bytes to do; `nil` for a stream.
  public var totalBytes: Int?
}

/// What a run did.
public struct DeidentifyResult: Sendable {
  /// Files read.
  public var files = 0
  /// Files released.
  public var released = 0
  /// Files withheld as a whole.
  public var filesWithheld = 0
  /// Records read.
  public var records = 0
  /// Records withheld, those of files withheld as a whole not counted.
  public var recordsWithheld = 0
  /// Input bytes.
  public var inputBytes = 0
  /// Released bytes.
  public var outputBytes = 0
  /// Findings by type in the order of `IdentifierType.allCases`, those that occur.
  public var counts: [(type: String, count: Int)] = []

  /// Exit status by the command contract: 1 where anything was withheld, else 0.
  public var exitStatus: Int32 { filesWithheld + recordsWithheld > 0 ? 1 : 0 }
}
