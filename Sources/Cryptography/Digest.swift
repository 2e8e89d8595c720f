internal import COpenSSL
internal import MedaiCore

/// A SHA-256 digest (FIPS 180-4), 32 bytes.
public struct Digest: Sendable, Hashable {
  /// The 32 bytes.
  public let bytes: [UInt8]

  /// A digest from its bytes.
  ///
  /// - Returns: `nil` where there are not exactly 32.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
  }

  /// A digest from 64 hexadecimal digits.
  public init?(hex: some StringProtocol) {
    guard let bytes = MedaiCore.bytes(fromHex: hex) else { return nil }
    self.init(bytes: bytes)
  }

  init(unchecked bytes: [UInt8]) { self.bytes = bytes }

  /// A digest of 32 equal bytes, for example the zeros that a chain starts from.
  public init(repeating byte: UInt8) { bytes = [UInt8](repeating: byte, count: 32) }

  /// 64 lower-case hexadecimal digits.
  public var hex: String { hexString(bytes) }
}

/// Computes SHA-256 over bytes that arrive in pieces.
@safe public struct SHA256: ~Copyable {
  private let context: OpaquePointer

  /// An empty message.
  public init() {
    guard let context = unsafe EVP_MD_CTX_new() else {
      preconditionFailure("libcrypto has no memory for a digest")
    }
    unsafe self.context = context
    unsafe precondition(
      EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1, "libcrypto offers no SHA-256")
  }

  deinit { unsafe EVP_MD_CTX_free(context) }

  /// Appends bytes to the message.
  public mutating func update(_ bytes: [UInt8]) {
    unsafe bytes.withUnsafeBytes { unsafe update($0) }
  }

  /// Appends a buffer to the message.
  public mutating func update(_ buffer: UnsafeRawBufferPointer) {
    unsafe precondition(
      EVP_DigestUpdate(context, buffer.baseAddress, buffer.count) == 1, "libcrypto failed")
  }

  /// The digest of everything appended.
  public consuming func finalize() -> Digest {
    var bytes = [UInt8](repeating: 0, count: 32)
    unsafe precondition(EVP_DigestFinal_ex(context, &bytes, nil) == 1, "libcrypto failed")
    return Digest(unchecked: bytes)
  }
}

/// The SHA-256 digest of bytes.
public func sha256(_ bytes: [UInt8]) -> Digest {
  var hash = SHA256()
  hash.update(bytes)
  return hash.finalize()
}
