internal import Auditing
internal import Cryptography
internal import MedaiCore
internal import Presentation
public import SystemPackage

/// What `key rotate` is asked.
public struct RotateRequest: Sendable {
  let new: FilePath
  let newCommand: String?
  let newPassphrase: PassphraseOptions
  let name: String?
  let reason: String
  let trustedThrough: Int?

  /// A request from the command's options.
  ///
  /// - Parameters:
  ///   - new: The new key's file, made where it is missing; with `newCommand`, its verifier line.
  ///   - newCommand: The program that keeps the new key.
  ///   - newPassphrase: Of the new key's file.
  ///   - name: The log's origin, to be sure.
  ///   - reason: `scheduled`, `compromise`, `staff` or `algorithm`.
  ///   - trustedThrough: Size up to which the old key is still believed.
  public init(
    new: FilePath, newCommand: String?, newPassphrase: PassphraseOptions, name: String?,
    reason: String, trustedThrough: Int?
  ) {
    self.new = new
    self.newCommand = newCommand
    self.newPassphrase = newPassphrase
    self.name = name
    self.reason = reason
    self.trustedThrough = trustedThrough
  }
}

/// Lets another key sign the log from here on: the new key is durable first, then the entry, whose
/// checkpoint both keys sign.
///
/// Stopped between the two, the log goes on under the old key, and the same command uses the new
/// key that it finds. Stopped after both, the same command says that it is done.
///
/// - Returns: The new key's verifier line.
public func rotateKey(_ request: RotateRequest, context: JobContext) throws -> JobResult {
  guard let reason = RotationReason(rawValue: request.reason) else {
    let words = RotationReason.allCases.map(\.rawValue).joined(separator: ", ")
    throw Failure(
      .usage,
      Bilingual(ko: "--reason 은 \(words) 중 하나입니다.", en: "--reason is one of \(words)."))
  }
  try requireLog(context)
  let old = try openSigner(context)
  if let name = request.name, !sameBytes(name, old.verifier.name) { throw otherName }
  let found = try existingSigner(request, old: old, context)
  if let found, try isRotated(from: old.verifier, to: found.verifier, context) {
    context.say(
      Bilingual(
        ko: "이 로그의 서명은 이미 이 키로 넘어왔습니다.", en: "the log is signed by this key already."))
    return JobResult("\(found.verifier.line)\n")
  }
  if let found, try wasReplaced(found.verifier, context) {
    throw Failure(
      .usage,
      Bilingual(
        ko: "이 로그에서 이미 물러난 키입니다. 물러난 키는 다시 쓰지 않습니다.",
        en: "this log has replaced that key before; a replaced key does not come back."),
      hint: Bilingual(
        ko: "--new 로 없는 파일을 지정하면 새 키를 만듭니다.",
        en: "name a file that is not there by --new, and a key is made."))
  }
  var log = try openAuditLog(context, signer: old)
  let size = log.checkpoint.size
  if let through = request.trustedThrough, !(0...size).contains(through) {
    throw Failure(
      .usage,
      Bilingual(
        ko: "--trusted-through 는 0부터 \(size)까지입니다.",
        en: "--trusted-through is from 0 to \(size)."))
  }
  let next = try found ?? makeSigner(request, origin: old.verifier.name, context)
  let entry = try log.rotate(to: next, reason: reason, trustedThrough: request.trustedThrough)
  let checkpoint = log.checkpoint
  try log.close()
  say(request, reason, entry: entry.entry, size: checkpoint.size, context)
  return JobResult("\(next.verifier.line)\n")
}

/// The next signer, where it is there already: a program, a key made beforehand, or one that an
/// interrupted rotation left.
private func existingSigner(
  _ request: RotateRequest, old: LogSigner, _ context: JobContext
) throws -> LogSigner? {
  let next: LogSigner
  if let command = request.newCommand {
    next = try startSigner(command, publicKey: request.new)
  } else if fileExists(request.new) {
    let key = try SigningKey.load(
      request.new, passphrase: try nextSigningPassphrase(request.newPassphrase, context))
    let origin = try originOfKey(request.new, key)
    next = try LogSigner(key, origin: origin ?? identifier(old.verifier.name))
    if origin == nil { try writeVerifierKey(next.verifier, of: request.new) }
  } else {
    return nil
  }
  if !sameBytes(next.verifier.name, old.verifier.name) { throw otherName }
  if next.verifier.publicKey == old.verifier.publicKey {
    throw Failure(
      .usage,
      Bilingual(ko: "새 키가 지금 키와 같습니다.", en: "the new key is the present one."))
  }
  return next
}

