internal import Cryptography
internal import MedaiCore

/// The key that signs a log at some size, as the log itself tells.
struct OwnKey {
  /// The key that must have signed.
  let current: VerifierKey
  /// Every key up to then.
  let known: [VerifierKey]
}

/// A key as a log's entries carry it, under the log's name.
func ownKey(_ digest: Digest, _ origin: Identifier) -> VerifierKey? {
  guard let key = PublicKey(bytes: digest.bytes) else { return nil }
  return try? VerifierKey(name: origin.text, publicKey: key)
}

/// What the entries say of each other: order of times, pairs, keys, opening and closing.
struct EntryWalk {
  /// A change of keys.
  struct Rotation {
    let entry: Int
    let old: Digest
    let new: Digest
    /// Whether the old key was reported stolen.
    let isCompromise: Bool
    /// Size up to which the old key is believed: all before the change unless the entry says less.
    let trustedThrough: Int
  }

  private(set) var rotations: [Rotation] = []
  /// Evidence that entries speak of: entry, and digest of the file.
  private(set) var evidence: [(entry: Int, digest: Digest)] = []
  /// Size without the entries at the end that only record evidence about what is before them.
  private(set) var substance = 0
  private var firstKey: Digest?
  private var lastTime: Timestamp?
  private var lastBoot: [UInt8] = []
  private var lastMicroseconds = 0
  private var isClosed = false
  /// Begin entries that have no end yet. Of a run that ended the log itself tells, so that memory
  /// does not grow with the count of runs.
  private var open: [Int: EventType] = [:]
  /// The run that ended and was asked for last.
  private var lookedUp: (entry: Int, type: EventType?)?

  /// Begin entries without an end, in order.
  var openBegins: [Int] { open.keys.sorted() }

  /// The key of a log at a size; the entry that changes keys is signed by both.
  func key(at size: Int, origin: Identifier) -> OwnKey? {
    guard let firstKey else { return nil }
    let digests = [firstKey] + rotations.filter { $0.entry < size }.map(\.new)
    let known = digests.compactMap { ownKey($0, origin) }
    guard known.count == digests.count, let current = known.last else { return nil }
    return OwnKey(current: current, known: known)
  }

  /// Whether a checkpoint of a size is believed only as far as a stolen key is.
  ///
  /// The checkpoint over a change of keys bears two signatures and is judged by the rotation.
  func isSignedByStolenKey(size: Int) -> Bool {
    guard !rotations.contains(where: { $0.entry + 1 == size }) else { return false }
    if isReturned(after: rotations.prefix { $0.entry < size }) { return true }
    guard let retirement = rotations.first(where: { $0.entry >= size }) else { return false }
    return retirement.trustedThrough < size
  }

