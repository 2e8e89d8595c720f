/// Whether a certificate leads to a trusted one, at a moment.
public enum ChainVerdict: String, Sendable, CaseIterable {
  /// It does, and everything on the way was valid then.
  case trusted
  /// No trusted certificate issued it; with none given, always this.
  case unknownIssuer = "unknown-issuer"
  /// A certificate on the way was not valid yet, or no longer.
  case notValidThen = "not-valid-then"
  /// A key or a digest on the way is too weak: RSA below 2048 bits, SHA-1.
  case weak
  /// A signature on the way does not hold, or a certificate may not issue others.
  case broken
}
