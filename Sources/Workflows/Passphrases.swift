internal import Cryptography
internal import MedaiCore
internal import Presentation
internal import Settings
public import SystemPackage

/// How a command is told a key's passphrase.
public struct PassphraseOptions: Sendable {
  let file: FilePath?
  let descriptor: Int32?
  let isNone: Bool

  /// Options of one key.
  ///
  /// - Parameters:
  ///   - file: A file that only its owner may read; its first line counts.
  ///   - descriptor: A descriptor that the caller opened.
  ///   - isNone: The key has no passphrase, whatever systemd or the environment offer.
  public init(file: FilePath? = nil, descriptor: Int32? = nil, isNone: Bool = false) {
    self.file = file
    self.descriptor = descriptor
    self.isNone = isNone
  }
}

/// Names of the credential and the variable that hold the signing key's passphrase.
private let signing = (
  credential: "medai-signing-passphrase", variable: "MEDAI_SIGNING_PASSPHRASE"
)

/// The same for the key that a rotation goes to.
private let nextSigning = (
  credential: "medai-new-signing-passphrase", variable: "MEDAI_NEW_SIGNING_PASSPHRASE"
)

/// The passphrase of the key that signs the log, as the settings, systemd or the environment give
/// it.
func signingPassphrase(_ context: JobContext) throws -> SecureBytes? {
  guard
    let choice = context.settings.stronger(.signingPassphraseFile, .signingPassphraseDescriptor)
  else { return try signingPassphrase(PassphraseOptions(), context) }
  if choice.areEqual {
    throw bothGiven("signing-passphrase-file", "signing-passphrase-fd", choice.setting)
  }
  if choice.setting.key == .signingPassphraseFile {
    return try readPassphrase(.file(FilePath(choice.setting.value)))
  }
  guard let number = Int32(choice.setting.value), number >= 3 else {
    throw Failure(
      choice.setting.origin == .flag ? .usage : .configuration,
      Bilingual(
        ko: "signing-passphrase-fd 는 3 이상의 정수입니다.",
        en: "signing-passphrase-fd is a whole number from 3."))
  }
  return try readPassphrase(.descriptor(number))
}

/// The passphrase of a signing key that a command names.
///
/// - Returns: `nil` where nobody gives one.
func signingPassphrase(
  _ options: PassphraseOptions, _ context: JobContext
) throws -> SecureBytes? {
  try passphrase(options, credential: signing.credential, variable: signing.variable, context)
}

/// The passphrase of the key that a rotation goes to.
func nextSigningPassphrase(
  _ options: PassphraseOptions, _ context: JobContext
) throws -> SecureBytes? {
  try passphrase(
    options, credential: nextSigning.credential, variable: nextSigning.variable, context)
}

private func passphrase(
  _ options: PassphraseOptions, credential: String, variable: String, _ context: JobContext
) throws -> SecureBytes? {
  if options.isNone { return nil }
  if let path = options.file { return try readPassphrase(.file(path)) }
  if let number = options.descriptor { return try readPassphrase(.descriptor(number)) }
  if let path = systemdCredential(credential) { return try readPassphrase(.credential(path)) }
  guard environmentVariable(variable) != nil else { return nil }
  context.say(
    Bilingual(
      ko: "경고: 암호문을 환경 변수 \(variable) 에서 읽습니다. 같은 계정의 다른 프로그램이 볼 수 있으니 "
        + "파일이나 systemd 자격 증명을 쓰십시오.",
      en: "warning: the passphrase comes from the environment variable \(variable), which other "
        + "programs of this account can see; a file or a systemd credential is safer."))
  return try readPassphrase(.environment(variable))
}