  /// Entries that only a stolen key vouched for when they were written, past an anchored size.
  ///
  /// - Parameters:
  ///   - anchored: Size that evidence from outside covers.
  ///   - size: Count of the log's entries.
  /// - Returns: Ranges of entries, in order.
  func doubtful(past anchored: Int, of size: Int) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    // What the key before last signed, it believed.
    var start = 0
    for place in 0...rotations.count {
      let end = place < rotations.count ? rotations[place].entry : size
      let believed =
        if isReturned(after: rotations.prefix(place)) {
          start
        } else {
          place < rotations.count ? rotations[place].trustedThrough : size
        }
      let first = max(believed, start, anchored)
      if first < end { ranges.append(first..<end) }
      start = end + 1
    }
    return ranges
  }

  /// Whether the key that some rotations led to had been reported stolen by one of them: whatever it
  /// signed since, its thief could have signed.
  private func isReturned(after past: ArraySlice<Rotation>) -> Bool {
    guard let key = past.last?.new else { return false }
    return past.contains { $0.isCompromise && $0.old == key }
  }

  /// Whether trust in one of some keys leads to the present one: a key reported stolen cannot vouch
  /// for the one after it, because its thief could have named another, nor can it come back.
  func leads(from trusted: [VerifierKey], along known: [VerifierKey]) -> Bool {
    guard let last = known.lastIndex(where: trusted.contains), !isReturned(after: rotations[...])
    else { return false }
    return !rotations.dropFirst(last).contains(where: \.isCompromise)
  }

  /// Looks at one entry after all before it.
  ///
  /// - Parameters:
  ///   - leaf: Its leaf as checked.
  ///   - number: Its number.
  ///   - result: Takes faults and remarks.
  ///   - catalog: The schemas it was checked with.
  ///   - typeOf: Looks up the type of an earlier entry.
  /// - Throws: What `typeOf` throws.
  mutating func visit(
    _ leaf: CheckedLeaf, number: Int, _ result: inout LogVerification,
    _ catalog: EventCatalog, typeOf: (Int) throws(AuditLogError) -> EventType?
  ) throws(AuditLogError) {
    if isClosed { result.add(.entryAfterClose, entry: number) }
    let type = leaf.outline.type
    let fields: LogEntry?
    switch type {
    case .logOpen, .keyRotate, .clockStep, .checkpointAnchor, .deidRunBegin, .examRunBegin,
      .generateRunBegin:
      fields = try? LogEntry(leaf.outline, of: leaf.bytes, catalog)
      if fields == nil { result.add(.malformedEntry, entry: number) }
    default: fields = nil
    }
    judgeTime(leaf, fields, number: number, &result)
    try judgePair(leaf.outline, number: number, &result, typeOf)
    if type != .checkpointAnchor { substance = number + 1 }
    if (type == .logOpen) != (number == 0) { result.add(.misplacedOpening, entry: number) }
    switch type {
    case .logOpen:
      if number == 0 { firstKey = fields?.digest("public_key") }
    case .logClose: isClosed = true
    case .redact: result.remark(.redaction, entry: number)
    case .checkpointAnchor:
      // What was printed is on paper.
      if let digest = fields?.digest("evidence"),
        fields?.text("kind") != AnchorKind.printed.rawValue
      {
        evidence.append((number, digest))
      }
    case .keyRotate:
      guard let fields, let old = fields.digest("old_key"), let new = fields.digest("new_key")
      else { break }
      if old != rotations.last?.new ?? firstKey { result.add(.keyMismatch, entry: number) }
      rotations.append(
        Rotation(
          entry: number, old: old, new: new,
          isCompromise: fields.text("reason") == RotationReason.compromise.rawValue,
          trustedThrough: min(fields.count("trusted_through") ?? number, number)))
      result.remark(.keyRotation, entry: number)
    case .deidRunBegin, .examRunBegin, .generateRunBegin:
      open[number] = type
      // The run that is gone on from was interrupted on record.
      if let resumed = fields?.count("resumes") {
        if resumed < number, try begin(resumed, typeOf) == type {
          open[resumed] = nil
        } else {
          result.add(.wrongPair, entry: number)
        }
      }
    default: break
    }
  }

  private mutating func judgeTime(
    _ leaf: CheckedLeaf, _ entry: LogEntry?, number: Int, _ result: inout LogVerification
  ) {
    let outline = leaf.outline
    if outline.type == .clockStep {
      let isTrue =
        entry?["old"] == lastTime.map(FieldValue.time) && entry?["new"] == .time(outline.time)
      if isTrue {
        result.remark(.clockStep, entry: number)
      } else {
        result.add(.clockStepMismatch, entry: number)
      }
    } else if let lastTime, outline.time < lastTime {
      result.add(.timeWentBack, entry: number)
    }
    if leaf.holds(lastBoot, at: outline.boot) {
      if outline.monotonicMicroseconds < lastMicroseconds {
        result.remark(.monotonicWentBack, entry: number)
      }
    } else {
      lastBoot = Array(leaf.bytes[outline.boot.range])
    }
    lastTime = outline.time
    lastMicroseconds = outline.monotonicMicroseconds
  }

  /// The type of a begin entry, as long as its run is open, and afterwards.
  private mutating func begin(
    _ entry: Int, _ typeOf: (Int) throws(AuditLogError) -> EventType?
  ) throws(AuditLogError) -> EventType? {
    if let type = open[entry] { return type }
    if let lookedUp, lookedUp.entry == entry { return lookedUp.type }
    let type = try typeOf(entry)
    lookedUp = (entry, type)
    return type
  }

  private mutating func judgePair(
    _ leaf: LeafOutline, number: Int, _ result: inout LogVerification,
    _ typeOf: (Int) throws(AuditLogError) -> EventType?
  ) throws(AuditLogError) {
    guard let pair = leaf.pair else { return }
    let expected: EventType? =
      switch leaf.type {
      case .deidFile, .deidRunEnd: .deidRunBegin
      case .examRunEnd: .examRunBegin
      case .generateAnswer, .generateRunEnd: .generateRunBegin
      default: nil
      }
    guard let expected, pair < number, try begin(pair, typeOf) == expected else {
      result.add(.wrongPair, entry: number)
      return
    }
    switch leaf.type {
    case .deidRunEnd, .examRunEnd, .generateRunEnd:
      if open.removeValue(forKey: pair) == nil { result.remark(.endedTwice, entry: number) }
    default: break
    }
  }
}

/// A leaf that the scanner accepted, in the buffer it was read into.
struct CheckedLeaf {
  let bytes: [UInt8]
  let outline: LeafOutline

  init(bytes: [UInt8], _ outline: LeafOutline) {
    self.bytes = bytes
    self.outline = outline
  }

  /// Whether a text in the leaf has these bytes.
  func holds(_ text: [UInt8], at place: LeafOutline.Text) -> Bool {
    guard text.count == Int(place.count) else { return false }
    let start = Int(place.start)
    for index in text.indices where text[index] != bytes[start + index] { return false }
    return true
  }
}
