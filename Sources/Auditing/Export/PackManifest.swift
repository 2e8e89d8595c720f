internal import Cryptography
internal import MedaiCore

/// The words of `manifest.json`: RFC 8785 canonical JSON, so that the same files give the same
/// bytes.
enum PackManifest {
  /// The layout's name.
  static let format = "medai-audit-pack/1"
  /// What precedes the first file.
  static let start = Array(#"{"files":["#.utf8)

  /// One file. `path` has only characters that JSON writes as they are.
  static func file(_ path: String, bytes: Int, digest: Digest, isFirst: Bool) -> [UInt8] {
    Array(
      (isFirst ? "" : ",").utf8
    ) + Array(#"{"bytes":\#(bytes),"path":"\#(path)","sha256":"\#(digest.hex)"}"#.utf8)
  }

  /// What follows the last file.
  static func end(_ checkpoint: Checkpoint) -> [UInt8] {
    let text =
      #"],"format":"\#(format)","origin":"\#(checkpoint.origin.text)","#
      + #""root":"\#(checkpoint.root.hex)","size":\#(checkpoint.size)}"#
    return Array(text.utf8)
  }
}

/// The fixed names of a pack.
enum PackName {
  static let guide = "VERIFY.md"
  static let anchors = "anchors"
  static let checkpoint = "checkpoint"
  static let checkpoints = "checkpoints"
  static let consistency = "consistency"
  static let manifest = "manifest.json"
  static let proofs = "proofs"
  static let schemas = "schemas.json"
  static let tile = "tile"
  static let trust = "trust"
  static let policy = "trust/policy"
  static let logKey = "trust/log.vkey"

  static func retiredKey(_ entry: Int) -> String { "trust/retired-\(entry).vkey" }
  static func proof(_ entry: Int) -> String { "proofs/\(entry).tlog-proof" }
  static func consistency(_ old: Int, _ new: Int) -> String { "consistency/\(old)-\(new).txt" }
  static func kept(_ size: Int) -> String { "checkpoints/\(size)" }

  /// The size that an anchor file speaks of: `N.note`, `N.tsq`, `N.tsr`, `N.p7s` or
  /// `N.NAME.cosig`; `nil` where it is none of these.
  static func anchoredSize(_ name: String) -> Int? {
    let parts = name.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard let first = parts.first, let size = decimal(first), name.utf8.count <= 160,
      parts.allSatisfy({ !$0.utf8.isEmpty }), Identifier(name) != nil,
      !name.utf8.contains(0x2F)
    else { return nil }
    let ending = parts[parts.count - 1]
    let isKnown =
      parts.count == 2
      ? ["note", "tsq", "tsr", "p7s"].contains { sameBytes($0, ending) }
      : parts.count >= 3 && sameBytes(ending, "cosig")
    return isKnown ? size : nil
  }

  /// A count in its only decimal form.
  static func decimal(_ text: String) -> Int? {
    guard let value = Int(text), value >= 0, value <= greatestCount,
      sameBytes(String(value), text)
    else { return nil }
    return value
  }
}
