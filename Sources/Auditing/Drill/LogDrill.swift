public import Cryptography
internal import MedaiCore
internal import Storage
public import SystemPackage

/// Attacks a copy of a log and compares what verification says with what was stated beforehand.
///
/// The log itself is only read. The copy holds no private key, so where an attack needs the log's
/// own key a stand-in takes its place in the copy, and the verification trusts the stand-in as the
/// owner trusts the real one.
public struct LogDrill {
  let copy: LogFolder
  let trustedKeys: [VerifierKey]
  let catalog: EventCatalog
  let seed: UInt64
  /// The copy before anything was done to it.
  public let before: LogVerification
  var random: SplitMix64

  /// Copies a log and verifies the copy.
  ///
  /// - Parameters:
  ///   - log: The log's folder; others may be writing it.
  ///   - workFolder: An empty folder that nobody else can read; the caller removes it.
  ///   - trustedKeys: Keys that somebody vouches for.
  ///   - catalog: Schemas of the events.
  ///   - seed: Chooses places and bits.
  ///   - copied: Takes the bytes copied so far and all of them.
  /// - Throws: `AuditLogError` where the log cannot be read or copied.
  public init(
    log: FilePath, workFolder: FilePath, trustedKeys: [VerifierKey],
    catalog: EventCatalog = .builtIn, seed: UInt64 = 1, copied: (Int, Int) -> Void = { _, _ in }
  ) throws(AuditLogError) {
    copy = LogFolder(workFolder)
    self.trustedKeys = trustedKeys
    self.catalog = catalog
    self.seed = seed
    random = SplitMix64(seed: seed)
    try copyLog(LogFolder(log), to: copy, progress: copied)
    before = try verifyLog(folder: workFolder, trustedKeys: trustedKeys, catalog: catalog)
  }

  /// Whether the log holds, so that an attack on it means something.
  public var isReady: Bool {
    switch before.verdict {
    case .intact, .selfConsistent, .incomplete: before.entries > 0 && before.checkpoint != nil
    case .tampered, .rolledBackOrForked, .untrustedKey: false
    }
  }

  /// Tries every attack.
  ///
  /// - Parameter attacked: Takes the attacks tried so far and all of them.
  /// - Returns: What came of each.
  /// - Throws: `AuditLogError` or `StorageError` where the copy cannot be worked on.
  public mutating func run(attacked: (Int, Int) -> Void = { _, _ in }) throws -> DrillReport {
    try settle(copy)
    var outcomes: [DrillOutcome] = []
    for attack in DrillAttack.allCases {
      outcomes.append(try outcome(of: attack))
      attacked(outcomes.count, DrillAttack.allCases.count)
    }
    return DrillReport(
      before: before, hasTrustedKey: !trustedKeys.isEmpty, seed: seed, outcomes: outcomes)
  }

  /// What one variant of an attack came to.
  struct Trial {
    let found: DrillFinding
    var withAnchor: DrillFinding?
  }

  private mutating func outcome(of attack: DrillAttack) throws -> DrillOutcome {
    let trials = try trials(of: attack)
    let expected = expected(of: attack)
    var found: [DrillFinding] = []
    for trial in trials where !found.contains(trial.found) { found.append(trial.found) }
    let anchored = trials.compactMap(\.withAnchor)
    let result: DrillResult
    if trials.isEmpty {
      result = .notApplicable
    } else if !trials.allSatisfy({ expected.contains($0.found) }) {
      result = .missed
    } else if !found.contains(where: isAccepting) {
      result = .caught
    } else if anchored.isEmpty {
      result = .notShown
    } else {
      result =
        anchored.allSatisfy { $0 == .verdict(.rolledBackOrForked) }
        ? .caughtOnlyWithAnchor : .missed
    }
    return DrillOutcome(
      attack: attack, tries: trials.count, expected: expected, found: found,
      foundWithAnchor: anchored.first, result: result)
  }

