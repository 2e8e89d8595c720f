internal import COpenSSL

/// An X.509 certificate.
public struct Certificate: Sendable, Equatable {
  /// The certificate in DER.
  public let der: [UInt8]
  /// The subject as RFC 2253 writes it.
  public let subject: String

  /// A certificate from DER.
  ///
  /// - Throws: `SealError.malformed`.
  public init(der: [UInt8]) throws(SealError) {
    guard let handle = CertificateHandle(der: der) else { throw .malformed }
    self.init(handle)
  }

  /// A certificate in libcrypto's memory as it is written there.
  init(_ handle: borrowing CertificateHandle) {
    der = handle.der
    subject = handle.subject
  }

  /// SHA-256 of the certificate.
  public var digest: Digest { sha256(der) }

  /// Reads every certificate of a PEM text, in order; what stands around them is passed over.
  ///
  /// - Throws: `SealError.malformed` where there is none or one is malformed.
  public static func read(pem: [UInt8]) throws(SealError) -> [Certificate] {
    guard pem.count < 1 << 20, let bio = unsafe BIO_new_mem_buf(pem, Int32(pem.count)) else {
      throw .malformed
    }
    defer { unsafe BIO_free(bio) }
    var certificates: [Certificate] = []
    while true {
      var status: Int32 = 0
      guard let read = unsafe medai_certificate_next(bio, &status) else {
        guard status == 0, !certificates.isEmpty else { throw .malformed }
        return certificates
      }
      certificates.append(Certificate(unsafe CertificateHandle(owning: read)))
    }
  }
}

/// A certificate in libcrypto's memory.
@safe struct CertificateHandle: ~Copyable {
  private let certificate: OpaquePointer

  init(owning certificate: OpaquePointer) { unsafe self.certificate = certificate }

  init?(der: [UInt8]) {
    guard let certificate = unsafe medai_certificate_read(der, der.count) else { return nil }
    unsafe self.certificate = certificate
  }

  deinit { unsafe X509_free(certificate) }

  /// The pointer, for calls that only borrow it.
  @unsafe var pointer: OpaquePointer { unsafe certificate }

  var der: [UInt8] {
    let count = unsafe i2d_X509(certificate, nil)
    guard count > 0 else { return [] }
    return unsafe [UInt8](unsafeUninitializedCapacity: Int(count)) { buffer, written in
      var place = buffer.baseAddress
      written = unsafe Int(i2d_X509(certificate, &place))
    }
  }

  var subject: String {
    var bytes = [UInt8](repeating: 0, count: 2048)
    let count = unsafe medai_certificate_subject(certificate, &bytes, bytes.count)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  /// Whether the key is RSA or ECDSA.
  var hasSealingKey: Bool {
    unsafe medai_certificate_key_kind(certificate) != Int32(MEDAI_KEY_OTHER.rawValue)
  }

  /// Whether it says that its key signs.
  var signs: Bool { unsafe medai_certificate_signs(certificate) == 1 }

  /// Whether it is for time stamps and nothing else.
  var stamps: Bool { unsafe medai_certificate_stamps(certificate) == 1 }
}

/// Certificates in libcrypto's memory, in order.
@safe struct CertificatePile: ~Copyable {
  private let pile: OpaquePointer

  init(_ certificates: [Certificate]) {
    guard let pile = unsafe medai_pile_new() else {
      preconditionFailure("libcrypto has no memory for certificates")
    }
    unsafe self.pile = pile
    for certificate in certificates {
      let status = unsafe medai_pile_add(pile, certificate.der, certificate.der.count)
      precondition(status == 1, "a certificate was read before")
    }
  }

  deinit { unsafe medai_pile_free(pile) }

  /// The pointer, for calls that only borrow it.
  @unsafe var pointer: OpaquePointer { unsafe pile }
}
