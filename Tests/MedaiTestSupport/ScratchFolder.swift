internal import Glibc
internal import MedaiCore
public import SystemPackage

/// Runs a body with a fresh empty folder and removes it afterwards.
public func withScratchFolder<Result>(
  _ body: (FilePath) throws -> Result
) throws -> Result {
  let folder = try makeScratchFolder()
  defer { removeTree(folder) }
  return try body(folder)
}

/// Runs an asynchronous body with a fresh empty folder and removes it afterwards.
public func withScratchFolder<Result>(
  _ body: (FilePath) async throws -> Result
) async throws -> Result {
  let folder = try makeScratchFolder()
  defer { removeTree(folder) }
  return try await body(folder)
}

private func makeScratchFolder() throws -> FilePath {
  let base = environmentVariable("TMPDIR") ?? "/tmp"
  var template = Array("\(base)/medai-test.XXXXXX".utf8CString)
  guard unsafe mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
  return FilePath(
    String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
}

private func removeTree(_ path: FilePath) {
  guard let status = try? fileStatus(path) else { return }
  if status.kind == .folder {
    for name in (try? folderEntries(path)) ?? [] { removeTree(path.appending(name)) }
    _ = unsafe path.withPlatformString { unsafe rmdir($0) }
  } else {
    try? removeFile(path)
  }
}

/// The folder of golden files beside a test file.
///
/// - Parameter file: The test file; leave the default.
/// - Returns: Its path; whether it exists is not checked.
public func goldenFolder(beside file: String = #filePath) -> FilePath {
  FilePath(file).removingLastComponent().appending("Golden")
}

/// The repository's root, from the place of this file.
public func repositoryRoot(_ file: String = #filePath) -> FilePath {
  FilePath(file).removingLastComponent().removingLastComponent().removingLastComponent()
}
