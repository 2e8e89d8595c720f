public import Cryptography
internal import MedaiCore
internal import Storage
public import SystemPackage

/// Checks a whole log from its stored bytes: every entry's form and hash, the tree, the signatures,
/// and what checkpoints from outside say.
///
/// Reads only, in bounded memory, without a private key; a copied folder on read-only media will
/// do.
///
/// - Parameters:
///   - folder: The log's folder.
///   - trustedKeys: Keys that somebody vouches for; without any the best verdict is
///     `self-consistent`.
///   - against: An older checkpoint that was kept elsewhere.
///   - anchors: Checkpoints whose outside evidence (time stamp, witness) the caller has checked.
///   - catalog: Schemas of the events; entries of other types cannot be judged.
///   - requireAnchored: Whether a tail that no outside checkpoint covers makes the log `incomplete`.
/// - Returns: The verdict with what led to it.
/// - Throws: `AuditLogError` where there is no log or it cannot be read at all. A log that is
///   damaged gives a verdict instead.
public func verifyLog(
  folder: FilePath, trustedKeys: [VerifierKey], against: Checkpoint? = nil,
  anchors: [Checkpoint] = [], catalog: EventCatalog = .builtIn, requireAnchored: Bool = false
) throws(AuditLogError) -> LogVerification {
  let files = LogFolder(folder)
  var verifier = LogVerifier(trustedKeys: trustedKeys, catalog: catalog)
  do throws(AuditLogError) {
    let access = readAccess(for: files.database)
    var tables = try openTables(files)
    if access != .readUnchanging { verifier.result.remark(.readWriteAheadLog) }
    try verifier.run(
      &tables, file: try files.checkpointFile(), outside: (against.map { [$0] } ?? []) + anchors)
  } catch {
    switch error {
    case .databaseMissing: verifier.result.add(.missingEntry, entry: 0)
    case .notALog, .schemaChanged: verifier.result.add(.changedTables)
    case .storage(.corrupt), .storage(.wrongKind), .storage(.other):
      verifier.result.add(.damagedDatabase, entry: verifier.next)
    default: throw error
    }
  }
  verifier.finish(requireAnchored: requireAnchored)
  return verifier.result
}

/// The state of one verification.
struct LogVerifier {
  let trustedKeys: [VerifierKey]
  let catalog: EventCatalog
  var result = LogVerification()
  /// The entry that comes next.
  var next = 0

  /// The tree over the entries read so far.
  var edge = RightEdge()
  /// Roots at the sizes that checkpoints speak of.
  private(set) var roots: [Int: Digest] = [:]
  /// What the entries say of each other.
  private(set) var walk = EntryWalk()
  private var isTreeBroken = false
  private var wanted: Set<Int> = []

  init(trustedKeys: [VerifierKey], catalog: EventCatalog) {
    self.trustedKeys = trustedKeys
    self.catalog = catalog
  }

  mutating func run(
    _ tables: inout LogTables, file: [UInt8]?, outside: [Checkpoint]
  ) throws(AuditLogError) {
    guard let head = try storing({ () throws(StorageError) in try tables.head() }) else {
      result.add(.missingEntry, entry: 0)
      return
    }
    let kept = try storing { () throws(StorageError) in try tables.keptCheckpoints() }
    if file == nil { result.remark(.noCheckpointFile) }
    let papers = open(head: head, kept: kept, copy: file, outside: outside)
    try readEntries(&tables, origin: result.checkpoint?.origin, upTo: head.size)
    try compareNodes(&tables)
    judge(papers)
  }

  /// The signed checkpoints that the entries are held against.
  struct Papers {
    fileprivate let head: StoredHead
    fileprivate let last: Opened?
    fileprivate let kept: [StoredHead]
    fileprivate let copy: Opened?
    fileprivate let outside: [Checkpoint]
  }

  /// Reads the checkpoints and marks the sizes whose roots will be asked for. Comes before the
  /// entries.
  mutating func open(
    head: StoredHead, kept: [StoredHead], copy: [UInt8]?, outside: [Checkpoint]
  ) -> Papers {
    let last = opened(head.note)
    result.checkpoint = last?.checkpoint
    let copy = copy.flatMap { opened($0) }
    wanted = Set(outside.map(\.size) + kept.map(\.size) + [head.size])
    if let copy { wanted.insert(copy.checkpoint.size) }
    if wanted.contains(0) { roots[0] = emptyRoot }
    return Papers(head: head, last: last, kept: kept, copy: copy, outside: outside)
  }

