/// Why the word lists cannot be used.
public enum LexiconError: Error, Equatable, Sendable {
  /// The module's resource folder is nowhere.
  case noResources
  /// A list is missing (its place in `WordClass.lists`).
  case missingList(Int)
  /// A line of a list is malformed (its place in `WordClass.lists`, line from 1).
  case malformed(list: Int, line: Int)
  /// The tagger's model file is not one.
  case malformedModel
}
