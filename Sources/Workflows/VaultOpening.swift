internal import Auditing
internal import MedaiCore
internal import Presentation
internal import Settings
internal import SystemPackage

/// Which entries' content a job is about to open.
struct VaultScope {
  var choice: ReplayChoice = .all
  var entry: Int?
  var sample: Int?
  var seed: UInt64?
}

/// Writes that content of the vault is about to be opened, before any of it is.
///
/// Where a signer is set, a log that cannot be written stops the job. An auditor who only verifies
/// has none; then nothing can be written and that is said.
///
/// - Parameters:
///   - purpose: What for.
///   - size: Size of the log that was verified.
///   - scope: Whose content.
///   - context: Settings `vault`, `vault-key`, `audit-log`, and those that name the signer.
/// - Throws: Errors of the vault's key, of the signer and of the log.
func recordVaultOpening(
  for purpose: VaultPurpose, size: Int, of scope: VaultScope = VaultScope(), _ context: JobContext
) throws {
  guard context.path(.vault) != nil, let path = context.path(.vaultKey) else { return }
  guard context.settings.stronger(.signingKey, .signerCommand) != nil else {
    context.say(
      Bilingual(
        ko: "서명 키가 지정되지 않아, 보관소를 여는 이 작업은 감사 기록에 남지 않습니다.",
        en: "no signing key is set: this opening of the vault leaves no entry in the log."))
    return
  }
  let key = try VaultKey.load(path)
  let recorder = try Recorder.open(context, withoutAudit: false)
  try recorder.append(
    .vaultOpen(
      keyID: identifier(key.id), purpose: purpose, size: size, choice: scope.choice,
      entry: scope.entry, sample: scope.sample, seed: scope.seed.map { DecimalText($0) }))
  try recorder.close()
}
