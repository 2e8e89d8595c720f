/// A name from configuration or a file header: 1 to 128 of `A-Z a-z 0-9 . _ : / + -`.
///
/// Never taken from a record. ASCII by construction, so comparing the text compares the bytes.
public struct Identifier: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The text.
  public let text: String

  /// An identifier, where the text is one.
  public init?(_ text: some StringProtocol) {
    guard (1...128).contains(text.utf8.count), text.utf8.allSatisfy(isIdentifierByte) else {
      return nil
    }
    self.text = String(text)
  }

  /// A name written in the program; the caller vouches for its characters.
  init(literal text: StaticString) { self.text = text.description }

  /// A text whose characters were checked already.
  init(unchecked text: String) { self.text = text }

  /// A text from elsewhere made into an identifier: other characters become `_`, the rest after
  /// 128 is cut. For names such as a model's, where two that collide do no harm because a digest
  /// stands beside them.
  public init(replacingOthersIn text: String) {
    let bytes = text.utf8.prefix(128).map { isIdentifierByte($0) ? $0 : UInt8(ascii: "_") }
    self.text = bytes.isEmpty ? "_" : String(decoding: bytes, as: UTF8.self)
  }

  /// The text.
  public var description: String { text }

  /// Byte order.
  public static func < (left: Self, right: Self) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }
}

@inline(__always)
func isIdentifierByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "-")...UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "+"):
    true
  default: false
  }
}
