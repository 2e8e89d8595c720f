internal import MedaiCore

/// What a named key's signatures mean; the byte goes into key id and verifier line, so that a
/// signature of one meaning is never taken for one of the other.
public enum NoteSignatureType: UInt8, Sendable, CaseIterable {
  /// Plain Ed25519 over a note's text: a log's own signature.
  case ed25519 = 0x01
  /// Timestamped Ed25519 cosignature of a witness (C2SP tlog-cosignature, `cosignature/v1`).
  case cosignature = 0x04
}

/// A named Ed25519 public key as one line of text (C2SP signed-note, "verifier keys"):
/// `<name>+<key id, 8 hex digits>+<base64 of the type's byte and the key>`.
public struct VerifierKey: Sendable, Equatable {
  /// The key's name: not empty, without white space, plus sign or control characters.
  public let name: String
  /// The key.
  public let publicKey: PublicKey
  /// What its signatures mean.
  public let type: NoteSignatureType
  /// First four bytes of SHA-256 over name, line feed, the type's byte and key.
  public let keyID: [UInt8]

  /// The signature type of plain Ed25519 signatures over a note's text.
  public static let signatureType: UInt8 = NoteSignatureType.ed25519.rawValue

  /// A named key.
  ///
  /// - Throws: `KeyError.malformedName`.
  public init(
    name: String, publicKey: PublicKey, type: NoteSignatureType = .ed25519
  ) throws(KeyError) {
    guard isValidKeyName(name) else { throw .malformedName }
    self.name = name
    self.publicKey = publicKey
    self.type = type
    let named = Array(name.utf8) + [0x0A, type.rawValue] + publicKey.bytes
    keyID = Array(sha256(named).bytes.prefix(4))
  }

  /// Reads a verifier key line, with or without its line feed.
  ///
  /// - Parameters:
  ///   - line: The line.
  ///   - wanted: What the key is to be used for; a line of another type is refused.
  /// - Throws: `KeyError`.
  public init(line: [UInt8], type wanted: NoteSignatureType = .ed25519) throws(KeyError) {
    let line = line.last == 0x0A ? line.dropLast() : line[...]
    // The base64 part may hold plus signs, so only the first two separate.
    let parts = line.split(
      separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let name = String(validating: parts[0], as: UTF8.self),
      parts[1].count == 8,
      parts[1].allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }),
      let data = bytes(fromBase64: parts[2]), let type = data.first
    else { throw .malformedVerifierKey }
    guard type == wanted.rawValue else { throw .unknownSignatureType(type) }
    guard let key = PublicKey(bytes: Array(data.dropFirst())) else {
      throw .malformedVerifierKey
    }
    try self.init(name: name, publicKey: key, type: wanted)
    guard hexDigits(of: keyID) == Array(parts[1]) else { throw .wrongKeyID }
  }

  /// The line without a line feed.
  public var line: String {
    "\(name)+\(hexString(keyID))+\(base64Text([type.rawValue] + publicKey.bytes))"
  }

  /// Whether name, key and type are the same, byte for byte.
  public static func == (left: Self, right: Self) -> Bool {
    sameBytes(left.name, right.name) && left.publicKey == right.publicKey
      && left.type == right.type
  }
}

/// Whether a text may name a key: not empty, no white space, no `+`, no control character.
public func isValidKeyName(_ name: String) -> Bool {
  !name.isEmpty && name.utf8.count <= 255
    && name.unicodeScalars.allSatisfy { scalar in
      !scalar.properties.isWhitespace && scalar != "+" && scalar.value >= 0x20
        && scalar.value != 0x7F
    }
}
