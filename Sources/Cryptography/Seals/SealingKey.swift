internal import COpenSSL
public import SystemPackage

/// The private key of an organisation's certificate (RSA or ECDSA), for sealing.
@safe public final class SealingKey: @unchecked Sendable {
  // Only read after init.
  private let key: OpaquePointer

  private init(owning key: OpaquePointer) { unsafe self.key = key }

  deinit { unsafe EVP_PKEY_free(key) }

  /// Reads a key file that only its owner may read or write.
  ///
  /// - Parameters:
  ///   - path: A PKCS#8 PEM file of mode 0600 or stricter; a link is refused.
  ///   - passphrase: Needed where the key is encrypted.
  /// - Returns: The key.
  /// - Throws: `KeyError`; `wrongAlgorithm` where it is neither RSA nor ECDSA.
  public static func load(
    _ path: FilePath, passphrase: SecureBytes? = nil
  ) throws(KeyError) -> SealingKey {
    let pem = try SecureBytes.reading(path, maxBytes: 64 << 10)
    let read = unsafe pem.withUnsafeBytes { pem in
      unsafe lend(passphrase) { passphrase in
        unsafe medai_sealing_key_read(
          pem.bindMemory(to: UInt8.self).baseAddress, Int32(pem.count), passphrase.baseAddress,
          Int32(passphrase.count))
      }
    }
    guard let key = unsafe read else { throw .unreadable }
    guard unsafe medai_key_kind(key) != Int32(MEDAI_KEY_OTHER.rawValue) else {
      unsafe EVP_PKEY_free(key)
      throw .wrongAlgorithm
    }
    return unsafe SealingKey(owning: key)
  }

  /// A detached CMS signature (CAdES-BES, signing-certificate-v2, SHA-256) of a content.
  ///
  /// - Parameters:
  ///   - content: Signed byte for byte.
  ///   - certificate: The key's certificate.
  ///   - chain: Certificates that lead from it to the authority, put inside.
  /// - Returns: The file in DER.
  /// - Throws: `SealError`.
  public func seal(
    _ content: [UInt8], certificate: Certificate, chain: [Certificate] = []
  ) throws(SealError) -> [UInt8] {
    guard let handle = CertificateHandle(der: certificate.der) else { throw .malformed }
    guard handle.hasSealingKey else { throw .keyAlgorithm }
    guard handle.signs else { throw .wrongUse }
    let isPair = unsafe X509_check_private_key(handle.pointer, key) == 1
    ERR_clear_error()
    guard isPair else { throw .otherKey }
    let pile = CertificatePile(chain)
    guard
      let cms = unsafe medai_cms_make(
        handle.pointer, key, pile.pointer, content, Int32(content.count))
    else { throw .notMade }
    return unsafe SignedMessage(owning: cms).der
  }
}
