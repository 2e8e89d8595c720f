internal import Auditing
internal import Cryptography
internal import Deidentification
internal import MedaiCore
internal import Presentation
public import SystemPackage

/// Makes the key that signs the log, and beside it the line that verifies it.
///
/// - Throws: `Failure` where neither a passphrase nor the wish to go without is given, or where the
///   file exists already; key errors.
public func makeSigningKey(
  output: FilePath, origin: String, passphraseFile: FilePath?, withoutPassphrase: Bool,
  context: JobContext
) throws -> JobResult {
  if passphraseFile == nil, !withoutPassphrase {
    throw Failure(
      .usage,
      Bilingual(
        ko: "암호문 파일이 필요합니다.",
        en: "a passphrase is needed."),
      hint: Bilingual(
        ko: "--passphrase-file FILE 을 주거나, 시험용이면 --no-passphrase 를 주십시오.",
        en: "give --passphrase-file FILE, or --no-passphrase for a trial key."))
  }
  guard Identifier(origin) != nil, isValidKeyName(origin) else {
    throw Failure(
      .usage,
      Bilingual(
        ko: "로그 이름(--name)에는 영문자, 숫자와 . _ : / - 만 쓸 수 있습니다.",
        en: "the log's name (--name) takes letters, digits and . _ : / - only."))
  }
  try refuseExisting(output)
  // A verifier line may be all that is left of a key that signed a log.
  try refuseExisting(FilePath(output.string + ".vkey"))
  try createFolder(output.removingLastComponent(), mode: 0o700)
  let key = try SigningKey.generate()
  let line = try VerifierKey(name: origin, publicKey: key.publicKey).line
  var passphrase = try passphraseFile.map(readPassphrase)
  defer { if passphrase != nil { passphrase = nil } }
  try key.write(to: output, passphrase: passphrase)
  try writeDurably(Array("\(line)\n".utf8), to: FilePath(output.string + ".vkey"))
  context.say(
    Bilingual(
      ko: "서명 키: \(output.string) (본인만 읽을 수 있음), 검증 키: \(output.string).vkey",
      en:
        "signing key: \(output.string) (readable by you only); verifier key: \(output.string).vkey")
  )
  return JobResult("\(line)\n")
}

/// Makes the key that pseudonyms, tokens and date shifts are computed with.
public func makePseudonymKey(output: FilePath, context: JobContext) throws -> JobResult {
  try refuseExisting(output)
  try createFolder(output.removingLastComponent(), mode: 0o700)
  let key = try PseudonymKey.create(at: output)
  context.say(
    Bilingual(
      ko: "가명 키: \(output.string) (본인만 읽을 수 있음). 이 키가 있으면 가명을 되풀이할 수 있으니 데이터와 떨어진 곳에 두십시오.",
      en: "pseudonym key: \(output.string) (readable by you only). Whoever has it can repeat the "
        + "pseudonyms: keep it apart from the data."))
  return JobResult("\(key.id)\n")
}

/// Prints the verifier line of a signing key.
public func printVerifierKey(
  of path: FilePath, origin: String, passphraseFile: FilePath?, context: JobContext
) throws -> JobResult {
  let key = try loadSigningKey(path, passphraseFile: passphraseFile)
  let name = try originOfKey(path, key)?.text ?? origin
  return JobResult("\(try VerifierKey(name: name, publicKey: key.publicKey).line)\n")
}

/// Refuses to overwrite a key: what it signed or replaced could no longer be followed.
func refuseExisting(_ path: FilePath) throws {
  guard fileExists(path) else { return }
  throw Failure(
    .cannotCreate,
    Bilingual(
      ko: "\(path.string) 파일이 이미 있습니다. 키는 덮어쓰지 않습니다.",
      en: "\(path.string) exists already; keys are never overwritten."),
    hint: Bilingual(
      ko: "다른 이름을 주거나 옛 키를 먼저 옮기십시오.",
      en: "choose another name, or move the old key away first."))
}
