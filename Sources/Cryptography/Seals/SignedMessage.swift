internal import COpenSSL
internal import MedaiCore

/// A CMS SignedData (RFC 5652) with exactly one signer, what seals and time-stamp tokens share.
///
/// Shape and signature are checked as soon as it is opened; whether the certificate is trusted is
/// another question, asked for a moment.
@safe struct SignedMessage: ~Copyable {
  /// What may be inside.
  enum Content: Int32 {
    case data = 1
    case stamp = 2
  }

  private let cms: OpaquePointer

  init(owning cms: OpaquePointer) { unsafe self.cms = cms }

  init?(der: [UInt8]) {
    guard let cms = unsafe medai_cms_read(der, der.count) else { return nil }
    unsafe self.cms = cms
  }

  deinit { unsafe CMS_ContentInfo_free(cms) }

  /// Reads the PEM form.
  static func read(pem: [UInt8]) throws(SealError) -> SignedMessage {
    guard pem.count < 1 << 20,
      let cms = unsafe medai_cms_read_pem(pem, Int32(pem.count))
    else { throw .malformed }
    return unsafe SignedMessage(owning: cms)
  }

  var der: [UInt8] {
    let count = unsafe i2d_CMS_ContentInfo(cms, nil)
    guard count > 0 else { return [] }
    return unsafe [UInt8](unsafeUninitializedCapacity: Int(count)) { buffer, written in
      var place = buffer.baseAddress
      written = unsafe Int(i2d_CMS_ContentInfo(cms, &place))
    }
  }

  /// The content that it carries; `nil` where it is detached.
  var content: [UInt8]? {
    var count: Int32 = 0
    guard let bytes = unsafe medai_cms_content(cms, &count) else { return nil }
    return unsafe Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
  }

  /// When the signer claims to have signed.
  var signingTime: Timestamp? {
    var text = [UInt8](repeating: 0, count: 32)
    let count = unsafe medai_cms_signing_time(cms, &text, text.count)
    return moment(generalizedTime: text[..<count])
  }

  /// Checks shape, algorithms and signature.
  ///
  /// - Parameters:
  ///   - kind: What must be inside.
  ///   - detached: The content where it lies elsewhere; it must not be inside then.
  ///   - others: Certificates that may be the signer's, besides those inside.
  ///   - mustName: Whether what is signed must name the certificate; where it names one, it must be
  ///     the signer's anyhow.
  /// - Returns: The signer's certificate, not yet trusted, and whether what is signed names it.
  /// - Throws: `SealError`.
  func check(
    _ kind: Content, detached: [UInt8]?, others: borrowing CertificatePile, mustName: Bool
  ) throws(SealError) -> (signer: SignerCertificate, isNamed: Bool) {
    guard unsafe medai_cms_signer_count(cms) == 1 else { throw .notOneSigner }
    let isDetached = unsafe CMS_is_detached(cms) == 1
    if detached != nil, !isDetached { throw .attached }
    if detached == nil, isDetached { throw .malformed }
    guard unsafe medai_cms_content_kind(cms) == kind.rawValue else { throw .otherContent }
    guard unsafe medai_cms_digest_bits(cms) >= 256 else { throw .weakAlgorithm }
    guard let found = unsafe medai_cms_certificate(cms, others.pointer) else {
      throw .certificateMissing
    }
    guard unsafe X509_up_ref(found) == 1 else { throw .certificateMissing }
    let signer = SignerCertificate(unsafe CertificateHandle(owning: found))
    guard signer.hasSealingKey else { throw .weakAlgorithm }
    let holds =
      if let detached {
        unsafe medai_cms_holds(cms, others.pointer, detached, Int32(detached.count))
      } else {
        unsafe medai_cms_holds(cms, others.pointer, nil, 0)
      }
    guard holds == 1 else { throw .badSignature }
    let named = unsafe medai_cms_names(cms, found, others.pointer)
    guard named == 1 || (named == 0 && !mustName) else { throw .otherCertificate }
    return (signer, named == 1)
  }

  /// Whether the signer's certificate leads to a trusted one at a moment.
  func chain(_ signer: Certificate, trusting: [Certificate], at time: Timestamp) -> ChainVerdict {
    guard let handle = CertificateHandle(der: signer.der) else { return .broken }
    let trusted = CertificatePile(trusting)
    let seconds = time.microseconds / 1_000_000
    let verdict = unsafe medai_cms_chain(cms, handle.pointer, trusted.pointer, seconds)
    switch UInt32(verdict) {
    case MEDAI_CHAIN_TRUSTED.rawValue: return .trusted
    case MEDAI_CHAIN_UNKNOWN_ISSUER.rawValue: return .unknownIssuer
    case MEDAI_CHAIN_NOT_VALID_THEN.rawValue: return .notValidThen
    case MEDAI_CHAIN_WEAK.rawValue: return .weak
    default: return .broken
    }
  }
}

/// The certificate of a signer, with what it may be used for.
struct SignerCertificate {
  let certificate: Certificate
  let hasSealingKey: Bool
  let signs: Bool
  let stamps: Bool

  init(_ handle: borrowing CertificateHandle) {
    certificate = Certificate(handle)
    hasSealingKey = handle.hasSealingKey
    signs = handle.signs
    stamps = handle.stamps
  }
}

/// Reads `YYYYMMDDhhmmss[.fraction]Z`, as DER writes a moment; below microseconds is cut off.
func moment(generalizedTime text: ArraySlice<UInt8>) -> Timestamp? {
  let text = Array(text)
  guard text.count >= 15, text.last == UInt8(ascii: "Z") else { return nil }
  var fraction = Array(text[14..<(text.count - 1)])
  if let point = fraction.first {
    guard point == UInt8(ascii: "."), fraction.count > 1 else { return nil }
    fraction.removeFirst()
  }
  let digits = text[..<14]
  guard (digits + fraction).allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
  func part(_ range: Range<Int>) -> String { String(decoding: digits[range], as: UTF8.self) }
  let padded = fraction + [UInt8](repeating: 0x30, count: 6)
  let micros = String(decoding: padded[..<6], as: UTF8.self)
  return Timestamp(
    text: "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(8..<10)):\(part(10..<12)):"
      + "\(part(12..<14)).\(micros)Z")
}
