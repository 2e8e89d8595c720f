internal import Cryptography
internal import MedaiCore
internal import Storage

/// What happens inside a transaction.
extension AuditLog {
  /// Runs a body in an immediate transaction; after an error everything is as before.
  mutating func inTransaction<Result>(
    _ body: (inout AuditLog) throws(AuditLogError) -> Result
  ) throws(AuditLogError) -> Result {
    let before = state
    try storing { () throws(StorageError) in try tables.database.beginImmediate() }
    reserve.keep(in: tables.database)
    do throws(AuditLogError) {
      let result = try body(&self)
      try storing { () throws(StorageError) in try tables.database.commit() }
      return result
    } catch {
      tables.endRows()
      tables.database.rollBack()
      state = before
      begins = KnownBegins()
      throw error
    }
  }

  /// Goes on from what another process appended since.
  mutating func followOtherWriters() throws(AuditLogError) {
    let head = try storing { () throws(StorageError) in try tables.mark() }
    guard head?.size != state.edge.size || head?.root != state.root else { return }
    // Another process can only have added: a smaller or different past is no past of this log.
    let known = (state.edge.size, state.root)
    guard try readHead() else { throw .headMismatch }
    try requirePast(size: known.0, root: known.1)
  }

  /// Reads the head and checks that it is signed and is the stored tree's.
  ///
  /// - Returns: Whether there is one.
  mutating func readHead() throws(AuditLogError) -> Bool {
    guard let head = try storing({ () throws(StorageError) in try tables.head() }) else {
      return false
    }
    let checkpoint: Checkpoint
    do throws(NoteError) {
      let note = try SignedNote(head.note)
      checkpoint = try Checkpoint(text: note.text)
      if checkpoint.origin == origin { _ = try note.signers(among: [signer.verifier]) }
    } catch {
      throw error == .noKnownKey ? .untrustedHead : .brokenHead(error)
    }
    guard checkpoint.origin == origin else { throw .otherOrigin }
    guard checkpoint.size == head.size, checkpoint.root == head.root, head.size > 0,
      try storing({ () throws(StorageError) in try tables.countEntries() }) == head.size,
      let edge = try storing({ () throws(StorageError) in try tables.edge(size: head.size) }),
      let last = try storing({ () throws(StorageError) in try tables.leaf(head.size - 1) })
    else { throw .headMismatch }
    var hasher = TreeHasher()
    guard edge.root(&hasher) == head.root, hasher.leaf(last.bytes) == last.hash else {
      throw .headMismatch
    }
    let entry: LogEntry
    do throws(LeafError) {
      entry = try decodeLeaf(last.bytes, catalog: catalog)
    } catch {
      throw .leaf(error, entry: head.size - 1)
    }
    // The head over a rotation bears the old key's signature too, and that key is done here.
    if entry.type == EventType.keyRotate.identifier,
      entry.digest("new_key") != signer.verifier.publicKey.digestForm
    {
      throw .untrustedHead
    }
    state = State(
      edge: edge, root: head.root, note: head.note, lastTime: entry.time,
      isClosed: entry.type == EventType.logClose.identifier)
    return true
  }

  /// Refuses to go on where the `checkpoint` file speaks of a tree that this one does not contain.
  mutating func compareCheckpointFile() throws(AuditLogError) {
    guard let bytes = try folder.checkpointFile() else { return }
    let copy: Checkpoint
    do throws(NoteError) {
      copy = try Checkpoint(text: try SignedNote(bytes).text)
    } catch {
      throw .brokenHead(error)
    }
    guard copy.origin == origin else { throw .otherOrigin }
    try requirePast(size: copy.size, root: copy.root)
  }

  private mutating func requirePast(size: Int, root: Digest) throws(AuditLogError) {
    guard size <= state.edge.size,
      let past = try storing({ () throws(StorageError) in try tables.edge(size: size) })
    else { throw .rolledBack }
    var hasher = TreeHasher()
    guard past.root(&hasher) == root else { throw .rolledBack }
  }

