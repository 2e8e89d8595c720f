internal import Cryptography
internal import MedaiCore

/// The proof that a log goes on from an earlier checkpoint, in the form in which a C2SP witness is
/// asked to cosign: `old N`, the hashes in base64, a blank line, and the signed checkpoint.
struct ConsistencyText: Equatable {
  let old: Int
  let hashes: [Digest]
  let note: [UInt8]

  init(old: Int, hashes: [Digest], note: [UInt8]) {
    self.old = old
    self.hashes = hashes
    self.note = note
  }

  /// Reads the text; only what `bytes` writes is taken.
  init?(_ bytes: [UInt8]) {
    guard
      let blank = bytes.indices.dropFirst().first(where: {
        bytes[$0] == 0x0A && bytes[$0 - 1] == 0x0A
      })
    else { return nil }
    let lines = bytes[..<(blank - 1)].split(separator: 0x0A, omittingEmptySubsequences: false)
    guard lines.count <= 65, let first = lines.first, first.starts(with: "old ".utf8),
      let old = PackName.decimal(String(decoding: first.dropFirst(4), as: UTF8.self))
    else { return nil }
    var hashes: [Digest] = []
    for line in lines.dropFirst() {
      guard let hash = Cryptography.bytes(fromBase64: line).flatMap(Digest.init(bytes:)) else {
        return nil
      }
      hashes.append(hash)
    }
    self.init(old: old, hashes: hashes, note: Array(bytes[(blank + 1)...]))
    guard self.bytes == bytes else { return nil }
  }

  var bytes: [UInt8] {
    let lines = ["old \(old)"] + hashes.map { base64Text($0.bytes) }
    return Array((lines.joined(separator: "\n") + "\n\n").utf8) + note
  }
}
