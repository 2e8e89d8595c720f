internal import Auditing
internal import Cryptography
internal import MedaiCore
internal import Presentation
internal import Settings
internal import SystemPackage

/// The audit log as a job sees it: entries go in, their numbers come out.
///
/// With `--no-audit` it says so once and keeps nothing. A log that cannot be opened or written
/// throws, which stops the job: nothing is released without its entry.
final class Recorder {
  private var log: AuditLog?

  private init(_ log: consuming AuditLog?) { self.log = log }

  /// Opens the log that the settings name.
  ///
  /// - Parameters:
  ///   - context: Settings `audit-log`, `signing-key`, `signing-passphrase-file`.
  ///   - withoutAudit: `--no-audit`.
  /// - Returns: The recorder; without an audit log it keeps nothing.
  /// - Throws: `Failure` 78 where no signing key is named; errors of the key and of the log.
  static func open(_ context: JobContext, withoutAudit: Bool) throws -> Recorder {
    if withoutAudit {
      context.say(
        Bilingual(
          ko: "감사 기록 없이 실행합니다 (--no-audit). 이 실행은 나중에 증명할 수 없습니다.",
          en: "running without an audit log (--no-audit); this run cannot be proved later."))
      return Recorder(nil)
    }
    guard let keyPath = context.path(.signingKey) else {
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
    let key = try loadSigningKey(keyPath, passphraseFile: context.path(.signingPassphraseFile))
    let origin = try originOfKey(keyPath, key) ?? defaultOriginIdentifier()
    let folder = context.path(.auditLog) ?? "AuditLogs"
    return Recorder(
      try AuditLog.open(
        folder: folder, key: key, origin: origin, actor: LogActor(role: identifier("operator")),
        tool: try logTool(), clock: .system(), catalog: try eventCatalog()))
  }

  /// Appends an entry durably.
  ///
  /// - Returns: Its number; 0 without a log.
  @discardableResult
  func append(_ event: Event) throws -> Int {
    guard var open = log.take() else { return 0 }
    // Put back whatever happens: a failed append leaves the log as it was.
    let result = Result { () throws(AuditLogError) in try open.append(event) }
    log = .some(open)
    return try result.get().entry
  }

  /// Keeps the signed head of this moment for good, so that a report can name it later.
  ///
  /// - Returns: The signed note; empty without a log.
  @discardableResult
  func keepCheckpoint() throws -> [UInt8] {
    guard var open = log.take() else { return [] }
    let result = Result { () throws(AuditLogError) in try open.keepCheckpoint() }
    let note = open.note
    log = .some(open)
    _ = try result.get()
    return note
  }

  /// Writes the checkpoint's copy and lets go of the log.
  func close() throws {
    guard let log = log.take() else { return }
    try log.close()
  }
}

/// This program as entries name it.
func logTool() throws -> LogTool {
  guard let path = executablePath() else {
    throw FileError(.open, "/proc/self/exe", .noSuchFileOrDirectory)
  }
  return LogTool(version: identifier(toolVersion), sha256: try sha256(of: path))
}

/// The program's own event types and those that `Guidelines/events` adds.
func eventCatalog() throws -> EventCatalog {
  guard let folder = sharedFolder("Guidelines")?.appending("events"), fileExists(folder) else {
    return .builtIn
  }
  return try EventCatalog.load(folder)
}

/// A name of the program's own as an identifier.
func identifier(_ text: String) -> Identifier { Identifier(replacingOthersIn: text) }

func defaultOriginIdentifier() -> Identifier { identifier(defaultOrigin) }

/// The origin that was chosen when a key was made: the name in the verifier line beside it.
///
/// - Throws: `Failure` 78 where the line is of another key: what it signs could not be verified.
func originOfKey(_ path: FilePath, _ key: SigningKey) throws -> Identifier? {
  let line = FilePath(path.string + ".vkey")
  guard fileExists(line) else { return nil }
  let verifier = try reading(line) { try VerifierKey(line: try readFile($0, maxBytes: 4096)) }
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

/// Loads a signing key; the passphrase comes from a file, of which only the first line counts.
func loadSigningKey(_ path: FilePath, passphraseFile: FilePath?) throws -> SigningKey {
  guard let passphraseFile else { return try SigningKey.load(path) }
  var passphrase = try readPassphrase(passphraseFile)
  defer { cleanse(&passphrase) }
  return try SigningKey.load(path, passphrase: passphrase)
}

/// The first line of a passphrase file, which nobody else may read.
func readPassphrase(_ path: FilePath) throws -> [UInt8] {
  var bytes = try readSecretFile(path, maxBytes: 4096)
  defer { cleanse(&bytes) }
  return Array(bytes.prefix { $0 != 0x0A && $0 != 0x0D })
}