private func makeSigner(
  _ request: RotateRequest, origin: String, _ context: JobContext
) throws -> LogSigner {
  try refuseExisting(verifierFile(of: request.new))
  let passphrase = try nextSigningPassphrase(request.newPassphrase, context)
  if passphrase == nil, !request.newPassphrase.isNone { throw passphraseNeeded("new-") }
  _ = try writeNewKey(to: request.new, origin: origin, passphrase: passphrase)
  // From the file: what cannot be read back must not sign.
  return try loadSigner(request.new, passphrase: passphrase)
}

/// Whether the log went over from one key to another and is signed by that now.
private func isRotated(
  from old: VerifierKey, to next: VerifierKey, _ context: JobContext
) throws -> Bool {
  var reader = try LogReader.open(folder: auditFolder(context), catalog: try eventCatalog())
  guard (try? SignedNote(reader.note).signers(among: [next])) != nil else { return false }
  for size in try reader.signedSizes() where size > 0 {
    let entry = try reader.entry(size - 1)
    if entry.type == EventType.keyRotate.identifier,
      entry.digest("old_key")?.bytes == old.publicKey.bytes,
      entry.digest("new_key")?.bytes == next.publicKey.bytes
    {
      return true
    }
  }
  return false
}

/// Whether an earlier rotation replaced a key: one that was reported stolen must not sign again,
/// and of no other could be told which of its two times a signature comes from.
private func wasReplaced(_ key: VerifierKey, _ context: JobContext) throws -> Bool {
  var reader = try LogReader.open(folder: auditFolder(context), catalog: try eventCatalog())
  for size in try reader.signedSizes() where size > 0 {
    let entry = try reader.entry(size - 1)
    if entry.type == EventType.keyRotate.identifier,
      entry.digest("old_key")?.bytes == key.publicKey.bytes
    {
      return true
    }
  }
  return false
}

private func requireLog(_ context: JobContext) throws {
  guard !fileExists(auditFolder(context).appending("log.db")) else { return }
  throw Failure(
    .missing,
    Bilingual(
      ko: "키를 바꿀 로그가 없습니다. 첫 키는 처음 기록할 때 정해집니다.",
      en: "there is no log whose key could be rotated; the first entry sets the first key."))
}

private let otherName = Failure(
  .usage,
  Bilingual(
    ko: "키를 바꾸어도 로그의 이름은 그대로여야 합니다 (--name, 새 키의 .vkey).",
    en: "a rotation keeps the log's name (--name, and the new key's .vkey)."))

/// Says what has to happen now outside this program.
private func say(
  _ request: RotateRequest, _ reason: RotationReason, entry: Int, size: Int, _ context: JobContext
) {
  let line =
    request.newCommand == nil ? verifierFile(of: request.new).string : request.new.string
  context.say(
    Bilingual(
      ko: "\(entry)번 항목부터 새 키가 서명합니다. 크기 \(size) 의 체크포인트에는 두 키의 서명이 있습니다.",
      en: "the new key signs from entry \(entry) on; the checkpoint of size \(size) bears both "
        + "signatures."))
  guard reason == .compromise else {
    context.say(
      Bilingual(
        ko: "검토자에게 \(line) 와 지금의 체크포인트(medai audit checkpoint)를 건네십시오. 옛 .vkey 를 가진 "
          + "사람은 그것으로도 계속 검증할 수 있습니다. 이제부터 설정에서 새 키를 지정하십시오.",
        en: "hand reviewers \(line) and the checkpoint of this moment (medai audit checkpoint); "
          + "the old .vkey goes on verifying this log. Name the new key in your settings from now on."
      ))
    context.say(
      Bilingual(
        ko: "옛 키 파일은 그대로 두었습니다. 이 로그에는 더 쓰이지 않으니 규정에 따라 보관하거나 없애십시오.",
        en: "the old key's file was left alone; this log has no more use for it, so keep or "
          + "destroy it as your rules say."))
    return
  }
  context.say(
    Bilingual(
      ko: "유출된 키를 가진 사람은 이 교체 전의 역사를 다시 쓸 수 있고, 유출된 키는 새 키를 보증하지 못합니다. "
        + "검토자에게 \(line) 를 직접 건네고, 옛 .vkey 를 더 믿지 말라고 알리고, 밖에 보관한 체크포인트와 "
        + "비교하십시오 (medai audit verify --against). 이제부터 설정에서 새 키를 지정하십시오.",
      en: "whoever has the leaked key can sign another history up to here, and it cannot vouch for "
        + "the new one: hand reviewers \(line) yourself, tell them to trust the old .vkey no more, "
        + "and compare with checkpoints kept outside (medai audit verify --against). Name the new "
        + "key in your settings from now on."))
}
