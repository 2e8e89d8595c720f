/// Why a database could not be used. Names no stored content.
public enum StorageError: Error, Equatable, Sendable {
  /// Another process holds the database longer than the busy timeout.
  case locked
  /// The disk or a quota is full; nothing of the transaction is kept.
  case full
  /// The file is no database, or its pages contradict each other.
  case corrupt
  /// The file or its folder may not be written.
  case readOnly
  /// The file, or one beside it that belongs to it, is a pipe, a device or a folder.
  case notAFile
  /// The file cannot be opened.
  case cannotOpen
  /// The operating system reported an I/O error; `extended` is SQLite's extended code.
  case inputOutput(extended: Int32)
  /// A constraint or trigger of the schema refused a row.
  case refused
  /// The folder lies on a network file system, where write-ahead logging loses data.
  case networkFileSystem(kind: UInt)
  /// A setting that durability needs did not take hold.
  case settingRefused(Setting)
  /// A value in the file is not of the kind its column must have.
  case wrongKind(column: Int)
  /// Any other code of SQLite.
  case other(code: Int32)

  /// A setting that is checked after it was made.
  public enum Setting: String, Sendable {
    case writeAheadLog, synchronous, defensive, secureDelete
  }

  /// The error for a result code of SQLite.
  init(code: Int32) {
    // A read past the end of a file that should go on: the file was cut.
    if code == 522 {
      self = .corrupt
      return
    }
    switch code & 0xFF {
    case 5, 6: self = .locked
    case 13: self = .full
    case 11, 26: self = .corrupt
    case 8: self = .readOnly
    case 14: self = .cannotOpen
    case 10: self = .inputOutput(extended: code)
    case 19: self = .refused
    default: self = .other(code: code)
    }
  }
}
