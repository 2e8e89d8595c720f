public import Cryptography
internal import MedaiCore

/// Why a text is not a signed note or not a checkpoint. Says where, never what stood there.
public enum NoteError: Error, Equatable, Sendable {
  /// Longer than a note may be.
  case tooLong
  /// Not UTF-8, or a control character other than the line feed.
  case forbiddenBytes
  /// No blank line between text and signatures, or no final line feed.
  case noSignatureBlock
  /// A signature line of the wrong shape; counts from 0.
  case malformedSignature(line: Int)
  /// More than 16 signatures.
  case tooManySignatures
  /// Two signatures of one name and key id.
  case duplicateSignature(line: Int)
  /// The text is not three lines: origin, size, root.
  case malformedCheckpoint
  /// The size is not a decimal number in its only form, or too great.
  case malformedSize
  /// The root is not the base64 of 32 bytes.
  case malformedRoot
  /// No signature by any of the keys.
  case noKnownKey
  /// A signature by one of the keys does not hold.
  case badSignature
}

/// A text with signatures (C2SP signed-note).
public struct SignedNote: Sendable, Equatable {
  /// One signature line.
  public struct Signature: Sendable, Equatable {
    /// The key's name.
    public let name: String
    /// The key's id, four bytes.
    public let keyID: [UInt8]
    /// The signature itself.
    public let bytes: [UInt8]
  }

  /// What is signed, with its final line feed.
  public let text: [UInt8]
  /// The signatures in their order, at least one.
  public let signatures: [Signature]

  static let maxBytes = 64 << 10
  static let maxSignatures = 16

  init(text: [UInt8], signatures: [Signature]) {
    self.text = text
    self.signatures = signatures
  }

  /// Reads a note strictly: what `bytes` writes, and nothing else.
  public init(_ bytes: [UInt8]) throws(NoteError) {
    guard bytes.count <= Self.maxBytes else { throw .tooLong }
    guard let string = String(validating: bytes, as: UTF8.self),
      string.unicodeScalars.allSatisfy({
        $0 == "\n" || ($0.value >= 0x20 && !(0x7F...0x9F).contains($0.value))
      })
    else { throw .forbiddenBytes }
    // The last blank line separates, because a text may hold blank lines itself.
    guard bytes.count > 2, bytes.last == 0x0A,
      let split = (1..<(bytes.count - 1)).last(where: {
        bytes[$0] == 0x0A && bytes[$0 - 1] == 0x0A
      })
    else { throw .noSignatureBlock }
    let lines = bytes[(split + 1)..<(bytes.count - 1)].split(
      separator: 0x0A, omittingEmptySubsequences: false)
    guard lines.count <= Self.maxSignatures else { throw .tooManySignatures }
    var signatures: [Signature] = []
    for (number, line) in lines.enumerated() {
      guard let signature = Self.signature(line) else { throw .malformedSignature(line: number) }
      guard
        !signatures.contains(where: {
          sameBytes($0.name, signature.name) && $0.keyID == signature.keyID
        })
      else { throw .duplicateSignature(line: number) }
      signatures.append(signature)
    }
    text = Array(bytes[..<split])
    self.signatures = signatures
  }

  private static func signature(_ line: ArraySlice<UInt8>) -> Signature? {
    let mark = Array("\u{2014} ".utf8)
    guard line.starts(with: mark) else { return nil }
    let parts = line.dropFirst(mark.count).split(
      separator: 0x20, maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let name = String(validating: parts[0], as: UTF8.self),
      isValidKeyName(name), let data = Cryptography.bytes(fromBase64: parts[1]), data.count > 4
    else { return nil }
    return Signature(name: name, keyID: Array(data[..<4]), bytes: Array(data[4...]))
  }

  /// The note as a file holds it.
  public var bytes: [UInt8] {
    var bytes = text + [0x0A]
    for signature in signatures {
      let data = base64Text(signature.keyID + signature.bytes)
      bytes += "\u{2014} \(signature.name) \(data)\n".utf8
    }
    return bytes
  }

  /// The keys among `keys` whose signatures hold. Signatures of other keys are passed over.
  ///
  /// - Throws: `NoteError.badSignature` where a signature under the name and id of one of the keys
  ///   does not hold; `noKnownKey` where none of the keys signed.
  public func signers(among keys: [VerifierKey]) throws(NoteError) -> [VerifierKey] {
    var signers: [VerifierKey] = []
    for signature in signatures {
      // An id has 32 bits only: several keys may share name and id, and one of them must hold.
      // A witness's key signs another text, so it can never vouch for the note itself.
      let candidates = keys.filter {
        $0.type == .ed25519 && sameBytes($0.name, signature.name)
          && $0.keyID == signature.keyID
      }
      guard !candidates.isEmpty else { continue }
      guard
        let signer = candidates.first(where: {
          $0.publicKey.verifies(signature.bytes, of: text)
        })
      else { throw .badSignature }
      signers.append(signer)
    }
    guard !signers.isEmpty else { throw .noKnownKey }
    return signers
  }
}
