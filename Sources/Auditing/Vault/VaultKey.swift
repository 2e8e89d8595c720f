public import Cryptography
internal import MedaiCore
public import SystemPackage

/// The key of a vault: 32 random bytes, of which one half of the work is wrapping the keys of data
/// subjects and the other vouching for what the vault says of itself.
public final class VaultKey: Sendable {
  /// Names the key without telling anything about it: 16 hexadecimal digits.
  public let id: String
  let wrapping: SecureBytes
  let authentication: SecureBytes

  private static let header = Array("medai-vault-key-v1\n".utf8)

  /// A key from its secret.
  ///
  /// - Throws: `VaultError.malformedKey` where there are not 32 bytes, `VaultError.memory`.
  public init(_ secret: SecureBytes) throws {
    guard secret.count == 32 else { throw VaultError.malformedKey }
    wrapping = try guarding { try secret.derived(for: "medai.vault.wrap.v1") }
    authentication = try guarding { try secret.derived(for: "medai.vault.vouch.v1") }
    id = hexString(secret.code(of: Array("medai.vault.key-id.v1".utf8)).bytes.prefix(8))
  }

  /// Makes a key and writes its file: a header line and 64 hexadecimal digits, mode 0600, durable.
  ///
  /// - Throws: `VaultError.key` with `Errno.fileExists` where something is there.
  public static func create(at path: FilePath) throws -> VaultKey {
    try guarding {
      let secret = try SecureBytes.random(32)
      let text = try unsafe SecureBytes(capacity: header.count + 65) { target in
        unsafe target.copyBytes(from: header)
        secret.withBytes { bytes in
          for index in bytes.indices {
            let place = header.count + 2 * index
            unsafe target[place] = Self.digit(bytes[index] >> 4)
            unsafe target[place + 1] = Self.digit(bytes[index] & 0x0F)
          }
        }
        unsafe target[header.count + 64] = 0x0A
        return header.count + 65
      }
      try text.write(to: path)
      return try VaultKey(secret)
    }
  }

  /// Reads a key file.
  ///
  /// - Throws: `VaultError.key` where others may read it, before anything is read;
  ///   `VaultError.malformedKey`.
  public static func load(_ path: FilePath) throws -> VaultKey {
    try guarding {
      let text = try SecureBytes.reading(path, maxBytes: 256)
      let secret = try unsafe SecureBytes(capacity: 32) { target in
        try text.withBytes { bytes in
          guard bytes.count == header.count + 64 || bytes.count == header.count + 65,
            header.indices.allSatisfy({ bytes[$0] == header[$0] })
          else { throw VaultError.malformedKey }
          for index in 0..<32 {
            guard let high = hexDigitValue(bytes[header.count + 2 * index]),
              let low = hexDigitValue(bytes[header.count + 2 * index + 1])
            else { throw VaultError.malformedKey }
            unsafe target[index] = high << 4 | low
          }
          return 32
        }
      }
      return try VaultKey(secret)
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? 0x30 + value : 0x61 + value - 10
  }

  /// The keyed token of a data subject: what the vault stores in place of a name or number.
  func token(ofSubject subject: [UInt8]) -> [UInt8] {
    authentication.code(of: Framed("medai.vault.subject.v1", .bytes(subject)).bytes).bytes
  }

  /// The keyed token of a request's reference, as a `redact` entry carries it.
  public func token(ofReference reference: [UInt8]) -> Digest {
    authentication.code(of: Framed("medai.vault.reference.v1", .bytes(reference)).bytes)
  }
}

/// A list of parts, each preceded by its length, so that no two lists make the same bytes.
struct Framed {
  enum Part {
    case bytes([UInt8])
    case text(String)
    case number(Int)
  }

  private(set) var bytes: [UInt8] = []

  init(_ purpose: String, _ parts: Part...) {
    add(Array(purpose.utf8))
    for part in parts {
      switch part {
      case .bytes(let part): add(part)
      case .text(let text): add(Array(text.utf8))
      case .number(let number): add(Self.eight(number))
      }
    }
  }

  private mutating func add(_ part: [UInt8]) {
    bytes += Self.eight(part.count)
    bytes += part
  }

  /// A number as eight little-endian bytes.
  static func eight(_ number: Int) -> [UInt8] {
    let bits = UInt64(bitPattern: Int64(number))
    return (0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
  }
}
