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
  private var firstKey: Digest?
  private var lastTime: Timestamp?
  private var lastClock: (boot: Identifier, microseconds: Int)?
  private var isClosed = false
  private var begins: [Int: Identifier] = [:]
  private var ended: Set<Int> = []

  /// Begin entries without an end, in order.
  var openBegins: [Int] { begins.keys.filter { !ended.contains($0) }.sorted() }

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
    guard !rotations.contains(where: { $0.entry + 1 == size }),
      let retirement = rotations.first(where: { $0.entry >= size })
    else { return false }
    return retirement.trustedThrough < size
  }

  /// Entries that only a stolen key vouched for when they were written, past an anchored size.
  func doubtful(past anchored: Int) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    // What the key before last signed, it believed.
    var start = 0
    for rotation in rotations {
      let first = max(rotation.trustedThrough, start, anchored)
      if first < rotation.entry { ranges.append(first..<rotation.entry) }
      start = rotation.entry + 1
    }
    return ranges
  }

  /// Whether trust in one of some keys leads to the present one: a key reported stolen cannot vouch
  /// for the one after it, because its thief could have named another.
  func leads(from trusted: [VerifierKey], along known: [VerifierKey]) -> Bool {
    guard let last = known.lastIndex(where: trusted.contains) else { return false }
    return !rotations.dropFirst(last).contains(where: \.isCompromise)
  }

  /// Looks at one entry after all before it.
  mutating func visit(_ entry: LogEntry, number: Int, _ result: inout LogVerification) {
    if isClosed { result.add(.entryAfterClose, entry: number) }
    judgeTime(entry, number: number, &result)
    judgePair(entry, number: number, &result)
    let type = EventType(rawValue: entry.type.text)
    if (type == .logOpen) != (number == 0) { result.add(.misplacedOpening, entry: number) }
    switch type {
    case .logOpen:
      if number == 0 { firstKey = entry.digest("public_key") }
    case .logClose: isClosed = true
    case .redact: result.remark(.redaction, entry: number)
    case .keyRotate:
      guard let old = entry.digest("old_key"), let new = entry.digest("new_key") else { break }
      if old != rotations.last?.new ?? firstKey { result.add(.keyMismatch, entry: number) }
      rotations.append(
        Rotation(
          entry: number, old: old, new: new,
          isCompromise: entry.text("reason") == RotationReason.compromise.rawValue,
          trustedThrough: min(entry.count("trusted_through") ?? number, number)))
      result.remark(.keyRotation, entry: number)
    case .deidRunBegin, .examRunBegin, .generateRunBegin:
      begins[number] = entry.type
      // The run that is gone on from was interrupted on record.
      if let resumed = entry.count("resumes") {
        if resumed < number, begins[resumed] == entry.type {
          ended.insert(resumed)
        } else {
          result.add(.wrongPair, entry: number)
        }
      }
    default: break
    }
  }

  private mutating func judgeTime(
    _ entry: LogEntry, number: Int, _ result: inout LogVerification
  ) {
    if entry.type == EventType.clockStep.identifier {
      let isTrue =
        entry["old"] == lastTime.map(FieldValue.time) && entry["new"] == .time(entry.time)
      if isTrue {
        result.remark(.clockStep, entry: number)
      } else {
        result.add(.clockStepMismatch, entry: number)
      }
    } else if let lastTime, entry.time < lastTime {
      result.add(.timeWentBack, entry: number)
    }
    if let lastClock, lastClock.boot == entry.boot,
      entry.monotonicMicroseconds < lastClock.microseconds
    {
      result.remark(.monotonicWentBack, entry: number)
    }
    lastTime = entry.time
    lastClock = (entry.boot, entry.monotonicMicroseconds)
  }

  private mutating func judgePair(
    _ entry: LogEntry, number: Int, _ result: inout LogVerification
  ) {
    guard let pair = entry.pair else { return }
    let begin: EventType? =
      switch EventType(rawValue: entry.type.text) {
      case .deidFile, .deidRunEnd: .deidRunBegin
      case .examRunEnd: .examRunBegin
      case .generateAnswer, .generateRunEnd: .generateRunBegin
      default: nil
      }
    guard let begin, begins[pair] == begin.identifier else {
      result.add(.wrongPair, entry: number)
      return
    }
    let isEnd = entry.type.text.hasSuffix(".end")
    if isEnd, !ended.insert(pair).inserted { result.remark(.endedTwice, entry: number) }
  }
}