  /// Moves on to the next entry; the one before is in the tree.
  mutating func advance(_ hasher: inout TreeHasher) {
    next += 1
    if wanted.contains(next) { roots[next] = edge.root(&hasher) }
  }

  /// Holds the entries against the checkpoints. Comes after them.
  mutating func judge(_ papers: Papers) {
    result.entries = next
    if let last = papers.last {
      judge(last, size: papers.head.size, root: papers.head.root, isLast: true)
    }
    for checkpoint in papers.kept {
      guard let note = opened(checkpoint.note) else { continue }
      judge(note, size: checkpoint.size, root: checkpoint.root, isLast: false)
    }
    requireRotationNotes(papers.kept)
    if let copy = papers.copy { judgeCopy(copy, last: papers.last?.checkpoint) }
    judgeOutside(papers.outside, origin: papers.last?.checkpoint.origin)
  }

  mutating func finish(requireAnchored: Bool) {
    for begin in walk.openBegins { result.remark(.beginWithoutEnd, entry: begin) }
    if trustedKeys.isEmpty { result.raise(to: .selfConsistent) }
    if requireAnchored, result.anchoredThrough < result.entries {
      result.add(.unanchoredTail, entry: result.anchoredThrough)
    }
    result.limits = [.claimedTime, .notLogged, .contentsNotOpened]
    if trustedKeys.isEmpty { result.limits.append(.noTrustedKey) }
    if result.anchoredThrough < result.entries {
      result.limits += [.stolenKey, .unanchoredTail]
    }
  }

  // MARK: - Entries and tree

  private mutating func readEntries(
    _ tables: inout LogTables, origin: Identifier?, upTo size: Int
  ) throws(AuditLogError) {
    var hasher = TreeHasher()
    var rows = try storing { () throws(StorageError) in
      try tables.database.prepare("SELECT seq, bytes, hash FROM leaf ORDER BY seq")
    }
    while try storing({ () throws(StorageError) in try rows.step() }) {
      let row = try storing { () throws(StorageError) in
        (try rows.integer(0), try rows.bytes(1), try LogTables.digest(rows, 2))
      }
      guard row.0 == next else {
        // What follows a gap has no place in the tree any more.
        result.add(.missingEntry, entry: next)
        isTreeBroken = true
        return
      }
      if next >= size { result.add(.unsignedEntry, entry: next) }
      if hasher.leaf(row.1) != row.2 { result.add(.hashMismatch, entry: next) }
      judgeEntry(row.1, origin: origin)
      // What nobody signed has no place in the tree.
      if next < size { try addToTree(row.2, &tables, &hasher) }
      advance(&hasher)
    }
    if next < size { result.add(.missingEntry, entry: next) }
  }

  /// Judges the entry that comes next: its form, its number, and what it says of those before it.
  mutating func judgeEntry(_ bytes: [UInt8], origin: Identifier?) {
    do throws(LeafError) {
      let entry = try decodeLeaf(bytes, catalog: catalog)
      if entry.sequence != next { result.add(.wrongNumber, entry: next) }
      if let origin, entry.origin != origin { result.add(.otherLog, entry: next) }
      walk.visit(entry, number: next, &result)
    } catch {
      switch error {
      case .tooLong, .malformed: result.add(.malformedEntry, entry: next)
      case .unknownType:
        // Only the canonical form keeps its place; anything else is no entry at all.
        let isCanonical = (try? parseJSON(bytes))?.encoded(.canonical) == bytes
        result.add(isCanonical ? .unknownType : .malformedEntry, entry: next)
      case .unknownVersion: result.add(.unknownVersion, entry: next)
      case .otherSchema: result.add(.otherSchema, entry: next)
      case .schema: result.add(.schemaViolation, entry: next)
      }
    }
  }

  private mutating func addToTree(
    _ hash: Digest, _ tables: inout LogTables, _ hasher: inout TreeHasher
  ) throws(AuditLogError) {
    var broken: NodePlace?
    do {
      try edge.append(hash, &hasher) { place, node in
        if try tables.node(place) != node, broken == nil { broken = place }
      }
    } catch let error as StorageError {
      throw .storage(error)
    } catch {
      throw .headMismatch
    }
    if let broken, !isTreeBroken {
      // A node tells only which entries it covers; one that is known to be at fault explains it.
      let covered = (broken.index << broken.level)..<((broken.index + 1) << broken.level)
      let isExplained = result.problems.contains { $0.entry.map(covered.contains) ?? false }
      if !isExplained { result.add(.nodeMismatch, entry: covered.lowerBound) }
      isTreeBroken = true
    }
  }

