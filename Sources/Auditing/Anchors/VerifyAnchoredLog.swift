public import Cryptography
public import MedaiCore
internal import Storage
public import SystemPackage

/// How much older than the last entry it covers a time stamp may be before it is remarked on: two
/// clocks never agree quite.
public let stampToleranceSeconds = 300

/// Checks a log together with the outside evidence about it.
///
/// Evidence that holds and whose checkpoint the log contradicts makes the log
/// `rolled-back-or-forked`; evidence that does not hold is a fault; evidence of nobody trusted is
/// remarked on.
///
/// - Parameters:
///   - folder: The log's folder.
///   - evidence: Where the evidence lies; beside the log where left out.
///   - trust: Whom to believe about anchors; the keys that the log names may sign notes besides.
///   - trustedKeys: As `verifyLog`.
///   - against: As `verifyLog`.
///   - catalog: As `verifyLog`.
///   - requireAnchored: As `verifyLog`; a tail that only records evidence needs none.
/// - Returns: The verdict with what led to it.
/// - Throws: `AuditLogError`.
public func verifyAnchoredLog(
  folder: FilePath, anchors evidence: FilePath? = nil, trust: AnchorTrust,
  trustedKeys: [VerifierKey], against: Checkpoint? = nil, catalog: EventCatalog = .builtIn,
  requireAnchored: Bool = false
) throws(AuditLogError) -> LogVerification {
  let files = LogFolder(folder)
  return try readSettled(files.database, otherwise: .storage(.locked)) {
    (access) throws(AuditLogError) in
    var trust = trust
    trust.logKeys += trustedKeys + keysNamed(by: files, access, catalog: catalog)
    let anchors: [CheckedAnchor]
    do throws(FileError) {
      anchors = try checkAnchors(in: evidence ?? AnchorFolder(log: folder).path, trust: trust)
    } catch {
      throw .file(error)
    }
    var result = try verifyOnce(
      files, access, trustedKeys: trustedKeys,
      outside: (against.map { [$0] } ?? []) + anchoredCheckpoints(anchors), catalog: catalog,
      requireAnchored: requireAnchored)
    result.take(anchors)
    if result.hasStamps, var reader = try? LogReader.open(files, access, catalog) {
      result.compareStamps { try? reader.entry($0) }
    }
    return result
  }
}

/// Checks a pack together with the outside evidence about it, as `verifyAnchoredLog` does a log.
///
/// - Parameters:
///   - pack: The pack.
///   - evidence: Where the evidence lies; in the pack where left out.
///   - trust: As `verifyAnchoredLog`; the keys in the pack may sign notes besides.
///   - trustedKeys: As `verifyPack`.
///   - against: As `verifyPack`.
///   - catalog: As `verifyPack`.
///   - requireAnchored: As `verifyPack`.
/// - Returns: The verdict with what led to it.
/// - Throws: `PackError`.
public func verifyAnchoredPack(
  _ pack: FilePath, anchors evidence: FilePath? = nil, trust: AnchorTrust,
  trustedKeys: [VerifierKey], against: Checkpoint? = nil, catalog: EventCatalog = .builtIn,
  requireAnchored: Bool = false
) throws(PackError) -> LogVerification {
  let files = PackFiles(folder: pack)
  var trust = trust
  trust.logKeys += trustedKeys
  // Whether they are the keys that the entries name is `verifyPack`'s question.
  for name in try files.names(PackName.trust) where name.hasSuffix(".vkey") {
    let bytes = try files.read("\(PackName.trust)/\(name)", maxBytes: PackFiles.maxSmallBytes)
    if let key = bytes.flatMap({ try? VerifierKey(line: $0) }) { trust.logKeys.append(key) }
  }
  let anchors = try filing { () throws(FileError) in
    try checkAnchors(in: evidence ?? pack.appending(PackName.anchors), trust: trust)
  }
  var result = try verifyPack(
    folder: pack, trustedKeys: trustedKeys, against: against,
    anchors: anchoredCheckpoints(anchors), catalog: catalog, requireAnchored: requireAnchored)
  result.take(anchors)
  if result.hasStamps, let size = result.checkpoint?.size {
    result.compareStamps { entry in
      guard let leaf = (try? files.entry(entry, size: size)) ?? nil else { return nil }
      return try? decodeLeaf(leaf, catalog: catalog)
    }
  }
  return result
}

