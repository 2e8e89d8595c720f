internal import COpenSSL

/// AES-256-GCM (NIST SP 800-38D) with nonces of 96 bits and tags of 128.
///
/// Whoever calls sees to it that no nonce is used twice under one key.
public enum SealedBytes {
  /// Bytes of a key.
  public static let keyBytes = 32
  /// Bytes of a nonce.
  public static let nonceBytes = 12
  /// Bytes that sealing adds: the tag, which stands last.
  public static let tagBytes = 16

  /// Encrypts and authenticates.
  ///
  /// - Parameters:
  ///   - plain: At most 1 GiB.
  ///   - key: 32 bytes.
  ///   - nonce: 12 bytes, never used before under this key.
  ///   - associated: What is authenticated with it and not stored.
  /// - Returns: The ciphertext and the tag.
  public static func seal(
    _ plain: [UInt8], key: SecureBytes, nonce: [UInt8], associated: [UInt8]
  ) -> [UInt8] {
    unsafe plain.withUnsafeBytes { bytes in
      unsafe seal(bytes, key: key, nonce: nonce, associated: associated)
    }
  }

  /// Encrypts a key under another, without a copy of it in ordinary memory.
  public static func seal(
    _ secret: SecureBytes, key: SecureBytes, nonce: [UInt8], associated: [UInt8]
  ) -> [UInt8] {
    unsafe secret.withUnsafeBytes { bytes in
      unsafe seal(bytes, key: key, nonce: nonce, associated: associated)
    }
  }

  private static func seal(
    _ plain: UnsafeRawBufferPointer, key: SecureBytes, nonce: [UInt8], associated: [UInt8]
  ) -> [UInt8] {
    precondition(key.count == keyBytes && nonce.count == nonceBytes && plain.count <= 1 << 30)
    var sealed = [UInt8](repeating: 0, count: plain.count + tagBytes)
    let done = unsafe key.withUnsafeBytes { key in
      unsafe medai_gcm_seal(
        key.baseAddress, nonce, associated, Int32(associated.count), plain.baseAddress,
        Int32(plain.count), &sealed)
    }
    precondition(done == 1, "libcrypto failed to encrypt")
    return sealed
  }

  /// Checks and decrypts.
  ///
  /// - Returns: The plain text; `nil` where key, nonce, associated bytes or any bit of the sealed
  ///   ones are not those of the sealing.
  public static func open(
    _ sealed: [UInt8], key: SecureBytes, nonce: [UInt8], associated: [UInt8]
  ) -> [UInt8]? {
    guard sealed.count >= tagBytes, sealed.count <= 1 << 30, nonce.count == nonceBytes else {
      return nil
    }
    precondition(key.count == keyBytes)
    var plain = [UInt8](repeating: 0, count: sealed.count - tagBytes)
    let done = unsafe key.withUnsafeBytes { key in
      unsafe medai_gcm_open(
        key.baseAddress, nonce, associated, Int32(associated.count), sealed, Int32(sealed.count),
        &plain)
    }
    return done == 1 ? plain : nil
  }

  /// Checks and decrypts a key, straight into the secure heap.
  ///
  /// - Returns: The key; `nil` where anything differs.
  /// - Throws: `SecureMemoryError.exhausted`.
  public static func openSecret(
    _ sealed: [UInt8], key: SecureBytes, nonce: [UInt8], associated: [UInt8]
  ) throws(SecureMemoryError) -> SecureBytes? {
    guard sealed.count > tagBytes, sealed.count <= 1 << 20, nonce.count == nonceBytes else {
      return nil
    }
    precondition(key.count == keyBytes)
    return try unsafe secret(capacity: sealed.count - tagBytes) { target in
      let done = unsafe key.withUnsafeBytes { key in
        unsafe medai_gcm_open(
          key.baseAddress, nonce, associated, Int32(associated.count), sealed,
          Int32(sealed.count), target.bindMemory(to: UInt8.self).baseAddress)
      }
      return done == 1 ? target.count : nil
    }
  }
}

/// AES key wrap (RFC 3394, NIST SP 800-38F): deterministic, so a key that wraps for years has no
/// nonce to repeat.
public enum KeyWrap {
  /// Bytes that wrapping adds.
  public static let addedBytes = 8

  /// Wraps a key.
  ///
  /// - Parameters:
  ///   - secret: A multiple of 8 bytes, at least 16.
  ///   - key: 16, 24 or 32 bytes.
  /// - Returns: The wrapped key.
  public static func wrap(_ secret: SecureBytes, under key: SecureBytes) -> [UInt8] {
    precondition(secret.count >= 16 && secret.count % 8 == 0)
    var wrapped = [UInt8](repeating: 0, count: secret.count + addedBytes)
    let count = unsafe key.withUnsafeBytes { key in
      unsafe secret.withUnsafeBytes { secret in
        unsafe medai_key_wrap(
          key.baseAddress, Int32(key.count), 1, secret.baseAddress, Int32(secret.count), &wrapped)
      }
    }
    precondition(Int(count) == wrapped.count, "libcrypto failed to wrap a key")
    return wrapped
  }

  /// Unwraps a key, straight into the secure heap.
  ///
  /// - Returns: The key; `nil` where it was not wrapped under this one or any bit changed.
  /// - Throws: `SecureMemoryError.exhausted`.
  public static func unwrap(
    _ wrapped: [UInt8], under key: SecureBytes
  ) throws(SecureMemoryError) -> SecureBytes? {
    guard wrapped.count >= 24, wrapped.count % 8 == 0, wrapped.count <= 1 << 16 else { return nil }
    // libcrypto may write the check value's block before it knows better.
    return try unsafe secret(capacity: wrapped.count) { target in
      let count = unsafe key.withUnsafeBytes { key in
        unsafe medai_key_wrap(
          key.baseAddress, Int32(key.count), 0, wrapped, Int32(wrapped.count),
          target.bindMemory(to: UInt8.self).baseAddress)
      }
      return Int(count) == wrapped.count - addedBytes ? Int(count) : nil
    }
  }
}

extension SecureBytes {
  /// HMAC-SHA-256 of a message under this secret.
  public func code(of message: [UInt8]) -> Digest {
    var output = [UInt8](repeating: 0, count: 32)
    let done = unsafe withUnsafeBytes { key in
      unsafe medai_hmac_sha256(
        key.baseAddress, Int32(key.count), message, message.count, &output)
    }
    precondition(done == 1, "libcrypto offers no HMAC")
    return Digest(unchecked: output)
  }

  /// Another secret of 32 bytes that depends on this one and a purpose alone.
  public func derived(for purpose: String) throws(SecureMemoryError) -> SecureBytes {
    let message = Array(purpose.utf8)
    let made = try unsafe secret(capacity: 32) { target in
      let done = unsafe self.withUnsafeBytes { key in
        unsafe medai_hmac_sha256(
          key.baseAddress, Int32(key.count), message, message.count,
          target.bindMemory(to: UInt8.self).baseAddress)
      }
      return done == 1 ? 32 : nil
    }
    guard let made else { throw .exhausted }
    return made
  }
}

/// A secret that a body writes; `nil` where it says that there is none.
private func secret(
  capacity: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int?
) throws(SecureMemoryError) -> SecureBytes? {
  struct Nothing: Error {}
  do {
    return try unsafe SecureBytes(capacity: capacity) { target in
      guard let count = unsafe body(target) else { throw Nothing() }
      return count
    }
  } catch is Nothing {
    return nil
  } catch {
    throw error as? SecureMemoryError ?? .exhausted
  }
}
