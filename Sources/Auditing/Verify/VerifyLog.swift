public import Cryptography
internal import Glibc
internal import MedaiCore
internal import Storage
public import SystemPackage

/// Checks a whole log from its stored bytes: every entry's form and hash, the tree, the signatures,
/// and what checkpoints from outside say.
///
/// Reads only, in bounded memory, without a private key; a copied folder on read-only media will
/// do. A log that others append to meanwhile is judged as it was at one moment.
///
/// - Parameters:
///   - folder: The log's folder.
///   - trustedKeys: Keys that somebody vouches for; without any the best verdict is
///     `self-consistent`.
///   - against: An older checkpoint that was kept elsewhere.
///   - anchors: Checkpoints whose outside evidence (time stamp, witness) the caller has checked.
///   - catalog: Schemas of the events; entries of other types cannot be judged.
///   - requireAnchored: Whether a tail that no outside checkpoint covers makes the log `incomplete`.
///   - threads: Threads that check entries, the caller's among them; by default one for each
///     processor, at most four. The result does not depend on it.
/// - Returns: The verdict with what led to it.
/// - Throws: `AuditLogError` where there is no log or it cannot be read at all. A log that is
///   damaged gives a verdict instead.
public func verifyLog(
  folder: FilePath, trustedKeys: [VerifierKey], against: Checkpoint? = nil,
  anchors: [Checkpoint] = [], catalog: EventCatalog = .builtIn, requireAnchored: Bool = false,
  threads: Int? = nil
) throws(AuditLogError) -> LogVerification {
  let files = LogFolder(folder)
  return try readSettled(files.database, otherwise: .storage(.locked)) {
    (access) throws(AuditLogError) in
    try verifyOnce(
      files, access, trustedKeys: trustedKeys, outside: (against.map { [$0] } ?? []) + anchors,
      catalog: catalog, requireAnchored: requireAnchored, threads: threads)
  }
}

