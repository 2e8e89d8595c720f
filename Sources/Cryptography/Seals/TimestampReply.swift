internal import COpenSSL
public import MedaiCore

/// A time-stamping authority's answer (RFC 3161) whose token holds in itself; whether the authority
/// is trusted is asked of `chain`.
public struct TimestampReply: ~Copyable {
  /// SHA-256 of what was stamped.
  public let imprint: Digest
  /// The request's number; empty where there is none.
  public let nonce: [UInt8]
  /// When the authority saw the digest.
  public let time: Timestamp
  /// The policy it stamps under, as an object identifier.
  public let policy: String
  /// The authority's certificate; not yet trusted.
  public let signer: Certificate
  private let message: SignedMessage

  /// Opens a reply and checks everything but trust: status, shape, signature, the signing
  /// certificate's attribute, its extended key usage.
  ///
  /// - Parameters:
  ///   - der: The `.tsr` file.
  ///   - others: Certificates that may be the signer's, besides those inside.
  /// - Throws: `SealError`.
  public init(der: [UInt8], others: [Certificate] = []) throws(SealError) {
    let message = try Self.token(der)
    let (signer, _) = try message.check(
      .stamp, detached: nil, others: CertificatePile(others), mustName: true)
    guard signer.stamps else { throw .wrongUse }
    guard let content = message.content,
      let stamp = unsafe medai_stamp_read(content, content.count)
    else { throw .malformed }
    defer { unsafe TS_TST_INFO_free(stamp) }
    var digest = [UInt8](repeating: 0, count: 32)
    guard unsafe medai_imprint(TS_TST_INFO_get_msg_imprint(stamp), &digest) == 1,
      let imprint = Digest(bytes: digest)
    else { throw .otherContent }
    guard let nonce = unsafe readNonce(TS_TST_INFO_get_nonce(stamp)) else { throw .malformed }
    var text = [UInt8](repeating: 0, count: 64)
    let count = unsafe medai_stamp_time(stamp, &text, text.count)
    guard let time = moment(generalizedTime: text[..<count]) else { throw .malformed }
    var policy = [CChar](repeating: 0, count: 256)
    let length = unsafe medai_stamp_policy(stamp, &policy, Int32(policy.count))
    guard length > 0 else { throw .malformed }
    self.imprint = imprint
    self.nonce = nonce
    self.time = time
    self.policy = String(
      decoding: policy[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    self.signer = signer.certificate
    self.message = message
  }

  private static func token(_ der: [UInt8]) throws(SealError) -> SignedMessage {
    guard let reply = unsafe medai_reply_read(der, der.count) else { throw .malformed }
    defer { unsafe TS_RESP_free(reply) }
    guard unsafe medai_reply_status(reply) == 0 else { throw .notGranted }
    guard let token = unsafe medai_reply_token(reply) else { throw .malformed }
    return unsafe SignedMessage(owning: token)
  }

  /// Checks that this answers about a digest, and a request where one is at hand.
  ///
  /// - Throws: `SealError.otherContent` or `otherNonce`.
  public func check(imprint wanted: Digest, request: TimestampRequest?) throws(SealError) {
    guard imprint == wanted else { throw .otherContent }
    guard let request else { return }
    guard request.imprint == wanted, request.nonce == nonce else { throw .otherNonce }
  }

  /// Whether the authority's certificate leads to a trusted one at the moment of the stamp.
  public func chain(trusting: [Certificate]) -> ChainVerdict {
    message.chain(signer, trusting: trusting, at: time)
  }
}
