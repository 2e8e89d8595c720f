/// What a hospital adds to the rules: the shapes of its own numbers.
public struct SiteRules: Sendable, Equatable {
  /// Shapes of the hospital's registration numbers that count without a cue word before them.
  ///
  /// `#` stands for a digit, `@` for a Latin letter; every other byte for itself. At most 32 bytes.
  public var recordNumberShapes: [[UInt8]]

  /// Rules with the given shapes.
  public init(recordNumberShapes: [[UInt8]] = []) {
    self.recordNumberShapes = recordNumberShapes
  }
}
