internal import MedaiCore
internal import Presentation
internal import Settings
internal import SystemPackage

/// Settings that name a file which no output may replace.
private let keptSettings: [SettingKey] = [
  .signingKey, .signingPassphraseFile, .pseudonymKey, .model, .vault, .vaultKey,
]

/// Refuses outputs that would replace an input, a key, the model, the audit log, or one another.
///
/// - Parameters:
///   - outputs: Files that a job will write; `nil` for one that was not asked for.
///   - inputs: Files that it reads.
///   - context: Names keys, model and log.
/// - Throws: `Failure` 64, before anything is read or written.
func refuse(outputs: [FilePath?], equalTo inputs: [FilePath?], _ context: JobContext) throws {
  let log = auditFolder(context)
  let kept =
    inputs.compactMap(\.self)
    + keptSettings.compactMap { context.path($0) }
    + [log.appending("log.db"), log.appending("checkpoint")]
  let identities = kept.compactMap { try? fileStatus($0).identity }
  var earlier: [FilePath] = []
  for output in outputs.compactMap(\.self) {
    if let own = try? fileStatus(output), identities.contains(own.identity) {
      throw Failure(
        .usage,
        Bilingual(
          ko: "출력 \(output.string) 은(는) 이 명령이 읽는 파일입니다.",
          en: "the output \(output.string) is a file that this command reads."))
    }
    if earlier.contains(output.lexicallyNormalized()) {
      throw Failure(
        .usage,
        Bilingual(
          ko: "두 출력이 같은 파일 \(output.string) 을(를) 가리킵니다.",
          en: "two outputs name the same file, \(output.string)."))
    }
    earlier.append(output.lexicallyNormalized())
  }
}
