internal import MedaiCore
internal import SystemPackage

/// Collects the faults of one folder.
struct FolderLinter {
  let folder: FilePath
  let checks: [any Check]
  private var faults: [LintFault] = []

  init(folder: FilePath, checks: [any Check]) {
    self.folder = folder
    self.checks = checks
  }

  mutating func run() -> [LintFault] {
    faults
  }
}
