internal import Cryptography
internal import MedaiCore
public import SystemPackage

/// The secret from which every token, surrogate and date shift of a project is derived.
///
/// PIPC guidance counts a value hashed with a known function as an identifier still; only a key
/// that is kept apart makes a token a pseudonym.
public struct PseudonymKey: Sendable {
  /// Names the key in evidence without telling anything about it: 16 hexadecimal digits.
  public let id: String
  let hash: KeyedHash

  private static let header = "medai-pseudonym-key-v1"

  /// A key from 32 bytes that are no secret: for tests and golden files.
  ///
  /// - Throws: `PseudonymKeyError.wrongSize`.
  public init(bytes: [UInt8]) throws(PseudonymKeyError) {
    guard bytes.count == 32 else { throw .wrongSize(bytes: bytes.count) }
    self.init(KeyedHash(key: bytes))
  }

  /// A key from 32 bytes in the secure heap.
  ///
  /// - Throws: `PseudonymKeyError.wrongSize`.
  init(secret: SecureBytes) throws(PseudonymKeyError) {
    guard secret.count == 32 else { throw .wrongSize(bytes: secret.count) }
    self.init(KeyedHash(key: secret))
  }

  private init(_ hash: KeyedHash) {
    self.hash = hash
    id = hexString(hash.code(purpose: "deid.key-id.v1", []).bytes.prefix(8))
  }

  /// A key for one run that nobody keeps.
  public static func random() throws -> Self { try Self(secret: SecureBytes.random(32)) }

  /// Reads a key file: a header line, then 32 bytes as 64 hexadecimal digits or 44 characters of
  /// base64.
  ///
  /// - Throws: `PseudonymKeyError`, `FileError`.
  public init(file path: FilePath) throws {
    let text: SecureBytes
    do throws(KeyError) {
      text = try SecureBytes.reading(path, maxBytes: 4096)
    } catch {
      switch error {
      case .notAFile: throw PseudonymKeyError.notAFile
      case .readableByOthers(let mode): throw PseudonymKeyError.readableByOthers(mode: mode)
      case .file(let cause): throw cause
      default: throw error
      }
    }
    try self.init(secret: try Self.key(in: text))
  }

  /// The key that a key file's text spells, without a copy in ordinary memory that stays.
  private static func key(in text: SecureBytes) throws -> SecureBytes {
    let lines = text.withBytes { bytes in
      bytes.indices.split { bytes[$0] == 0x0A }.map { line in
        bytes[line.endIndex - 1] == 0x0D ? line.startIndex..<line.endIndex - 1 : line
      }
    }
    guard lines.count == 2,
      text.withBytes({ bytes in lines[0].map { bytes[$0] }.elementsEqual(header.utf8) })
    else { throw PseudonymKeyError.malformed }
    let spelled = try text.slice(lines[1])
    if let key = try spelled.decodedHex() { return key }
    var characters = spelled.withBytes { bytes in bytes.indices.map { bytes[$0] } }
    defer { cleanse(&characters) }
    guard var key = bytes(fromBase64: characters) else { throw PseudonymKeyError.malformed }
    return try SecureBytes(moving: &key)
  }

  /// Writes a new key file with mode 0600.
  ///
  /// - Throws: `PseudonymKeyError.exists` where something is there already; `FileError`.
  public static func create(at path: FilePath) throws -> Self {
    if (try? fileStatus(path)) != nil { throw PseudonymKeyError.exists }
    let key = try SecureBytes.random(32)
    let text = try key.hexLine(after: header + "\n")
    do throws(KeyError) {
      try writeSecretFile(text, to: path)
    } catch {
      if case .file(let cause) = error { throw cause }
      throw error
    }
    return try Self(secret: key)
  }

  /// A number that depends on the purpose and the parts alone.
  func choice(_ purpose: String, _ parts: [UInt8]...) -> KeyedChoice {
    KeyedChoice(hash: hash, purpose: purpose, parts: parts)
  }

  /// A keyed token of a value.
  ///
  /// - Parameters:
  ///   - purpose: Separates kinds of value, so that an id and a patient of the same digits differ.
  ///   - value: The value's bytes.
  /// - Returns: 24 hexadecimal digits, 96 bits of the code.
  func token(_ purpose: String, _ value: [UInt8]) -> String {
    hexString(hash.code(purpose: purpose, [value]).bytes.prefix(12))
  }

  /// A keyed token that is a positive integer below 2^53, for columns that hold integers.
  func integerToken(_ purpose: String, _ value: [UInt8]) -> Int {
    let code = hash.code(purpose: purpose, [value]).bytes
    let number = code.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(number & (1 << 53 - 1)) | 1
  }
}

/// Why a pseudonym key was refused.
public enum PseudonymKeyError: Error, Equatable, Sendable {
  case notAFile
  case readableByOthers(mode: UInt32)
  case malformed
  case wrongSize(bytes: Int)
  case exists
}

/// Numbers drawn from HMAC-SHA-256 of (key, purpose, parts, counter).
struct KeyedChoice {
  let hash: KeyedHash
  let purpose: String
  let parts: [[UInt8]]
  private var block: [UInt8] = []
  private var used = 0
  private var counter: UInt8 = 0

  init(hash: KeyedHash, purpose: String, parts: [[UInt8]]) {
    self.hash = hash
    self.purpose = purpose
    self.parts = parts
  }

  /// A number in `0..<bound`; the bias of 32 bits against such small bounds is of no account.
  mutating func below(_ bound: Int) -> Int {
    if used + 4 > block.count {
      block = hash.code(purpose: purpose, parts + [[counter]]).bytes
      counter &+= 1
      used = 0
    }
    let number = block[used..<used + 4].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    used += 4
    return Int((number * UInt64(bound)) >> 32)
  }

  /// One element.
  mutating func of<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
