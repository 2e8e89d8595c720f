/// The place of a hash tile or an entry bundle (C2SP tlog-tiles): `tile/<L>/<N>[.p/<W>]` or
/// `tile/entries/<N>[.p/<W>]`.
public struct TilePath: Sendable, Equatable {
  /// What a tile holds.
  public enum Content: Sendable, Equatable {
    /// Hashes of complete subtrees of `8 * level` levels.
    case hashes(level: Int)
    /// The entries themselves.
    case entries
  }

  /// What it holds.
  public let content: Content
  /// Which one of its level, from 0.
  public let index: Int
  /// Hashes or entries in it: 256, or 1 to 255 at the right edge.
  public let width: Int

  /// Hashes or entries in a full tile.
  public static let fullWidth = 256
  /// The greatest level that a size can need.
  static let maxLevel = 7

  /// A place.
  public init(_ content: Content, index: Int, width: Int = fullWidth) {
    self.content = content
    self.index = index
    self.width = width
  }

  /// Entries that one hash of the tile stands for.
  var entriesPerHash: Int {
    switch content {
    case .hashes(let level): 1 << (8 * level)
    case .entries: 1
    }
  }

  /// The first entry that the tile speaks of.
  var firstEntry: Int { index * Self.fullWidth * entriesPerHash }

  /// The path from the pack's root.
  public var text: String {
    let folder =
      switch content {
      case .hashes(let level): "tile/\(level)/"
      case .entries: "tile/entries/"
      }
    return folder + Self.number(index) + (width == Self.fullWidth ? "" : ".p/\(width)")
  }

  /// A number in groups of three digits, all but the last after an `x` and before a slash.
  private static func number(_ index: Int) -> String {
    var rest = index / 1000
    var text = threeDigits(index % 1000)
    while rest > 0 {
      text = "x\(threeDigits(rest % 1000))/" + text
      rest /= 1000
    }
    return text
  }

  private static func threeDigits(_ value: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: 3 - digits.utf8.count) + digits
  }

  /// Reads a path; only the one spelling that `text` writes is taken.
  public init?(_ path: String) {
    let parts = path.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard parts.count >= 3, parts.count <= 12, sameText(parts[0], "tile") else { return nil }
    if sameText(parts[1], "entries") {
      content = .entries
    } else {
      guard let level = Int(parts[1]), (0...Self.maxLevel).contains(level) else { return nil }
      content = .hashes(level: level)
    }
    var groups = parts[2...]
    var width = Self.fullWidth
    if groups.count >= 2, groups[groups.endIndex - 2].utf8.suffix(2).elementsEqual(".p".utf8) {
      guard let last = groups.popLast(), let partial = Int(last),
        (1..<Self.fullWidth).contains(partial), let stem = groups.popLast()
      else { return nil }
      width = partial
      groups.append(String(decoding: stem.utf8.dropLast(2), as: UTF8.self))
    }
    var index = 0
    for group in groups {
      let digits = group.utf8.first == UInt8(ascii: "x") ? String(group.dropFirst()) : group
      guard let value = Int(digits), (0...999).contains(value), index < 1 << 50 else {
        return nil
      }
      index = index * 1000 + value
    }
    self.index = index
    self.width = width
    // One place has one spelling: no leading zeros, no other case, no sign.
    guard sameText(text, path) else { return nil }
  }

  /// Whether a tree of a size has exactly this tile.
  func belongs(toSize size: Int) -> Bool {
    let count = size / entriesPerHash
    let full = count / Self.fullWidth
    return width == Self.fullWidth ? index < full : index == full && width == count % Self.fullWidth
  }

  /// The tiles of one kind that a tree of a size has: how many are full, and the partial one.
  static func tiles(_ content: Content, size: Int) -> (full: Int, partial: TilePath?) {
    let count = size / TilePath(content, index: 0).entriesPerHash
    let full = count / fullWidth
    let rest = count % fullWidth
    return (full, rest == 0 ? nil : TilePath(content, index: full, width: rest))
  }
}

private func sameText(_ left: String, _ right: String) -> Bool {
  left.utf8.elementsEqual(right.utf8)
}
