public import Cryptography
internal import MedaiCore

/// What a log hands to a witness: its head, and the proof that the head the witness saw last is its
/// past (the body of C2SP tlog-witness `add-checkpoint`).
public struct WitnessRequest: Sendable, Equatable {
  /// Size of the checkpoint that the witness signed last; 0 for none.
  public let oldSize: Int
  /// Consistency proof from that size.
  public let proof: [Digest]
  /// The signed checkpoint.
  public let note: SignedNote

  /// Why a file is no request.
  public enum FormatError: Error, Equatable, Sendable {
    /// Not the shape, at this line from 1.
    case malformed(line: Int)
    /// The checkpoint in it is malformed.
    case note(NoteError)
  }

  /// The spec's limit on proof lines.
  private static let maxProof = 63

  /// A request from its parts.
  public init(oldSize: Int, proof: [Digest], note: SignedNote) {
    self.oldSize = oldSize
    self.proof = proof
    self.note = note
  }

  /// Reads a request strictly: what `bytes` writes, and nothing else.
  ///
  /// - Throws: `FormatError`.
  public init(_ bytes: [UInt8]) throws(FormatError) {
    guard
      let blank = (1..<max(1, bytes.count)).first(where: {
        bytes[$0] == 0x0A && bytes[$0 - 1] == 0x0A
      })
    else { throw .malformed(line: 1) }
    let lines = bytes[..<(blank - 1)].split(separator: 0x0A, omittingEmptySubsequences: false)
    let prefix = Array("old ".utf8)
    guard let first = lines.first, first.starts(with: prefix),
      let size = Int(String(decoding: first.dropFirst(prefix.count), as: UTF8.self)),
      (0...greatestCount).contains(size),
      Array(String(size).utf8) == Array(first.dropFirst(prefix.count))
    else { throw .malformed(line: 1) }
    guard lines.count <= 1 + Self.maxProof else { throw .malformed(line: 2 + Self.maxProof) }
    var proof: [Digest] = []
    for (number, line) in lines.enumerated().dropFirst() {
      guard let hash = Cryptography.bytes(fromBase64: line).flatMap(Digest.init(bytes:)) else {
        throw .malformed(line: number + 1)
      }
      proof.append(hash)
    }
    oldSize = size
    self.proof = proof
    do throws(NoteError) {
      note = try SignedNote(Array(bytes[(blank + 1)...]))
    } catch {
      throw .note(error)
    }
  }

  /// The request as a file holds it.
  public var bytes: [UInt8] {
    let lines = ["old \(oldSize)"] + proof.map { base64Text($0.bytes) }
    return Array((lines.joined(separator: "\n") + "\n\n").utf8) + note.bytes
  }
}
