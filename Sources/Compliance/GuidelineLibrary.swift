public import MedaiCore
public import Settings
public import SystemPackage

/// The catalogues, wording rules and vocabularies of a `Guidelines` folder.
public struct GuidelineLibrary: Sendable {
  /// The folder.
  public let folder: FilePath
  /// Ids of the guidelines in byte order.
  public let ids: [String]

  /// Opens a folder; a subfolder with a `catalog.yaml` is a guideline.
  public init(folder: FilePath) throws(GuidelineError) {
    self.folder = folder
    var ids: [String] = []
    for name in try reading(folder, folderEntries) {
      if fileExists(folder.appending(name).appending("catalog.yaml")) { ids.append(name) }
    }
    self.ids = ids
  }

  /// Reads one guideline.
  ///
  /// - Throws: `unknownGuideline` where there is none of this id, else where the file is at fault.
  public func catalog(_ id: String) throws(GuidelineError) -> Catalog {
    guard ids.contains(where: { sameBytes($0, id) }) else { throw .unknownGuideline }
    let path = folder.appending(id).appending("catalog.yaml")
    let bytes = try reading(path) { path throws(FileError) in try readFile(path) }
    do throws(YAMLError) { return try Catalog(yaml: bytes, id: id) } catch {
      throw .malformed(path, error)
    }
  }

  /// Every guideline in order of ids.
  public func list() throws(GuidelineError) -> [Catalog] {
    var catalogs: [Catalog] = []
    for id in ids { catalogs.append(try catalog(id)) }
    return catalogs
  }

  /// The wording rules.
  public func wording() throws(GuidelineError) -> WordingRules {
    let path = folder.appending("wording").appending("rules.yaml")
    let bytes = try reading(path) { path throws(FileError) in try readFile(path) }
    do throws(YAMLError) { return try WordingRules(yaml: bytes) } catch {
      throw .malformed(path, error)
    }
  }
}

/// Why a guideline cannot be had.
public enum GuidelineError: Error, Sendable {
  case file(FileError)
  case malformed(FilePath, YAMLError)
  case unknownGuideline
}

private func reading<Result>(
  _ path: FilePath, _ body: (FilePath) throws(FileError) -> Result
) throws(GuidelineError) -> Result {
  do throws(FileError) { return try body(path) } catch { throw .file(error) }
}
