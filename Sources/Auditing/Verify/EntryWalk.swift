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
  }

  private(set) var rotations: [Rotation] = []
  /// Evidence that entries speak of: entry, and digest of the file.
  private(set) var evidence: [(entry: Int, digest: Digest)] = []
  /// Size without the entries at the end that only record evidence about what is before them.
  private(set) var substance = 0
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

  /// Looks at one entry after all before it.
  mutating func visit(_ entry: LogEntry, number: Int, _ result: inout LogVerification) {
    if isClosed { result.add(.entryAfterClose, entry: number) }
    judgeTime(entry, number: number, &result)
    judgePair(entry, number: number, &result)
    let type = EventType(rawValue: entry.type.text)
    if type != .checkpointAnchor { substance = number + 1 }
    if (type == .logOpen) != (number == 0) { result.add(.misplacedOpening, entry: number) }
    switch type {
    case .logOpen:
      if number == 0 { firstKey = entry.digest("public_key") }
    case .logClose: isClosed = true
    case .redact: result.remark(.redaction, entry: number)
    case .checkpointAnchor:
      // What was printed is on paper.
      if let digest = entry.digest("evidence"), entry.text("kind") != AnchorKind.printed.rawValue {
        evidence.append((number, digest))
      }
    case .keyRotate:
      guard let old = entry.digest("old_key"), let new = entry.digest("new_key") else { break }
      if old != rotations.last?.new ?? firstKey { result.add(.keyMismatch, entry: number) }
      rotations.append(Rotation(entry: number, old: old, new: new))
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
