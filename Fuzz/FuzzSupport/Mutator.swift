/// Changes inputs; the same seed and number give the same change.
struct Mutator {
  private var state: UInt64
  private let corpus: [[UInt8]]
  /// What is put in, beside bytes by chance.
  private let pieces: [[UInt8]]

  /// Pieces that matter to any reader of text.
  private static let common: [[UInt8]] =
    [
      "\n", "\n\n", "\"", "{", "}", "[", "]", ",", ":", "\\u0061", "null", "1.0", "-1",
      "9007199254740992", "00", "=", "\r\n", "\u{FEFF}", "\u{AC00}",
    ].map { Array($0.utf8) } + [[0xFF], [0x00], [UInt8](repeating: 0, count: 16)]

  init(seed: UInt64, number: Int, corpus: [[UInt8]], pieces: [String]) {
    self.pieces = Self.common + pieces.map { Array($0.utf8) }
    state = seed &+ UInt64(truncatingIfNeeded: number) &* 0xD134_2543_DE82_EF95
    self.corpus = corpus
  }

  /// The next input.
  mutating func input() -> [UInt8] {
    guard !corpus.isEmpty else { return [] }
    var bytes = corpus[below(corpus.count)]
    for _ in 0...below(6) { change(&bytes) }
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else {
      bytes = pieces[below(pieces.count)]
      return
    }
    let start = below(bytes.count)
    let end = min(bytes.count, start + 1 + below(32))
    switch below(9) {
    case 0: bytes[start] ^= 1 << UInt8(below(8))
    case 1: bytes[start] = UInt8(below(256))
    case 2: bytes.removeSubrange(start..<end)
    case 3: bytes.insert(contentsOf: bytes[start..<end], at: start)
    case 4: bytes.insert(contentsOf: pieces[below(pieces.count)], at: start)
    case 5: for place in start..<end { bytes[place] = UInt8(below(256)) }
    case 6: bytes.removeSubrange(start...)
    case 7:
      let other = corpus[below(corpus.count)]
      bytes = bytes[..<start] + other.suffix(below(other.count + 1))
    default:
      // A number in the file's own byte order that is one more or less.
      bytes[start] = bytes[start] &+ (below(2) == 0 ? 1 : 255)
    }
  }

  private mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)).multipliedFullWidth(by: UInt64(bound)).high)
  }
}
