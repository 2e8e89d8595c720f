public import MedaiCore

/// Why a file of items or results was refused, with the place and without its text.
public struct ExamFileError: Error, Equatable, Sendable {
  /// What is wrong.
  public enum Reason: Sendable, Equatable {
    /// The file could not be read.
    case file(FileError)
    /// There is no record.
    case empty
    /// The bytes are not UTF-8.
    case notUTF8
    /// The bytes are not JSON; `offset` counts bytes within the line, or within an array file.
    case json(JSONError.Reason, offset: Int)
    /// The record is not a JSON object.
    case notAnObject
    /// A field is not there.
    case missing(field: String)
    /// A field is not of the kind the format asks for.
    case wrongKind(field: String)
    /// A field holds only white space.
    case blank(field: String)
    /// An earlier record has the same id.
    case duplicateID(firstRecord: Int)
    /// The answer is a letter or a number, and there are no options to choose from.
    case optionsMissing
    /// Fewer than two options or more than ten.
    case optionCount(Int)
    /// An option holds only white space; counted from 1.
    case blankOption(Int)
    /// Two options have the same text; counted from 1.
    case duplicateOptions(Int, Int)
    /// The answer is neither a letter A to J nor a number.
    case unknownAnswer
    /// The answer names an option that the item does not have.
    case answerOutOfRange(options: Int)
    /// A quoted CSV field is not closed, or text follows its closing quote.
    case csvQuote
    /// A CSV row has another number of fields than the header.
    case csvFields(expected: Int, found: Int)
    /// The CSV header lacks a column, repeats one, or skips an option letter.
    case csvHeader(column: String)
  }

  /// What is wrong.
  public let reason: Reason
  /// The record from 1; 0 where the file as a whole is meant.
  public let record: Int
  /// The line from 1 on which the record starts; 0 where the format has no lines (a JSON array).
  public let line: Int

  /// A fault at a place.
  public init(_ reason: Reason, record: Int = 0, line: Int = 0) {
    self.reason = reason
    self.record = record
    self.line = line
  }
}
