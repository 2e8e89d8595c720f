internal import Cryptography
internal import MedaiCore
public import SystemPackage

/// The files of a log.
public struct LogFolder: Sendable {
  /// The folder.
  public let path: FilePath

  /// The files of the log in a folder.
  public init(_ path: FilePath) { self.path = path }

  /// Entries, nodes and the last checkpoint.
  public var database: FilePath { path.appending("log.db") }
  /// A copy of the last checkpoint, for everybody who wants to hold one.
  public var checkpoint: FilePath { path.appending("checkpoint") }

  /// The copy of the last checkpoint, where there is one.
  func checkpointFile() throws(AuditLogError) -> [UInt8]? {
    guard fileExists(checkpoint) else { return nil }
    // No checkpoint, which whoever reads it will say.
    guard isRegularFile(checkpoint) else { return [] }
    do throws(FileError) {
      return try readFile(checkpoint, maxBytes: SignedNote.maxBytes)
    } catch {
      throw .file(error)
    }
  }

  /// Replaces the copy durably.
  func writeCheckpoint(_ note: [UInt8]) throws(AuditLogError) {
    do throws(FileError) { try writeDurably(note, to: checkpoint) } catch { throw .file(error) }
  }
}
