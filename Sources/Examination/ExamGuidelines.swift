internal import MedaiCore
public import SystemPackage

/// The folder of exam rules, `Guidelines/exams`.
public struct ExamGuidelines: Sendable {
  /// Why a rule could not be had.
  public enum Failure: Error, Equatable, Sendable {
    /// No folder `Guidelines/exams` was found.
    case folderMissing
    /// A name is not made of `a`–`z`, `0`–`9` and `-`, so it names no rule.
    case badName
    /// There is no such rule; the names there are, in byte order.
    case unknownRule(known: [String])
  }

  /// The folder.
  public let folder: FilePath

  /// Rules of a folder.
  public init(folder: FilePath) { self.folder = folder }

  /// The rules that travel with the program.
  ///
  /// - Throws: `Failure.folderMissing`.
  public init() throws(Failure) {
    guard let guidelines = sharedFolder("Guidelines") else { throw .folderMissing }
    let folder = guidelines.appending("exams")
    guard fileExists(folder) else { throw .folderMissing }
    self.init(folder: folder)
  }

  /// The pass rule of a name.
  ///
  /// - Parameter name: `kmle`, for example.
  /// - Returns: The rule.
  /// - Throws: `Failure`, `FileError`, or `YAMLError` with the line.
  public func rule(_ name: String) throws -> ExamRule {
    // The name becomes part of a path.
    let isName = name.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
    }
    guard isName, !name.isEmpty else { throw Failure.badName }
    let path = folder.appending(name + ".yaml")
    guard name != Self.extraction, fileExists(path) else {
      throw Failure.unknownRule(known: try ruleNames())
    }
    return try ExamRule(try readFile(path))
  }

  /// The names of all rules, in byte order.
  public func ruleNames() throws -> [String] {
    try folderEntries(folder).compactMap { entry in
      let path = FilePath(entry)
      guard path.extension == "yaml", let stem = path.stem, stem != Self.extraction else {
        return nil
      }
      return stem
    }
  }

  /// The steps that find an answer in generated text.
  ///
  /// - Parameter name: What a preset asks for.
  /// - Returns: The cascade.
  /// - Throws: `FileError`, or `YAMLError` with the line.
  public func cascade(_ name: String) throws -> AnswerCascade {
    try AnswerCascade(name, from: try readFile(folder.appending(Self.extraction + ".yaml")))
  }

  private static let extraction = "answer-extraction"
}
