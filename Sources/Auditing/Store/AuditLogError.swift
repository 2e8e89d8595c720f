public import Cryptography
public import MedaiCore
public import Storage

/// Why a log cannot be opened, read or appended to. Nothing was appended.
public enum AuditLogError: Error, Equatable, Sendable {
  /// The folder holds no log.
  case noLog
  /// The folder holds a checkpoint but no database: the entries were removed.
  case databaseMissing
  /// The file is another program's database, or of another layout.
  case notALog
  /// The database's tables or triggers are not the ones a log has.
  case schemaChanged
  /// The log bears another origin than the one asked for.
  case otherOrigin
  /// The last checkpoint is not signed by the key at hand.
  case untrustedHead
  /// The last checkpoint is malformed or its signature does not hold.
  case brokenHead(NoteError)
  /// The stored tree is not the one that was signed.
  case headMismatch
  /// The `checkpoint` file knows entries that the database has not, or another tree: the database
  /// was rolled back or forked.
  case rolledBack
  /// A key that signs the log, or signed it and was replaced, is to sign from here on: of its
  /// signatures could not be told which of its two times they come from, or it was stolen.
  case replacedKey
  /// The log was closed for good.
  case closed
  /// An event is not admitted; its place in the batch.
  case event(EventError, index: Int)
  /// A stored entry cannot be read back.
  case leaf(LeafError, entry: Int)
  /// What was read back is not what was written: memory or disk fails. Nothing was signed.
  case readBackMismatch(entry: Int)
  /// No such entry or no such size.
  case noSuchEntry(Int)
  /// No random bits, or a time that no entry can carry.
  case clock
  /// The database reported an error.
  case storage(StorageError)
  /// A file beside the database reported an error.
  case file(FileError)
  /// A key is not usable.
  case key(KeyError)
  /// The program that keeps the key did not sign.
  case signer(SignerError)
}

/// Runs a body and gives its storage errors the log's type.
func storing<Result: ~Copyable>(
  _ body: () throws(StorageError) -> Result
) throws(AuditLogError) -> Result {
  do throws(StorageError) { return try body() } catch { throw .storage(error) }
}
