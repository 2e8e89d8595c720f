internal import Auditing
internal import Cryptography
internal import MedaiCore
internal import Presentation
internal import Settings
internal import SystemPackage

/// The signed head of a log, held for outside evidence.
struct HeldNote {
  /// Count of entries.
  let size: Int
  /// The exact signed note.
  let bytes: [UInt8]
}

/// The evidence of the log that the settings name.
func anchorFolder(_ context: JobContext) -> AnchorFolder {
  AnchorFolder(log: auditFolder(context))
}

/// Keeps the log's signed head for good, in the log and as `anchors/N.note`.
///
/// - Throws: errors of key and log; `Failure` 3 where another note of this size was held before.
func holdNote(_ context: JobContext) throws -> HeldNote {
  // An absent log would be made by opening it; a head of nothing is nothing to hold.
  guard fileExists(auditFolder(context).appending("log.db")) else { throw AuditLogError.noLog }
  let place = anchorFolder(context).path
  if fileExists(place) { _ = try folderEntries(place) }
  let recorder = try Recorder.open(context, withoutAudit: false)
  let bytes = try recorder.keepCheckpoint()
  try recorder.close()
  let checkpoint = try Checkpoint(text: try SignedNote(bytes).text)
  let folder = anchorFolder(context)
  try createFolder(folder.path, mode: 0o700)
  let path = folder.note(checkpoint.size)
  if fileExists(path) {
    // Evidence may speak of those bytes already.
    guard try readFile(path, maxBytes: 1 << 16) == bytes else {
      throw Failure(
        .integrity,
        Bilingual(
          ko: "\(path.string) 이(가) 로그의 체크포인트와 다릅니다.",
          en: "\(path.string) is not the log's checkpoint of that size."),
        hint: Bilingual(
          ko: "medai audit verify 로 확인하고, 이 폴더를 그대로 보존하십시오.",
          en: "run medai audit verify, and keep the folder as it is."))
    }
  } else {
    try writeDurably(bytes, to: path)
  }
  return HeldNote(size: checkpoint.size, bytes: bytes)
}

/// A note that was held before.
func heldNote(_ size: Int, _ context: JobContext) throws -> HeldNote {
  let path = anchorFolder(context).note(size)
  return HeldNote(size: size, bytes: try readFile(path, maxBytes: 1 << 16))
}

/// Sizes whose note was held, smallest first.
func heldSizes(_ context: JobContext) throws -> [Int] {
  let folder = anchorFolder(context).path
  guard fileExists(folder) else { return [] }
  return try folderEntries(folder).compactMap { name in
    guard name.hasSuffix(".note") else { return nil }
    return Int(name.dropLast(5))
  }.sorted()
}

/// Evidence that was checked, to be kept.
struct NewAnchor {
  let note: HeldNote
  let kind: AnchorKind
  let path: FilePath
  let bytes: [UInt8]
  let by: Identifier?
  let at: Timestamp?
}

/// Keeps evidence beside the log and says so in it. The file comes first: an entry never speaks of
/// evidence that is not there.
///
/// - Returns: The entry's number; `nil` where the evidence was recorded before.
func record(_ anchor: NewAnchor, _ context: JobContext) throws -> Int? {
  if fileExists(anchor.path) {
    guard try readFile(anchor.path, maxBytes: 1 << 20) == anchor.bytes else {
      throw Failure(
        .cannotCreate,
        Bilingual(
          ko: "\(anchor.path.string) 이(가) 이미 있고 내용이 다릅니다. 증거는 덮어쓰지 않습니다.",
          en: "\(anchor.path.string) exists and differs; evidence is never overwritten."))
    }
    if try isRecorded(anchor, context) { return nil }
  } else {
    try writeDurably(anchor.bytes, to: anchor.path)
  }
  let checkpoint = try Checkpoint(text: try SignedNote(anchor.note.bytes).text)
  let recorder = try Recorder.open(context, withoutAudit: false)
  let entry = try recorder.append(
    .checkpointAnchor(
      size: checkpoint.size, root: checkpoint.root, kind: anchor.kind,
      evidence: sha256(anchor.bytes), by: anchor.by, at: anchor.at))
  try recorder.close()
  return entry
}

/// Whether an entry after the checkpoint speaks of the evidence.
private func isRecorded(_ anchor: NewAnchor, _ context: JobContext) throws -> Bool {
  var reader = try LogReader.open(folder: auditFolder(context), catalog: try eventCatalog())
  let digest = sha256(anchor.bytes)
  for number in anchor.note.size..<max(anchor.note.size, reader.checkpoint.size) {
    if try reader.entry(number).digest("evidence") == digest { return true }
  }
  return false
}

/// Says what became of evidence, for a script on standard output and for a person beside it.
func recorded(_ anchor: NewAnchor, entry: Int?, holder: String, _ context: JobContext) -> JobResult
{
  let place = entry.map { "#\($0)" }
  context.say(
    Bilingual(
      ko: "크기 \(anchor.note.size)의 체크포인트: \(holder)"
        + (place.map { ", 항목 \($0)에 기록" } ?? ", 이미 기록되어 있음"),
      en: "checkpoint of size \(anchor.note.size): \(holder), "
        + (place.map { "recorded as entry \($0)" } ?? "recorded before")))
  let line: JSONValue = .object([
    "size": .integer(anchor.note.size), "kind": .string(anchor.kind.rawValue),
    "file": .string(anchor.path.string), "sha256": .string(sha256(anchor.bytes).hex),
    "by": .string(holder), "at": anchor.at.map { .string($0.text) } ?? .null,
    "entry": entry.map(JSONValue.integer) ?? .null,
  ])
  return JobResult(output: line.encoded(.compact) + [0x0A])
}

/// Certificates of a PEM file; none without one.
func certificates(_ path: FilePath?) throws -> [Certificate] {
  guard let path else { return [] }
  return try reading(path) { try Certificate.read(pem: try readFile($0, maxBytes: 1 << 20)) }
}

/// Stops where a chain does not lead to a trusted certificate.
func require(_ chain: ChainVerdict) throws {
  switch chain {
  case .trusted: return
  case .unknownIssuer: throw AnchorFault.unknownIssuer
  case .notValidThen: throw AnchorFault.notValidThen
  case .weak: throw AnchorFault.weakAlgorithm
  case .broken: throw AnchorFault.brokenChain
  }
}
