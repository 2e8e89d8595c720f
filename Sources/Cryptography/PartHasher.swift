internal import COpenSSL

/// SHA-256 over a prefix byte and what follows it, one message after another with one reused state.
///
/// A Merkle tree hashes millions of short messages; making a state for each costs more than the
/// hashing.
@safe public struct PartHasher: ~Copyable {
  private let context: OpaquePointer
  private let algorithm: OpaquePointer

  /// A hasher with its own state.
  public init() {
    guard let context = unsafe EVP_MD_CTX_new(),
      let algorithm = unsafe EVP_MD_fetch(nil, "SHA256", nil)
    else { preconditionFailure("libcrypto offers no SHA-256") }
    unsafe self.context = context
    unsafe self.algorithm = algorithm
  }

  deinit {
    unsafe EVP_MD_CTX_free(context)
    unsafe EVP_MD_free(algorithm)
  }

  /// The digest of `prefix` followed by `bytes`.
  public mutating func digest(_ prefix: UInt8, _ bytes: Span<UInt8>) -> Digest {
    unsafe bytes.withUnsafeBytes { unsafe digest(prefix, $0) }
  }

  /// The digest of `prefix` followed by two digests.
  public mutating func digest(_ prefix: UInt8, _ left: Digest, _ right: Digest) -> Digest {
    let pair = (left, right)
    return unsafe withUnsafeBytes(of: pair) { unsafe digest(prefix, $0) }
  }

  private func digest(_ prefix: UInt8, _ bytes: UnsafeRawBufferPointer) -> Digest {
    var prefix = prefix
    var digest = Digest(repeating: 0)
    let status = unsafe withUnsafeMutableBytes(of: &digest) { digest in
      unsafe medai_sha256_parts(
        context, algorithm, &prefix, 1, bytes.baseAddress, bytes.count, digest.baseAddress)
    }
    precondition(status == 1, "libcrypto failed")
    return digest
  }
}
