public import Cryptography
public import MedaiCore

/// A witness's timestamped signature of a checkpoint (C2SP tlog-cosignature, `cosignature/v1`).
///
/// It says that, as of that second, this was the largest tree of the log that the witness had seen,
/// and consistent with every one before.
public struct Cosignature: Sendable, Equatable {
  /// The witness's name.
  public let name: String
  /// The key's id.
  public let keyID: [UInt8]
  /// Seconds since 1970, as the witness claims.
  public let seconds: UInt64
  /// The Ed25519 signature.
  public let signature: [UInt8]

  /// Signs a checkpoint.
  ///
  /// - Parameters:
  ///   - text: The checkpoint's text, up to and with the line feed after the root.
  ///   - key: The witness's private key.
  ///   - witness: Its public half with the witness's name, of type `cosignature`.
  ///   - seconds: Now, in seconds since 1970.
  public init(of text: [UInt8], key: SigningKey, witness: VerifierKey, seconds: UInt64) {
    name = witness.name
    keyID = witness.keyID
    self.seconds = seconds
    signature = key.signature(of: Self.message(text, seconds))
  }

  /// A signature line of a note as a cosignature.
  ///
  /// - Returns: `nil` where it is none by its length, or its time lies beyond what a date can be.
  public init?(_ line: SignedNote.Signature) {
    guard line.bytes.count == 72 else { return nil }
    name = line.name
    keyID = line.keyID
    seconds = line.bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
    // Year 9999: a later moment has no text.
    guard seconds < 253_402_300_800 else { return nil }
    signature = Array(line.bytes[8...])
  }

  /// Reads a file of exactly one signature line.
  ///
  /// - Throws: `NoteError`.
  public init(file: [UInt8]) throws(NoteError) {
    // A note has a text; an empty line stands for it here.
    let note = try SignedNote([0x0A, 0x0A] + file)
    guard note.signatures.count == 1, note.text == [0x0A], let line = note.signatures.first,
      let cosignature = Cosignature(line)
    else { throw .malformedSignature(line: 0) }
    self = cosignature
  }

  /// The line as a signature of a note.
  public var line: SignedNote.Signature {
    let moment = (0..<8).map { UInt8(truncatingIfNeeded: seconds >> UInt64(56 - 8 * $0)) }
    return SignedNote.Signature(name: name, keyID: keyID, bytes: moment + signature)
  }

  /// The line as a file holds it.
  public var file: [UInt8] {
    Array(SignedNote(text: [0x0A], signatures: [line]).bytes.dropFirst(2))
  }

  /// When the witness signed, as it claims.
  public var time: Timestamp { Timestamp(microseconds: Int64(seconds) * 1_000_000) }

  /// The key among `witnesses` that made this over a checkpoint's text.
  ///
  /// - Returns: `nil` where name and id belong to none of them.
  /// - Throws: `NoteError.badSignature` where they do and the signature does not hold.
  public func witness(
    among witnesses: [VerifierKey], of text: [UInt8]
  ) throws(NoteError) -> VerifierKey? {
    let candidates = witnesses.filter {
      $0.type == .cosignature && sameBytes($0.name, name) && $0.keyID == keyID
    }
    guard !candidates.isEmpty else { return nil }
    let message = Self.message(text, seconds)
    guard let found = candidates.first(where: { $0.publicKey.verifies(signature, of: message) })
    else { throw .badSignature }
    return found
  }

  private static func message(_ text: [UInt8], _ seconds: UInt64) -> [UInt8] {
    Array("cosignature/v1\ntime \(seconds)\n".utf8) + text
  }
}
