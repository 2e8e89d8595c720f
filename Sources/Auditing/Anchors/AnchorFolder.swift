public import Cryptography
internal import MedaiCore
public import SystemPackage

/// Names of the evidence files, all in one folder: `anchors` in the log's folder or in a pack.
public struct AnchorFolder: Sendable {
  /// The folder.
  public let path: FilePath

  /// The evidence in a folder.
  public init(_ path: FilePath) { self.path = path }

  /// The evidence beside a log.
  public init(log: FilePath) { path = log.appending("anchors") }

  /// The exact signed note of a checkpoint.
  public func note(_ size: Int) -> FilePath { path.appending("\(size).note") }
  /// A time-stamp request about that note.
  public func request(_ size: Int) -> FilePath { path.appending("\(size).tsq") }
  /// The answer to it.
  public func reply(_ size: Int) -> FilePath { path.appending("\(size).tsr") }
  /// A detached CMS signature over that note.
  public func seal(_ size: Int) -> FilePath { path.appending("\(size).p7s") }

  /// A witness's cosignature of that note.
  ///
  /// The name in the file's name is for people; the line inside says who signed.
  public func cosignature(_ size: Int, of witness: VerifierKey) -> FilePath {
    let name = witness.name.utf8.prefix(64).map { byte in
      isIdentifierByte(byte) && byte != UInt8(ascii: "/") && byte != UInt8(ascii: ":")
        ? byte : UInt8(ascii: "_")
    }
    let text = String(decoding: name, as: UTF8.self)
    return path.appending("\(size).\(text)-\(hexString(witness.keyID)).cosig")
  }

  /// The size and the kind that a file's name says.
  static func place(_ name: String) -> (size: Int, kind: AnchorKind)? {
    let parts = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count >= 2, let digits = parts.first, let size = Int(Substring(digits)),
      (0...greatestCount).contains(size), Array(String(size).utf8) == Array(digits)
    else { return nil }
    switch Substring(parts[parts.count - 1]) {
    case "tsr": return parts.count == 2 ? (size, .rfc3161) : nil
    case "p7s": return parts.count == 2 ? (size, .cms) : nil
    case "cosig": return parts.count >= 3 ? (size, .witness) : nil
    default: return nil
    }
  }
}
