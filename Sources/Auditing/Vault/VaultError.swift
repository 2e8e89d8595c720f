public import Cryptography
public import MedaiCore
public import Storage

/// Why a vault cannot be used. Names no content.
public enum VaultError: Error, Equatable, Sendable {
  /// There is no such file.
  case noVault
  /// The file is another program's database, or of another layout.
  case notAVault
  /// The database's tables are not the ones a vault has.
  case schemaChanged
  /// The file may be read or written by others; `mode` is what it has, 0600 is wanted.
  case readableByOthers(mode: UInt32)
  /// The vault belongs to another log.
  case otherLog
  /// The vault holds content of entries that the log does not have: the log was rolled back.
  case logBehind
  /// The vault was made with another vault key.
  case wrongKey
  /// The file is no vault key.
  case malformedKey
  /// Reading content takes the vault key.
  case needsKey
  /// What the vault says of itself does not hold: it was changed from outside.
  case broken
  /// The vault never held this content.
  case notHeld(entry: Int)
  /// The content was erased, as this entry of the log records.
  case erased(entry: Int, by: Int)
  /// The content should be here and is not, without a record of its erasure.
  case missing(entry: Int)
  /// The content does not open: it was changed, cut, or belongs elsewhere.
  case damaged(entry: Int)
  /// The vault was destroyed on purpose; no key opens it.
  case destroyed
  /// A link of a re-identification vault does not open: it was changed or moved.
  case damagedLink
  /// Something of this role is held for the entry already.
  case alreadyHeld(entry: Int)
  /// A file is not what was committed to; it changed while the job ran.
  case contentChanged
  /// Content that was prepared is gone, for its subject was erased meanwhile.
  case preparationLost
  /// Content was erased, but another process keeps the write-ahead log with its old pages in use.
  /// The next opening finishes the work.
  case traceRemains
  /// The database reported an error.
  case storage(StorageError)
  /// A file reported an error.
  case file(FileError)
  /// The key file is not usable.
  case key(KeyError)
  /// There is no memory for a secret.
  case memory(SecureMemoryError)
}

/// Runs a body and gives the errors of what lies below the vault's type.
func guarding<Result: ~Copyable>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as StorageError {
    throw VaultError.storage(error)
  } catch let error as FileError {
    throw VaultError.file(error)
  } catch let error as KeyError {
    throw VaultError.key(error)
  } catch let error as SecureMemoryError {
    throw VaultError.memory(error)
  } catch is RandomnessError {
    throw VaultError.memory(.randomness)
  }
}
