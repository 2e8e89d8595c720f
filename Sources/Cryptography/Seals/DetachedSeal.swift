internal import COpenSSL
public import MedaiCore

/// An organisation's signature of a content that lies beside it: a detached CMS with one RSA or
/// ECDSA signer, at least SHA-256.
public struct DetachedSeal: ~Copyable {
  /// The signer's certificate; not yet trusted.
  public let signer: Certificate
  /// When the signer claims to have signed.
  public let signingTime: Timestamp?
  /// Whether what is signed names the certificate (signing-certificate, RFC 5035). Without it
  /// another certificate of the same key could be put in its place.
  public let namesCertificate: Bool
  private let message: SignedMessage

  /// Opens a seal and checks everything but trust.
  ///
  /// - Parameters:
  ///   - der: The file.
  ///   - content: What must have been signed, byte for byte.
  ///   - others: Certificates that may be the signer's, besides those inside.
  /// - Throws: `SealError`.
  public init(der: [UInt8], of content: [UInt8], others: [Certificate] = []) throws(SealError) {
    guard let message = SignedMessage(der: der) else { throw .malformed }
    let found = try message.check(
      .data, detached: content, others: CertificatePile(others), mustName: false)
    guard found.signer.signs else { throw .wrongUse }
    signer = found.signer.certificate
    signingTime = message.signingTime
    namesCertificate = found.isNamed
    self.message = message
  }

  /// Whether the signer's certificate leads to a trusted one at a moment.
  public func chain(trusting: [Certificate], at time: Timestamp) -> ChainVerdict {
    message.chain(signer, trusting: trusting, at: time)
  }

  /// The DER form of a CMS that may be PEM.
  ///
  /// - Throws: `SealError.malformed`.
  public static func der(of file: [UInt8]) throws(SealError) -> [UInt8] {
    let message =
      file.starts(with: "-----BEGIN".utf8)
      ? try SignedMessage.read(pem: file) : SignedMessage(der: file)
    guard let message else { throw .malformed }
    // What came as DER stays as it came.
    return file.starts(with: "-----BEGIN".utf8) ? message.der : file
  }
}
