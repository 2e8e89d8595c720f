/// A stretch of text that holds one identifier.
///
/// Named with its subject because Swift's own `Span` is a borrowed buffer.
public struct IdentifierSpan: Sendable, Equatable {
  /// First byte, in UTF-8 bytes of the text that was searched.
  public var start: Int
  /// One past the last byte.
  public var end: Int
  /// What it is.
  public var type: IdentifierType
  /// The rule that found it, for example `name.cue`.
  public var detector: String
  /// 0 to 1000: how sure the rule is.
  public var permille: Int

  /// A span of `start..<end`.
  public init(start: Int, end: Int, type: IdentifierType, detector: String, permille: Int) {
    self.start = start
    self.end = end
    self.type = type
    self.detector = detector
    self.permille = permille
  }
}
