internal import Cryptography
internal import MedaiCore

/// The keys of a log as a pack carries them. They are the log's own word: whoever verifies takes
/// the key from somewhere else.
struct PackTrust {
  /// The key that signs now.
  private var current: Digest?
  private var retired: [(entry: Int, key: Digest)] = []

  /// Names of the event types that change keys, as a leaf spells them. A quote cannot stand within
  /// a value, so these bytes are the member and nothing else.
  private static let rotation = Array(#""type":"key.rotate""#.utf8)

  /// Whether a leaf has to be shown to `visit`.
  static func concerns(_ leaf: [UInt8], entry: Int) -> Bool {
    entry == 0 || holds(leaf, rotation)
  }

  /// Takes the keys that an entry names.
  mutating func visit(_ entry: LogEntry) {
    switch EventType(rawValue: entry.type.text) {
    case .logOpen: current = entry.digest("public_key")
    case .keyRotate:
      if let current { retired.append((entry.sequence, current)) }
      current = entry.digest("new_key")
    default: break
    }
  }

  /// The files under `trust/`, in byte order of their names; `nil` where a key is none.
  func files(origin: Identifier) -> [(name: String, bytes: [UInt8])]? {
    guard let current, let key = ownKey(current, origin) else { return nil }
    var files: [(name: String, bytes: [UInt8])] = [
      (PackName.logKey, line(key)),
      (
        PackName.policy,
        Array(
          """
          # The key that signed this pack's checkpoint, in the log's own words. Compare it with
          # the key that you were given by other means. Retired keys do not sign any more.
          log \(key.line)
          quorum none

          """.utf8)
      ),
    ]
    for (entry, digest) in retired {
      guard let key = ownKey(digest, origin) else { return nil }
      files.append((PackName.retiredKey(entry), line(key)))
    }
    return files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  private func line(_ key: VerifierKey) -> [UInt8] { Array("\(key.line)\n".utf8) }
}

/// Whether bytes occur in others.
func holds(_ bytes: [UInt8], _ wanted: [UInt8]) -> Bool {
  guard let first = wanted.first, bytes.count >= wanted.count else { return false }
  let bytes = bytes.span
  let wanted = wanted.span
  var start = 0
  while start <= bytes.count - wanted.count {
    if bytes[start] == first {
      var length = 1
      while length < wanted.count, bytes[start + length] == wanted[length] { length += 1 }
      if length == wanted.count { return true }
    }
    start += 1
  }
  return false
}
