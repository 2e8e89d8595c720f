internal import Glibc
public import SystemPackage

/// Finds the data files that travel with the program.
///
/// Looked for, in this order: below `MEDAI_SHARE`; beside the running executable, as the build
/// lays them (`medai_<Target>.resources/Resources`); below `../share/medai/<Target>`, as
/// `make install` does.
///
/// - Parameter target: The module that owns the files.
/// - Returns: The folder, or `nil` where none of the places has it.
public func resourceFolder(of target: String) -> FilePath? {
  candidateFolders(build: "medai_\(target).resources/Resources", installed: target)
    .first(where: fileExists)
}

/// Finds a top-level folder of data (`Guidelines`, `Samples`): below `MEDAI_SHARE`, the working
/// folder, the installation, or the folder the executable was built from.
public func sharedFolder(_ name: String) -> FilePath? {
  var folders = [FilePath(name)]
  folders.append(contentsOf: candidateFolders(build: "../../../\(name)", installed: name))
  if let share = environmentVariable("MEDAI_SHARE") {
    folders.insert(FilePath(share).appending(name), at: 0)
  }
  return folders.first(where: fileExists)
}

private func candidateFolders(build: String, installed: String) -> [FilePath] {
  var folders: [FilePath] = []
  if let share = environmentVariable("MEDAI_SHARE") {
    folders.append(FilePath(share).appending(installed))
  }
  if let executable = executablePath() {
    let folder = executable.removingLastComponent()
    folders.append(folder.pushing(FilePath(build)))
    folders.append(folder.pushing(FilePath("../share/medai/\(installed)")))
  }
  return folders
}

/// The running executable.
public func executablePath() -> FilePath? {
  var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
  let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
  guard count > 0, count < buffer.count else { return nil }
  let bytes = buffer[..<count].map { UInt8(bitPattern: $0) }
  return FilePath(String(decoding: bytes, as: UTF8.self))
}

/// An environment variable; `nil` where it is unset or empty.
public func environmentVariable(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  let text = unsafe String(cString: value)
  return text.isEmpty ? nil : text
}
