public import MedaiText

/// Text that a policy has been applied to. Only this module can make one.
///
/// Writers of released files and endpoints beyond this machine take nothing else.
public struct RedactedText: Sendable {
  /// The text in `encoding`.
  public let bytes: [UInt8]
  /// How the text is written.
  public let encoding: TextEncoding

  init(redacted bytes: [UInt8], encoding: TextEncoding = .utf8) {
    self.bytes = bytes
    self.encoding = encoding
  }
}
