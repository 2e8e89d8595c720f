internal import Deidentification
internal import Glibc
internal import MedaiCore
internal import SystemPackage

/// One thing to read, found before anything is written.
struct PlannedFile: Sendable {
  /// Number in the run, from 1.
  var ordinal: Int
  /// Where it is read.
  var path: FilePath
  /// Its path below the output folder as it came in, component by component.
  var components: [String]
  /// Size as the folder told it.
  var bytes: Int
  /// Why it is not even opened.
  var withheld: WithheldReason?

  /// The relative path's bytes, which stand for the file in tokens.
  var reference: [UInt8] { Array(components.joined(separator: "/").utf8) }
}

/// The inputs of a run in byte order.
struct DeidentifyPlan: Sendable {
  private(set) var files: [PlannedFile] = []
  /// Bytes of all files that will be opened.
  var totalBytes: Int { files.reduce(0) { $0 + ($1.withheld == nil ? $1.bytes : 0) } }

  /// Walks the inputs.
  ///
  /// - Throws: `DeidentifyError.input` where one that the caller named is not there.
  init(inputs: [FilePath]) throws(DeidentifyError) {
    for (index, input) in inputs.enumerated() {
      let status: FileStatus
      do throws(FileError) { status = try fileStatus(input) } catch {
        throw .input(number: index + 1, isMissing: error.isMissing)
      }
      // A link that the caller names is followed; one that is found in a folder is not.
      if let entries = try? folderEntries(input) {
        walk(input, entries, below: [])
      } else if status.kind == .folder {
        throw .input(number: index + 1, isMissing: false)
      } else if status.kind == .link {
        try addTarget(of: input, number: index + 1)
      } else {
        add(input, [input.lastComponent?.string ?? "input"], status)
      }
    }
  }

  /// Adds what a link leads to, with the size of that: a large one is not read as a whole.
  private mutating func addTarget(of link: FilePath, number: Int) throws(DeidentifyError) {
    var target = stat()
    if unsafe link.withPlatformString({ unsafe stat($0, &target) }) != 0 {
      let code = Errno(rawValue: errno)
      throw .input(number: number, isMissing: code == .noSuchFileOrDirectory)
    }
    append(
      link, [link.lastComponent?.string ?? "input"], bytes: Int(target.st_size),
      withheld: target.st_mode & S_IFMT == S_IFREG ? nil : .notAFile)
  }

  private mutating func walk(_ folder: FilePath, _ entries: [String], below: [String]) {
    for name in entries {
      let path = folder.appending(name)
      let components = below + [name]
      guard let status = try? fileStatus(path) else {
        append(path, components, bytes: 0, withheld: .unreadable)
        continue
      }
      if status.kind == .folder {
        if let inner = try? folderEntries(path) {
          walk(path, inner, below: components)
        } else {
          append(path, components, bytes: 0, withheld: .unreadable)
        }
      } else {
        add(path, components, status)
      }
    }
  }

  private mutating func add(
    _ path: FilePath, _ components: [String], _ status: FileStatus
  ) {
    let withheld: WithheldReason? =
      switch status.kind {
      case .file: nil
      case .link: .link
      case .folder, .other: .notAFile
      }
    append(path, components, bytes: status.bytes, withheld: withheld)
  }

  private mutating func append(
    _ path: FilePath, _ components: [String], bytes: Int, withheld: WithheldReason?
  ) {
    files.append(
      PlannedFile(
        ordinal: files.count + 1, path: path, components: components, bytes: bytes,
        withheld: withheld))
  }
}

/// Keeps inputs, output and evidence apart.
enum PlaceCheck {
  /// Refuses places that lie in one another by their names, before anything is made.
  static func names(_ settings: DeidentifySettings) throws(DeidentifyError) {
    let output = absolute(settings.output)
    let evidence = absolute(settings.evidence)
    for input in settings.inputs.map(absolute) {
      if output.starts(with: input) || input.starts(with: output) { throw .outputIsInput }
      if evidence.starts(with: input) || input.starts(with: evidence) { throw .evidenceInside }
    }
    if evidence.starts(with: output) || output.starts(with: evidence) { throw .evidenceInside }
    for side in [settings.spans, settings.quarantine].compactMap(\.self).map(absolute) {
      if side.starts(with: output) || settings.inputs.contains(where: { absolute($0) == side }) {
        throw .sideFileInside
      }
    }
    try sides(settings)
  }

  /// Refuses side files that are one file, or a file of the evidence.
  static func sides(_ settings: DeidentifySettings) throws(DeidentifyError) {
    let evidence = DeidentifyEvidence.names.map { settings.evidence.appending($0) }
    let sides = [settings.spans, settings.quarantine].compactMap(\.self)
    for (index, side) in sides.enumerated() {
      for other in sides[..<index] + evidence where isSame(side, other) { throw .sideFilesMeet }
    }
  }

  /// Whether two paths are one, by their bytes or by their folders' identities and their names.
  private static func isSame(_ left: FilePath, _ right: FilePath) -> Bool {
    let (left, right) = (absolute(left), absolute(right))
    guard let name = left.lastComponent, name == right.lastComponent else { return false }
    let folders = (left.removingLastComponent(), right.removingLastComponent())
    guard let own = identity(folders.0) else { return folders.0 == folders.1 }
    return own == identity(folders.1)
  }

  /// Refuses places that lie in one another by device and inode, whatever links lead there.
  static func identities(_ settings: DeidentifySettings) throws(DeidentifyError) {
    let (output, evidence) = (chain(settings.output), chain(settings.evidence))
    // A folder that is not there yet has no identity, and nothing can lie in it.
    let (ownOutput, ownEvidence) = (identity(settings.output), identity(settings.evidence))
    for input in settings.inputs {
      let above = chain(input)
      if let own = identity(input) {
        if output.contains(own) { throw .outputIsInput }
        if evidence.contains(own) { throw .evidenceInside }
      }
      if let ownOutput, above.contains(ownOutput) { throw .outputIsInput }
      if let ownEvidence, above.contains(ownEvidence) { throw .evidenceInside }
    }
    if let ownOutput, evidence.contains(ownOutput) { throw .evidenceInside }
    if let ownEvidence, output.contains(ownEvidence) { throw .evidenceInside }
    for side in [settings.spans, settings.quarantine].compactMap(\.self) {
      if let ownOutput, chain(side).contains(ownOutput) { throw .sideFileInside }
    }
  }

  /// Whether a path lies in a folder, by name or by whatever links lead there.
  static func lies(_ path: FilePath, in folder: FilePath) -> Bool {
    absolute(path).starts(with: absolute(folder))
      || identity(folder).map(chain(path).contains) == true
  }

  /// Device and inode of a folder, or of the folder that a link leads to.
  static func identity(_ folder: FilePath) -> [UInt64]? {
    try? fileStatus(FilePath(folder.string + "/.")).identity
  }

  /// Identities of a folder and those above it; for a file, of the folders above it.
  static func chain(_ path: FilePath) -> [[UInt64]] {
    var result: [[UInt64]] = []
    var current = absolute(path)
    while true {
      if let own = identity(current) { result.append(own) }
      if current.components.isEmpty { return result }
      current = current.removingLastComponent()
    }
  }

  /// A path from the root, with its dots resolved by name.
  static func absolute(_ path: FilePath) -> FilePath {
    if path.isAbsolute { return path.lexicallyNormalized() }
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let size = buffer.count
    guard unsafe getcwd(&buffer, size) != nil else { return path.lexicallyNormalized() }
    let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return FilePath(String(decoding: bytes, as: UTF8.self)).pushing(path).lexicallyNormalized()
  }
}
