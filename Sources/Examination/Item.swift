public import MedaiCore

/// A label that passes from an item to its result unchanged: a number or a text.
public enum ItemLabel: Sendable, Equatable {
  case integer(Int)
  case text(String)

  /// The label as it was written.
  public var json: JSONValue {
    switch self {
    case .integer(let value): .integer(value)
    case .text(let text): .string(text)
    }
  }
}

/// What an item asks for.
public enum ItemAnswer: Sendable, Equatable {
  /// One of the options, counted from 0.
  case option(Int)
  /// A text that is compared after trimming; such an item has no options.
  case free(String)

  /// The letter, or the text of a free answer.
  public var text: String {
    switch self {
    case .option(let index): optionLetter(index)
    case .free(let text): text
    }
  }
}

/// One question of an exam, checked by the reader.
public struct Item: Sendable, Equatable {
  /// Unique in its exam, not empty.
  public let id: String
  /// A passage that the question refers to.
  public let paragraph: String?
  /// The question as it was written.
  public let question: String
  /// Two to ten different texts, in the file's order; none for a free answer.
  public let options: [String]
  /// The right answer.
  public let answer: ItemAnswer
  /// The subject that a per-subject rule counts under.
  public let subject: String?
  /// The exam's name.
  public let exam: String?
  /// The exam's year.
  public let year: ItemLabel?
  /// Items of one group share a passage or a case and are not independent.
  public let group: ItemLabel?

  /// An item whose parts the caller vouches for.
  public init(
    id: String, question: String, options: [String], answer: ItemAnswer, paragraph: String? = nil,
    subject: String? = nil, exam: String? = nil, year: ItemLabel? = nil, group: ItemLabel? = nil
  ) {
    self.id = id
    self.paragraph = paragraph
    self.question = question
    self.options = options
    self.answer = answer
    self.subject = subject
    self.exam = exam
    self.year = year
    self.group = group
  }
}

/// The most options an item may have: letters A to J.
public let maxOptions = 10

/// The letter of an option.
///
/// - Parameter index: The option, 0 to 9.
/// - Returns: `A` to `J`.
public func optionLetter(_ index: Int) -> String {
  precondition((0..<maxOptions).contains(index), "an option is one of A to J")
  return String(UnicodeScalar(UInt8(ascii: "A") + UInt8(index)))
}

/// The option that a text of exactly one letter, A to J, names.
public func optionIndex(_ text: String) -> Int? {
  var bytes = text.utf8.makeIterator()
  guard let letter = bytes.next(), bytes.next() == nil, letter &- UInt8(ascii: "A") < 10 else {
    return nil
  }
  return Int(letter - UInt8(ascii: "A"))
}
