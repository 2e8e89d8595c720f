internal import Auditing
internal import Cryptography
internal import MedaiCore
internal import Presentation
internal import Settings
public import SystemPackage

/// Writes the exact bytes that an organisation's own signing software is to seal.
public func writeNoteForSeal(output: FilePath, context: JobContext) throws -> JobResult {
  try refuse(outputs: [output], equalTo: [], context)
  let note = try holdNote(context)
  try writeDurably(note.bytes, to: output)
  context.say(
    Bilingual(
      ko: "크기 \(note.size)의 체크포인트: \(output.string). 바이트 그대로(분리 서명, SHA-256 이상) 서명한 뒤 "
        + "medai audit seal --cms-in FILE.p7s --seal-ca CA.pem 으로 기록하십시오.",
      en: "checkpoint of size \(note.size): \(output.string). Sign it byte for byte (detached, "
        + "SHA-256 or better), then: medai audit seal --cms-in FILE.p7s --seal-ca CA.pem"))
  let line: JSONValue = .object([
    "size": .integer(note.size), "sha256": .string(sha256(note.bytes).hex),
  ])
  return JobResult(output: line.encoded(.compact) + [0x0A])
}

/// What a seal is made with.
public struct SealRequest: Sendable {
  /// The organisation's certificate (PEM).
  let certificate: FilePath
  /// Its private key (PEM).
  let key: FilePath
  /// File that holds the key's passphrase.
  let passphraseFile: FilePath?
  /// Certificates that lead to the authority (PEM).
  let chain: FilePath?
  /// Certificates that are trusted (PEM); without them the chain is not judged.
  let authorities: FilePath?

  /// A wish for a seal.
  public init(
    certificate: FilePath, key: FilePath, passphraseFile: FilePath?, chain: FilePath?,
    authorities: FilePath?
  ) {
    self.certificate = certificate
    self.key = key
    self.passphraseFile = passphraseFile
    self.chain = chain
    self.authorities = authorities
  }
}

/// Seals the log's signed head with the organisation's certificate and keeps the seal.
public func sealHead(_ request: SealRequest, context: JobContext) throws -> JobResult {
  guard let certificate = try certificates(request.certificate).first else {
    throw SealError.malformed
  }
  let passphrase = try request.passphraseFile.map { try readPassphrase(.file($0)) }
  let key = try sealingKey(request.key, passphrase: passphrase)
  let chain = try certificates(request.chain)
  let note = try holdNote(context)
  let der = try key.seal(note.bytes, certificate: certificate, chain: chain)
  return try keepSeal(
    der, of: note, authorities: try certificates(request.authorities),
    judged: request.authorities != nil,
    context)
}

private func sealingKey(_ path: FilePath, passphrase: SecureBytes?) throws -> SealingKey {
  do throws(KeyError) {
    return try SealingKey.load(path, passphrase: passphrase)
  } catch {
    guard error == .wrongAlgorithm else { throw error }
    throw SealError.keyAlgorithm
  }
}

/// Checks a seal that the organisation's own software made, and keeps it.
///
/// - Throws: `AnchorFault` or `SealError` where it does not hold or nobody trusted made it; nothing
///   is kept then.
public func recordSeal(
  cms path: FilePath, authorities: FilePath, context: JobContext
) throws -> JobResult {
  let trusted = try certificates(authorities)
  let der = try reading(path) {
    try DetachedSeal.der(of: try readFile($0, maxBytes: 1 << 20))
  }
  // The seal does not say of which size it is: the last note first, and the first fault is told.
  var fault: SealError?
  for size in try heldSizes(context).reversed() {
    let note = try heldNote(size, context)
    do throws(SealError) {
      _ = try DetachedSeal(der: der, of: note.bytes, others: trusted)
    } catch {
      fault = fault ?? error
      continue
    }
    return try keepSeal(der, of: note, authorities: trusted, judged: true, context)
  }
  if let fault { throw AnchorFault(fault) }
  throw Failure(
    .missing,
    Bilingual(
      ko: "봉인할 체크포인트를 내보낸 적이 없습니다.", en: "no checkpoint was given out to be sealed."),
    hint: Bilingual(
      ko: "먼저 medai audit seal --output-note FILE 을 실행하십시오.",
      en: "first run: medai audit seal --output-note FILE"))
}

private func keepSeal(
  _ der: [UInt8], of note: HeldNote, authorities: [Certificate], judged: Bool,
  _ context: JobContext
) throws -> JobResult {
  let seal = try DetachedSeal(der: der, of: note.bytes, others: authorities)
  if judged {
    guard let time = seal.signingTime else { throw AnchorFault.noTime }
    try require(seal.chain(trusting: authorities, at: time))
    context.say(
      Bilingual(
        ko: "인증서 유효성은 서명자가 주장하는 시각 \(time.text) 기준으로 확인했습니다.",
        en: "the certificate was judged at the signer's claimed time, \(time.text)."))
  } else {
    context.say(
      Bilingual(
        ko: "--seal-ca 가 없어 인증서의 발급자는 확인하지 않았습니다.",
        en: "without --seal-ca, who issued the certificate was not checked."))
  }
  if !seal.namesCertificate {
    context.say(
      Bilingual(
        ko: "주의: 서명된 속성에 인증서 식별자(signing-certificate)가 없습니다 (CAdES 아님).",
        en: "note: what is signed does not name the certificate (no CAdES signing-certificate)."))
  }
  let anchor = NewAnchor(
    note: note, kind: .cms, path: anchorFolder(context).seal(note.size), bytes: der,
    by: Identifier("sha256:" + seal.signer.digest.hex), at: seal.signingTime)
  let entry = try record(anchor, context)
  return recorded(anchor, entry: entry, holder: seal.signer.subject, context)
}
