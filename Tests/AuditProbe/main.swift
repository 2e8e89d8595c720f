import Auditing
import CFaultFileSystem
import Cryptography
import Glibc
import MedaiCore
import Storage
import SystemPackage

// Appends to a log and tells each entry that was acknowledged, so that a test can kill it, starve
// it or lie to it and then look for exactly these entries.

/// Writes a line at once: what a killed process kept in a buffer would be lost.
func tell(_ line: String) {
  _ = try? FileDescriptor.standardOutput.writeAll(Array((line + "\n").utf8))
}

let options = ProbeOptions(CommandLine.arguments)

if options.fault != MEDAI_FAULT_NONE || options.isHurried {
  guard medai_fault_install() == SQLITE_OK_VALUE else { exit(70) }
}
if options.isHurried { medai_fault_hurry() }
if let limit = options.fileLimit {
  // Beyond the limit a write gives EFBIG instead of ending the process.
  signal(SIGXFSZ, SIG_IGN)
  var limits = rlimit(rlim_cur: rlim_t(limit), rlim_max: rlim_t(limit))
  guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits) == 0 else { exit(70) }
}

// Root may write anywhere: where a test is about permissions, somebody else runs this.
if let user = options.user, geteuid() == 0, setuid(user) != 0 { exit(70) }

/// Holds the database's write lock for a while, as another writer would.
func hold(milliseconds: Int) throws {
  let database = try Database.open(FilePath(options.folder).appending("log.db"), .write)
  try database.beginImmediate()
  tell("held")
  usleep(UInt32(milliseconds) * 1000)
  database.rollBack()
}

/// Appends singly and in batches by turns.
func append() throws {
  medai_fault_choose(options.fault, options.failingCall, options.isSticky ? 1 : 0)
  var log = try AuditLog.open(
    folder: FilePath(options.folder), key: SigningKey(seed: [UInt8](repeating: 7, count: 32)),
    origin: options.origin, actor: LogActor(role: options.role),
    tool: LogTool(version: options.role, sha256: sha256([])), clock: .system())
  tell("open \(log.checkpoint.size)")
  var done = 0
  var isBatch = false
  while done < options.count {
    let events = (0..<(isBatch ? options.batch : 1)).map { number in
      Event.redact(entries: [done + number], reason: .error, basis: options.role)
    }
    do {
      let entries = try log.append(events)
      // One write for all: they were acknowledged together.
      tell(entries.map { "ack \($0.entry) \($0.leafDigest.hex)" }.joined(separator: "\n"))
    } catch {
      tell("error \(error)")
      guard options.goesOn else { break }
    }
    done += events.count
    isBatch.toggle()
  }
  if options.closes { try log.close() }
}

do {
  if let time = options.holdMilliseconds { try hold(milliseconds: time) } else { try append() }
} catch {
  tell("error \(error)")
}
tell("calls \(medai_fault_calls()) \(medai_fault_happened())")
