internal import COpenSSL
internal import MedaiCore
public import SystemPackage

/// An Ed25519 private key.
///
/// The key lives in libcrypto's secure heap and is wiped there when the last reference goes; file
/// and passphrase pass through `SecureBytes`. What libcrypto decodes on the way it wipes itself.
@safe public final class SigningKey: @unchecked Sendable {
  // Only read after init; libcrypto makes a context of its own for each signature.
  private let key: OpaquePointer
  /// The public half.
  public let publicKey: PublicKey

  private init(owning key: OpaquePointer) throws(KeyError) {
    var bytes = [UInt8](repeating: 0, count: 32)
    var count = 32
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
    let seed: SecureBytes
    do throws(SecureMemoryError) {
      seed = try SecureBytes.random(32)
    } catch {
      throw error == .randomness ? .generation : .noSecureMemory
    }
    return try SigningKey(seed: seed)
  }

  /// The key with a given seed (RFC 8032 section 5.1.5).
  ///
  /// - Parameter seed: 32 bytes.
  /// - Throws: `KeyError.unreadable` where there are not 32.
  public convenience init(seed: SecureBytes) throws(KeyError) {
    let made = unsafe seed.withUnsafeBytes { bytes -> OpaquePointer? in
      guard bytes.count == 32 else { return nil }
      let start = unsafe bytes.bindMemory(to: UInt8.self).baseAddress
      return unsafe EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, start, 32)
    }
    guard let key = unsafe made else { throw .unreadable }
    try unsafe self.init(owning: key)
  }

  /// The key with a seed that is no secret: for vectors and golden files.
  public convenience init(seed: [UInt8]) throws(KeyError) {
    try self.init(seed: secured(seed))
  }

  /// Reads a PKCS#8 PEM text.
  ///
  /// - Parameters:
  ///   - pem: The text.
  ///   - passphrase: Needed where the key is encrypted (PBES2 with PBKDF2 or scrypt).
  /// - Throws: `KeyError`.
  public convenience init(pem: SecureBytes, passphrase: SecureBytes? = nil) throws(KeyError) {
    try checkPassphrase(passphrase)
    let seed: SecureBytes
    do {
      seed = try unsafe SecureBytes(capacity: 32) { seed in
        let result = unsafe pem.withUnsafeBytes { pem in
          unsafe lend(passphrase) { passphrase in
            unsafe medai_ed25519_read(
              pem.bindMemory(to: UInt8.self).baseAddress, Int32(pem.count),
              passphrase.baseAddress, Int32(passphrase.count),
              seed.bindMemory(to: UInt8.self).baseAddress)
          }
        }
        guard result == 1 else {
          throw result == 0 ? KeyError.unreadable : KeyError.wrongAlgorithm
        }
        return 32
      }
    } catch {
      throw error as? KeyError ?? .noSecureMemory
    }
    try self.init(seed: seed)
  }

  /// Reads a PEM text that is no secret: for vectors and golden files.
  public convenience init(pem: [UInt8], passphrase: [UInt8]? = nil) throws(KeyError) {
    var secret: SecureBytes?
    if let passphrase { secret = try secured(passphrase) }
    try self.init(pem: try secured(pem), passphrase: secret)
  }

  /// Reads a key file that only its owner may read or write.
  ///
  /// - Parameters:
  ///   - path: A PKCS#8 PEM file of mode 0600 or stricter; a link is refused.
  ///   - passphrase: Needed where the key is encrypted.
  /// - Returns: The key.
  /// - Throws: `KeyError.readableByOthers` before anything is read.
  public static func load(
    _ path: FilePath, passphrase: SecureBytes? = nil
  ) throws(KeyError) -> SigningKey {
    try SigningKey(
      pem: try SecureBytes.reading(path, maxBytes: 16 << 10), passphrase: passphrase)
  }

  /// The key as PKCS#8 PEM.
  ///
  /// - Parameter passphrase: Encrypts the key (scrypt, AES-256-CBC) where given.
  /// - Returns: The text.
  /// - Throws: `KeyError`.
  public func pem(passphrase: SecureBytes? = nil) throws(KeyError) -> SecureBytes {
    try checkPassphrase(passphrase)
    do {
      return try unsafe SecureBytes(capacity: 4096) { output in
        let count = unsafe lend(passphrase) { passphrase in
          let start = unsafe output.bindMemory(to: UInt8.self).baseAddress
          return unsafe medai_ed25519_write(
            key, passphrase.baseAddress, Int32(passphrase.count), start, output.count)
        }
        guard count > 0 else { throw KeyError.generation }
        return count
      }
    } catch {
      throw error as? KeyError ?? .noSecureMemory
    }
  }

  /// Writes the key to a new file of mode 0600, durably.
  ///
  /// - Throws: `KeyError.file` with `Errno.fileExists` where something is there: a key is never
  ///   overwritten.
  public func write(to path: FilePath, passphrase: SecureBytes? = nil) throws(KeyError) {
    try writeSecretFile(try pem(passphrase: passphrase), to: path)
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

private func checkPassphrase(_ passphrase: SecureBytes?) throws(KeyError) {
  if let passphrase, !(1...1024).contains(passphrase.count) { throw .passphraseLength }
}

/// A copy in the secure heap.
private func secured(_ bytes: [UInt8]) throws(KeyError) -> SecureBytes {
  var bytes = bytes
  do throws(SecureMemoryError) {
    return try SecureBytes(moving: &bytes)
  } catch {
    throw .noSecureMemory
  }
}

/// Lends a passphrase to libcrypto; a null pointer where there is none.
@unsafe func lend<Result>(
  _ passphrase: SecureBytes?, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
) rethrows -> Result {
  guard let passphrase else {
    return try unsafe body(UnsafeBufferPointer(start: nil, count: 0))
  }
  return try unsafe passphrase.withUnsafeBytes { bytes in
    try unsafe body(bytes.bindMemory(to: UInt8.self))
  }
}
