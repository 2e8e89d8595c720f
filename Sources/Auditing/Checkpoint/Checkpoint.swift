public import Cryptography
internal import MedaiCore

/// What a log was at one size (C2SP tlog-checkpoint): whoever signs it vouches for every entry
/// before that size.
public struct Checkpoint: Sendable, Equatable {
  /// The log's origin.
  public let origin: Identifier
  /// Count of entries.
  public let size: Int
  /// Root of the tree over them.
  public let root: Digest

  /// A checkpoint from its parts.
  public init(origin: Identifier, size: Int, root: Digest) {
    self.origin = origin
    self.size = size
    self.root = root
  }

  /// Reads the text of a note: origin, size and root, one line each and no others.
  public init(text: [UInt8]) throws(NoteError) {
    let lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
    guard lines.count == 4, lines[3].isEmpty,
      let name = String(validating: lines[0], as: UTF8.self), let origin = Identifier(name)
    else { throw .malformedCheckpoint }
    guard let size = Int(String(decoding: lines[1], as: UTF8.self)), size >= 0,
      size <= greatestCount, Array(String(size).utf8) == Array(lines[1])
    else { throw .malformedSize }
    guard let hash = bytes(fromBase64: lines[2]), let root = Digest(bytes: hash) else {
      throw .malformedRoot
    }
    self.init(origin: origin, size: size, root: root)
  }

  /// The text that is signed.
  public var text: [UInt8] { Array("\(origin.text)\n\(size)\n\(base64Text(root.bytes))\n".utf8) }

  /// The checkpoint signed by each of the signers under the log's origin.
  func signed(by signers: [LogSigner]) throws(SignerError) -> SignedNote {
    let text = text
    var signatures: [SignedNote.Signature] = []
    for signer in signers {
      signatures.append(
        SignedNote.Signature(
          name: signer.verifier.name, keyID: signer.verifier.keyID,
          bytes: try signer.signature(of: text)))
    }
    return SignedNote(text: text, signatures: signatures)
  }

  /// Reads a signed checkpoint and checks its signatures.
  ///
  /// - Parameters:
  ///   - note: The bytes of a `checkpoint` file.
  ///   - keys: Keys of which at least one must have signed.
  /// - Returns: The checkpoint.
  /// - Throws: `NoteError`.
  public static func open(
    _ note: [UInt8], trusting keys: [VerifierKey]
  ) throws(NoteError) -> Checkpoint {
    let note = try SignedNote(note)
    let checkpoint = try Checkpoint(text: note.text)
    _ = try note.signers(among: keys)
    return checkpoint
  }
}
