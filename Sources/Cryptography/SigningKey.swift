internal import COpenSSL
internal import MedaiCore
public import SystemPackage

/// An Ed25519 private key.
///
/// The key lives in libcrypto's memory and is wiped there when the last reference goes.
@safe public final class SigningKey: @unchecked Sendable {
  // Only read after init; libcrypto makes a context of its own for each signature.
  private let key: OpaquePointer
  /// The public half.
  public let publicKey: PublicKey

  private init(owning key: OpaquePointer) throws(KeyError) {
    var bytes = [UInt8](repeating: 0, count: 32)
    var count = 32
    guard unsafe medai_is_ed25519(key) == 1 else {
      unsafe EVP_PKEY_free(key)
      throw .wrongAlgorithm
    }
    guard unsafe EVP_PKEY_get_raw_public_key(key, &bytes, &count) == 1,
      let publicKey = PublicKey(bytes: bytes)
    else {
      unsafe EVP_PKEY_free(key)
      throw .unreadable
    }
    unsafe self.key = key
    self.publicKey = publicKey
  }

  deinit { unsafe EVP_PKEY_free(key) }

  /// A new random key.
  public static func generate() throws(KeyError) -> SigningKey {
    guard let key = unsafe medai_ed25519_generate() else { throw .generation }
    return try unsafe SigningKey(owning: key)
  }

  /// The key with a given seed (RFC 8032 section 5.1.5), for vectors and golden files.
  ///
  /// - Parameter seed: 32 bytes.
  /// - Throws: `KeyError.unreadable` where there are not 32.
  public convenience init(seed: [UInt8]) throws(KeyError) {
    guard seed.count == 32,
      let key = unsafe EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, 32)
    else { throw .unreadable }
    try unsafe self.init(owning: key)
  }

  /// Reads a PKCS#8 PEM text.
  ///
  /// - Parameters:
  ///   - pem: The text.
  ///   - passphrase: Needed where the key is encrypted.
  /// - Throws: `KeyError`.
  public convenience init(pem: [UInt8], passphrase: [UInt8]? = nil) throws(KeyError) {
    try checkPassphrase(passphrase)
    let read = unsafe pem.withUnsafeBufferPointer { pem in
      if let passphrase {
        return unsafe medai_private_key_read(
          pem.baseAddress, Int32(pem.count), passphrase, Int32(passphrase.count))
      }
      return unsafe medai_private_key_read(pem.baseAddress, Int32(pem.count), nil, 0)
    }
    guard let key = unsafe read else { throw .unreadable }
    try unsafe self.init(owning: key)
  }

  /// Reads a key file that only its owner may read or write.
  ///
  /// - Parameters:
  ///   - path: A PKCS#8 PEM file of mode 0600 or stricter; a link is refused.
  ///   - passphrase: Needed where the key is encrypted.
  /// - Returns: The key.
  /// - Throws: `KeyError.readableByOthers` before anything is read.
  public static func load(
    _ path: FilePath, passphrase: [UInt8]? = nil
  ) throws(KeyError) -> SigningKey {
    var pem = try readSecretFile(path, maxBytes: 16 << 10)
    defer { cleanse(&pem) }
    return try SigningKey(pem: pem, passphrase: passphrase)
  }

  /// The key as PKCS#8 PEM; the caller wipes it with `cleanse` after use.
  ///
  /// - Parameter passphrase: Encrypts the key (scrypt, AES-256-CBC) where given.
  /// - Returns: The text.
  /// - Throws: `KeyError`.
  public func pem(passphrase: [UInt8]? = nil) throws(KeyError) -> [UInt8] {
    try checkPassphrase(passphrase)
    var output = [UInt8](repeating: 0, count: 4096)
    defer { cleanse(&output) }
    let count =
      if let passphrase {
        unsafe medai_private_key_write(
          key, passphrase, Int32(passphrase.count), &output, output.count)
      } else {
        unsafe medai_private_key_write(key, nil, 0, &output, output.count)
      }
    guard count > 0 else { throw .generation }
    return Array(output[..<count])
  }

  /// Writes the key to a new file of mode 0600, durably.
  ///
  /// - Throws: `KeyError.file` with `Errno.fileExists` where something is there: a key is never
  ///   overwritten.
  public func write(to path: FilePath, passphrase: [UInt8]? = nil) throws(KeyError) {
    var pem = try pem(passphrase: passphrase)
    defer { cleanse(&pem) }
    try writeSecretFile(pem, to: path)
  }

  /// The signature of bytes, 64 bytes; the same bytes give the same signature.
  public func signature(of message: [UInt8]) -> [UInt8] {
    guard let context = unsafe EVP_MD_CTX_new() else {
      preconditionFailure("libcrypto has no memory for a signature")
    }
    defer { unsafe EVP_MD_CTX_free(context) }
    var signature = [UInt8](repeating: 0, count: 64)
    var count = 64
    unsafe precondition(
      EVP_DigestSignInit(context, nil, nil, nil, key) == 1
        && EVP_DigestSign(context, &signature, &count, message, message.count) == 1,
      "libcrypto failed to sign")
    return signature
  }
}

private func checkPassphrase(_ passphrase: [UInt8]?) throws(KeyError) {
  if let passphrase, !(1...1024).contains(passphrase.count) { throw .passphraseLength }
}
