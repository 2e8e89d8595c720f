public import Cryptography

/// A private key that signs a log's checkpoints, under the log's origin as its name.
public struct LogSigner: Sendable {
  /// The private key.
  public let key: SigningKey
  /// The public half with the name that signature lines carry.
  public let verifier: VerifierKey

  /// A signer.
  ///
  /// - Throws: `KeyError.malformedName` where the origin has a plus sign.
  public init(_ key: SigningKey, origin: Identifier) throws(KeyError) {
    self.key = key
    verifier = try VerifierKey(name: origin.text, publicKey: key.publicKey)
  }
}
