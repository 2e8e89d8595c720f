public import Cryptography

/// Whom a verifier believes about a log's past.
public struct AnchorTrust: Sendable {
  /// Certificates that may issue a time-stamping authority's certificate, or are it.
  public var timestampAuthorities: [Certificate]
  /// Certificates that may issue the organisation's sealing certificate, or are it.
  public var sealAuthorities: [Certificate]
  /// Witnesses and how many of them are needed; without a policy no cosignature counts.
  public var policy: WitnessPolicy?
  /// Keys of which one must have signed a note for evidence about it to count: the trusted ones and
  /// those that the log's own entries name. Empty: the notes' own signatures are not judged.
  public var logKeys: [VerifierKey]

  /// Trust in these, and in nobody by default.
  public init(
    timestampAuthorities: [Certificate] = [], sealAuthorities: [Certificate] = [],
    policy: WitnessPolicy? = nil, logKeys: [VerifierKey] = []
  ) {
    self.timestampAuthorities = timestampAuthorities
    self.sealAuthorities = sealAuthorities
    self.policy = policy
    self.logKeys = logKeys
  }
}