  /// Writes entries, nodes and the signed head.
  mutating func write(
    _ events: [Event], signers: [LogSigner], keeping: Bool
  ) throws(AuditLogError) -> [AppendedEntry] {
    if state.isClosed { throw .closed }
    let now = clock.now()
    guard Timestamp(text: now.text) == now else { throw .clock }
    timeBytes.removeAll(keepingCapacity: true)
    now.append(to: &timeBytes)
    let first = state.edge.size
    var hashes: [Digest] = []
    hashes.reserveCapacity(events.count + 1)
    if let last = state.lastTime, now < last {
      hashes.append(try insert(.clockStep(old: last, new: now), index: 0, as: first, now))
    }
    let lead = hashes.count
    for index in events.indices {
      let sequence = first + hashes.count
      hashes.append(try insert(events[index], index: index, as: sequence, now))
    }
    state.lastTime = now
    try grow(by: hashes)
    state.root = state.edge.root(&hasher)
    do throws(SignerError) {
      state.note = try checkpoint.signed(by: signers).bytes
    } catch {
      throw .signer(error)
    }
    let head = StoredHead(size: state.edge.size, root: state.root, note: state.note)
    try storing { () throws(StorageError) in
      try inserts.head(head)
      if keeping { try inserts.checkpoint(head) }
    }
    return hashes.indices.dropFirst(lead).map { index in
      AppendedEntry(entry: first + index, leafDigest: hashes[index])
    }
  }

  /// Inserts the leaf of an event; gives its hash.
  private mutating func insert(
    _ event: Event, index: Int, as sequence: Int, _ time: Timestamp
  ) throws(AuditLogError) -> Digest {
    do throws(EventError) {
      try spell(event, sequence: sequence, time: time)
    } catch {
      throw .event(error, index: index)
    }
    let bytes = leafBytes
    let hash = hasher.leaf(bytes)
    do throws(StorageError) {
      try inserts.leaf(sequence, bytes.span, hash)
    } catch {
      throw .storage(error)
    }
    if event.type == EventType.logClose.identifier { state.isClosed = true }
    return hash
  }

  /// Puts the leaf of an event into `leafBytes`, checked against its schema.
  private mutating func spell(
    _ event: Event, sequence: Int, time: Timestamp
  ) throws(EventError) {
    let schema = try catalog.schema(event.type, version: event.version)
    try schema.check(event.fields)
    guard (event.pair != nil) == (schema.pairedWith != nil) else { throw .wrongPair }
    if let pair = event.pair, try typeOfEntry(pair, before: sequence) != schema.pairedWith {
      throw .wrongPair
    }
    if schema.isResumable {
      if case .count(let resumed)? = event.fields.first(where: { $0.name == "resumes" })?.value,
        try typeOfEntry(resumed, before: sequence) != event.type
      {
        throw .wrongPair
      }
      begins.insert(sequence, event.type)
    }
    guard let random = try? clock.randomTen(), random.count == 10 else { throw .noRandomness }
    leafBytes.removeAll(keepingCapacity: true)
    template.write(
      event, sequence: sequence, time: timeBytes,
      monotonicMicroseconds: clock.monotonicMicroseconds(),
      schema: schema.isExternal ? schema.digest : nil, to: &leafBytes
    ) { appendUUIDv7(time, random: random, to: &$0) }
    guard leafBytes.count <= maxLeafBytes else { throw .tooLong(bytes: leafBytes.count) }
  }

  private mutating func typeOfEntry(_ entry: Int, before sequence: Int) throws(EventError)
    -> Identifier
  {
    guard entry >= 0, entry < sequence else { throw .wrongPair }
    if let type = begins[entry] { return type }
    guard let bytes = (try? tables.leaf(entry))?.bytes,
      let type = (try? decodeLeaf(bytes, catalog: catalog))?.type
    else { throw .wrongPair }
    begins.insert(entry, type)
    return type
  }

  /// Reads back what the database now holds and grows the tree from that, before anybody signs it:
  /// one flipped bit in memory would otherwise be signed for ever.
  private mutating func grow(by hashes: [Digest]) throws(AuditLogError) {
    let first = state.edge.size
    try storing { () throws(StorageError) in
      try tables.startRows(first..<(first + hashes.count))
    }
    for (offset, hash) in hashes.enumerated() {
      var found: Digest?
      let row = try storing { () throws(StorageError) in
        try tables.nextRow { found = hasher.leaf($0) }
      }
      guard let row, let found, row.entry == first + offset, row.hash == found, found == hash else {
        throw .readBackMismatch(entry: first + offset)
      }
      do {
        try state.edge.append(found, &hasher) { try inserts.node($0, $1) }
      } catch let error as StorageError {
        throw .storage(error)
      } catch {
        throw .headMismatch
      }
    }
    tables.endRows()
  }
}