/// Checks a log that nobody changes meanwhile.
func verifyOnce(
  _ files: LogFolder, _ access: Database.Access, trustedKeys: [VerifierKey],
  outside: [Checkpoint], catalog: EventCatalog, requireAnchored: Bool, threads: Int? = nil
) throws(AuditLogError) -> LogVerification {
  let processors = min(max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1), 4)
  var verifier = LogVerifier(
    trustedKeys: trustedKeys, catalog: catalog, threads: max(1, threads ?? processors))
  do throws(AuditLogError) {
    // Before the database: a writer renews the file after it committed, so that what is read here is
    // never ahead of what is read there.
    let copy = try files.checkpointFile()
    var tables = try openTables(files, access)
    if access != .readUnchanging { verifier.result.remark(.readWriteAheadLog) }
    try verifier.run(&tables, file: copy, outside: outside)
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
struct LogVerifier: ~Copyable {
  let trustedKeys: [VerifierKey]
  let catalog: EventCatalog
  private let threads: Int
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
  private var nodes = StoredNodes()
  private var checker: LeafChecker
  private var lookUp: LeafScanner

  init(trustedKeys: [VerifierKey], catalog: EventCatalog, threads: Int) {
    self.trustedKeys = trustedKeys
    self.catalog = catalog
    self.threads = threads
    checker = LeafChecker(catalog)
    lookUp = LeafScanner(catalog.grammar)
  }

  mutating func run(
    _ tables: inout LogTables, file: [UInt8]?, outside: [Checkpoint]
  ) throws(AuditLogError) {
    guard let head = try storing({ () throws(StorageError) in try tables.head() }) else {
      // Made and never written to: the signer failed, or the machine did, before the first entry.
      let count = try storing { () throws(StorageError) in try tables.countEntries() }
      if count == 0, file == nil { throw .noLog }
      result.add(.missingEntry, entry: 0)
      return
    }
    let kept = try storing { () throws(StorageError) in try tables.keptCheckpoints() }
    if file == nil { result.remark(.noCheckpointFile) }
    let papers = open(head: head, kept: kept, copy: file, outside: outside)
    let signed = SignedPart(
      size: head.size, origin: result.checkpoint.map { Array($0.origin.text.utf8) })
    try readEntries(&tables, signed)
    try compareNodes(tables)
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
  mutating func advance() {
    next += 1
    if wanted.contains(next) { roots[next] = edge.root(&checker.hasher) }
  }

  /// Holds the entries against the checkpoints. Comes after them.
  mutating func judge(_ papers: Papers) {
    let origin = papers.last?.checkpoint.origin
    result.entries = next
    result.anchoredThrough = anchored(by: papers.outside, origin: origin)
    if let last = papers.last {
      judge(last, size: papers.head.size, root: papers.head.root, isLast: true)
    }
    for checkpoint in papers.kept {
      guard let note = opened(checkpoint.note) else { continue }
      judge(note, size: checkpoint.size, root: checkpoint.root, isLast: false)
    }
    requireRotationNotes(papers.kept)
    if let copy = papers.copy { judgeCopy(copy, last: papers.last?.checkpoint) }
    judgeOutside(papers.outside, origin: origin)
  }

  mutating func finish(requireAnchored: Bool) {
    result.doubtful = walk.doubtful(past: result.anchoredThrough, of: result.entries)
    for range in result.doubtful {
      result.remark(.signedByStolenKey, entry: range.lowerBound)
    }
    for begin in walk.openBegins { result.remark(.beginWithoutEnd, entry: begin) }
    if trustedKeys.isEmpty { result.raise(to: .selfConsistent) }
    result.recordedEvidence = walk.evidence
    // An entry that records an anchor follows the anchor, so the last of them never has one.
    let substance = result.problems.isEmpty ? walk.substance : result.entries
    if requireAnchored, result.anchoredThrough < substance {
      result.add(.unanchoredTail, entry: result.anchoredThrough)
    }
    result.limits = [.claimedTime, .notLogged, .contentsNotOpened]
    if trustedKeys.isEmpty { result.limits.append(.noTrustedKey) }
    if result.anchoredThrough < result.entries {
      result.limits += [.stolenKey, .unanchoredTail]
    }
  }

  // MARK: - Entries and tree

  /// What the head says of the entries before they are read.
  private struct SignedPart {
    let size: Int
    let origin: [UInt8]?
  }

  /// Why no more rows are read.
  private enum ReadingEnd {
    case lastRow
    case gap
    case error(StorageError)
  }

  /// Reads batches ahead, has them checked side by side, and judges them in order.
  private mutating func readEntries(
    _ tables: inout LogTables, _ signed: SignedPart
  ) throws(AuditLogError) {
    let line = BatchLine(catalog)
    line.start(threads: threads - 1)
    defer { line.stop() }
    var rows = try storing { () throws(StorageError) in
      try tables.database.prepare("SELECT seq, bytes, hash FROM leaf ORDER BY seq")
    }
    var free = (0..<(2 * threads)).map { _ in EntryBatch() }
    var underWay: [EntryBatch] = []
    var expected = 0
    var end: ReadingEnd?
    while end == nil || !underWay.isEmpty {
      if end == nil, let batch = free.popLast() {
        batch.clear()
        end = Self.fill(batch, &rows, &expected)
        line.add(batch)
        underWay.append(batch)
      } else {
        let batch = underWay.removeFirst()
        line.finish(batch, &checker)
        try judge(batch, &tables, signed)
        free.append(batch)
      }
    }
    switch end {
    case .error(let error): throw .storage(error)
    case .gap:
      // What follows a gap has no place in the tree any more.
      result.add(.missingEntry, entry: next)
      isTreeBroken = true
    default: if next < signed.size { result.add(.missingEntry, entry: next) }
    }
  }

  private static func fill(
    _ batch: EntryBatch, _ rows: inout Statement, _ expected: inout Int
  ) -> ReadingEnd? {
    do throws(StorageError) {
      while !batch.isFull {
        guard try rows.step() else { return .lastRow }
        guard try rows.integer(0) == expected else { return .gap }
        try batch.take(rows)
        expected += 1
      }
      return nil
    } catch {
      return .error(error)
    }
  }

  private mutating func judge(
    _ batch: EntryBatch, _ tables: inout LogTables, _ signed: SignedPart
  ) throws(AuditLogError) {
    for (index, row) in batch.rows.enumerated() {
      if next >= signed.size { result.add(.unsignedEntry, entry: next) }
      if !batch.isHashed[index] { result.add(.hashMismatch, entry: next) }
      if let outline = batch.outlines[index] {
        try judge(CheckedLeaf(bytes: batch.bytes, outline), origin: signed.origin) {
          (entry: Int) throws(AuditLogError) in
          try storing { () throws(StorageError) in try tables.leaf(entry) }?.bytes
        }
      } else if let fault = batch.faults[index] {
        judge(fault, batch.leaf(index))
      }
      // What nobody signed has no place in the tree.
      if next < signed.size { try addToTree(row.hash, tables) }
      advance()
    }
  }

  /// Judges the entry that comes next: its form, its number, and what it says of those before it.
  ///
  /// - Parameters:
  ///   - bytes: Its leaf.
  ///   - origin: The log's name.
  ///   - earlier: Gives the leaf of an entry before it.
  /// - Throws: What `earlier` throws.
  mutating func judgeEntry(
    _ bytes: [UInt8], origin: [UInt8]?, earlier: (Int) throws(AuditLogError) -> [UInt8]?
  ) throws(AuditLogError) {
    let outline: LeafOutline
    do throws(LeafError) {
      outline = try checker.scanner.scan(bytes, 0..<bytes.count, catalog)
    } catch {
      judge(error, bytes)
      return
    }
    try judge(CheckedLeaf(bytes: bytes, outline), origin: origin, earlier: earlier)
  }

  private mutating func judge(
    _ leaf: CheckedLeaf, origin: [UInt8]?, earlier: (Int) throws(AuditLogError) -> [UInt8]?
  ) throws(AuditLogError) {
    if leaf.outline.sequence != next { result.add(.wrongNumber, entry: next) }
    if let origin, !leaf.holds(origin, at: leaf.outline.origin) {
      result.add(.otherLog, entry: next)
    }
    let catalog = catalog
    try walk.visit(leaf, number: next, &result, catalog) { entry throws(AuditLogError) in
      guard let bytes = try earlier(entry) else { return nil }
      return (try? lookUp.scan(bytes, 0..<bytes.count, catalog))?.type
    }
  }

  private mutating func judge(_ fault: LeafError, _ bytes: [UInt8]) {
    switch fault {
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

  private mutating func addToTree(
    _ hash: Digest, _ tables: borrowing LogTables
  ) throws(AuditLogError) {
    var broken: NodePlace?
    do {
      try edge.append(hash, &checker.hasher) { place, node in
        if try !nodes.holds(node, at: place, in: tables.database), broken == nil { broken = place }
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

  private mutating func compareNodes(_ tables: borrowing LogTables) throws(AuditLogError) {
    if isTreeBroken { return }
    let count = try storing { () throws(StorageError) in try nodes.count(in: tables.database) }
    // A tree has one inner node less than leaves for each of its peaks.
    if count != edge.size - edge.peaks.count { result.add(.surplusNodes) }
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
    judgeSignature(opened.note, size: checkpoint.size, own: own, isLast: isLast)
  }

  private mutating func judgeSignature(
    _ note: SignedNote, size: Int, own: OwnKey, isLast: Bool
  ) {
    do throws(NoteError) {
      let signers = try note.signers(among: own.known + trustedKeys)
      guard signers.contains(own.current) else {
        result.add(own.known.contains(where: signers.contains) ? .retiredKey : .unknownKey)
        return
      }
      if walk.isSignedByStolenKey(size: size), size > result.anchoredThrough {
        result.add(.retiredKey, entry: size - 1)
      }
      guard isLast else { return }
      result.signers = signers
      guard !trustedKeys.isEmpty else { return }
      if trustedKeys.contains(own.current) { return }
      if walk.leads(from: trustedKeys, along: own.known) {
        result.remark(.trustByRotation)
      } else {
        result.add(own.known.contains(where: trustedKeys.contains) ? .retiredKey : .unknownKey)
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
    judgeSignature(copy.note, size: copy.checkpoint.size, own: own, isLast: false)
  }

  /// The greatest size at which a checkpoint from outside agrees.
  private func anchored(by outside: [Checkpoint], origin: Identifier?) -> Int {
    outside.filter { $0.origin == origin && $0.size <= next && roots[$0.size] == $0.root }
      .map(\.size).max() ?? 0
  }

  private mutating func judgeOutside(_ outside: [Checkpoint], origin: Identifier?) {
    for checkpoint in outside {
      if checkpoint.origin != origin {
        result.add(.otherLog, as: .rolledBackOrForked)
      } else if checkpoint.size > next {
        result.add(.checkpointBeyondLog, entry: next)
      } else if roots[checkpoint.size] != checkpoint.root {
        result.add(.checkpointMismatch, as: .rolledBackOrForked)
      }
    }
  }
}
