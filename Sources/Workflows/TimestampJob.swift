internal import Auditing
internal import Cryptography
internal import MedaiCore
internal import Presentation
internal import Settings
public import SystemPackage

/// Writes a time-stamp request about the log's signed head, to be carried to an authority.
///
/// A request about the same head is written again as it was, so that an answer to the first copy
/// still fits.
public func requestTimestamp(output: FilePath, context: JobContext) throws -> JobResult {
  try refuse(outputs: [output], equalTo: [], context)
  let note = try holdNote(context)
  let kept = anchorFolder(context).request(note.size)
  let request: TimestampRequest
  if fileExists(kept) {
    request = try reading(kept) { try TimestampRequest(der: try readFile($0, maxBytes: 4096)) }
  } else {
    request = try TimestampRequest(imprint: sha256(note.bytes))
    try writeDurably(request.der, to: kept)
  }
  guard request.imprint == sha256(note.bytes) else { throw AnchorFault.otherContent }
  try writeDurably(request.der, to: output)
  context.say(
    Bilingual(
      ko: "크기 \(note.size)의 체크포인트에 대한 요청: \(output.string). 응답을 받으면 medai audit timestamp "
        + "--response FILE.tsr --tsa-ca CA.pem 으로 기록하십시오.",
      en: "request about the checkpoint of size \(note.size): \(output.string). Record the answer "
        + "with: medai audit timestamp --response FILE.tsr --tsa-ca CA.pem"))
  let line: JSONValue = .object([
    "size": .integer(note.size), "imprint": .string(request.imprint.hex),
    "nonce": .string(hexString(request.nonce)),
  ])
  return JobResult(output: line.encoded(.compact) + [0x0A])
}

/// Checks a time-stamping authority's answer in full and keeps it.
///
/// - Throws: `AnchorFault` where it does not hold or nobody trusted gave it; nothing is kept then.
public func recordTimestamp(
  reply path: FilePath, authorities: FilePath, context: JobContext
) throws -> JobResult {
  let trusted = try certificates(authorities)
  let bytes = try readFile(path, maxBytes: 1 << 20)
  let folder = anchorFolder(context)
  let reply = try reading(path) { _ in try TimestampReply(der: bytes, others: trusted) }
  guard let note = try asked(reply, folder, context) else {
    throw Failure(
      .integrity,
      Bilingual(
        ko: "이 응답은 이 로그가 낸 어떤 요청에 대한 것도 아닙니다 (해시나 난수가 다름).",
        en: "this answers no request of this log: digest or nonce differ."),
      hint: Bilingual(
        ko: "요청은 medai audit timestamp --request FILE.tsq 로 만듭니다.",
        en: "requests are made by: medai audit timestamp --request FILE.tsq"))
  }
  try require(reply.chain(trusting: trusted))
  if let last = try lastEntryTime(note, context), isStampEarly(reply.time, lastEntry: last) {
    context.say(
      Bilingual(
        ko: "주의: 시점확인 시각 \(reply.time.text) 이(가) 마지막 항목이 주장하는 시각 \(last.text) 보다 "
          + "\(stampToleranceSeconds)초 넘게 이릅니다. 시계를 확인하십시오.",
        en:
          "note: the stamp's time \(reply.time.text) is more than \(stampToleranceSeconds) s before "
          + "the last entry's claimed time \(last.text); check the clock."))
  }
  context.say(
    Bilingual(
      ko: "시점확인 정책 \(reply.policy), 시각 \(reply.time.text)",
      en: "time-stamp policy \(reply.policy), time \(reply.time.text)"))
  let anchor = NewAnchor(
    note: note, kind: .rfc3161, path: folder.reply(note.size), bytes: bytes,
    by: Identifier("sha256:" + reply.signer.digest.hex), at: reply.time)
  let entry = try record(anchor, context)
  return recorded(anchor, entry: entry, holder: reply.signer.subject, context)
}

/// The note whose request this answers.
private func asked(
  _ reply: borrowing TimestampReply, _ folder: AnchorFolder, _ context: JobContext
) throws -> HeldNote? {
  for size in try heldSizes(context).reversed() where fileExists(folder.request(size)) {
    let request = try reading(folder.request(size)) {
      try TimestampRequest(der: try readFile($0, maxBytes: 4096))
    }
    let note = try heldNote(size, context)
    if request.nonce == reply.nonce, request.imprint == reply.imprint,
      sha256(note.bytes) == reply.imprint
    {
      return note
    }
  }
  return nil
}

private func lastEntryTime(_ note: HeldNote, _ context: JobContext) throws -> Timestamp? {
  var reader = try LogReader.open(folder: auditFolder(context), catalog: try eventCatalog())
  guard note.size > 0, note.size <= reader.checkpoint.size else { return nil }
  return try reader.entry(note.size - 1).time
}
