/// Why a certificate, a seal or a time stamp is not accepted. Quotes nothing of it.
public enum SealError: String, Error, Sendable, CaseIterable {
  /// Not the format, or bytes are left over.
  case malformed
  /// The time-stamping authority refused, or granted something else than was asked for.
  case notGranted
  /// More or less than one signer.
  case notOneSigner
  /// A seal that carries a content of its own.
  case attached
  /// Signed about another content, or an imprint by another digest.
  case otherContent
  /// The answer is to another request.
  case otherNonce
  /// A digest other than SHA-256, 384 or 512, or a key other than RSA or ECDSA.
  case weakAlgorithm
  /// The signer's certificate is not there.
  case certificateMissing
  /// The signature does not hold.
  case badSignature
  /// What is signed names another certificate than the signer's, or none where it must.
  case otherCertificate
  /// The certificate is for another use.
  case wrongUse
  /// A certificate for sealing has neither an RSA nor an ECDSA key.
  case keyAlgorithm
  /// The private key is not the certificate's.
  case otherKey
  /// libcrypto made no seal.
  case notMade
}