  /// Whether a finding lets a changed log pass.
  private func isAccepting(_ finding: DrillFinding) -> Bool {
    switch finding {
    case .verdict(let verdict): verdict.rank <= LogVerdict.incomplete.rank
    case .accepted: true
    case .unreadable, .refused, .unchanged: false
    }
  }

  /// The findings that docs/attacks.md states for an attack without anything from outside.
  private func expected(of attack: DrillAttack) -> [DrillFinding] {
    let passing: [DrillFinding] =
      before.verdict == .incomplete
      ? [.verdict(.incomplete), .verdict(trustedKeys.isEmpty ? .selfConsistent : .intact)]
      : [.verdict(before.verdict)]
    switch attack {
    case .headBit, .keptBit, .checkpointFileBit:
      // A bit of a key's name or id makes the signature one of an unknown key.
      return [.verdict(.tampered), .verdict(.untrustedKey)]
    case .databaseBytes:
      return [
        .verdict(.tampered), .verdict(.rolledBackOrForked), .verdict(.untrustedKey), .unreadable,
        .unchanged,
      ]
    case .rolledBackAlone: return [.verdict(.rolledBackOrForked)]
    case .signatureTypeSwapped: return [.verdict(.untrustedKey)]
    case .rolledBack:
      // Where the trusted key came into the log only later, its absence shows.
      let isRotated = before.notes.contains { $0.code == .keyRotation }
      return passing + (isRotated ? [.verdict(.untrustedKey)] : [])
    case .rebuiltWithOtherKey:
      return trustedKeys.isEmpty ? passing : [.verdict(.untrustedKey)]
    case .rebuiltWithStolenKey, .timeSetForward: return passing
    case .brokenProofs, .secondPreimage: return [.refused]
    default: return [.verdict(.tampered)]
    }
  }

  // MARK: - Looking at the copy

  /// Verifies the copy as it is now.
  func judge(trusting keys: [VerifierKey]? = nil, against: Checkpoint? = nil) -> DrillFinding {
    do throws(AuditLogError) {
      return .verdict(
        try verifyLog(
          folder: copy.path, trustedKeys: keys ?? trustedKeys, against: against, catalog: catalog
        ).verdict)
    } catch {
      return .unreadable
    }
  }

  /// Lets a forger change the copy, looks at it without and (where asked) with the checkpoint of
  /// before, and undoes the change. The body says what else changes; `nil` where it cannot do it.
  func forging(
    restoringAllTriggers triggers: Bool = true, withAnchor: Bool = false,
    _ body: (inout LogForger) throws -> Forgery?
  ) throws -> [Trial] {
    let file = try copy.checkpointFile()
    defer { undo(file) }
    var forger = try LogForger.open(copy.database)
    guard let forgery = try body(&forger) else { return [] }
    try forger.finish(restoringAllTriggers: triggers)
    // Nobody writes here: a reader takes the log that lies beside the database along.
    try? removeFile(FilePath(copy.database.string + "-shm"))
    if let note = forgery.checkpointFile, file != nil { try copy.writeCheckpoint(note) }
    let found = judge(trusting: forgery.trusted)
    let anchored =
      withAnchor ? judge(trusting: forgery.trusted, against: before.checkpoint) : nil
    return [Trial(found: found, withAnchor: anchored)]
  }

  /// What a forger did beside the database.
  struct Forgery {
    /// Keys that the verification trusts instead.
    var trusted: [VerifierKey]?
    /// The `checkpoint` file from then on.
    var checkpointFile: [UInt8]?
  }

  private func undo(_ file: [UInt8]?) {
    for suffix in ["-wal", "-shm"] { try? removeFile(FilePath(copy.database.string + suffix)) }
    if let file { try? copy.writeCheckpoint(file) }
  }
}

extension SplitMix64 {
  /// Bytes with one bit turned.
  mutating func turningABit(of bytes: [UInt8]) -> [UInt8] {
    var turned = bytes
    if !bytes.isEmpty { turned[below(bytes.count)] ^= 1 << UInt8(below(8)) }
    return turned
  }
}
