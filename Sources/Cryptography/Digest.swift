internal import COpenSSL
internal import MedaiCore

/// A SHA-256 digest (FIPS 180-4), 32 bytes.
///
/// Held in four words and not in an array: a tree makes millions of digests, and none of them
/// should be an allocation.
public struct Digest: Sendable, Hashable {
  // The bytes in memory order.
  private let first: UInt64
  private let second: UInt64
  private let third: UInt64
  private let fourth: UInt64

  /// The 32 bytes.
  public var bytes: [UInt8] { unsafe Swift.withUnsafeBytes(of: self) { unsafe Array($0) } }

  /// A digest from its bytes.
  ///
  /// - Returns: `nil` where there are not exactly 32.
  public init?(bytes: [UInt8]) { self.init(bytes.span) }

  /// A digest from its bytes.
  ///
  /// - Returns: `nil` where there are not exactly 32.
  public init?(_ bytes: Span<UInt8>) {
    guard bytes.count == 32 else { return nil }
    self = unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(as: Digest.self) }
  }

  /// A digest from 64 hexadecimal digits.
  public init?(hex: some StringProtocol) {
    guard let bytes = MedaiCore.bytes(fromHex: hex) else { return nil }
    self.init(bytes: bytes)
  }

  init(unchecked bytes: [UInt8]) {
    self = unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(as: Digest.self) }
  }

  /// A digest of 32 equal bytes, for example the zeros that a chain starts from.
  public init(repeating byte: UInt8) {
    first = UInt64(byte) * 0x0101_0101_0101_0101
    second = first
    third = first
    fourth = first
  }

  /// 64 lower-case hexadecimal digits.
  public var hex: String { hexString(bytes) }

  /// Lends the 32 bytes.
  public func withBytes(_ body: (Span<UInt8>) -> Void) {
    unsafe Swift.withUnsafeBytes(of: self) { unsafe body($0.bindMemory(to: UInt8.self).span) }
  }

  /// Appends 64 lower-case hexadecimal digits.
  public func appendHex(to text: inout [UInt8]) {
    var digits = SIMD8<UInt64>()
    for (index, word) in (0..<4).lazy.map({ ($0, self.word($0).bigEndian) }) {
      digits[2 * index] = hexDigits(UInt32(truncatingIfNeeded: word >> 32)).bigEndian
      digits[2 * index + 1] = hexDigits(UInt32(truncatingIfNeeded: word)).bigEndian
    }
    unsafe Swift.withUnsafeBytes(of: &digits) { unsafe text.append(contentsOf: $0) }
  }

  private func word(_ index: Int) -> UInt64 {
    switch index {
    case 0: first
    case 1: second
    case 2: third
    default: fourth
    }
  }
}

/// The eight digits of a word, the highest in the highest byte: all eight at once, since a log
/// spells five digests an entry.
private func hexDigits(_ word: UInt32) -> UInt64 {
  var nibbles = UInt64(word)
  nibbles = (nibbles & 0xFFFF_0000) << 16 | nibbles & 0xFFFF
  nibbles = (nibbles & 0x0000_FF00_0000_FF00) << 8 | nibbles & 0x0000_00FF_0000_00FF
  nibbles = (nibbles & 0x00F0_00F0_00F0_00F0) << 4 | nibbles & 0x000F_000F_000F_000F
  let letters = (nibbles + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
  return nibbles + 0x3030_3030_3030_3030 + letters * 0x27
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
