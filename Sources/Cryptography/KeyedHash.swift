internal import COpenSSL
internal import MedaiCore

/// HMAC-SHA-256 (RFC 2104) under one key.
///
/// The key is copied into libcrypto once; a keyed state is duplicated for each message, which
/// costs a fraction of keying anew.
@safe public final class KeyedHash: @unchecked Sendable {
  // Never changed after init; each call works on its own duplicate.
  private let keyed: OpaquePointer

  /// A keyed hash.
  ///
  /// - Parameter key: Any length; 32 random bytes are usual.
  public init(key: [UInt8]) { unsafe keyed = keyedContext(key) }

  /// A keyed hash under a key that is kept in the secure heap; libcrypto keeps its copy there too.
  public init(key: SecureBytes) {
    unsafe keyed = key.withUnsafeBytes { unsafe keyedContext($0) }
  }

  deinit { unsafe EVP_MAC_CTX_free(keyed) }

  /// The code of a message, 32 bytes.
  public func code(of message: [UInt8]) -> Digest { code(of: [message]) }

  /// The code of parts, each preceded by its length as eight little-endian bytes, so that no two
  /// lists of parts make the same message.
  ///
  /// - Parameters:
  ///   - purpose: Separates uses of one key.
  ///   - parts: What is hashed.
  /// - Returns: The code.
  public func code(purpose: String, _ parts: [[UInt8]]) -> Digest {
    var framed: [UInt8] = []
    for part in [Array(purpose.utf8)] + parts {
      unsafe withUnsafeBytes(of: UInt64(part.count).littleEndian) { unsafe framed += $0 }
      framed += part
    }
    return code(of: framed)
  }

  private func code(of pieces: [[UInt8]]) -> Digest {
    guard let context = unsafe EVP_MAC_CTX_dup(keyed) else {
      preconditionFailure("libcrypto has no memory for an HMAC")
    }
    defer { unsafe EVP_MAC_CTX_free(context) }
    var output = [UInt8](repeating: 0, count: 32)
    var count = 0
    for piece in pieces {
      unsafe precondition(EVP_MAC_update(context, piece, piece.count) == 1, "libcrypto failed")
    }
    unsafe precondition(EVP_MAC_final(context, &output, &count, 32) == 1, "libcrypto failed")
    return Digest(unchecked: output)
  }
}
