internal import Auditing
internal import Cryptography
internal import MedaiCore
internal import Presentation
internal import Settings
internal import SystemPackage

/// Who signs the log, as the settings say: `signing-key` with its passphrase, or `signer-command`
/// with `signer-public-key`.
///
/// - Returns: The signer, named by the log's origin.
/// - Throws: `Failure` 78 where none is named, or both in one place; errors of key and program.
func openSigner(_ context: JobContext) throws -> LogSigner {
  guard let choice = context.settings.stronger(.signingKey, .signerCommand) else {
    throw Failure(
      .configuration,
      Bilingual(
        ko: "서명 키가 지정되지 않아 감사 기록을 쓸 수 없습니다.",
        en: "no signing key is set, so the audit log cannot be written."),
      hint: Bilingual(
        ko: "medai key new signing --output keys/signing.pem 으로 만든 뒤 --signing-key 로 지정하거나, "
          + "--no-audit 으로 기록 없이 실행하십시오.",
        en: "make one with: medai key new signing --output keys/signing.pem, then give "
          + "--signing-key FILE (or MEDAI_SIGNING_KEY); --no-audit goes without."))
  }
  if choice.areEqual { throw bothGiven("signing-key", "signer-command", choice.setting) }
  guard choice.setting.key == .signerCommand else {
    return try loadSigner(
      FilePath(choice.setting.value), passphrase: try signingPassphrase(context))
  }
  guard let line = context.path(.signerPublicKey) else {
    throw Failure(
      .configuration,
      Bilingual(
        ko: "서명 프로그램(--signer-command)의 공개 키가 지정되지 않았습니다.",
        en: "the signer program (--signer-command) needs its public key."),
      hint: Bilingual(
        ko: "검증 키 줄이 있는 파일을 --signer-public-key FILE.vkey 로 지정하십시오.",
        en: "name the file with its verifier line by --signer-public-key FILE.vkey."))
  }
  return try startSigner(choice.setting.value, publicKey: line)
}

/// Starts a program that keeps a signing key.
func startSigner(_ command: String, publicKey: FilePath) throws -> LogSigner {
  LogSigner(
    try ExternalSigner(command: command, verifier: try readVerifierKey(publicKey)))
}

/// A signing key under the name that its verifier line gives it, else the default one.
func loadSigner(_ path: FilePath, passphrase: SecureBytes?) throws -> LogSigner {
  let key = try SigningKey.load(path, passphrase: passphrase)
  return try LogSigner(key, origin: try originOfKey(path, key) ?? defaultOriginIdentifier())
}

/// One verifier line in a file.
func readVerifierKey(_ path: FilePath) throws -> VerifierKey {
  try reading(path) { try VerifierKey(line: try readFile($0, maxBytes: 4096)) }
}

/// The file that holds a key's verifier line.
func verifierFile(of key: FilePath) -> FilePath { FilePath(key.string + ".vkey") }

/// The origin that was chosen when a key was made: the name in the verifier line beside it.
///
/// - Throws: `Failure` 78 where the line is of another key: what it signs could not be verified.
func originOfKey(_ path: FilePath, _ key: SigningKey) throws -> Identifier? {
  let line = verifierFile(of: path)
  guard fileExists(line) else { return nil }
  let verifier = try readVerifierKey(line)
  guard verifier.publicKey == key.publicKey else {
    throw Failure(
      .configuration,
      Bilingual(
        ko: "\(line.string) 은(는) \(path.string) 의 검증 키가 아닙니다.",
        en: "\(line.string) is not the verifier line of \(path.string)."),
      hint: Bilingual(
        ko: "두 파일을 함께 옮겼는지 확인하십시오. 잘못된 .vkey 파일은 치우면 됩니다.",
        en: "check that the two files were moved together; a wrong .vkey file can be moved away."))
  }
  return Identifier(verifier.name)
}

/// Two settings of which one can hold, given with the same strength.
func bothGiven(_ first: String, _ second: String, _ setting: ResolvedSetting) -> Failure {
  Failure(
    setting.origin == .flag ? .usage : .configuration,
    Bilingual(
      ko: "\(first) 와 \(second) 는 함께 쓸 수 없습니다.",
      en: "\(first) and \(second) exclude each other."))
}
