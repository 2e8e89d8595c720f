/// Why a chat template cannot be read or rendered, with its line.
public struct TemplateFault: Error, Equatable, Sendable {
  /// Line of the template, from 1.
  public let line: Int
  /// What is wrong there.
  public let problem: TemplateProblem
}

/// What is wrong with a chat template.
///
/// Names are cut to 64 harmless characters; nothing of a message is in any of them.
public enum TemplateProblem: Error, Equatable, Sendable {
  /// The text is not well-formed UTF-8.
  case notText
  /// What stands there is not what the language has there.
  case malformed(String)
  /// The language has it, this program does not.
  case unsupported(String)
  /// An operation on values that do not allow it.
  case badOperation(String)
  /// The template itself refuses the conversation, in its own words.
  case raised(String)
  /// Too deep, too many steps or too much output.
  case limit
}