  private mutating func compareNodes(_ tables: inout LogTables) throws(AuditLogError) {
    let count = try storing { () throws(StorageError) in
      try tables.database.integer("SELECT count(*) FROM node") ?? 0
    }
    // A tree has one inner node less than leaves for each of its peaks.
    if !isTreeBroken, count != edge.size - edge.peaks.count { result.add(.surplusNodes) }
  }

  // MARK: - Checkpoints

  fileprivate typealias Opened = (note: SignedNote, checkpoint: Checkpoint)

  private mutating func opened(_ bytes: [UInt8]) -> Opened? {
    do throws(NoteError) {
      let note = try SignedNote(bytes)
      return (note, try Checkpoint(text: note.text))
    } catch {
      result.add(.malformedCheckpoint)
      return nil
    }
  }

  private mutating func judge(_ opened: Opened, size: Int, root: Digest, isLast: Bool) {
    let checkpoint = opened.checkpoint
    if checkpoint.origin != result.checkpoint?.origin { result.add(.otherLog) }
    if checkpoint.size != size || checkpoint.root != root { result.add(.checkpointMismatch) }
    if let found = roots[checkpoint.size] {
      if found != checkpoint.root { result.add(.rootMismatch, entry: nil) }
    } else if checkpoint.size > next {
      // `missing-entry` was said already.
      result.raise(to: .tampered)
    }
    guard let own = walk.key(at: checkpoint.size, origin: checkpoint.origin) else {
      result.add(.keyMismatch, entry: 0)
      return
    }
    judgeSignature(opened.note, own: own, isLast: isLast)
  }

  private mutating func judgeSignature(_ note: SignedNote, own: OwnKey, isLast: Bool) {
    do throws(NoteError) {
      let signers = try note.signers(among: own.known + trustedKeys)
      guard signers.contains(own.current) else {
        result.add(own.known.contains(where: signers.contains) ? .retiredKey : .unknownKey)
        return
      }
      guard isLast else { return }
      result.signers = signers
      guard !trustedKeys.isEmpty else { return }
      if trustedKeys.contains(own.current) { return }
      if own.known.contains(where: trustedKeys.contains) {
        result.remark(.trustByRotation)
      } else {
        result.add(.unknownKey)
      }
    } catch {
      switch error {
      case .noKnownKey: result.add(.unknownKey)
      default: result.add(.badSignature)
      }
    }
  }

  /// Each rotation must lie under a kept checkpoint that both keys signed.
  private mutating func requireRotationNotes(_ kept: [StoredHead]) {
    guard let origin = result.checkpoint?.origin else { return }
    for rotation in walk.rotations {
      let note = kept.first { $0.size == rotation.entry + 1 }
        .flatMap { try? SignedNote($0.note) }
      let keys = [rotation.old, rotation.new].compactMap { ownKey($0, origin) }
      let signers = note.flatMap { try? $0.signers(among: keys) } ?? []
      if keys.count != 2 || signers.count != 2 {
        result.add(.badSignature, entry: rotation.entry)
      }
    }
  }

  private mutating func judgeCopy(_ copy: Opened, last: Checkpoint?) {
    if let last, copy.checkpoint.origin != last.origin {
      result.add(.otherLog)
      return
    }
    if copy.checkpoint.size > (last?.size ?? 0) {
      result.add(.checkpointBeyondLog, entry: last?.size)
    } else if roots[copy.checkpoint.size] != copy.checkpoint.root {
      result.add(.checkpointMismatch, as: .rolledBackOrForked)
    } else if let last, copy.checkpoint.size < last.size {
      result.remark(.checkpointFileBehind)
    }
    guard let own = walk.key(at: copy.checkpoint.size, origin: copy.checkpoint.origin) else {
      return
    }
    judgeSignature(copy.note, own: own, isLast: false)
  }

  private mutating func judgeOutside(_ outside: [Checkpoint], origin: Identifier?) {
    for checkpoint in outside {
      if checkpoint.origin != origin {
        result.add(.otherLog, as: .rolledBackOrForked)
      } else if checkpoint.size > next {
        result.add(.checkpointBeyondLog, entry: next)
      } else if roots[checkpoint.size] != checkpoint.root {
        result.add(.checkpointMismatch, as: .rolledBackOrForked)
      } else {
        result.anchoredThrough = max(result.anchoredThrough, checkpoint.size)
      }
    }
  }
}
