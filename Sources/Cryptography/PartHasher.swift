internal import COpenSSL

/// SHA-256 over two parts in a row, one after another with one reused state.
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

  /// The digest of `first` followed by `second`.
  public mutating func digest(_ first: [UInt8], _ second: [UInt8]) -> Digest {
    let context = unsafe context
    let algorithm = unsafe algorithm
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
      let status = unsafe medai_sha256_parts(
        context, algorithm, first, first.count, second, second.count, buffer.baseAddress)
      precondition(status == 1, "libcrypto failed")
      count = 32
    }
    return Digest(unchecked: bytes)
  }
}
