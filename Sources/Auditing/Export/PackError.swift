public import MedaiCore

/// Why no pack was written, or why one cannot be read at all.
public enum PackError: Error, Equatable, Sendable {
  /// Something stands where the pack is to appear.
  case exists
  /// The folder holds no `checkpoint`: it is no pack.
  case noPack
  /// No signed checkpoint of this size was kept; these were, smallest first.
  case unsignedSize(Int, signed: [Int])
  /// A proof was asked for of an entry that is not below the size.
  case noSuchEntry(Int, size: Int)
  /// The entries do not give the root that was signed, or a stored hash proves nothing. Nothing was
  /// written.
  case brokenTree
  /// An entry about keys cannot be read.
  case brokenEntry(Int)
  /// A file under `anchors/` holds a private key; its place in the listing. Nothing was written.
  case holdsKey(index: Int)
  /// A file under `anchors/` is no regular file, too large, or of a name that no anchor has; its
  /// place in the listing. Nothing was written.
  case unknownAnchor(index: Int)
  /// The log reported an error.
  case log(AuditLogError)
  /// A file reported an error.
  case file(FileError)
}

/// Runs a body and gives its log errors the pack's type.
func logging<Result: ~Copyable>(
  _ body: () throws(AuditLogError) -> Result
) throws(PackError) -> Result {
  do throws(AuditLogError) { return try body() } catch { throw .log(error) }
}

/// Runs a body and gives its file errors the pack's type.
func filing<Result: ~Copyable>(
  _ body: () throws(FileError) -> Result
) throws(PackError) -> Result {
  do throws(FileError) { return try body() } catch { throw .file(error) }
}
