internal import Cryptography
internal import MedaiCore
internal import Presentation
internal import SystemPackage

/// The files below some folders, found by what they hold.
///
/// Their paths stay inside: a file's name may name a patient, so no error and no result speaks of
/// it.
final class ReplayFiles {
  /// A file.
  struct File: Sendable {
    let path: FilePath
    /// Its path below the folder that was named; its own name where the file itself was.
    let components: [String]
    let bytes: Int
  }

  /// The files in byte order, folder by folder.
  let files: [File]
  /// What each file's digest is, as far as it was asked; `nil` inside where it cannot be read.
  private var digests: [Int: Digest?] = [:]

  private static let maxFiles = 1_000_000
  private static let maxDepth = 64

  /// Lists files; links that are found inside a folder are not followed.
  ///
  /// - Parameter roots: Folders, or single files, that the caller named.
  /// - Throws: `Failure` 66 where one is not there, 64 where there are more files than can be
  ///   searched.
  init(_ roots: [FilePath]) throws {
    var files: [File] = []
    func add(_ path: FilePath, _ components: [String], depth: Int) throws {
      if let entries = try? folderEntries(path) {
        guard depth < Self.maxDepth else { return }
        for name in entries {
          let inner = path.appending(name)
          guard let status = try? fileStatus(inner) else { continue }
          switch status.kind {
          case .folder: try add(inner, components + [name], depth: depth + 1)
          case .file:
            files.append(File(path: inner, components: components + [name], bytes: status.bytes))
          case .link, .other: continue
          }
          if files.count > Self.maxFiles { throw Self.tooMany }
        }
      } else if let status = try? fileStatus(path), status.kind == .file {
        files.append(
          File(
            path: path, components: [path.lastComponent?.string ?? "input"], bytes: status.bytes))
      }
    }
    for root in roots {
      guard fileExists(root) else { throw FileError(.open, root, .noSuchFileOrDirectory) }
      try add(root, [], depth: 0)
    }
    self.files = files
  }

  private static var tooMany: Failure {
    Failure(
      .usage,
      Bilingual(
        ko: "--inputs, --models 아래에 파일이 \(maxFiles)개보다 많습니다.",
        en: "there are more than \(maxFiles) files below --inputs or --models."),
      hint: Bilingual(ko: "더 좁은 폴더를 주십시오.", en: "name a narrower folder."))
  }

  /// The digest of a file; `nil` where it cannot be read.
  func digest(of index: Int) -> Digest? {
    if let known = digests[index] { return known }
    let digest = try? sha256(of: files[index].path)
    digests[index] = .some(digest)
    return digest
  }

  /// The first file whose digest a test accepts.
  ///
  /// - Parameters:
  ///   - bytes: Its length where known: no other file is read.
  ///   - isCandidate: Whether a file is worth reading.
  ///   - accepts: Whether the digest is the one.
  /// - Returns: The file; `nil` where there is none.
  func first(
    bytes: Int? = nil, where isCandidate: (File) -> Bool = { _ in true },
    accepts: (Digest) -> Bool
  ) -> File? {
    files.indices.first { index in
      let file = files[index]
      guard bytes == nil || file.bytes == bytes, isCandidate(file), let digest = digest(of: index)
      else { return false }
      return accepts(digest)
    }.map { files[$0] }
  }

  /// The content of the first file of a digest.
  ///
  /// - Throws: The cause where there is none, or it changed since.
  func content(
    sha256 wanted: Digest, maxBytes: Int, otherwise cause: ReplayCause
  ) throws(ReplayCause) -> [UInt8] {
    guard let file = first(where: { $0.bytes <= maxBytes }, accepts: { $0 == wanted }),
      let bytes = try? readFile(file.path, maxBytes: maxBytes), sha256(bytes) == wanted
    else { throw cause }
    return bytes
  }

  /// The places of the files whose name ends so.
  func named(endingIn endings: String...) -> [Int] {
    files.indices.filter { index in
      let name = Array((files[index].components.last ?? "").utf8)
      return endings.contains { name.suffix($0.utf8.count).elementsEqual($0.utf8) }
    }
  }
}
