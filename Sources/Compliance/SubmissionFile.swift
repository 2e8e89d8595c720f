public import Cryptography
public import MedaiCore
public import Settings
public import SystemPackage

/// A submission (`medai.submission.yaml`): what a maker says about a product.
public struct SubmissionFile: Sendable {
  /// The file's value after its shape was checked.
  public let root: YAMLNode
  /// SHA-256 of its canonical JSON form.
  public let sha256: Digest
  /// The files it names, in file order.
  public let references: [SubmissionReference]

  /// Reads a submission and the digests of the files it names.
  ///
  /// - Throws: `SubmissionError` with the line; a named file that does not exist is no error but a
  ///   finding.
  public init(_ path: FilePath) throws(SubmissionError) {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try readFile(path, maxBytes: 8 << 20) } catch {
      throw .file(error)
    }
    try self.init(yaml: bytes, folder: path.removingLastComponent())
  }

  /// Reads a submission from its bytes.
  ///
  /// - Parameters:
  ///   - bytes: The YAML file.
  ///   - folder: Where the files it names lie; nothing outside is read.
  /// - Throws: `SubmissionError` with the line.
  public init(yaml bytes: [UInt8], folder: FilePath) throws(SubmissionError) {
    do throws(YAMLError) {
      root = try parseYAML(bytes)
      try root.checked(against: Self.shape)
    } catch { throw .yaml(error) }
    sha256 = Cryptography.sha256(root.json.encoded(.canonical))
    var references: [SubmissionReference] = []
    try Self.collect(root, at: "", folder: folder, into: &references)
    self.references = references
  }

  /// The text at a path of keys.
  package func text(_ path: String...) -> String? { root[path]?.text }

  /// The reference at a place such as `security.sbom`.
  package func reference(_ place: String) -> SubmissionReference? {
    references.first { sameBytes($0.place, place) }
  }

  private static func collect(
    _ node: YAMLNode, at place: String, folder: FilePath,
    into references: inout [SubmissionReference]
  ) throws(SubmissionError) {
    if let path = node["path"]?.text {
      references.append(
        try SubmissionReference(
          place: place, line: node.place.line, path: path, folder: folder,
          declared: node["sha256"]?.text.flatMap { Digest(hex: $0) }))
      return
    }
    for member in node.members ?? [] {
      let inner = place.isEmpty ? member.key : "\(place).\(member.key)"
      try collect(member.value, at: inner, folder: folder, into: &references)
    }
    for (index, element) in (node.elements ?? []).enumerated() {
      try collect(element, at: "\(place)[\(index)]", folder: folder, into: &references)
    }
  }
}

/// A file that a submission names.
public struct SubmissionReference: Sendable {
  /// Where it is named, for example `performance.claims[0].exam_result`.
  public let place: String
  /// The line, from 1.
  public let line: Int
  /// The file's path below the submission's folder.
  public let path: String
  /// The digest that the submission declares.
  public let declared: Digest?
  /// The digest of the file; `nil` where there is no such file.
  public let actual: Digest?

  /// Reads a file's digest after making sure that it lies inside the folder, without links.
  init(
    place: String, line: Int, path text: String, folder: FilePath, declared: Digest?
  ) throws(SubmissionError) {
    self.place = place
    self.line = line
    self.declared = declared
    self.path = text
    let path = FilePath(text)
    guard path.isRelative, !path.components.isEmpty,
      path.components.allSatisfy({ $0.kind == .regular })
    else { throw .outsideFolder(line: line) }
    var current = folder.isEmpty ? FilePath(".") : folder
    for component in path.components {
      current.append(component)
      let status: FileStatus
      do throws(FileError) { status = try fileStatus(current) } catch {
        if error.isMissing {
          actual = nil
          return
        }
        throw .file(error)
      }
      if status.kind == .link { throw .outsideFolder(line: line) }
    }
    do throws(FileError) { actual = try Cryptography.sha256(of: current) } catch {
      throw .file(error)
    }
  }
}

/// Why a submission was refused.
public enum SubmissionError: Error, Equatable, Sendable {
  case file(FileError)
  case yaml(YAMLError)
  /// A named file lies outside the submission's folder, or a symbolic link is on its way.
  case outsideFolder(line: Int)
}
