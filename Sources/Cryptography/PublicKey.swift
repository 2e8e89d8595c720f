internal import COpenSSL

/// An Ed25519 public key (RFC 8032).
@safe public final class PublicKey: @unchecked Sendable, Equatable {
  /// The 32 bytes of the key.
  public let bytes: [UInt8]
  // Only read after init; libcrypto makes a context of its own for each verification.
  private let key: OpaquePointer

  /// A key from its 32 bytes.
  ///
  /// - Returns: `nil` where libcrypto takes them for no key.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 32,
      let key = unsafe EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, bytes, 32)
    else { return nil }
    self.bytes = bytes
    unsafe self.key = key
  }

  deinit { unsafe EVP_PKEY_free(key) }

  /// Whether two keys have the same bytes.
  public static func == (left: PublicKey, right: PublicKey) -> Bool { left.bytes == right.bytes }

  /// Whether a signature of this key covers exactly these bytes.
  ///
  /// - Parameters:
  ///   - signature: 64 bytes; any other count is refused.
  ///   - message: What was signed.
  /// - Returns: Whether it does.
  public func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    guard signature.count == 64, let context = unsafe EVP_MD_CTX_new() else { return false }
    defer {
      unsafe EVP_MD_CTX_free(context)
      ERR_clear_error()
    }
    return unsafe EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1
      && EVP_DigestVerify(context, signature, 64, message, message.count) == 1
  }
}
