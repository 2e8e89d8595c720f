internal import MedaiCore
internal import Presentation
internal import Settings
internal import SystemPackage

/// Settings that name a file which no output may replace.
private let keptSettings: [SettingKey] = [
  .signingKey, .signingPassphraseFile, .pseudonymKey, .model, .vault, .vaultKey,
]

/// Refuses outputs that would replace an input, a key, the model, one another, or a file of the audit
/// log, whether it is there yet or not.
///
/// - Parameters:
///   - outputs: Files that a job will write; `nil` for one that was not asked for.
///   - inputs: Files that it reads.
///   - folders: Further folders that outputs may not lie in.
///   - context: Names keys, model and log.
/// - Throws: `Failure` 64, before anything is read or written.
func refuse(
  outputs: [FilePath?], equalTo inputs: [FilePath?], inside folders: [FilePath] = [],
  _ context: JobContext
) throws {
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
    if isPrivateKey(output) {
      throw Failure(
        .usage,
        Bilingual(
          ko: "출력 \(output.string) 은(는) 비밀 키입니다. 키는 덮어쓰지 않습니다.",
          en: "the output \(output.string) is a private key; keys are never overwritten."))
    }
    if belongs(output, to: log) {
      throw Failure(
        .usage,
        Bilingual(
          ko: "출력 \(output.string) 은(는) 감사 기록의 파일입니다.",
          en: "the output \(output.string) is a file of the audit log."))
    }
    for folder in folders where PlaceCheck.lies(output, in: folder) {
      throw Failure(
        .usage,
        Bilingual(
          ko: "출력 \(output.string) 이(가) \(folder.string) 폴더 안에 있습니다. 그 폴더에는 기록만 둡니다.",
          en: "the output \(output.string) lies in the folder \(folder.string), which holds the "
            + "record and nothing else."))
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

/// Whether a path is one that the log or its outside evidence uses.
private func belongs(_ path: FilePath, to log: FilePath) -> Bool {
  if PlaceCheck.lies(path, in: log.appending("anchors")) { return true }
  guard let name = path.lastComponent?.string,
    name == "checkpoint" || name == "anchors" || name.hasPrefix("log.db")
  else { return false }
  let parent = PlaceCheck.absolute(path).removingLastComponent()
  return parent == PlaceCheck.absolute(log)
    || PlaceCheck.identity(parent).map { $0 == PlaceCheck.identity(log) } == true
}

/// Whether a file is a private key of any of our kinds, or anybody's in PEM.
private func isPrivateKey(_ path: FilePath) -> Bool {
  guard isRegularFile(path), var reader = try? ChunkReader(path, chunkBytes: 1 << 16),
    let start = (try? reader.next()) ?? nil
  else { return false }
  if ["medai-vault-key-", "medai-pseudonym-key-"].contains(where: { start.starts(with: $0.utf8) }) {
    return true
  }
  let marks = [Array("-----BEGIN ".utf8), Array("PRIVATE KEY-----".utf8)]
  return start.split(separator: 0x0A).contains { line in
    line.starts(with: marks[0])
      && (line.last == 0x0D ? line.dropLast() : line).suffix(marks[1].count) == marks[1][...]
  }
}
