public import MedaiCore

/// Why evidence was refused, and where; never what it said.
public enum EvidenceError: Error, Equatable, Sendable {
  /// The file could not be read.
  case file(FileError)
  /// A line is longer than is accepted.
  case lineTooLong(line: Int)
  /// A line is no JSON.
  case json(line: Int, JSONError)
  /// A line is no object.
  case notAnObject(line: Int)
  /// A required member is missing.
  case missing(line: Int, field: String)
  /// A member has another type than the format says.
  case badType(line: Int, field: String)
  /// An id was used before, on another line.
  case duplicateID(line: Int, first: Int)
  /// An empty line inside the file.
  case emptyLine(line: Int)
}
