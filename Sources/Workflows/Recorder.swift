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
  ///   - context: Settings `audit-log`, and those that name the signer (`openSigner`).
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
    return Recorder(try openAuditLog(context))
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

/// Opens the log that the settings name, for appending.
///
/// - Parameters:
///   - context: Setting `audit-log`, and those that name the signer.
///   - role: Who acts.
/// - Returns: The log, whose head holds.
/// - Throws: `Failure` 78 where no signer is named; errors of the signer and of the log.
func openAuditLog(_ context: JobContext, role: String = "operator") throws -> AuditLog {
  try openAuditLog(context, signer: try openSigner(context), role: role)
}

/// Opens the log that the settings name, with a signer.
func openAuditLog(
  _ context: JobContext, signer: LogSigner, role: String = "operator"
) throws -> AuditLog {
  try AuditLog.open(
    folder: auditFolder(context), signer: signer, actor: LogActor(role: identifier(role)),
    tool: try logTool(), clock: .system(), catalog: try eventCatalog())
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
