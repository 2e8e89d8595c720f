internal import Auditing
internal import Cryptography
internal import MedaiCore
internal import Presentation
internal import Settings
public import SystemPackage

/// Writes the log's head and the proof from the size that the witness knows, to be carried to it.
///
/// - Parameters:
///   - output: The file (the body of C2SP tlog-witness `add-checkpoint`).
///   - witness: The witness's verifier line; then the last size it cosigned is looked up.
///   - old: The size that the witness says it knows.
///   - context: Log and key.
/// - Returns: Old and new size as JSON.
/// - Throws: errors of key and log; `Failure` 3 where the witness knows more than the log has.
public func exportForWitness(
  output: FilePath, witness: FilePath?, old: Int?, context: JobContext
) throws -> JobResult {
  try refuse(outputs: [output], equalTo: [witness], context)
  let key = try witness.map(witnessKey)
  let note = try holdNote(context)
  let known = try old ?? key.map { try lastCosigned(by: $0, context) } ?? 0
  guard known >= 0, known <= note.size else {
    throw Failure(
      .integrity,
      Bilingual(
        ko: "증인이 아는 크기 \(known) 이(가) 이 로그의 크기 \(note.size) 보다 큽니다. 로그가 되돌려졌습니다.",
        en: "the witness knows size \(known), but this log has \(note.size) entries: it was rolled "
          + "back."))
  }
  var reader = try LogReader.open(folder: auditFolder(context), catalog: try eventCatalog())
  let proof =
    known == 0 || known == note.size
    ? [] : try reader.consistencyProof(from: known, to: note.size)
  let request = WitnessRequest(oldSize: known, proof: proof, note: try SignedNote(note.bytes))
  try writeDurably(request.bytes, to: output)
  context.say(
    Bilingual(
      ko: "크기 \(known) 에서 \(note.size) 까지: \(output.string). 증인 PC 에서 medai audit witness cosign "
        + "을 실행하십시오.",
      en: "from size \(known) to \(note.size): \(output.string). On the witness's PC run: medai "
        + "audit witness cosign"))
  let line: JSONValue = .object(["old": .integer(known), "size": .integer(note.size)])
  return JobResult(output: line.encoded(.compact) + [0x0A])
}

/// What a witness cosigns with.
public struct CosignRequest: Sendable {
  /// What the log handed over.
  let request: FilePath
  /// The witness's memory.
  let state: FilePath
  /// The witness's private key (PEM).
  let key: FilePath
  /// File that holds the key's passphrase.
  let passphraseFile: FilePath?
  /// The witness's name; the one in the verifier line beside the key where left out.
  let name: String?
  /// Verifier lines of the logs it watches.
  let logs: [FilePath]
  /// Where the cosignature goes.
  let output: FilePath

  /// A wish for a cosignature.
  public init(
    request: FilePath, state: FilePath, key: FilePath, passphraseFile: FilePath?, name: String?,
    logs: [FilePath], output: FilePath
  ) {
    self.request = request
    self.state = state
    self.key = key
    self.passphraseFile = passphraseFile
    self.name = name
    self.logs = logs
    self.output = output
  }
}

/// Signs a log's head as a witness, on a PC that the log's keeper does not control.
///
/// - Throws: `WitnessRefusal` with status 3 where the log contradicts what it showed before.
public func cosignAsWitness(_ wish: CosignRequest, context: JobContext) throws -> JobResult {
  try refuse(
    outputs: [wish.output], equalTo: [wish.request, wish.key] + wish.logs, inside: [wish.state],
    context)
  let passphrase = try wish.passphraseFile.map { try readPassphrase(.file($0)) }
  let key = try SigningKey.load(wish.key, passphrase: passphrase)
  let name = try wish.name ?? originOfKey(wish.key, key)?.text
  guard let name else {
    throw Failure(
      .usage,
      Bilingual(
        ko: "증인의 이름이 필요합니다 (--name).", en: "the witness needs a name (--name)."))
  }
  let witness = try VerifierKey(name: name, publicKey: key.publicKey, type: .cosignature)
  let logs = try wish.logs.flatMap { try trustedKeys($0) }
  let bytes = try readFile(wish.request, maxBytes: 1 << 17)
  let request = try reading(wish.request) { _ in try WitnessRequest(bytes) }
  let state = try WitnessState(wish.state)
  // The clock is the witness's own: a cosignature says when.
  let seconds = UInt64(max(0, context.now().microseconds / 1_000_000))
  let cosignature = try state.cosign(
    request, logs: logs, key: key, witness: witness, seconds: seconds)
  try writeDurably(cosignature.file, to: wish.output)
  context.say(
    Bilingual(
      ko: "증인 서명: \(wish.output.string). 검증 키: \(witness.line)",
      en: "cosignature: \(wish.output.string); verifier key: \(witness.line)"))
  return JobResult("\(witness.line)\n")
}

/// Checks a witness's cosignature at the log and keeps it.
public func recordCosignature(
  _ path: FilePath, witness: FilePath, context: JobContext
) throws -> JobResult {
  let key = try witnessKey(witness)
  let bytes = try readFile(path, maxBytes: 1 << 16)
  let cosignature = try reading(path) { _ in try Cosignature(file: bytes) }
  for size in try heldSizes(context).reversed() {
    let note = try heldNote(size, context)
    let text = try SignedNote(note.bytes).text
    // It may be of an earlier size: only one of the notes can fit.
    guard let found = try? cosignature.witness(among: [key], of: text) else { continue }
    let anchor = NewAnchor(
      note: note, kind: .witness, path: anchorFolder(context).cosignature(size, of: found),
      bytes: cosignature.file, by: Identifier(replacingOthersIn: found.name), at: cosignature.time)
    let entry = try record(anchor, context)
    return recorded(anchor, entry: entry, holder: found.name, context)
  }
  guard sameBytes(cosignature.name, key.name), cosignature.keyID == key.keyID else {
    throw AnchorFault.unknownWitness
  }
  throw AnchorFault.otherContent
}

/// A witness's verifier line.
private func witnessKey(_ path: FilePath) throws -> VerifierKey {
  try reading(path) { try VerifierKey(line: try readFile($0, maxBytes: 4096), type: .cosignature) }
}

/// The greatest size that a witness's cosignature is kept for; 0 for none.
private func lastCosigned(by key: VerifierKey, _ context: JobContext) throws -> Int {
  let folder = anchorFolder(context)
  return try heldSizes(context).last { fileExists(folder.cosignature($0, of: key)) } ?? 0
}