/// The keys that a log's own entries name: the first, and those it was rotated to.
///
/// Whether a rotation is signed is `verifyLog`'s question; what cannot be read names nothing.
func keysNamed(
  by files: LogFolder, _ access: Database.Access, catalog: EventCatalog
) -> [VerifierKey] {
  guard var reader = try? LogReader.open(files, access, catalog) else { return [] }
  let origin = reader.checkpoint.origin
  var keys: [VerifierKey] = []
  // The checkpoint over a rotation is kept and ends with it.
  for entry in [0] + ((try? reader.signedSizes()) ?? []).map({ $0 - 1 }) where entry >= 0 {
    guard let found = try? reader.entry(entry),
      let key = found.digest("public_key") ?? found.digest("new_key")
    else { continue }
    if let key = ownKey(key, origin), !keys.contains(key) { keys.append(key) }
  }
  return keys
}

extension LogVerification {
  /// The greatest size that a trusted time stamp covers, and the earliest moment of those.
  public var stamped: Stamped? {
    let stamps = anchors.filter {
      $0.kind == .rfc3161 && $0.isValid && $0.size <= anchoredThrough
    }
    guard let size = stamps.map(\.size).max(),
      let time = stamps.filter({ $0.size == size }).compactMap(\.time).min()
    else { return nil }
    return Stamped(size: size, time: time)
  }

  /// What time stamps vouch for.
  public struct Stamped: Sendable, Equatable {
    /// Count of entries that existed.
    public let size: Int
    /// When.
    public let time: Timestamp

    var json: JSONValue {
      .object(["size": .integer(size), "time": .string(time.text)])
    }
  }

  /// Takes up what was found of outside evidence.
  mutating func take(_ anchors: [CheckedAnchor]) {
    self.anchors = anchors
    for anchor in anchors {
      switch anchor.state {
      case .valid: break
      case .untrusted: remark(.untrustedAnchor)
      case .invalid: add(.invalidAnchor)
      }
    }
    let present = Set(anchors.compactMap(\.evidence))
    for recorded in recordedEvidence where !present.contains(recorded.digest) {
      remark(.missingEvidence, entry: recorded.entry)
    }
    guard stamped != nil, let place = limits.firstIndex(of: .claimedTime) else { return }
    limits[place] = .stampedTime
  }

  /// Whether a time stamp holds.
  fileprivate var hasStamps: Bool { anchors.contains { $0.kind == .rfc3161 && $0.isValid } }

  /// Remarks on time stamps that are older than what they cover claims to be.
  fileprivate mutating func compareStamps(_ entry: (Int) -> LogEntry?) {
    for stamp in anchors where stamp.kind == .rfc3161 && stamp.isValid && stamp.size > 0 {
      guard let time = stamp.time, let last = entry(stamp.size - 1) else { continue }
      if isStampEarly(time, lastEntry: last.time) {
        remark(.stampBeforeEntry, entry: stamp.size - 1)
      }
    }
  }
}

/// Whether a time stamp is older than the last entry it covers by more than the tolerance.
public func isStampEarly(_ stamp: Timestamp, lastEntry: Timestamp) -> Bool {
  lastEntry.microseconds - stamp.microseconds > Int64(stampToleranceSeconds) * 1_000_000
}

extension CheckedAnchor {
  /// The finding as the command prints it.
  public var json: JSONValue {
    let word: String
    let reason: JSONValue
    switch state {
    case .valid: (word, reason) = ("valid", .null)
    case .untrusted(let fault): (word, reason) = ("untrusted", .string(fault.rawValue))
    case .invalid(let fault): (word, reason) = ("invalid", .string(fault.rawValue))
    }
    return .object([
      "file": .string(file), "kind": .string(kind.rawValue), "size": .integer(size),
      "root": root.map { .string($0.hex) } ?? .null, "state": .string(word), "reason": reason,
      "by": holder.map(JSONValue.string) ?? .null,
      "at": time.map { .string($0.text) } ?? .null,
      "time_basis": timeBasis.map { .string($0.rawValue) } ?? .null,
    ])
  }
}
