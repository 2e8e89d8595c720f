internal import Auditing
internal import Cryptography
internal import Glibc
internal import MedaiCore
internal import Presentation
internal import Settings
public import SystemPackage

/// Copies the log into a private folder beside it, attacks the copy in every stated way, and says
/// of each attack whether it was found as stated.
///
/// - Parameters:
///   - publicKey: A verifier line that is trusted.
///   - asJSON: Whether a machine reads the result.
///   - context: Settings `audit-log`.
/// - Returns: The list; status 3 where an attack went by that should not have, or where the log
///   does not hold to begin with.
/// - Throws: `Failure`, `AuditLogError` or `FileError`; the copy is removed whatever happens.
public func drillAuditLog(
  publicKey: FilePath?, asJSON: Bool, context: JobContext
) throws -> JobResult {
  let keys = try trustedKeys(publicKey)
  let log = auditFolder(context)
  let database = log.appending("log.db")
  guard fileExists(database) else { throw AuditLogError.noLog }
  let bytes = try fileStatus(database).bytes
  let work = try WorkFolder(beside: log)
  defer { work.remove() }
  try requireSpace(2 * bytes, in: work.path)
  if bytes > 256 << 20 {
    context.say(
      Bilingual(
        ko: "로그가 \(bytes >> 20) MB 입니다. 전체를 복사하고 공격마다 전체를 다시 검증하므로 오래 걸립니다.",
        en: "the log has \(bytes >> 20) MB: all of it is copied, and verified again after each "
          + "attack, which takes a while."))
  }
  let copying = ProgressReporter(job: "drill.copy", context: context)
  var drill = try LogDrill(
    log: log, workFolder: work.path, trustedKeys: keys, catalog: try eventCatalog()
  ) { copying.report($0 >> 20, of: $1 >> 20) }
  copying.finish()
  guard drill.isReady else {
    context.say(
      Bilingual(
        ko: "공격하기 전에 이미 로그가 성립하지 않아 연습하지 않았습니다.",
        en: "the log does not hold before any attack, so nothing was tried."))
    return JobResult(
      asJSON
        ? String(decoding: drill.before.json.encoded(.pretty), as: UTF8.self) + "\n"
        : drill.before.summary(context.language), [drill.before.verdict.status])
  }
  let attacking = ProgressReporter(job: "drill.attack", context: context)
  let report = try drill.run { attacking.report($0, of: $1) }
  attacking.finish()
  let status: ExitStatus = report.count(.missed) == 0 ? .done : .integrity
  if asJSON { return JobResult(output: report.json.encoded(.pretty) + [0x0A], statuses: [status]) }
  return JobResult(report.text(context.language), [status])
}

/// The drill's own folder beside the log, on the log's own file system: mode 0700, and locked as long
/// as its process lives, however that ends. What a killed drill left is removed by the next one.
private struct WorkFolder {
  let path: FilePath
  private let lock: FileDescriptor

  private static let lead = ".medai-drill."

  init(beside log: FilePath) throws {
    let parent = log.lexicallyNormalized().removingLastComponent()
    let folder = parent.isEmpty ? FilePath(".") : parent
    Self.removeAbandoned(in: folder)
    while true {
      var template = Array(folder.appending(Self.lead + "XXXXXX").string.utf8CString)
      guard unsafe mkdtemp(&template) != nil else {
        throw FileError(.create, folder, Errno(rawValue: errno))
      }
      let path = FilePath(
        String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
      let own = try fileStatus(path).identity
      // Another drill that starts now may have taken it for abandoned before it was locked.
      guard let lock = Self.locked(path) else { continue }
      if (try? fileStatus(path))?.identity == own {
        (self.path, self.lock) = (path, lock)
        return
      }
      try? lock.close()
    }
  }

  /// Removes the folder.
  func remove() {
    removeTree(path)
    try? lock.close()
  }

  /// Removes folders of drills whose process is gone, which tells itself by the lock it no longer
  /// holds: a process number may be another's by now.
  private static func removeAbandoned(in folder: FilePath) {
    for name in (try? folderEntries(folder)) ?? [] where name.hasPrefix(lead) {
      let path = folder.appending(name)
      guard let status = try? fileStatus(path), status.kind == .folder, status.owner == geteuid(),
        let lock = locked(path)
      else { continue }
      removeTree(path)
      try? lock.close()
    }
  }

  private static func locked(_ path: FilePath) -> FileDescriptor? {
    guard
      let folder = try? FileDescriptor.open(
        path, .readOnly, options: [.directory, .noFollow, .closeOnExec])
    else { return nil }
    if flock(folder.rawValue, LOCK_EX | LOCK_NB) == 0 { return folder }
    try? folder.close()
    return nil
  }
}

private func requireSpace(_ bytes: Int, in folder: FilePath) throws {
  var status = statvfs()
  let code = unsafe folder.withPlatformString { unsafe statvfs($0, &status) }
  guard code == 0 else { return }
  let free = Int(clamping: UInt64(status.f_bavail)) * Int(clamping: UInt64(status.f_frsize))
  if free < bytes { throw FileError(.write, folder, .noSpace) }
}

/// Removes the drill's own folder, which holds files only.
private func removeTree(_ folder: FilePath) {
  for name in (try? folderEntries(folder)) ?? [] { try? removeFile(folder.appending(name)) }
  _ = unsafe folder.withPlatformString { unsafe rmdir($0) }
}
