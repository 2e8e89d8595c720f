public import SystemPackage

/// A fault that the strict gate found in a `Guidelines` folder.
public struct LintFault: Sendable, Equatable {
  /// The file, relative to the folder.
  public let file: String
  /// The line, from 1; 0 where the file as a whole is meant.
  public let line: Int
  /// What is wrong, in words of the catalogue and never of a patient.
  public let reason: String

  /// A fault.
  public init(file: String, line: Int, reason: String) {
    self.file = file
    self.line = line
    self.reason = reason
  }
}

/// Judges a `Guidelines` folder: ids, languages, links, parameters, vocabularies, checks, digests.
///
/// - Returns: The faults in order of file and line; none where the folder may be used.
public func lint(_ folder: FilePath, checks: [any Check] = allChecks) -> [LintFault] {
  var linter = FolderLinter(folder: folder, checks: checks)
  return linter.run()
}
