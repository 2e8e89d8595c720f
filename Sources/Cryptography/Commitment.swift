internal import COpenSSL

/// Commits to content that arrives in pieces: HMAC-SHA-256 under a key used for nothing else.
///
/// Whoever has key and content can show what was committed to; without the key nobody can try
/// contents out.
@safe public struct Commitment: ~Copyable {
  private let context: OpaquePointer

  /// The bytes a commitment's key should have.
  public static let keyBytes = 32

  /// A commitment to the empty content so far.
  ///
  /// - Parameter key: Usually `keyBytes` random bytes, fresh for each content.
  public init(key: [UInt8]) { unsafe context = keyedContext(key) }

  deinit { unsafe EVP_MAC_CTX_free(context) }

  /// Appends bytes to the content.
  public mutating func update(_ bytes: [UInt8]) {
    unsafe precondition(EVP_MAC_update(context, bytes, bytes.count) == 1, "libcrypto failed")
  }

  /// The commitment to everything appended; equal to `KeyedHash.code(of:)` of the whole.
  public consuming func finalize() -> Digest {
    var output = [UInt8](repeating: 0, count: 32)
    var count = 0
    unsafe precondition(EVP_MAC_final(context, &output, &count, 32) == 1, "libcrypto failed")
    return Digest(unchecked: output)
  }
}

/// A keyed HMAC-SHA-256 state, owned by the caller.
func keyedContext(_ key: [UInt8]) -> OpaquePointer {
  unsafe key.withUnsafeBytes { unsafe keyedContext($0) }
}

/// A keyed HMAC-SHA-256 state, owned by the caller.
@unsafe func keyedContext(_ key: UnsafeRawBufferPointer) -> OpaquePointer {
  precondition(key.count > 0, "an HMAC key has a byte")
  let context = unsafe EVP_MAC_fetch(nil, "HMAC", nil).flatMap { mac -> OpaquePointer? in
    defer { unsafe EVP_MAC_free(mac) }
    return unsafe EVP_MAC_CTX_new(mac)
  }
  guard let context = unsafe context else { preconditionFailure("libcrypto offers no HMAC") }
  var name = Array("SHA256".utf8CString)
  let status = unsafe name.withUnsafeMutableBufferPointer { name in
    let parameters = unsafe [
      OSSL_PARAM_construct_utf8_string("digest", name.baseAddress, 0),
      OSSL_PARAM_construct_end(),
    ]
    let start = unsafe key.bindMemory(to: UInt8.self).baseAddress
    return unsafe EVP_MAC_init(context, start, key.count, parameters)
  }
  precondition(status == 1, "libcrypto refused an HMAC key")
  return unsafe context
}
