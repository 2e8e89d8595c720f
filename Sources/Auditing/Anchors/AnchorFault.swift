/// Why a piece of outside evidence is not accepted.
public enum AnchorFault: String, Error, Sendable, CaseIterable {
  // The checkpoint it speaks of
  /// The exact signed note that the evidence covers is not beside it.
  case noteMissing = "note-missing"
  /// The note is no checkpoint, or of another size than its file's name says.
  case noteMalformed = "note-malformed"
  /// None of the log's keys signed the note.
  case noteNotSigned = "note-not-signed"
  /// The file is larger than evidence can be.
  case tooLarge = "too-large"
  /// Not the format that the file's name says.
  case malformed
  /// It speaks of another checkpoint.
  case otherContent = "other-content"

  // Time stamps
  /// The authority refused, or granted something else than was asked for.
  case notGranted = "not-granted"
  /// The answer belongs to another request.
  case otherNonce = "other-nonce"
  /// The authority's certificate is not for time stamps only.
  case wrongUse = "wrong-use"

  // Signatures
  /// A signature does not hold.
  case badSignature = "bad-signature"
  /// SHA-1 or weaker, or an algorithm that is not accepted.
  case weakAlgorithm = "weak-algorithm"
  /// More or less than one signer.
  case notOneSigner = "not-one-signer"
  /// The seal carries a content of its own.
  case attached
  /// What is signed does not name the signer's certificate, or names another.
  case otherCertificate = "other-certificate"
  /// The certificate of the signer is not there.
  case certificateMissing = "certificate-missing"

  // Trust
  /// No trusted certificate issued the signer's.
  case unknownIssuer = "unknown-issuer"
  /// A certificate was not valid at the moment that counts.
  case notValidThen = "not-valid-then"
  /// A certificate or its chain is broken.
  case brokenChain = "broken-chain"
  /// Neither the seal nor a time stamp says when it was made.
  case noTime = "no-time"
  /// The witness is not in the policy.
  case unknownWitness = "unknown-witness"
  /// The witness is in the policy, but too few others cosigned this checkpoint.
  case belowQuorum = "below-quorum"
}
