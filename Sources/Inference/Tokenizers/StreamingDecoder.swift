/// Turns tokens into well-formed UTF-8 as they come: a scalar cut in two waits for its other half.
public struct StreamingDecoder: Sendable {
  private let tokenizer: Tokenizer
  private let showingControls: Bool
  private var pending: [UInt8] = []

  /// A decoder at the beginning of a text.
  ///
  /// - Parameters:
  ///   - tokenizer: Whose tokens.
  ///   - showingControls: Whether control tokens give their text instead of nothing.
  public init(_ tokenizer: Tokenizer, showingControls: Bool = false) {
    self.tokenizer = tokenizer
    self.showingControls = showingControls
  }

  /// The text that is complete after one more token; a malformed byte becomes U+FFFD.
  public mutating func append(_ token: Int32) -> [UInt8] {
    if tokenizer.isControl(token), !showingControls { return [] }
    pending += tokenizer.bytes(of: token)
    return drain(all: false)
  }

  /// The rest: an unfinished scalar becomes U+FFFD.
  public mutating func finish() -> [UInt8] { drain(all: true) }

  private mutating func drain(all: Bool) -> [UInt8] {
    var result: [UInt8] = []
    var index = 0
    while index < pending.count {
      if !all, isUnfinished(from: index) { break }
      let (point, width) = scalarOrByte(in: pending, at: index)
      if width == 1, point == 0xFFFD {
        result += [0xEF, 0xBF, 0xBD]
      } else {
        result += pending[index..<index + width]
      }
      index += width
    }
    pending.removeFirst(index)
    return result
  }

  /// Whether the bytes from `index` to the end can still become a scalar.
  private func isUnfinished(from index: Int) -> Bool {
    let first = pending[index]
    let width = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard first >= 0xC2, first <= 0xF4, index + width > pending.count else { return false }
    return pending[(index + 1)...].allSatisfy { $0 & 0xC0 == 0x80 }
  }
}
